use crate::aws::quota;
use crate::loaded::stand_in::{ACCOUNT, REGION};

use serde_json::Value;

use super::Timestamp;
use crate::source::Pointer;

/// Who an execution is, when it starts, and what it may cost.
#[derive(Debug, Clone, PartialEq)]
pub struct ExecutionOptions {
    /// What the context object says of the execution and its machine.
    pub identity: Identity,
    /// When it starts, in virtual time.
    pub start_time: Timestamp,
    /// What decides everything random in it: `States.UUID`, `$random`, the jitter of back-offs.
    pub seed: u64,
    /// How many history events it may have: 25,000 in a Standard workflow.
    pub max_events: u64,
    /// How many events it may have together with the children of its distributed Maps.
    pub max_total_events: u64,
    /// Whether it is of an Express workflow, which ends after [five minutes](quota::EXPRESS_DURATION).
    pub express: bool,
    /// `$$.Execution.RedriveCount`, which a synchronous execution does not have.
    pub redrive_count: Option<u64>,
    /// Whether the history is kept. (Its events are numbered either way, because causes speak of their numbers.)
    pub history: bool,
    /// Whether what each state did with its data is kept.
    pub inspections: bool,
    /// Whether it is kept which states it went through.
    pub path: bool,
}

/// What the context object says of an execution and its machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// `$$.Execution.Id`.
    pub execution_arn: String,
    /// `$$.Execution.Name`.
    pub execution_name: String,
    /// `$$.Execution.RoleArn`.
    pub role_arn: String,
    /// `$$.StateMachine.Id`.
    pub state_machine_arn: String,
    /// `$$.StateMachine.Name`.
    pub state_machine_name: String,
}

/// How many events an execution and the children of its distributed Maps may have together, unless somebody says otherwise. This is
/// a limit of the simulation, not of AWS: each child has a history of its own, and without a common limit a Map whose children loop
/// would not end.
pub const MAX_TOTAL_EVENTS: u64 = 250_000;

impl Identity {
    /// The names that an execution gets in a region of the account of documentation's examples.
    pub fn new(state_machine: &str, execution: &str) -> Self {
        let arn = |rest: String| format!("arn:aws:states:{REGION}:{ACCOUNT}:{rest}");
        Self {
            execution_arn: arn(format!("execution:{state_machine}:{execution}")),
            execution_name: execution.to_owned(),
            role_arn: Self::role(state_machine),
            state_machine_arn: arn(format!("stateMachine:{state_machine}")),
            state_machine_name: state_machine.to_owned(),
        }
    }

    /// The role of a state machine, as it is called where nobody says.
    pub(super) fn role(state_machine: &str) -> String {
        ["arn:aws:iam::", ACCOUNT, ":role/", state_machine, "-role"].concat()
    }
}

impl Default for ExecutionOptions {
    fn default() -> Self {
        Self {
            identity: Identity::new("StateMachine", "execution"),
            start_time: Timestamp::from_millis(1_767_225_600_000),
            seed: 0,
            max_events: quota::HISTORY_EVENTS,
            max_total_events: MAX_TOTAL_EVENTS,
            express: false,
            redrive_count: Some(0),
            history: false,
            inspections: false,
            path: false,
        }
    }
}

/// How an execution ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// `SUCCEEDED`, with the output.
    Succeeded(Value),
    /// `FAILED`.
    Failed(super::Failure),
    /// `TIMED_OUT`: the state machine's `TimeoutSeconds` were over.
    TimedOut,
    /// It came to a state that needs a value that only a deployment says. No status of AWS's.
    Asks(Asked),
}

/// A value that a run needs, and that only a deployment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What is missing: the name of a parameter, of a placeholder, of an import.
    pub name: String,
    /// Whether it is a parameter of the template.
    pub parameter: bool,
    /// The state machine, where it is not the one that runs but one that a task of it started.
    pub machine: Option<String>,
    /// The state that needs it.
    pub state: String,
    /// Where it stands in the definition, as a JSON Pointer.
    pub pointer: Pointer,
    /// The other values that states of the same definition need, in their order: names, and whether they are parameters.
    pub also: Vec<(String, bool)>,
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, parameter, machine, state, pointer, also: _ } = self;
        let of = machine.as_ref().map(|machine| format!(" of the state machine `{machine}`")).unwrap_or_default();
        let what = if *parameter { format!("the parameter `{name}`") } else { format!("`${{{name}}}`") };
        write!(f, "{what} has no value before the deployment, but the state `{state}`{of} needs it ({pointer})")
    }
}

impl Outcome {
    /// The status, as the API spells it.
    pub fn status(&self) -> &'static str {
        match self {
            Self::Succeeded(_) => "SUCCEEDED",
            Self::Failed(_) => "FAILED",
            Self::TimedOut => "TIMED_OUT",
            Self::Asks(_) => "STOPPED",
        }
    }

    /// The value that it stopped for, if it did.
    pub fn asked(&self) -> Option<&Asked> {
        match self {
            Self::Asks(asked) => Some(asked),
            _ => None,
        }
    }
}
