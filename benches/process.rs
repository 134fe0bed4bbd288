//! `generate` and `check` as whole processes, as a user or a CI job waits for them.
//!
//! `generate_again` is the usual case, in which nothing changed; `generate_anew` writes every file. `nothing` starts the program
//! and does no work (`--version`), so the others can be read as ratios to it.
//!
//! `BUCKETBOOK_BINARY` names the program to measure, so that a quickly built harness can measure a release build.

use std::path::Path;
use std::process::{Command, Stdio};

use divan::Bencher;

fn main() {
    divan::main();
}

fn bucketbook(directory: &Path, arguments: &[&str]) {
    let program = std::env::var_os("BUCKETBOOK_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_bucketbook").into());
    let status = Command::new(program)
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

#[divan::bench(sample_count = 200)]
fn lint(bencher: Bencher<'_, '_>) {
    let directory = workspace();
    bencher.bench(|| bucketbook(directory.path(), &["lint", "out"]));
}

/// Linear in the number of states: ten thousand of them come to about 0.7 MB.
#[divan::bench(args = [1_000, 10_000], sample_count = 20)]
fn lint_states(bencher: Bencher<'_, '_>, states: usize) {
    let directory = workspace();
    let chain = (0..states)
        .map(|i| format!(r#""S{i}": {{"Type": "Pass", "Parameters": {{"a.$": "$.b"}}, "Next": "S{}"}}"#, i + 1));
    let chain = chain.chain([format!(r#""S{states}": {{"Type": "Succeed"}}"#)]).collect::<Vec<_>>().join(", ");
    let text = format!(r#"{{"StartAt": "S0", "States": {{{chain}}}}}"#);
    if std::fs::write(directory.path().join("many.asl.json"), text).is_err() {
        std::process::abort();
    }
    bencher.bench(|| bucketbook(directory.path(), &["lint", "many.asl.json"]));
}
