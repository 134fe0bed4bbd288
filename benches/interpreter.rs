//! State transitions: workflows that only move data, so that the interpreter is all that is measured.
//!
//! Each takes 10,000 transitions, so a time of 50 ms is 200,000 transitions a second.

use std::sync::Arc;

use bucketbook::asl::program::Program;
use bucketbook::simulate::{Execution, ExecutionOptions, NoServices, Outcome};
use divan::Bencher;
use divan::counter::ItemsCount;
use serde_json::{Value, json};

/// How many transitions each bench takes.
const TRANSITIONS: u64 = 10_000;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn program(definition: &Value) -> Arc<Program> {
    match Program::read(definition) {
        Ok(program) => Arc::new(program),
        Err(_) => std::process::abort(),
    }
}

/// Runs a definition that counts `n` down to 0 in rounds of `states` transitions.
fn count_down(bencher: Bencher<'_, '_>, states: u64, definition: &Value, history: bool) {
    let program = program(definition);
    let input = json!({"n": TRANSITIONS / states, "detail": {"object": {"key": "photos/cat.jpg", "size": 5}}});
    let options = ExecutionOptions { max_events: u64::MAX, history, ..ExecutionOptions::default() };
    bencher.counter(ItemsCount::new(TRANSITIONS)).bench_local(|| {
        let mut execution = Execution::new(Arc::clone(&program), input.clone(), options.clone());
        let outcome = execution.run(&mut NoServices);
        if !matches!(outcome, Outcome::Succeeded(_)) {
            std::process::abort();
        }
    });
}

fn json_path() -> Value {
    json!({
        "StartAt": "More?",
        "States": {
            "More?": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.n", "NumericEquals": 0, "Next": "Done"}],
                "Default": "CountDown"
            },
            "CountDown": {
                "Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, -1)"}, "ResultPath": "$.counted", "Next": "Move"
            },
            "Move": {
                "Type": "Pass",
                "Parameters": {"n.$": "$.counted.n", "detail.$": "$.detail"},
                "Next": "More?"
            },
            "Done": {"Type": "Succeed"}
        }
    })
}

#[divan::bench]
fn pass_and_choice(bencher: Bencher) {
    count_down(bencher, 3, &json_path(), false);
}

#[divan::bench]
fn pass_and_choice_with_history(bencher: Bencher) {
    count_down(bencher, 3, &json_path(), true);
}

#[divan::bench]
fn variables(bencher: Bencher) {
    let definition = json!({
        "StartAt": "Start",
        "States": {
            "Start": {"Type": "Pass", "Assign": {"n.$": "$.n"}, "Next": "More?"},
            "More?": {
                "Type": "Choice",
                "Choices": [{"Variable": "$n", "NumericEquals": 0, "Next": "Done"}],
                "Default": "CountDown"
            },
            "CountDown": {"Type": "Pass", "Assign": {"n.$": "States.MathAdd($n, -1)"}, "Next": "More?"},
            "Done": {"Type": "Succeed"}
        }
    });
    count_down(bencher, 2, &definition, false);
}

#[divan::bench]
fn jsonata(bencher: Bencher) {
    let definition = json!({
        "QueryLanguage": "JSONata",
        "StartAt": "More?",
        "States": {
            "More?": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $states.input.n = 0 %}", "Next": "Done"}],
                "Default": "CountDown"
            },
            "CountDown": {
                "Type": "Pass",
                "Output": {"n": "{% $states.input.n - 1 %}", "detail": "{% $states.input.detail %}"},
                "Next": "More?"
            },
            "Done": {"Type": "Succeed"}
        }
    });
    count_down(bencher, 2, &definition, false);
}

#[divan::bench]
fn map(bencher: Bencher) {
    let definition = json!({
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map", "ItemsPath": "$.items",
                "ItemProcessor": {"StartAt": "A", "States": {
                    "A": {"Type": "Pass", "Result": {"seen": true}, "ResultPath": "$.seen", "Next": "B"},
                    "B": {"Type": "Pass", "End": true}
                }},
                "End": true
            }
        }
    });
    let program = program(&definition);
    let items: Vec<Value> = (0..TRANSITIONS / 2).map(|n| json!({"n": n})).collect();
    let input = json!({"items": items});
    let options = ExecutionOptions { max_events: u64::MAX, ..ExecutionOptions::default() };
    bencher.counter(ItemsCount::new(TRANSITIONS)).bench_local(|| {
        let mut execution = Execution::new(Arc::clone(&program), input.clone(), options.clone());
        if !matches!(execution.run(&mut NoServices), Outcome::Succeeded(_)) {
            std::process::abort();
        }
    });
}
