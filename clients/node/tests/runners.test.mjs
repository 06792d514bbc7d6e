// Tests of several runners: in parallel in worlds of their own, one server a run; a failed one tells its story.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { folder, PACKAGE, run } from "./helpers.mjs";

const readme = await readFile(join(PACKAGE, "README.md"), "utf8");
const EXAMPLES = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);

/** Where each worker says which stand and world it has seen; the same for all runners that have functions as tests. */
const BODY = `async ({ world, stand }) => { console.log("seen", stand.main.url, world.name); }`;
const WRONG = `async ({ world }) => {
  await world.person("анна").openSession();
  const { status } = await fetch(world.url + "/aas/oauth2/ac?client_id=NOBODY");
  if (status !== 200) throw new Error("no page: " + status);
}`;
const STORY = [
  "no page: 400",
  "failed verdicts: 1",
  "GET /aas/oauth2/ac?client_id=NOBODY → 400",
  "failed client ESIA-008010",
  "timeline (Moscow time):",
  "Петрова Анна Сергеевна: вход на Госуслуги",
];

const WITH = 'import { withWorld } from "@esia-stand/test";';
const SETUP = "@esia-stand/test/global-setup";
const bin = (name) => join(PACKAGE, "node_modules", ".bin", name);
const RUNNERS = {
  "node:test": {
    files: (body) => ({ "one.test.mjs": `import { test } from "node:test"; ${WITH} test("one", withWorld(${body}));` }),
    command: [process.execPath, "--test"],
  },
  Vitest: {
    files: (body) => ({
      ...Object.fromEntries(["one", "two"].map((name) => [
        `${name}.test.js`, `import { test } from "vitest"; ${WITH} test("${name}", withWorld(${body}));`,
      ])),
      "vitest.config.js": `export default { cacheDir: "cache", test: { globalSetup: ["${SETUP}"] } };`,
    }),
    command: [bin("vitest"), "run", "--reporter=verbose"],
  },
  Jest: {
    files: (body) => ({
      "package.json": '{"type": "module"}',
      ...Object.fromEntries(["one", "two"].map((name) => [`${name}.test.js`, `${WITH} test("${name}", withWorld(${body}));`])),
      "jest.config.js": `export default { globalSetup: "${SETUP}", globalTeardown: "${SETUP.replace("setup", "teardown")}", transform: {} };`,
    }),
    command: [bin("jest"), "--workers=2"],
    env: { NODE_OPTIONS: "--experimental-vm-modules" },
  },
};

for (const [name, { files, command: [file, ...args], env }] of Object.entries(RUNNERS)) {
  describe(name, () => {
    test("gives each test a world of its own, at one stand", async (t) => {
      const { code, said } = await run(file, args, { cwd: await folder(t, files(BODY)), env });
      assert.equal(code, 0, said);
      const seen = [...said.matchAll(/seen (\S+) (\S+)/g)];
      const asked = Object.keys(files(BODY)).filter((name) => name.includes(".test.")).length;
      assert.equal(new Set(seen.map(([, , world]) => world)).size, asked, said);
      assert.equal(new Set(seen.map(([, url]) => url)).size, 1, said);
    });

    test("tells the story of a failed test", async (t) => {
      const { code, said } = await run(file, args, { cwd: await folder(t, files(WRONG)), env });
      assert.equal(code, 1, said);
      for (const line of STORY) assert.ok(said.includes(line), `${line} is not in\n${said}`);
    });
  });
}

test("the example of the README passes, two tests at once", async (t) => {
  assert.ok(EXAMPLES[0].trimEnd().split("\n").length <= 15);
  const cwd = await folder(t, { "example.test.mjs": EXAMPLES[0] });
  const { code, said } = await run(process.execPath, ["--test"], { cwd });
  assert.equal(code, 0, said);
  assert.match(said, /pass 2/);
});

describe("Playwright Test", () => {
  const example = EXAMPLES.find((code) => code.includes("@esia-stand/test/playwright"));
  const config = `export default {
    globalSetup: "${SETUP}", reporter: "list", outputDir: "results",
    use: { launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] } },
  };`;
  const start = async (t, code) => {
    const cwd = await folder(t, { "one.spec.mjs": code, "playwright.config.mjs": config });
    return run(bin("playwright"), ["test"], { cwd });
  };

  test("runs the example of the README", async (t) => {
    const { code, said } = await start(t, example);
    assert.equal(code, 0, said);
    assert.match(said, /1 passed/);
  });

  test("attaches the story of a failed test, and takes another world", async (t) => {
    const wrong = `import { expect, test } from "@esia-stand/test/playwright";
      test.use({ worldSeed: "две-школы" });
      test("wrong", async ({ world }) => {
        await world.person("марина").openSession();
        expect((await world.people()).length).toBe(0);
      });`;
    const { code, said } = await start(t, wrong);
    assert.equal(code, 1, said);
    for (const line of ["attachment #1: esia-stand", "failed verdicts: none"]) assert.ok(said.includes(line), said);
  });
});
