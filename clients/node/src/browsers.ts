import type { Session } from "./people.js";

/** A cookie as Playwright takes it. */
export interface Cookie {
  name: string;
  value: string;
  domain: string;
  path: string;
  httpOnly: boolean;
  secure: boolean;
  sameSite: "Lax" | "Strict" | "None";
}

/** A context of Playwright. */
export interface ContextLike {
  addCookies(cookies: Cookie[]): Promise<unknown>;
}

/** A page of Playwright. */
export interface PageLike {
  context(): ContextLike;
  goto(url: string): Promise<unknown>;
}

/** A page of Puppeteer, or anything else that opens addresses. */
export interface GoingLike {
  goto(url: string): Promise<unknown>;
}

/** A driver of selenium-webdriver. */
export interface DriverLike {
  get(url: string): Promise<unknown>;
}

/** A jar of tough-cookie. */
export interface JarLike {
  setCookie(cookie: string, url: string): unknown;
}

/** What can be signed in. */
export type BrowserLike = ContextLike | PageLike | GoingLike | DriverLike | JarLike;

const KNOWN = "a page or context of Playwright, a page of Puppeteer, a driver of selenium-webdriver, a jar of tough-cookie";

/** Gives a session to a browser, by what it can do; opens a page where one is named. */
export async function give(browser: BrowserLike, session: Session, page: string | undefined): Promise<void> {
  const thing = browser as Partial<ContextLike & PageLike & DriverLike & JarLike>;
  const noPage = (what: string): void => {
    if (page) throw new TypeError(`${what} opens no page by itself: give signIn the page, or leave its page out`);
  };
  if (typeof thing.addCookies === "function") {
    noPage("a context of Playwright");
    await thing.addCookies(session.cookies);
  } else if (typeof thing.goto === "function") {
    const context = typeof thing.context === "function" ? thing.context() : undefined;
    if (typeof context?.addCookies === "function") {
      await context.addCookies(session.cookies);
      if (page) await thing.goto(session.linkTo(page));
    } else {
      await thing.goto(session.linkTo(page));
    }
  } else if (typeof thing.setCookie === "function") {
    noPage("a cookie jar");
    for (const cookie of session.setCookie) await thing.setCookie(cookie, session.link);
  } else if (typeof thing.get === "function") {
    // A driver sets cookies of the page that it is at, and of no other: the link sets the same one.
    await thing.get(session.linkTo(page));
  } else {
    throw new TypeError(`a session cannot be given to ${browser === null ? "null" : typeof browser}; it can be to: ${KNOWN}`);
  }
}

/** A `Set-Cookie` line of an address as a browser keeps it. */
export function cookieOf(line: string, url: string): Cookie {
  const [first = "", ...attributes] = line.split(";").map((part) => part.trim());
  const [name = "", value = ""] = split(first);
  const told = new Map(attributes.map((part) => split(part)).map(([key, said]) => [key.toLowerCase(), said]));
  return {
    name,
    value,
    domain: new URL(url).hostname,
    path: told.get("path") ?? "/",
    httpOnly: told.has("httponly"),
    secure: told.has("secure"),
    sameSite: (told.get("samesite") as Cookie["sameSite"] | undefined) ?? "Lax",
  };
}

function split(part: string): [string, string] {
  const at = part.indexOf("=");
  return at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
}
