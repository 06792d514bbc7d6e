/** A mock of ЕСИА/Госуслуги in your tests: a world of its own for each test. */

export type { BrowserLike, Cookie } from "./browsers.js";
export { Clock } from "./clock.js";
export { CALLS } from "./contract.js";
export type { Call, ServerName } from "./contract.js";
export { Control, ControlError } from "./control.js";
export { Fault, Faults } from "./faults.js";
export type { FaultOptions } from "./faults.js";
export { Outbox } from "./outbox.js";
export type { Message, Wanted } from "./outbox.js";
export { Person, Session } from "./people.js";
export type { About, SignIn } from "./people.js";
export { find, Program, ProgramError } from "./process.js";
export type { Ready, StartOptions } from "./process.js";
export { withWorld } from "./run.js";
export type { Fixtures, WorldOptions } from "./run.js";
export { Stand } from "./stand.js";
export type { Addresses } from "./stand.js";
export { story } from "./story.js";
export { Verdict, Verdicts } from "./verdicts.js";
export type { Check, WantedVerdicts } from "./verdicts.js";
export { World } from "./world.js";
export type { Line, Registration } from "./world.js";
