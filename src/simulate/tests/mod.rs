mod data;
mod documented;
mod expressions;
mod flows;
mod limits;
mod recovery;
mod times;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::services::{ServiceAnswer, ServiceCall, Services, TaskError};
use super::*;
use crate::asl::program::Program;

fn execution(definition: &Value, input: Value, options: ExecutionOptions) -> Execution {
    Execution::new(Arc::new(Program::read(definition).unwrap()), input, options)
}

fn run(definition: &Value, input: Value) -> Outcome {
    execution(definition, input, ExecutionOptions::default()).run(&mut NoServices).clone()
}

/// A machine of one state.
fn single(state: &Value) -> Value {
    json!({"StartAt": "S", "States": {"S": state}})
}

fn task(more: &Value) -> Value {
    let mut task = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true});
    task.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    single(&task)
}

/// Answers each call with the next of a list, and notes when it was called.
struct Script {
    answers: Vec<ServiceAnswer>,
    calls: Vec<(Duration, Value)>,
}

impl Script {
    fn new(answers: impl IntoIterator<Item = ServiceAnswer>) -> Self {
        Self { answers: answers.into_iter().collect(), calls: Vec::new() }
    }

    fn seconds(&self) -> Vec<u64> {
        self.calls.iter().map(|(at, _)| at.as_secs()).collect()
    }
}

impl Services for Script {
    fn call(&mut self, call: &ServiceCall<'_>) -> ServiceAnswer {
        self.calls.push((call.now.since(ExecutionOptions::default().start_time), call.arguments.clone()));
        if self.answers.is_empty() { ServiceAnswer::returned(json!("more")) } else { self.answers.remove(0) }
    }
}

fn threw(error: &str) -> ServiceAnswer {
    ServiceAnswer::threw(TaskError::new(error, "Why"))
}

fn failure(outcome: &Outcome) -> (Option<&str>, Option<&str>) {
    match outcome {
        Outcome::Failed(failure) => (failure.error.as_deref(), failure.cause.as_deref()),
        _ => (None, None),
    }
}
