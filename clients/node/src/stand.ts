import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { CALLS } from "./contract.js";
import { Control } from "./control.js";
import type { Access } from "./control.js";
import { Program } from "./process.js";
import { World } from "./world.js";

/** The world that a server begins with. */
const MAIN = "main";

type Environment = Record<string, string | undefined>;

/** Where the servers of a stand are. */
export interface Addresses {
  idp: string;
  diary?: string | undefined;
}

/** Both servers of a stand that is running. */
export class Stand {
  /** The control API of Gosuslugi and, where it is known, of the diary. */
  readonly servers: readonly Control[];

  constructor({ idp, diary }: Addresses, access: Access = {}) {
    this.servers = [new Control("idp", idp, access), ...(diary ? [new Control("diary", diary, access)] : [])];
  }

  /**
   * The stand of this process: the one that `ESIA_STAND_URL` names (with `ESIA_STAND_DIARY`, `ESIA_STAND_CONTROL_TOKEN`,
   * `ESIA_STAND_CA`; the global setup sets them), else one that is started on free ports and ends with this process.
   */
  static async shared(): Promise<Stand> {
    shared ??= Promise.resolve(Stand.running() ?? Program.start().then((program) => Stand.of(program)));
    return shared;
  }

  /** The stand that the environment names, if it names one. */
  static running(environment: Environment = process.env): Stand | undefined {
    const { ESIA_STAND_URL: idp, ESIA_STAND_DIARY: diary, ESIA_STAND_CONTROL_TOKEN: token, ESIA_STAND_CA: ca } = environment;
    return idp ? new Stand({ idp, diary }, { token, ca: ca ? readFileSync(ca, "utf8") : undefined }) : undefined;
  }

  /** The servers of a program that was started. */
  static of({ ready }: Program, token = process.env["ESIA_STAND_CONTROL_TOKEN"]): Stand {
    const { idp, diary, ca_file: ca } = ready;
    return new Stand({ idp, diary }, { token, ca: ca ? readFileSync(ca, "utf8") : undefined });
  }

  /** The world that the servers began with. Tests that share it see each other: fork it instead. */
  get main(): World {
    return new World(MAIN, this.servers);
  }

  /** A world that is there already. */
  async world(name: string): Promise<World> {
    const found: Control[] = [];
    for (const server of this.servers) found.push(server.within((await server.call(CALLS.show, { name })).url));
    return new World(name, found);
  }

  /** A copy of a world: its people, consents and registered systems come along, sessions and tokens do not. */
  async fork(of = MAIN, name = newName()): Promise<World> {
    return this.#everywhere(name, async (server) => (await server.call(CALLS.fork, { name: of }, { body: { name } })).url);
  }

  /** A world from a seed: the name of a documented one (`esia-stand world`), or a document of your own. */
  async make(seed: string | object, name = newName()): Promise<World> {
    return this.#everywhere(name, async (server) => (await server.call(CALLS.make, {}, { body: { name, seed } })).url);
  }

  async #everywhere(name: string, made: (server: Control) => Promise<string>): Promise<World> {
    const done: Control[] = [];
    try {
      for (const server of this.servers) done.push(server.within(await made(server)));
    } catch (error) {
      if (done.length > 0) await new World(name, done).drop();
      throw error;
    }
    return new World(name, done);
  }
}

let shared: Promise<Stand> | undefined;

/** A name that no other world has, with as much of a text as a name can hold; at a shared stand it begins with `ESIA_STAND_TEAM`. */
export function newName(about = ""): string {
  const told = `${process.env["ESIA_STAND_TEAM"] ?? ""}-${about}`.toLowerCase();
  const slug = told.replace(/[^a-z0-9]+/g, "-").replace(/^-+/, "").slice(0, 40).replace(/-+$/, "");
  return `${slug || "t"}-${randomBytes(5).toString("hex")}`;
}
