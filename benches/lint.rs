//! `lint` without the process around it: one stack, long definitions, and the samples of a folder.
//!
//! `chain` and `workflow` have the same work to do for each state, so the time for ten thousand of them is ten times that for a
//! thousand. `workflow` is what a machine is like: calls, choices, results that are kept; `chain` a row of states.

mod support;

use std::path::Path;

use bucketbook::lint::{Selection, check, lint};
use bucketbook::loaded::{LoadedStack, MachineType, load};
use divan::Bencher;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

#[divan::bench]
fn stack(bencher: Bencher<'_, '_>) {
    let stacks = load(&[Path::new("out").to_owned()]).unwrap_or_else(|_| std::process::abort());
    bencher.bench(|| lint(stacks.clone(), &Selection::default()));
}

/// Reading the files included.
#[divan::bench]
fn samples(bencher: Bencher<'_, '_>) {
    let corpus = std::env::var("BUCKETBOOK_CORPUS").unwrap_or_else(|_| "../shared/corpus".to_owned());
    let folder = Path::new(&corpus).join("samples");
    if !folder.exists() {
        eprintln!("NOT RUN: there are no samples at {}", folder.display());
        return;
    }
    bencher.bench(|| load(std::slice::from_ref(&folder)).map(|stacks| lint(stacks, &Selection::default())));
}

#[divan::bench(args = [1_000, 10_000], sample_count = 10)]
fn chain(bencher: Bencher<'_, '_>, states: usize) {
    let state = |at: usize| {
        format!(r#""S{at}": {{"Type": "Pass", "Parameters": {{"a.$": "$.b", "b": {at}}}, "Next": "S{}"}}"#, at + 1)
    };
    measure(bencher, &support::machine(states, state));
}

#[divan::bench(args = [1_000, 10_000], sample_count = 10)]
fn workflow(bencher: Bencher<'_, '_>, states: usize) {
    measure(bencher, &support::workflow(states));
}

/// Reads and lints a machine.
fn measure(bencher: Bencher<'_, '_>, text: &str) {
    bencher.counter(divan::counter::BytesCount::of_str(text)).bench(|| {
        check(
            &LoadedStack::from_definition("many.asl.json", text.to_owned(), MachineType::Standard),
            &Selection::default(),
        )
    });
}
