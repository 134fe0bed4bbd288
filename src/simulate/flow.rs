//! One line of states that follow each other: the execution itself, a branch, an iteration.

use std::sync::Arc;

use serde_json::Value;

use super::inspection::Inspection;
use super::joint::Joint;
use super::services::Completion;
use super::variables::VariableScope;
use super::{Failure, Timestamp};
use crate::asl::program::StateId;

/// The number of a flow. Numbers of flows that ended are given again.
pub(super) type FlowId = usize;

/// Where a line of states is, and what it carries.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    /// The flow that waits for this one, and which of those that it waits for this is.
    pub(super) parent: Option<(FlowId, usize)>,
    pub(super) state: StateId,
    pub(super) stage: Stage,
    /// The input of the state.
    pub(super) input: Value,
    pub(super) variables: Arc<VariableScope>,
    /// How often each entry of `Retry` was used.
    pub(super) retries: Vec<u64>,
    /// When the state was entered, and the number of that event.
    pub(super) entered_at: Timestamp,
    pub(super) entered: u64,
    /// The number of the last event.
    pub(super) previous: u64,
    /// The history that its events are in: that of the execution, or of a child execution.
    pub(super) history: usize,
    /// The item of the innermost Map around it.
    pub(super) item: Option<Arc<Item>>,
    /// The execution that it is part of, where that is a child of a distributed Map.
    pub(super) child: Option<Arc<Child>>,
    /// The token of the task that it is at.
    pub(super) token: Option<String>,
    /// Which entry of the queue wakes it: the others are outdated.
    pub(super) alarm: u64,
    /// What the state did with its data so far.
    pub(super) inspection: Option<Box<Inspection>>,
}

/// What a flow does when it is woken.
#[derive(Debug, Clone)]
pub(super) enum Stage {
    /// Enters its state.
    Enter,
    /// Tries its state again.
    Again,
    /// Has waited.
    Waited,
    /// Has the answer of the service.
    Answered(Box<Answer>),
    /// Is at the end of the time that its execution has.
    Expired,
    /// Looks how far its branches or iterations are.
    Joining(Box<Joint>),
    /// Nothing: it is being worked on.
    Idle,
}

/// What came of a task's call.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) completion: Result<Completion, Failure>,
    /// Which seconds of silence ended it, where they did.
    pub(super) timed_out: bool,
}

/// An item of a Map, as the context object has it.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) index: u64,
    /// The name of the field, where the items are those of an object.
    pub(super) key: Option<String>,
    pub(super) value: Value,
    /// Where the items come from, for those of a distributed Map.
    pub(super) source: Option<String>,
}

/// Who a child execution of a distributed Map is.
#[derive(Debug)]
pub(super) struct Child {
    pub(super) execution_arn: String,
    pub(super) execution_name: String,
    pub(super) input: Value,
    pub(super) started: Timestamp,
    /// When it times out, where it is of an Express workflow.
    pub(super) deadline: Option<Timestamp>,
}

impl Flow {
    /// How often the state was tried before.
    pub(super) fn attempt(&self) -> u64 {
        self.retries.iter().sum()
    }

    /// Notes what is only worked out where that is asked for.
    pub(super) fn inspect_with(&mut self, step: &str, value: impl FnOnce() -> Value) {
        if let Some(inspection) = &mut self.inspection {
            inspection.set(step, value());
        }
    }

    /// Notes what the state did with its data, where that is asked for.
    pub(super) fn inspect(&mut self, step: &str, value: &Value) {
        if let Some(inspection) = &mut self.inspection {
            inspection.set(step, value.clone());
        }
    }
}
