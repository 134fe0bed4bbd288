//! `lint` without the process around it: one stack, long definitions, and the samples of a folder.
//!
//! `chain` and `workflow` have the same work to do for each state, so the time for ten thousand of them is ten times that for a
//! thousand. `workflow` is what a machine is like: calls, choices, results that are kept; `chain` a row of states.

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
    measure(bencher, states, state);
}

#[divan::bench(args = [1_000, 10_000], sample_count = 10)]
fn workflow(bencher: Bencher<'_, '_>, states: usize) {
    let state = |at: usize| match at % 4 {
        0 => format!(
            r#""S{at}": {{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "Parameters": {{"TableName": "Files", "KeyConditionExpression": "fileName = :name", "ExpressionAttributeValues": {{":name": {{"S.$": "$.detail.object.key"}}}}}}, "ResultPath": "$.found{}", "Next": "S{}"}}"#,
            at % 40,
            at + 1
        ),
        1 => format!(
            r#""S{at}": {{"Type": "Choice", "Choices": [{{"Variable": "$.found{}.Count", "NumericGreaterThan": {at}, "Next": "S{}"}}], "Default": "S{}"}}"#,
            (at - 1) % 40,
            at + 1,
            at + 2
        ),
        2 => format!(
            r#""S{at}": {{"Type": "Pass", "Parameters": {{"name.$": "States.Format('{{}}', $.detail.object.key)"}}, "ResultPath": "$.name{}", "Next": "S{}"}}"#,
            at % 40,
            at + 1
        ),
        _ => format!(
            r#""S{at}": {{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {{"TableName": "Files", "Key": {{"fileName": {{"S.$": "$.detail.object.key"}}}}, "UpdateExpression": "SET n = :n", "ConditionExpression": "attribute_exists(fileName)", "ExpressionAttributeValues": {{":n": {{"N": "{at}"}}}}}}, "ResultPath": null, "Next": "S{}"}}"#,
            at + 1
        ),
    };
    measure(bencher, states, state);
}

/// Reads and lints a machine of so many states and an end.
fn measure(bencher: Bencher<'_, '_>, states: usize, state: impl Fn(usize) -> String) {
    let end = [format!(r#""S{states}": {{"Type": "Succeed"}}"#)];
    let states: Vec<String> = (0..states).map(state).chain(end).collect();
    let text = format!(r#"{{"StartAt": "S0", "States": {{{}}}}}"#, states.join(", "));
    bencher.counter(divan::counter::BytesCount::of_str(&text)).bench(|| {
        check(
            &LoadedStack::from_definition("many.asl.json", text.clone(), MachineType::Standard),
            &Selection::default(),
        )
    });
}
