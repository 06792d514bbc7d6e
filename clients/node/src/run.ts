import { newName, Stand } from "./stand.js";
import { story } from "./story.js";
import type { World } from "./world.js";

/** What a test gets. */
export interface Fixtures {
  /** A world of this test's own, gone after it. */
  world: World;
  stand: Stand;
}

/** Another world than a copy of `main`. */
export interface WorldOptions {
  /** A copy of this world. */
  of?: string;
  /** Made from a documented seed, as `петровы`, or from a document. */
  seed?: string | object;
}

/**
 * The body of a test with a world of its own, for node:test, Vitest, Jest and any other runner whose tests are functions:
 * `test("…", withWorld(async ({ world }) => { … }))`. What the runner hands to a test comes after the fixtures.
 * When the test fails, its error tells the refused requests and the timeline of the world.
 */
export function withWorld<Context extends unknown[]>(
  body: (fixtures: Fixtures, ...context: Context) => unknown,
  { of, seed }: WorldOptions = {},
): (...context: Context) => Promise<void> {
  return async (...context: Context) => {
    const stand = await Stand.shared();
    const name = newName(titleOf(context[0]));
    const world = await (seed === undefined ? stand.fork(of, name) : stand.make(seed, name));
    try {
      await body({ world, stand }, ...context);
    } catch (error) {
      throw await telling(error, world);
    } finally {
      await world.drop();
    }
  };
}

/** The name of a test as node:test and Vitest hand it over. */
function titleOf(context: unknown): string {
  const { name, task } = (context ?? {}) as { name?: unknown; task?: { name?: unknown } };
  return String(task?.name ?? name ?? "");
}

/** The same error with the story of a world after its words. */
async function telling(error: unknown, world: World): Promise<unknown> {
  if (!(error instanceof Error) && Object.prototype.toString.call(error) !== "[object Error]") return error;
  const known = error as Error;
  const told = `${known.message}\n\n${await story(world)}\n`;
  // Runners print the stack, which begins with the words.
  const stack = known.stack?.replace(known.message, () => told);
  known.message = told;
  if (stack !== undefined) known.stack = stack;
  return known;
}
