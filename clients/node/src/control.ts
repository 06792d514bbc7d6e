import { request as http } from "node:http";
import { request as https } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import type { Call, ServerName } from "./contract.js";

/** How long an answer may take, milliseconds. */
const PATIENCE_MS = 15_000;

/** JSON, as it comes. */
export type Json = any;

/** The control API refuses, or does not answer. The text says who, what and, where known, the way out. */
export class ControlError extends Error {
  override readonly name = "ControlError";

  constructor(
    message: string,
    /** HTTP status of a refusal. */
    readonly status?: number,
    /** Stable name of a refusal. */
    readonly code?: string,
  ) {
    super(message);
  }
}

/** How a server is reached. */
export interface Access {
  /** The token that the stand was started with. */
  token?: string | undefined;
  /** The certificate of the stand's own CA (PEM), where it speaks https. */
  ca?: string | undefined;
}

/** An answer that was not refused. */
export interface Reached {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The control API at one address: of a server, or of one world at it. */
export class Control {
  /** Base address, without a slash at the end. */
  readonly url: string;
  readonly #access: Access;

  constructor(
    readonly server: ServerName,
    url: string,
    access: Access = {},
  ) {
    this.url = url.replace(/\/+$/, "");
    this.#access = access;
  }

  /** The same server at another base address: one of its worlds. */
  within(url: string): Control {
    return new Control(this.server, url, this.#access);
  }

  /** The server as texts name it. */
  get title(): string {
    return this.server === "diary" ? "the diary" : "Gosuslugi";
  }

  /** Does one operation of the contract; answers with those fields of its JSON that the contract names. */
  async call(call: Call, parts: Record<string, unknown> = {}, sent: { body?: object; query?: object } = {}): Promise<Json> {
    if (!call.at.includes(this.server)) throw new ControlError(`${this.title} has no ${call.method} ${call.path}`);
    const unknown = [...others(sent.body, call.sends), ...others(sent.query, call.asks)];
    if (unknown.length > 0) throw new ControlError(`${call.method} ${call.path} takes no ${unknown.join(", ")}`);
    const asked = Object.entries(sent.query ?? {}).filter(([, value]) => value !== undefined);
    const query = new URLSearchParams(asked.map(([name, value]): [string, string] => [name, String(value)])).toString();
    const path = filled(call.path, parts) + (query ? `?${query}` : "");
    return this.read(call, await this.reach(call.method, path, sent.body));
  }

  /** Those fields of an answer that the contract names. */
  read(call: Call, reached: Reached): Json {
    return call.reads.length > 0 ? picked(json(this, reached), call.reads) : undefined;
  }

  /** `GET` of any address below this one, as `/control/keys`: its JSON. */
  async get(path: string): Promise<Json> {
    return json(this, await this.reach("GET", path));
  }

  /** `POST` of JSON to any address below this one: the JSON of its answer. */
  async post(path: string, body?: unknown): Promise<Json> {
    return json(this, await this.reach("POST", path, body));
  }

  /** Sends one request; a refusal is a `ControlError`. */
  async reach(method: string, path: string, body?: unknown): Promise<Reached> {
    let reached: Reached;
    try {
      reached = await this.#send(method, path, body === undefined ? undefined : JSON.stringify(body));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ControlError(`${this.title} at ${this.url} does not answer ${method} ${path}: ${reason}`);
    }
    if (reached.status >= 300) throw this.#refused(method, path, reached);
    return reached;
  }

  #send(method: string, path: string, body: string | undefined): Promise<Reached> {
    const { token, ca } = this.#access;
    const headers: Record<string, string> = { accept: "application/json" };
    if (token) headers["authorization"] = `Bearer ${token}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    const url = new URL(this.url + path);
    // node:http and not fetch: a CA of one's own, and no proxy in between.
    const options = { method, headers, signal: AbortSignal.timeout(PATIENCE_MS), ...(ca ? { ca } : {}) };
    return new Promise((resolve, reject) => {
      const request = (url.protocol === "https:" ? https : http)(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  #refused(method: string, path: string, { status, body }: Reached): ControlError {
    let problem: Json = {};
    try {
      problem = JSON.parse(body) ?? {};
    } catch {
      // Not of the control API: the status says all there is.
    }
    const said = [problem.title, problem.way_out].filter((part): part is string => typeof part === "string");
    if ((status === 401 || status === 403) && !this.#access.token) {
      said.push("set ESIA_STAND_CONTROL_TOKEN to the token that the stand was started with");
    }
    const told = said.length > 0 ? `: ${said.join(". ")}` : "";
    return new ControlError(`${this.title} at ${this.url} refuses ${method} ${path} with ${status}${told}`, status, problem.code);
  }
}

function others(sent: object | undefined, known: readonly string[]): string[] {
  return Object.keys(sent ?? {}).filter((name) => !known.includes(name));
}

/** A path of the contract with its parameters in place. */
export function filled(path: string, parts: Record<string, unknown>): string {
  return path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name])));
}

function json(control: Control, { body }: Reached): Json {
  if (body === "") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw new ControlError(`${control.title} at ${control.url} answers with what is no JSON`);
  }
}

function picked(answer: Json, reads: readonly string[]): Json {
  if (Array.isArray(answer)) return answer.map((item) => picked(item, reads));
  return Object.fromEntries(reads.map((name) => [name, answer[name] ?? undefined]));
}
