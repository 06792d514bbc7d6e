//! The program `esia-stand`: passes the command line to the library.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Allocator that returns the memory of deleted worlds to the system, which the system's own allocator keeps.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    harness::cli::main().into()
}
