//! What is outside a state machine: the services that its tasks call.

mod answer;
pub mod dynamodb;
mod events;
mod fault;
mod functions;
mod local;
mod mock;
mod nested;
mod parameters;
pub mod s3;
mod sns;
mod spoken;
mod sqs;
mod written;

pub use answer::Ids;
pub use events::{Bus, PutEvent};
pub(in crate::simulate) use fault::duration;
pub use fault::{Fault, FaultError, Faults, lost};
pub use functions::{Behaviour, Functions};
pub use local::{LocalServices, RecordedCall};
pub use mock::{MockFile, TestCase};
pub use nested::{Ended, StartExecution, StateMachines};
pub use sns::Topics;
pub use sqs::{Message, Sqs};
pub use written::WrittenItem;

use std::time::Duration;

use serde_json::Value;
use thiserror::Error;

use super::Timestamp;
use crate::aws::integration::Resource;
use crate::aws::states::error;

/// Everything that state machines call. One value may serve many executions, in turn.
pub trait Services {
    /// Answers a call. It is made at the moment [`ServiceCall::now`] of virtual time, so what it changes is there from then
    /// on; the task has its answer [`ServiceAnswer::duration`] later.
    fn call(&mut self, call: &ServiceCall<'_>) -> ServiceAnswer;

    /// Whether a state's calls are answered by a mock, whatever is asked.
    fn is_mocked(&self, _state_machine: &str, _state: &str) -> bool {
        false
    }
}

/// A call of a service, by a task or by what reads the items and writes the results of a distributed Map.
#[derive(Debug)]
pub struct ServiceCall<'a> {
    /// What is called.
    pub resource: &'a Resource,
    /// What it is given: the `Parameters` or `Arguments`, worked out.
    pub arguments: &'a Value,
    /// Who calls.
    pub caller: Caller,
    /// The name of the state.
    pub state: &'a str,
    /// How often this state was tried before in vain: 0 at the first attempt.
    pub attempt: u64,
    /// The index of the item, in the innermost Map state around the task.
    pub item_index: Option<u64>,
    /// The token that completes the task (`.waitForTaskToken` and activities).
    pub task_token: Option<&'a str>,
    /// The name of the state machine.
    pub state_machine: &'a str,
    /// The name of the execution.
    pub execution: &'a str,
    /// The role that the task asked for in `Credentials`.
    pub role_arn: Option<&'a str>,
    /// The virtual time of the call.
    pub now: Timestamp,
}

/// What part of a state a call is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caller {
    /// The `Resource` of a Task.
    Task,
    /// The `ItemReader` of a Map.
    ItemReader,
    /// The `ResultWriter` of a Map.
    ResultWriter,
}

/// What comes of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceAnswer {
    /// Where the task waits for more than the service's answer (`.sync`, `.waitForTaskToken`): that answer, which the history
    /// shows as `TaskSubmitted`.
    pub submitted: Option<Value>,
    /// How the task ends.
    pub completion: Completion,
    /// How long after the call it ends.
    pub duration: Duration,
    /// When, after the call, a worker gave a sign of life. Of weight only where the state has `HeartbeatSeconds`.
    pub heartbeats: Vec<Duration>,
}

/// How a task ends.
#[derive(Debug, Clone, PartialEq)]
pub enum Completion {
    /// With a result.
    Succeeded(Value),
    /// With an error.
    Failed(TaskError),
    /// Not at all: nobody ever returns the token. Then the state's `TimeoutSeconds` ends it, or its `HeartbeatSeconds`.
    Never,
}

/// An error that a task reports. A callback may leave out either text; it is empty then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{error}: {cause}")]
pub struct TaskError {
    /// Its name, which `Retry` and `Catch` look for: `DynamoDB.ConditionalCheckFailedException`.
    pub error: String,
    /// What happened, for people.
    pub cause: String,
    /// Whether there is no simulated service for the call, so that nobody knows what AWS would answer.
    pub is_unanswered: bool,
}

impl TaskError {
    /// An error with this name, for this reason.
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { error: error.into(), cause: cause.into(), is_unanswered: false }
    }

    /// The error of a call that there is no simulated service for.
    fn unanswered(error: &str, cause: String) -> Self {
        Self { is_unanswered: true, ..Self::new(error, cause) }
    }
}

impl ServiceAnswer {
    /// A result, at once.
    pub fn returned(result: Value) -> Self {
        Self::new(Completion::Succeeded(result))
    }

    /// An error, at once.
    pub fn threw(error: TaskError) -> Self {
        Self::new(Completion::Failed(error))
    }

    /// No end of the task.
    pub fn never() -> Self {
        Self::new(Completion::Never)
    }

    /// The same end, so long after the call.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self { duration, ..self }
    }

    /// The same end of a task that waits after this answer of the service.
    #[must_use]
    pub fn submitted(self, answer: Value) -> Self {
        Self { submitted: Some(answer), ..self }
    }

    fn new(completion: Completion) -> Self {
        Self { submitted: None, completion, duration: Duration::ZERO, heartbeats: Vec::new() }
    }
}

impl From<Result<Value, TaskError>> for ServiceAnswer {
    fn from(result: Result<Value, TaskError>) -> Self {
        match result {
            Ok(result) => Self::returned(result),
            Err(error) => Self::threw(error),
        }
    }
}

/// No services at all: every call fails. It is enough for state machines without tasks.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoServices;

impl Services for NoServices {
    fn call(&mut self, call: &ServiceCall<'_>) -> ServiceAnswer {
        let cause = format!("there is no simulated service for {}", call.resource);
        ServiceAnswer::threw(TaskError::unanswered(error::TASK_FAILED, cause))
    }
}

impl<S: Services + ?Sized> Services for &mut S {
    fn call(&mut self, call: &ServiceCall<'_>) -> ServiceAnswer {
        (**self).call(call)
    }

    fn is_mocked(&self, state_machine: &str, state: &str) -> bool {
        (**self).is_mocked(state_machine, state)
    }
}

/// The error of a call that there is no simulated service for. Its name is one that no state machine catches by mistake.
fn not_here(call: &ServiceCall<'_>) -> TaskError {
    let call = call.resource.arn();
    let cause = format!("there is no simulated service for {call}: mock the state in a mock file (--mock-config FILE)");
    TaskError::unanswered(error::RUNTIME, cause)
}
