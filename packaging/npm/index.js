"use strict";

/** The program for this platform, as the optional package holds it. */
exports.program = function program() {
  const name = `@esia-stand/${process.platform}-${process.arch}`;
  try {
    return require.resolve(`${name}/esia-stand`);
  } catch {
    throw new Error(
      `esia-stand: ${name} is not installed. Either there is no program for this platform, or optional dependencies were left out ` +
        "(npm install --include=optional). A program that was built elsewhere is started as itself, or named by ESIA_STAND_BIN.",
    );
  }
};
