use serde_json::{Map, Value, json};

use super::Running;
use crate::simulate::services::RecordedCall;
use crate::simulate::stack::Machine;
use crate::simulate::{Execution, Identity, Outcome, StateRun, Timestamp};

/// An execution that has ended.
#[derive(Debug)]
pub struct Finished {
    /// Its number, counted from 1 in the order in which executions started.
    pub number: u64,
    /// What people call its machine.
    pub machine: String,
    /// Its names.
    pub identity: Identity,
    /// Its input.
    pub input: Value,
    /// When it started.
    pub start: Timestamp,
    /// When it ended.
    pub stop: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
    /// The calls that it made of services, and those of the executions that it waited for.
    pub calls: Vec<RecordedCall>,
    execution: Execution,
}

impl Finished {
    pub(super) fn of(running: Running, machine: &Machine) -> Self {
        let Running { number, identity, input, start, execution, calls, .. } = running;
        Self {
            number,
            machine: machine.label().to_owned(),
            identity,
            input,
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

    /// The names of the states in the order in which they were left, if inspections were kept.
    pub fn path(&self) -> impl Iterator<Item = &str> {
        self.state_runs().iter().map(|run| run.state.as_str())
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
        set("input", self.input.to_string().into());
        match &self.outcome {
            Outcome::Succeeded(output) => {
                set("output", output.to_string().into());
            }
            Outcome::Failed(failure) => {
                failure.error.as_ref().map(|error| set("error", error.as_str().into()));
                failure.cause.as_ref().map(|cause| set("cause", cause.as_str().into()));
            }
            Outcome::TimedOut => {}
        }
        let events: Vec<Value> = self.execution.history().iter().map(|event| event.to_json()).collect();
        set("events", json!(events));
        told.into()
    }
}
