import { CALLS } from "./contract.js";
import type { Control, Json } from "./control.js";

/** The time of both servers of a world, moved together; what falls due on the way happens before the answer. */
export class Clock {
  readonly #servers: readonly Control[];

  constructor(servers: readonly Control[]) {
    this.#servers = servers;
  }

  /** Now, by the world's clock. */
  async now(): Promise<Date> {
    return new Date((await this.#told()).now);
  }

  /** When something happens by itself next at Gosuslugi: an agency answers, a card is updated. */
  async nextDue(): Promise<Date | undefined> {
    const { next_due: due } = await this.#told();
    return due ? new Date(due) : undefined;
  }

  /** Lets time pass: `"15m"`, `"5days"`, `"1h 30m"`. Answers with the new time. */
  async advance(by: string): Promise<Date> {
    return this.#move({ advance: by });
  }

  /** Lets so many working days of the Russian production calendar pass, to the same time of day in Moscow. */
  async advanceWorkingDays(days: number): Promise<Date> {
    return this.#move({ "advance-working-days": days });
  }

  /** Goes on to an instant: RFC 3339, a day that begins in Moscow (`"02.09.2030"`), or a `Date`. */
  async to(when: string | Date): Promise<Date> {
    return this.#move({ to: typeof when === "string" ? when : when.toISOString() });
  }

  /** Stops it, at both servers at one instant: the next whole second. */
  async freeze(): Promise<Date> {
    const stopped: Json[] = [];
    for (const server of this.#servers) stopped.push(await server.call(CALLS.moveClock, {}, { body: { mode: "frozen" } }));
    const latest = Math.max(...stopped.map(({ now }) => Date.parse(now)));
    return this.to(new Date((Math.floor(latest / 1000) + 1) * 1000));
  }

  /** Lets it run on from where it stands. */
  async run(): Promise<Date> {
    return this.#move({ mode: "running" });
  }

  async #told(): Promise<Json> {
    return this.#servers[0]!.call(CALLS.clock);
  }

  async #move(order: object): Promise<Date> {
    const moved: Json[] = [];
    for (const server of this.#servers) moved.push(await server.call(CALLS.moveClock, {}, { body: order }));
    return new Date(moved[0].now);
  }
}

/** An instant of the servers so that the order of texts is the order of time: nine digits after the second. */
export function sortable(instant: string): string {
  const [whole, fraction = ""] = instant.replace(/Z$/, "").split(".");
  return `${whole}.${fraction.padEnd(9, "0")}`;
}
