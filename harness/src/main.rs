//! The program `esia-stand`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Gives back the memory of worlds that are dropped, which the system's allocator keeps.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    harness::cli::main().into()
}
