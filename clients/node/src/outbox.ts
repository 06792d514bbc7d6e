import { setTimeout as sleep } from "node:timers/promises";
import { sortable } from "./clock.js";
import { CALLS } from "./contract.js";
import type { ServerName } from "./contract.js";
import type { Control, Json } from "./control.js";
import type { Person } from "./people.js";

/** A letter or an SMS. */
export interface Message {
  /** Who sent it. */
  server: ServerName;
  /** 1, 2, 3, … in the order of sending, at that server. */
  seq: number;
  /** When, by the world's clock (RFC 3339). */
  at: string;
  channel: "email" | "sms";
  /** An e-mail address or a phone. */
  to: string;
  /** Subject of a letter. */
  subject: string | undefined;
  /** The text without the link. */
  text: string;
  /** The link in it, as a whole URL. */
  link: string | undefined;
}

/** Which message is waited for. */
export interface Wanted {
  /** An address, or a person with all their addresses. */
  to?: string | Person;
  /** What its subject, text or link holds. */
  containing?: string;
  /** How long it is waited for, milliseconds; 5000 as it is. */
  timeoutMs?: number;
}

/** What both servers have sent in a world; nothing leaves the machine. */
export class Outbox {
  readonly #servers: readonly Control[];

  constructor(servers: readonly Control[]) {
    this.#servers = servers;
  }

  /** Newest first; to one address, or to all addresses of a person. */
  async all({ to }: Pick<Wanted, "to"> = {}): Promise<Message[]> {
    const addresses = to === undefined ? undefined : typeof to === "string" ? [to] : (await to.about()).contacts;
    const found: Message[] = [];
    for (const server of this.#servers) {
      const sent: Json[] = await server.call(CALLS.outbox);
      found.push(...sent.map((message) => ({ server: server.server, ...message }) as Message));
    }
    const wanted = found.filter((message) => addresses?.includes(message.to) ?? true);
    return wanted.sort((one, other) => (sortable(one.at) < sortable(other.at) ? 1 : -1));
  }

  /** The newest message that is wanted; waits for it where it is not there yet. */
  async wait({ to, containing = "", timeoutMs = 5000 }: Wanted = {}): Promise<Message> {
    const endsAt = Date.now() + timeoutMs;
    for (;;) {
      const there = await this.all(to === undefined ? {} : { to });
      const found = there.find(({ subject, text, link }) => `${subject ?? ""}\n${text}\n${link ?? ""}`.includes(containing));
      if (found) return found;
      if (Date.now() >= endsAt) throw new Error(missed({ to, containing, timeoutMs }, there));
      await sleep(50);
    }
  }
}

function missed(wanted: { to: string | Person | undefined; containing: string; timeoutMs: number }, there: Message[]): string {
  const whom = wanted.to === undefined ? "" : ` to ${typeof wanted.to === "string" ? wanted.to : wanted.to.key}`;
  const known = there.map(({ to, subject, text }) => `\n  ${to}: ${subject ?? text}`).join("") || "\n  nothing";
  return `no message${whom} with '${wanted.containing}' within ${wanted.timeoutMs} ms; there is:${known}`;
}
