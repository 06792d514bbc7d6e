import { Program } from "./process.js";

/** Where the teardown finds what the setup has started. */
export const STARTED: unique symbol = Symbol.for("@esia-stand/test: started") as never;

/** Of Vitest, Jest and Playwright Test: one stand for all workers of a run, unless `ESIA_STAND_URL` names one already. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env["ESIA_STAND_URL"]) return async () => undefined;
  const program = await Program.start({ args: extra(process.env["ESIA_STAND_ARGS"]) });
  const { idp, diary, ca_file: ca } = program.ready;
  Object.assign(process.env, { ESIA_STAND_URL: idp, ESIA_STAND_DIARY: diary, ...(ca ? { ESIA_STAND_CA: ca } : {}) });
  const stop = async (): Promise<void> => {
    for (const name of ["ESIA_STAND_URL", "ESIA_STAND_DIARY"]) delete process.env[name];
    await program.stop();
  };
  (globalThis as Record<symbol, unknown>)[STARTED] = stop;
  return stop;
}

function extra(line: string | undefined): string[] {
  return line?.split(/\s+/).filter(Boolean) ?? [];
}
