//! Errors as Step Functions names and words them.

use serde_json::{Value, json};

use super::payload::Excess;
use super::services::TaskError;

/// An error that a state ends with, unless it is retried or caught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its name. A Fail state may have none.
    pub error: Option<String>,
    /// What happened. A timeout and a Fail state may have none.
    pub cause: Option<String>,
    pub(super) kind: FailureKind,
}

/// Where a failure comes from, which decides who can catch it and what the history says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FailureKind {
    /// What a task, a branch, an iteration or a Fail state reports.
    Reported,
    /// The definition asks for something that cannot be done with this data. The cause is still to be told which state.
    Runtime,
    /// The same, where a failed intrinsic function or comparison can be caught.
    Located,
    /// A task was silent for too long, which has two names: it is reported as a timeout, and caught as either.
    Silence,
    /// A JSONata expression failed. The cause is still to be told which state.
    Evaluation,
    /// A task made a call that there is no simulated service for.
    Unanswered,
}

pub(super) use crate::aws::states::error as name;

impl Failure {
    /// The error that a task, a branch, an iteration or a Fail state reports.
    pub(super) fn reported(error: &str, cause: Option<String>) -> Self {
        Self { error: Some(error.to_owned()), cause, kind: FailureKind::Reported }
    }

    /// A task missed its heartbeat.
    pub(super) fn silence() -> Self {
        Self { kind: FailureKind::Silence, ..Self::reported(name::TIMEOUT, None) }
    }

    /// `States.Runtime`: the definition asks for something that cannot be done with this data.
    pub(super) fn runtime(detail: impl Into<String>) -> Self {
        Self { error: Some(name::RUNTIME.to_owned()), cause: Some(detail.into()), kind: FailureKind::Runtime }
    }

    /// An error of the service with a place, which can be caught.
    pub(super) fn located(error: &str, detail: impl Into<String>) -> Self {
        Self { error: Some(error.to_owned()), cause: Some(detail.into()), kind: FailureKind::Located }
    }

    /// `States.QueryEvaluationError`: a JSONata expression failed.
    pub(super) fn evaluation(detail: impl Into<String>) -> Self {
        Self {
            error: Some(name::QUERY_EVALUATION_ERROR.to_owned()),
            cause: Some(detail.into()),
            kind: FailureKind::Evaluation,
        }
    }

    /// More than 256 KiB, or more levels than there is room for here.
    pub(super) fn excess(excess: Excess, state: &str) -> Self {
        if excess == Excess::Levels {
            let cause = format!("The state/task '{state}' returned a result that is nested too deep.");
            return Self::reported(name::DATA_LIMIT_EXCEEDED, Some(cause));
        }
        let cause = format!(
            "The state/task '{state}' returned a result with a size exceeding the maximum number of bytes service limit."
        );
        Self::reported(name::DATA_LIMIT_EXCEEDED, Some(cause))
    }

    /// More items of a distributed Map failed than may.
    pub(super) fn threshold() -> Self {
        Self::reported(
            name::EXCEED_TOLERATED_FAILURE_THRESHOLD,
            Some("The specified tolerated failure threshold was exceeded".to_owned()),
        )
    }

    /// Whether the history has an event of its own for it.
    pub(super) fn is_evaluation(&self) -> bool {
        self.kind == FailureKind::Evaluation
    }

    /// Whether a call that there is no simulated service for led to it, so that nobody knows what would happen in AWS.
    pub fn is_unanswered(&self) -> bool {
        self.kind == FailureKind::Unanswered
    }

    /// The error output: what a catcher's state gets.
    pub(super) fn output(&self) -> Value {
        // A timeout has no cause, and its error output an empty one.
        let cause = match &self.cause {
            None if self.error.as_deref() == Some(name::TIMEOUT) => Some(""),
            cause => cause.as_deref(),
        };
        json!({"Error": self.error, "Cause": cause})
    }

    /// Tells the cause which state it is about, if it has to know.
    pub(super) fn in_state(mut self, state: &str, entered: u64) -> Self {
        if !matches!(self.kind, FailureKind::Reported | FailureKind::Silence | FailureKind::Unanswered) {
            let detail = self.cause.take().unwrap_or_default();
            self.cause = Some(format!(
                "An error occurred while executing the state '{state}' (entered at the event id #{entered}). {detail}"
            ));
            if self.kind == FailureKind::Located {
                self.kind = FailureKind::Reported;
            }
        }
        self
    }

    /// Whether an entry of `Retry` or `Catch` for these names is for this error.
    pub(super) fn is_one_of(&self, names: &[String]) -> bool {
        let error = self.error.as_deref().unwrap_or_default();
        if error == name::RUNTIME {
            return false;
        }
        names.iter().any(|wanted| match wanted.as_str() {
            name::ALL => true,
            name::TASK_FAILED => error != name::TIMEOUT && error != name::HEARTBEAT_TIMEOUT,
            name::TIMEOUT => error == name::TIMEOUT || error == name::HEARTBEAT_TIMEOUT,
            name::HEARTBEAT_TIMEOUT if self.kind == FailureKind::Silence => true,
            wanted => wanted == error,
        })
    }
}

impl From<TaskError> for Failure {
    fn from(error: TaskError) -> Self {
        let given = |text: String| Some(text).filter(|text| !text.is_empty());
        let kind = if error.is_unanswered { FailureKind::Unanswered } else { FailureKind::Reported };
        Self { error: given(error.error), cause: given(error.cause), kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_leave_out_what_they_are_not_for() {
        let cases = [
            ("Custom", "States.ALL", true),
            ("Custom", "States.TaskFailed", true),
            ("Custom", "Custom", true),
            ("Custom", "Other", false),
            ("States.Timeout", "States.TaskFailed", false),
            ("States.Timeout", "States.ALL", true),
            ("States.HeartbeatTimeout", "States.Timeout", true),
            ("States.DataLimitExceeded", "States.ALL", true),
            ("States.DataLimitExceeded", "States.DataLimitExceeded", true),
            ("States.Runtime", "States.ALL", false),
            ("States.Runtime", "States.Runtime", false),
        ];
        for (error, wanted, expected) in cases {
            assert_eq!(Failure::reported(error, None).is_one_of(&[wanted.to_owned()]), expected, "{error} {wanted}");
        }
    }

    #[test]
    fn a_cause_names_the_state_once() {
        let failure = Failure::runtime("Why.").in_state("S", 4);
        let expected = "An error occurred while executing the state 'S' (entered at the event id #4). Why.";
        assert_eq!(failure.cause.as_deref(), Some(expected));
        assert_eq!(Failure::reported("E", None).in_state("S", 4).cause, None);
    }
}
