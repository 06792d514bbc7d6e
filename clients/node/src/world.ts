import { Clock, sortable } from "./clock.js";
import { CALLS } from "./contract.js";
import type { ServerName } from "./contract.js";
import { ControlError } from "./control.js";
import type { Control, Json } from "./control.js";
import { Faults } from "./faults.js";
import { Outbox } from "./outbox.js";
import { everybody, Person } from "./people.js";
import { Verdicts } from "./verdicts.js";

/** One thing that has happened. */
export interface Line {
  server: ServerName;
  /** When, by the world's clock (RFC 3339). */
  at: string;
  /** 1, 2, 3, … at that server. */
  seq: number;
  /** One Russian sentence. */
  text: string;
  /** The request that it was decided for. */
  request: number | undefined;
}

/** What is registered of a client system: fields of `PUT /control/clients/{mnemonic}`. */
export interface Registration {
  title?: string;
  organisation?: string;
  scopes?: string[];
  "redirect-domains"?: string[];
  certificates?: string[];
  oidc?: Record<string, unknown>;
  esia?: Record<string, unknown>;
}

/** A world of the stand: what is done in it is seen in no other. With `await using` it is dropped at the end. */
export class World {
  /** Its clock, the same at both servers. */
  readonly clock: Clock;
  /** Its letters and SMS. */
  readonly outbox: Outbox;
  /** What the servers think of requests in it. */
  readonly verdicts: Verdicts;
  /** What Gosuslugi do wrong on purpose in it. */
  readonly faults: Faults;

  constructor(
    /** Its name in addresses. */
    readonly name: string,
    /** Its control API, at Gosuslugi and in the diary. */
    readonly servers: readonly Control[],
  ) {
    this.clock = new Clock(servers);
    this.outbox = new Outbox(servers);
    this.verdicts = new Verdicts(servers);
    this.faults = new Faults(this.idp);
  }

  /** The control API at one of both servers. */
  server(name: ServerName): Control {
    const found = this.servers.find(({ server }) => server === name);
    if (found) return found;
    if (name === "diary") throw new Error("the stand was named without its diary: set ESIA_STAND_DIARY beside ESIA_STAND_URL");
    throw new TypeError(`there is no server '${String(name)}': it is 'idp' or 'diary'`);
  }

  /** Gosuslugi: `.url` for a client under test, `.get` and `.post` for the rest of the control API. */
  get idp(): Control {
    return this.server("idp");
  }

  /** The diary, in the same way. */
  get diary(): Control {
    return this.server("diary");
  }

  /** The address of Gosuslugi in this world: base URL of ЕСИА's protocol, issuer of OpenID Connect. */
  get url(): string {
    return this.idp.url;
  }

  /** Somebody of the world by the key in its seed, as `анна`, or by the login. */
  person(key: string): Person {
    return new Person(this, key);
  }

  /** Everybody whom Gosuslugi know. */
  async people(): Promise<Person[]> {
    return (await everybody(this.idp)).map(({ key }) => new Person(this, key));
  }

  /** Registers a client system; answers with its `client_id`. */
  async register(mnemonic: string, registration: Registration = {}): Promise<string> {
    const body = { mnemonic, title: mnemonic, organisation: mnemonic, ...registration };
    await this.idp.call(CALLS.register, { mnemonic }, { body });
    return mnemonic;
  }

  /** What has happened at both servers, oldest first. */
  async timeline(): Promise<Line[]> {
    const found: { key: string; line: Line }[] = [];
    for (const server of this.servers) found.push(...(await timelineOf(server)));
    // Lines of one instant stay in the order in which a server told them.
    return found.sort((one, other) => (one.key === other.key ? 0 : one.key > other.key ? 1 : -1)).map(({ line }) => line);
  }

  /** Begins it anew from its seed. */
  async reset(): Promise<void> {
    for (const server of this.#roots()) await server.call(CALLS.reset, { name: this.name });
  }

  /** Deletes it at both servers; one that is gone already is none to complain of. */
  async drop(): Promise<void> {
    for (const server of this.#roots()) {
      try {
        await server.call(CALLS.drop, { name: this.name });
      } catch (error) {
        if (!(error instanceof ControlError) || error.status !== 404) throw error;
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drop();
  }

  #roots(): Control[] {
    const path = `/w/${this.name}`;
    return this.servers.map((server) =>
      server.url.endsWith(path) ? server.within(server.url.slice(0, -path.length)) : server,
    );
  }
}

async function timelineOf(server: Control): Promise<{ key: string; line: Line }[]> {
  const found: { key: string; line: Line }[] = [];
  for (let after = 0; ; ) {
    const page: Json[] = await server.call(CALLS.timeline, {}, { query: { after, limit: 1000 } });
    for (const { at, seq, text, request, recorded_at: recordedAt } of page) {
      const key = `${sortable(at)} ${recordedAt ? sortable(recordedAt) : ""}`;
      found.push({ key, line: { server: server.server, at, seq, text, request } });
    }
    if (page.length < 1000) return found;
    after = page.at(-1).seq;
  }
}
