import { STARTED } from "./global-setup.js";

/** Of Jest, which has no other way to end what the global setup has started. */
export default async function teardown(): Promise<void> {
  await (globalThis as Record<symbol, (() => Promise<void>) | undefined>)[STARTED]?.();
}
