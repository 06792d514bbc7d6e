import { cookieOf, give } from "./browsers.js";
import type { BrowserLike, Cookie } from "./browsers.js";
import { CALLS } from "./contract.js";
import type { ServerName } from "./contract.js";
import { filled } from "./control.js";
import type { Control, Json } from "./control.js";
import type { Message } from "./outbox.js";
import type { World } from "./world.js";

/** A session that was opened without a password. */
export class Session {
  constructor(
    /** For `Authorization: Bearer` at the JSON endpoints of the person. */
    readonly token: string,
    /** Signs in whatever browser opens it, once. */
    readonly link: string,
    /** Until when the link works, by the world's clock. */
    readonly linkExpiresAt: Date,
    /** The lines of `Set-Cookie` of the pages. */
    readonly setCookie: readonly string[],
  ) {}

  /** The cookies of the session. */
  get cookies(): Cookie[] {
    return this.setCookie.map((line) => cookieOf(line, this.link));
  }

  /** The header `Cookie` for `fetch` and the like. */
  get cookie(): string {
    return this.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  /** The link, leading on to a page of the same world, as `/lk/family`. */
  linkTo(page?: string): string {
    return page ? `${this.link}?next=${encodeURIComponent(page)}` : this.link;
  }
}

/** What a server tells of somebody. */
export interface About {
  /** «Фамилия Имя Отчество». */
  name: string;
  /** What the person is in the story, in Russian. */
  about: string;
  /** What is typed as the login, while passwords work. */
  login: string | undefined;
  /** The password that works now. */
  password: string | undefined;
  /** Number of the account at Gosuslugi. */
  oid: number | undefined;
  /** E-mail addresses and phones, of both servers. */
  contacts: string[];
}

/** Where and how somebody is signed in. */
export interface SignIn {
  /** At Gosuslugi (`idp`, as it is) or in the diary. */
  at?: ServerName;
  /** The page that a page or a driver opens at once, as `/lk/family`. */
  page?: string;
}

/** Somebody of a world. */
export class Person {
  readonly #world: World;

  constructor(
    world: World,
    /** Key in the seed, as `анна`. */
    readonly key: string,
  ) {
    this.#world = world;
  }

  /** What the servers tell of this person. */
  async about(): Promise<About> {
    const told: Json[] = [];
    const keys = new Set<string>();
    for (const server of this.#world.servers) {
      const people = await everybody(server);
      told.push(...people.filter(({ key, login }) => this.key === key || this.key === login));
      people.forEach(({ key }) => keys.add(key));
    }
    const [first] = told;
    if (first === undefined) {
      const known = [...keys].sort().join(", ");
      throw new Error(`nobody in the world ${this.#world.name} is called '${this.key}'; there are: ${known}`);
    }
    const contacts = [...new Set<string>(told.flatMap((one) => one.contacts ?? []))];
    return { name: first.name, about: first.about, login: first.login, password: first.password, oid: first.oid, contacts };
  }

  /** Letters and SMS to this person, newest first. */
  async outbox(): Promise<Message[]> {
    return this.#world.outbox.all({ to: this });
  }

  /** Opens a session and leaves it to the caller what to do with it. */
  async openSession({ at = "idp" }: Pick<SignIn, "at"> = {}): Promise<Session> {
    const server = this.#world.server(at);
    const { method, path } = CALLS.openSession;
    const reached = await server.reach(method, filled(path, { key: this.key }));
    const opened = server.read(CALLS.openSession, reached);
    return new Session(opened.session, opened.link, new Date(opened.link_expires_at), reached.headers["set-cookie"] ?? []);
  }

  /**
   * Signs a browser in as this person, without a password: a page or a context of Playwright, a page of Puppeteer, a driver of
   * selenium-webdriver, a jar of tough-cookie. For `fetch` the answer has the header: `{ headers: { cookie: session.cookie } }`.
   */
  async signIn(browser: BrowserLike, { at = "idp", page }: SignIn = {}): Promise<Session> {
    const session = await this.openSession({ at });
    await give(browser, session, page);
    return session;
  }
}

/** Everybody whom a server knows. */
export async function everybody(server: Control): Promise<Json[]> {
  return server.call(CALLS.people);
}
