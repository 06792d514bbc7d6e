import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** How long the servers may take until they are ready, milliseconds. */
const PATIENCE_MS = 30_000;

// The program runs until the standard input of this shell closes: that of a test run which is gone, in whatever way, too.
const GUARD = '"$@" </dev/null & program=$!; exec >/dev/null 2>&1; cat; kill -TERM "$program"; wait "$program"';
/** Variables that are meant for these fixtures, not for the program. */
const OURS = ["ESIA_STAND_BIN", "ESIA_STAND_URL", "ESIA_STAND_DIARY"];

type Environment = Record<string, string | undefined>;

/** The program is not there, or does not start. The text says the way out. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
}

/** The program: `ESIA_STAND_BIN`, else the one of the npm package `esia-stand`, else the one on `PATH`. */
export function find(environment: Environment = process.env, from = [import.meta.url, join(process.cwd(), "package.json")]): string {
  const { ESIA_STAND_BIN: named, PATH: path = "" } = environment;
  if (named) {
    if (isProgram(named)) return named;
    throw new ProgramError(`ESIA_STAND_BIN=${named} is no program: name the file esia-stand itself, or unset the variable`);
  }
  const onPath = path.split(delimiter).filter(Boolean).map((folder) => join(folder, "esia-stand")).find(isProgram);
  const found = installed(from) ?? onPath;
  if (found) return found;
  throw new ProgramError(
    [
      "the program esia-stand is not found: ESIA_STAND_BIN is not set, the package esia-stand is not installed, and PATH has none.",
      "One of these helps:",
      "  npm install --save-dev esia-stand            the program, into this project",
      "  export ESIA_STAND_BIN=…/esia-stand           a program that was built or unpacked elsewhere",
      "  export ESIA_STAND_URL=http://127.0.0.1:8081  a stand that runs already (ESIA_STAND_DIARY: its diary)",
    ].join("\n"),
  );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function installed(from: readonly string[]): string | undefined {
  for (const place of from) {
    try {
      const { program } = createRequire(place)("esia-stand") as { program(): string };
      return program();
    } catch {
      // Not installed there, or not for this platform.
    }
  }
  return undefined;
}

/** Its first line. */
export interface Ready {
  idp: string;
  diary: string;
  /** The certificate of its CA, where it speaks https. */
  ca_file?: string;
}

/** How a stand is started. */
export interface StartOptions {
  /** More arguments of `esia-stand serve`, as `["--client", "my-system.yaml"]`. */
  args?: readonly string[];
  environment?: Environment;
}

/** A stand that this process has started, on free ports of the loopback. It ends with the process at the latest. */
export class Program {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;

  private constructor(
    child: ChildProcessByStdio<Writable, Readable, Readable>,
    /** Where its servers are. */
    readonly ready: Ready,
  ) {
    this.#child = child;
  }

  /** Starts it and waits until it is ready. */
  static async start({ args = [], environment = process.env }: StartOptions = {}): Promise<Program> {
    const serve = ["serve", "--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0", ...args];
    const env = Object.fromEntries(Object.entries(environment).filter(([name]) => !OURS.includes(name)));
    // In a session of its own: Ctrl+C is for the tests.
    const child = spawn("/bin/sh", ["-c", GUARD, "sh", find(environment), ...serve], {
      detached: true,
      env,
      stdio: ["pipe", "pipe", "pipe"],
    });
    try {
      const ready = await firstLine(child);
      // Nothing of it keeps this process alive; what else it says is read and forgotten.
      for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as { unref(): void }).unref();
      child.unref();
      return new Program(child, ready);
    } catch (error) {
      child.stdin.destroy();
      throw error;
    }
  }

  /** Ends it, and waits until it has ended. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.ref();
    this.#child.stdin.end();
    await Promise.race([ended, sleep(PATIENCE_MS, undefined, { ref: false })]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

function firstLine(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<Ready> {
  return new Promise((resolve, reject) => {
    let [out, err] = ["", ""];
    const failed = (what: string): void => reject(new ProgramError(`${what}${err.trim() ? `:\n${err.trim()}` : ""}`));
    const late = setTimeout(() => failed(`esia-stand serve says nothing for ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
    const done = (line: string): void => {
      clearTimeout(late);
      try {
        resolve(JSON.parse(line) as Ready);
      } catch {
        failed("esia-stand serve does not start");
      }
    };
    child.on("error", reject);
    // A pipe that the program has closed is no matter of the tests.
    child.stdin.on("error", () => undefined);
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (err += chunk));
    // Which of two pipes ends first is chance; why it does not start stands in the other.
    const told = new Promise((resolve) => child.stderr.once("end", resolve));
    child.stdout.setEncoding("utf8").on("end", () => void told.then(() => done(out.split("\n", 1)[0] ?? "")));
    child.stdout.on("data", (chunk: string) => {
      if (out.includes("\n")) return;
      out += chunk;
      if (out.includes("\n")) done(out.split("\n", 1)[0] ?? "");
    });
  });
}
