use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::Running;
use crate::simulate::services::{Completion, RecordedCall};
use crate::simulate::stack::Machine;
use crate::simulate::{Execution, HistoryEvent, Identity, Outcome, StateEnd, StateRun, Timestamp};

/// An execution that has ended.
#[derive(Debug)]
pub struct Finished {
    /// Its number, counted from 1 in the order in which executions started.
    pub number: u64,
    /// What people call its machine.
    pub machine: String,
    /// Its names.
    pub identity: Identity,
    /// When it started.
    pub start: Timestamp,
    /// When it ended.
    pub stop: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
    /// The calls that it made of services, and those of the executions that it waited for, if they were kept.
    pub calls: Vec<RecordedCall>,
    execution: Execution,
}

impl Finished {
    pub(super) fn of(running: Running, machine: &Machine) -> Self {
        let Running { number, start, mut execution, calls, .. } = running;
        Self {
            number,
            machine: machine.label().to_owned(),
            identity: std::mem::take(&mut execution.world.options.identity),
            start,
            stop: execution.now(),
            outcome: execution.outcome.take().unwrap_or(Outcome::TimedOut),
            calls,
            execution,
        }
    }

    /// The input that the execution was started with.
    pub fn input(&self) -> &Arc<Value> {
        self.execution.input()
    }

    /// An execution that ran to its end outside a simulation, with the calls that it made.
    pub(crate) fn alone(
        number: u64,
        machine: &Machine,
        start: Timestamp,
        execution: Execution,
        calls: Vec<RecordedCall>,
    ) -> Self {
        Self {
            number,
            machine: machine.label().to_owned(),
            identity: execution.world.options.identity.clone(),
            start,
            stop: execution.now(),
            outcome: execution.outcome().cloned().unwrap_or(Outcome::TimedOut),
            calls,
            execution,
        }
    }

    /// What each state did, in the order in which they were left, if inspections were kept.
    pub fn state_runs(&self) -> &[StateRun] {
        self.execution.state_runs()
    }

    /// Each run of a state with the calls that it made: those that failed and were made again, and the last one.
    pub fn runs_with_calls(&self) -> Vec<(&StateRun, Vec<&RecordedCall>)> {
        let mut calls: HashMap<&str, Vec<&RecordedCall>> = HashMap::new();
        for call in self.calls.iter().rev().filter(|call| call.execution == self.identity.execution_name) {
            calls.entry(&call.state).or_default().push(call);
        }
        let runs = self.state_runs().iter();
        runs.map(|run| (run, calls.get_mut(run.state.as_str()).map(|left| attempts(run, left)).unwrap_or_default()))
            .collect()
    }

    /// Its history, if that was kept.
    pub fn history(&self) -> &[HistoryEvent] {
        self.execution.history()
    }

    /// The names of the states in the order in which they were left, if that was kept.
    pub fn path(&self) -> impl Iterator<Item = &str> {
        self.execution.path()
    }

    /// How many events its history has, kept or not.
    pub fn event_count(&self) -> u64 {
        self.execution.event_count()
    }

    /// As `DescribeExecution` and
    /// [`GetExecutionHistory`](https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html)
    /// tell of it.
    pub fn to_json(&self) -> Value {
        let mut told = Map::new();
        let mut set = |name: &str, value: Value| told.insert(name.to_owned(), value);
        set("executionArn", self.identity.execution_arn.as_str().into());
        set("stateMachineArn", self.identity.state_machine_arn.as_str().into());
        set("name", self.identity.execution_name.as_str().into());
        set("status", self.outcome.status().into());
        set("startDate", self.start.to_string().into());
        set("stopDate", self.stop.to_string().into());
        set("input", self.input().to_string().into());
        match &self.outcome {
            Outcome::Succeeded(output) => {
                set("output", output.to_string().into());
            }
            Outcome::Failed(failure) => {
                failure.error.as_ref().map(|error| set("error", error.as_str().into()));
                failure.cause.as_ref().map(|cause| set("cause", cause.as_str().into()));
            }
            Outcome::TimedOut | Outcome::Asks(_) => {}
        }
        let events: Vec<Value> = self.execution.history().iter().map(|event| event.to_json()).collect();
        set("events", json!(events));
        told.into()
    }
}

/// The calls of one run of a state. What is left of the state's calls has the oldest last.
fn attempts<'a>(run: &StateRun, left: &mut Vec<&'a RecordedCall>) -> Vec<&'a RecordedCall> {
    let mut made = Vec::new();
    while let Some(call) = left.pop() {
        made.push(call);
        let failed = matches!(call.completion, Completion::Failed(_));
        if !failed || (matches!(run.ended, StateEnd::Failed(_)) && left.is_empty()) {
            break;
        }
        if matches!(run.ended, StateEnd::Caught { .. }) && run.item_index.is_some() {
            break;
        }
    }
    made
}
