import { sortable } from "./clock.js";
import { CALLS } from "./contract.js";
import type { ServerName } from "./contract.js";
import type { Control, Json } from "./control.js";

/** The header by which an answer names its request. */
export const REQUEST_HEADER = "x-esia-stand-request";

/** One check of a request. */
export interface Check {
  /** Stable name, as `client-signature`. */
  rule: string;
  /** Where the rule stands. */
  source: string;
  outcome: "passed" | "failed" | "tolerated";
  /** What the rule wants, in Russian. */
  expected: string;
  /** What the request had. */
  got: string;
  /** Code that ЕСИА answers with. */
  error?: string;
  /** Known mistakes that explain it: `esia-stand mistakes NAME` tells how to mend them. */
  mistakes?: string[];
}

/** A request with its checks. */
export class Verdict {
  /** Number of the request, as `X-Esia-Stand-Request` carries it. */
  readonly id: number;
  /** By the world's clock, RFC 3339. */
  readonly at: string;
  readonly method: string;
  /** Path and query, inside the world. */
  readonly target: string;
  /** HTTP status of the answer. */
  readonly status: number | undefined;
  /** `client_id`, where the request named one. */
  readonly client: string | undefined;
  readonly checks: readonly Check[];
  /** The page that shows it in full. */
  readonly page: string;

  constructor(
    /** Who got it. */
    readonly server: ServerName,
    base: string,
    entry: Json,
  ) {
    this.id = entry.id;
    this.at = entry.at;
    this.method = entry.method;
    this.target = entry.target;
    this.status = entry.status;
    this.client = entry.client;
    this.checks = entry.verdict ?? [];
    this.page = `${base}/control/console/requests/${entry.id}`;
  }

  /** Checks that refused the request. */
  get failed(): Check[] {
    return this.checks.filter(({ outcome }) => outcome === "failed");
  }

  /** Checks that a strict provider would have refused it by. */
  get tolerated(): Check[] {
    return this.checks.filter(({ outcome }) => outcome === "tolerated");
  }

  /** Whether nothing was wrong with it. */
  get ok(): boolean {
    return this.failed.length === 0 && this.tolerated.length === 0;
  }

  toString(): string {
    const lines = [`${this.method} ${this.target} → ${this.status ?? "no answer"} (${this.page})`];
    for (const { outcome, rule, error, source, expected, got, mistakes } of [...this.failed, ...this.tolerated]) {
      lines.push(`  ${outcome} ${rule}${error ? ` ${error}` : ""} (${source})`);
      lines.push(`    expected: ${expected}`, `    got:      ${got}`);
      lines.push(...(mistakes ?? []).map((mistake) => `    mistake:  ${mistake}`));
    }
    return lines.join("\n");
  }
}

/** Which verdicts are wanted. */
export interface WantedVerdicts {
  /** Of requests of this `client_id`. */
  client?: string;
  /** `failed`, `tolerated`, `ok`, `none`, or the name of a rule or a mistake. */
  verdict?: string;
  /** At most so many. */
  limit?: number;
}

/** What the servers think of the requests that they got. */
export class Verdicts {
  readonly #servers: readonly Control[];

  constructor(servers: readonly Control[]) {
    this.#servers = servers;
  }

  /** Oldest first. */
  async all(wanted: WantedVerdicts = {}): Promise<Verdict[]> {
    const found: Verdict[] = [];
    for (const server of this.#servers) {
      const entries: Json[] = await server.call(CALLS.requests, {}, { query: { limit: 500, ...wanted } });
      found.push(...entries.map((entry) => new Verdict(server.server, server.url, entry)));
    }
    return found.sort((one, other) => (sortable(one.at) > sortable(other.at) ? 1 : -1));
  }

  /** Requests that were refused. */
  async failed({ client }: Pick<WantedVerdicts, "client"> = {}): Promise<Verdict[]> {
    return this.all({ verdict: "failed", ...(client === undefined ? {} : { client }) });
  }

  /** The verdict of an answer of `fetch`, by its number. */
  async of(answer: { headers: { get(name: string): string | null }; url: string }): Promise<Verdict> {
    const id = answer.headers.get(REQUEST_HEADER);
    if (id === null) throw new Error(`the answer has no header ${REQUEST_HEADER}: it is not of a server of the stand`);
    const server = this.#servers.find(({ url }) => answer.url.startsWith(`${url}/`));
    if (!server) throw new Error(`${answer.url} is not of this world: ${this.#servers.map(({ url }) => url).join(", ")}`);
    return new Verdict(server.server, server.url, await server.call(CALLS.request, { id }));
  }
}
