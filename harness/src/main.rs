//! The program `esia-stand`.

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::cli::main().into()
}
