//! `generate` and `check` as whole processes, as a user or a CI job waits for them.
//!
//! `generate_again` is the usual case, in which nothing changed; `generate_anew` writes every file. `nothing` starts the program
//! and does no work (`--version`), so the others can be read as ratios to it.

use std::path::Path;
use std::process::{Command, Stdio};

use divan::Bencher;

fn main() {
    divan::main();
}

fn bucketbook(directory: &Path, arguments: &[&str]) {
    let status = Command::new(env!("CARGO_BIN_EXE_bucketbook"))
        .current_dir(directory)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()));
}

/// A directory with the default spec and its generated stack.
fn workspace() -> tempfile::TempDir {
    let Ok(directory) = tempfile::tempdir() else { std::process::abort() };
    bucketbook(directory.path(), &["init"]);
    bucketbook(directory.path(), &["generate"]);
    directory
}

#[divan::bench(sample_count = 200)]
fn nothing(bencher: Bencher<'_, '_>) {
    let directory = workspace();
    bencher.bench(|| bucketbook(directory.path(), &["--version"]));
}

#[divan::bench(sample_count = 200)]
fn generate_anew(bencher: Bencher<'_, '_>) {
    let directory = workspace();
    let out = directory.path().join("out");
    bencher
        .with_inputs(|| drop(std::fs::remove_dir_all(&out)))
        .bench_values(|()| bucketbook(directory.path(), &["generate"]));
}

#[divan::bench(sample_count = 200)]
fn generate_again(bencher: Bencher<'_, '_>) {
    let directory = workspace();
    bencher.bench(|| bucketbook(directory.path(), &["generate"]));
}

#[divan::bench(sample_count = 200)]
fn check(bencher: Bencher<'_, '_>) {
    let directory = workspace();
    bencher.bench(|| bucketbook(directory.path(), &["check"]));
}
