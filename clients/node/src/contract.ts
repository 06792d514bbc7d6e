/**
 * Every address of the control API that this package asks, with the fields that it sends and reads. `Control` sends nothing else
 * and hands on nothing else, and a test holds this against the OpenAPI document of the program.
 */

/** The mock Gosuslugi, or the school diary. */
export type ServerName = "idp" | "diary";

/** One operation of the control API. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** As the OpenAPI document writes it, with parameters in braces. */
  readonly path: string;
  /** Fields of the body. */
  readonly sends: readonly string[];
  /** Parameters of the query. */
  readonly asks: readonly string[];
  /** Fields of the answer, or of each of its items; none: the answer is not read. */
  readonly reads: readonly string[];
  /** Servers that have it. */
  readonly at: readonly ServerName[];
  /** The document says no more than "an object" about the answer. */
  readonly opaque: boolean;
}

type Rest = Partial<Pick<Call, "at" | "opaque">> & { sends?: string; asks?: string; reads?: string };

function call(method: Call["method"], path: string, rest: Rest = {}): Call {
  const names = (line: string | undefined): string[] => line?.split(" ") ?? [];
  const { sends, asks, reads, at = ["idp", "diary"], opaque = false } = rest;
  return { method, path, sends: names(sends), asks: names(asks), reads: names(reads), at, opaque };
}

const JOURNAL = "id at method target status client verdict";
const FAULT = "number fault parameters left client person";

/** All of them, by name. */
export const CALLS = {
  fork: call("POST", "/control/worlds/{name}/fork", { sends: "name", reads: "name title url" }),
  make: call("POST", "/control/worlds", { sends: "name seed", reads: "name title url" }),
  show: call("GET", "/control/worlds/{name}", { reads: "name title url" }),
  drop: call("DELETE", "/control/worlds/{name}"),
  reset: call("POST", "/control/worlds/{name}/reset", { reads: "name title url" }),
  clock: call("GET", "/control/clock", { reads: "now mode next_due" }),
  moveClock: call("POST", "/control/clock", { sends: "advance advance-working-days to mode", reads: "now mode next_due" }),
  people: call("GET", "/control/people", { reads: "key name about login password contacts oid" }),
  openSession: call("POST", "/control/people/{key}/session", { reads: "session link link_expires_at" }),
  outbox: call("GET", "/control/outbox", { reads: "seq at channel to subject text link" }),
  faults: call("GET", "/control/faults", { reads: FAULT, at: ["idp"] }),
  setFault: call("POST", "/control/faults", {
    sends: "fault parameters requests client person until",
    reads: FAULT,
    at: ["idp"],
  }),
  liftFault: call("DELETE", "/control/faults/{number}", { at: ["idp"] }),
  liftFaults: call("DELETE", "/control/faults", { at: ["idp"] }),
  timeline: call("GET", "/control/timeline", { asks: "after limit", reads: "seq at recorded_at text request" }),
  requests: call("GET", "/control/requests", { asks: "client verdict limit before", reads: JOURNAL, opaque: true }),
  request: call("GET", "/control/requests/{id}", { reads: JOURNAL, opaque: true }),
  register: call("PUT", "/control/clients/{mnemonic}", {
    sends: "mnemonic title organisation scopes redirect-domains certificates oidc esia",
    reads: "mnemonic title",
    at: ["idp"],
  }),
} as const satisfies Record<string, Call>;
