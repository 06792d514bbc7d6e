#!/usr/bin/env node
"use strict";

const { spawn } = require("node:child_process");
const { program } = require("../index.js");

let file;
try {
  file = program();
} catch (error) {
  console.error(error.message);
  process.exit(3);
}
const child = spawn(file, process.argv.slice(2), { stdio: "inherit" });
// Ctrl+C reaches the program from the terminal itself; what is sent to this process alone is handed on.
process.on("SIGINT", () => undefined);
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`esia-stand: ${file} does not start: ${error.message}`);
  process.exit(3);
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
