//! The `bucketbook` command: arguments in, exit code out.

use std::process::ExitCode;

/// Documents, shapes and payloads are many small values, which this allocator hands out faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    bucketbook::cli::run(std::env::args_os())
}
