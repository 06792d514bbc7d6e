import { CALLS } from "./contract.js";
import type { Control, Json } from "./control.js";
import type { Person } from "./people.js";

/** Whom a fault meets, and how often. */
export interface FaultOptions {
  /** How many answers it changes; without it, all until it is lifted. */
  requests?: number;
  /** `client_id` of the one client that meets it. */
  client?: string;
  /** The one person who meets it. */
  person?: string | Person;
  /** Until when, by the world's clock (RFC 3339). */
  until?: string;
  /** What is said more exactly, as the catalogue names it. */
  parameters?: Record<string, string | number | boolean>;
}

/** A fault that is set. With `await using` it is lifted at the end. */
export class Fault {
  readonly #server: Control;
  /** Its number in the world. */
  readonly number: number;
  /** Its name in the catalogue, as `claim.aud-other`. */
  readonly fault: string;
  /** What was said more exactly. */
  readonly parameters: Record<string, unknown>;
  /** How many answers it will still change; `undefined` where no number was said. */
  readonly left: number | undefined;

  constructor(server: Control, view: Json) {
    this.#server = server;
    this.number = view.number;
    this.fault = view.fault;
    this.parameters = view.parameters ?? {};
    this.left = view.left;
  }

  /** Takes it back; one that has played already is gone anyway. */
  async lift(): Promise<void> {
    const there = await set(this.#server);
    if (there.some(({ number }) => number === this.number)) await this.#server.call(CALLS.liftFault, { number: this.number });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lift();
  }
}

async function set(server: Control): Promise<Fault[]> {
  const views: Json[] = await server.call(CALLS.faults);
  return views.map((view) => new Fault(server, view));
}

/** What Gosuslugi do wrong on purpose in a world; `esia-stand faults` prints the catalogue. */
export class Faults {
  readonly #server: Control;

  constructor(server: Control) {
    this.#server = server;
  }

  /** From now on answers are wrong in this one way. */
  async set(fault: string, { person, ...rest }: FaultOptions = {}): Promise<Fault> {
    const whom = person === undefined ? {} : { person: typeof person === "string" ? person : person.key };
    return new Fault(this.#server, await this.#server.call(CALLS.setFault, {}, { body: { fault, ...rest, ...whom } }));
  }

  /** Those that are set, in the order in which they were. */
  async all(): Promise<Fault[]> {
    return set(this.#server);
  }

  /** Lifts all of them. */
  async clear(): Promise<void> {
    await this.#server.call(CALLS.liftFaults);
  }
}
