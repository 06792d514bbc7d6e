import { test as base } from "@playwright/test";
import { newName, Stand } from "./stand.js";
import { story } from "./story.js";
import type { World } from "./world.js";

export { expect } from "@playwright/test";

/** Fixtures of Playwright Test: `world` for each test, `stand` for each worker; `worldSeed` is an option of `test.use`. */
export const test = base.extend<{ world: World; worldSeed: string | object | undefined }, { stand: Stand }>({
  stand: [
    // Playwright reads the names of fixtures from the pattern.
    async ({}, use) => {
      await use(await Stand.shared());
    },
    { scope: "worker" },
  ],
  worldSeed: [undefined, { option: true }],
  world: async ({ stand, worldSeed }, use, info) => {
    const name = newName(info.title);
    const world = await (worldSeed === undefined ? stand.fork("main", name) : stand.make(worldSeed, name));
    await use(world);
    if (info.status !== info.expectedStatus) {
      await info.attach("esia-stand", { body: await story(world), contentType: "text/plain" });
    }
    await world.drop();
  },
});
