// The program is found, started, and ends with whoever started it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { find, Program, ProgramError, Stand } from "@esia-stand/test";
import { folder, PACKAGE } from "./helpers.mjs";

async function program(file) {
  await writeFile(file, "#!/bin/sh\necho 'no such seed' >&2\nexit 2\n");
  await chmod(file, 0o755);
  return file;
}

test("the named program is taken before the installed one and that before PATH", async (t) => {
  const made = await folder(t, {});
  const [named, installed, onPath] = ["named", "installed", "esia-stand"].map((name) => join(made, name));
  for (const file of [named, installed, onPath]) await program(file);
  const home = join(made, "node_modules", "esia-stand");
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "index.js"), `exports.program = () => ${JSON.stringify(installed)};`);
  const from = [join(made, "package.json")];
  assert.equal(find({ ESIA_STAND_BIN: named, PATH: made }, from), named);
  assert.equal(find({ PATH: made }, from), installed);
  assert.equal(find({ PATH: made }, []), onPath);
});

test("without a program the ways out are told", () => {
  const told = (error) =>
    ["npm install --save-dev esia-stand", "ESIA_STAND_BIN=", "ESIA_STAND_URL="].every((way) => error.message.includes(way));
  assert.throws(() => find({ PATH: "" }, []), (error) => error instanceof ProgramError && told(error));
  assert.throws(() => find({ ESIA_STAND_BIN: PACKAGE }, []), /ESIA_STAND_BIN=.* is no program/);
});

test("a program that does not start is told in its own words", async (t) => {
  const made = await folder(t, {});
  const environment = { ...process.env, ESIA_STAND_BIN: await program(join(made, "esia-stand")) };
  await assert.rejects(Program.start({ environment }), /does not start:\nno such seed/);
});

async function isSilent({ idp }) {
  try {
    await fetch(`${idp}/health/live`);
    return false;
  } catch {
    return true;
  }
}

async function falls(silent, ready) {
  const endsAt = Date.now() + 10_000;
  while (!(await isSilent(ready))) {
    assert.ok(Date.now() < endsAt, silent);
    await sleep(50);
  }
}

test("a stand ends with a process that is killed, or that has no more to do", async () => {
  for (const last of ["setInterval(() => undefined, 1000)", ""]) {
    const code = `import { Program } from "@esia-stand/test"; console.log(JSON.stringify((await Program.start()).ready)); ${last}`;
    const options = { cwd: PACKAGE, stdio: ["ignore", "pipe", "inherit"] };
    const parent = spawn(process.execPath, ["--input-type=module", "--eval", code], options);
    const ended = new Promise((resolve) => parent.once("exit", resolve));
    const [line] = await once(createInterface(parent.stdout), "line");
    if (last) parent.kill("SIGKILL");
    await ended;
    await falls("the servers outlive the process that started them", JSON.parse(line));
  }
});

test("a stand is started with arguments, over https", async () => {
  const started = await Program.start({ args: ["--tls"] });
  const stand = Stand.of(started);
  assert.match(stand.main.url, /^https:/);
  const world = await stand.fork();
  assert.ok((await world.clock.advance("15m")) instanceof Date);
  await started.stop();
  assert.ok(await isSilent(started.ready));
  await started.stop();
});
