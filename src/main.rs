//! The `bucketbook` command: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    bucketbook::cli::run(std::env::args_os())
}
