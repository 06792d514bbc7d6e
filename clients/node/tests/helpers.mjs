import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the package, where it was built. */
export const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)));

/** Variables that a runner of tests hands down, and that would change what a runner inside it does. */
const INHERITED = /^(NODE_TEST_CONTEXT|VITEST|JEST|TEST_|FORCE_COLOR)/;

/** Runs a program in a folder; answers with what it said and its exit code. */
export function run(file, args, { cwd, env = {} }) {
  const inherited = Object.entries(process.env).filter(([name]) => !INHERITED.test(name));
  const options = { cwd, env: { ...Object.fromEntries(inherited), NO_COLOR: "1", ...env }, timeout: 90_000 };
  return new Promise((resolve) => {
    execFile(file, args, options, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, said: stdout + stderr }));
  });
}

/** A folder with files beside the package, so that its modules are found; gone after the test. */
export async function folder(t, files) {
  const made = await mkdtemp(join(PACKAGE, "case-"));
  t.after(() => rm(made, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(made, name), text);
  return made;
}
