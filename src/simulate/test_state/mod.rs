//! One state alone, as by AWS's
//! [TestState](https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html).

mod schema;

use std::sync::Arc;

use serde_json::{Map, Value, json};
use thiserror::Error;

use super::inspection::StateEnd;
use super::services::{ServiceAnswer, ServiceCall, Services, TaskError};
use super::world::StateTest;
use super::{Execution, ExecutionOptions, Failure, Identity, Inspection, Outcome, Step};
use crate::asl::program::{Program, StateKind};
use crate::aws::states::error;

/// What is asked of a state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StateRequest {
    /// The state's definition, or that of the machine that it is in.
    pub definition: Value,
    /// The state's name: needed in a machine.
    pub state_name: Option<String>,
    /// Its input; none is `{}`.
    pub input: Option<Value>,
    /// The variables that it sees.
    pub variables: Map<String, Value>,
    /// The context object that it sees, instead of a made one.
    pub context: Option<Value>,
    /// What its task, branches or iterations come to.
    pub mock: Option<Mock>,
    /// What is said to have happened before.
    pub configuration: Configuration,
}

/// What a task, or all branches or iterations, come to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mock {
    /// A result, as JSON.
    pub result: Option<String>,
    /// An error.
    pub error_output: Option<TaskError>,
    /// How closely a result is held against the shape of the service's answers.
    pub field_validation_mode: FieldValidationMode,
}

/// How closely a mocked result is held against the shape of the service's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldValidationMode {
    /// Fields that there have to be are there, and each is of its type.
    #[default]
    Strict,
    /// Fields that are there are of their type.
    Present,
    /// Not at all.
    None,
}

/// What is said to have happened before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Configuration {
    /// How often the matching entry of `Retry` was used.
    pub retrier_retry_count: u64,
    /// How many items of a Map failed.
    pub map_iteration_failure_count: Option<usize>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct StateAnswer {
    /// How it ended.
    pub status: StateStatus,
    /// The output, unless it failed.
    pub output: Option<Value>,
    /// The error, whether caught or not.
    pub error: Option<String>,
    /// Its cause.
    pub cause: Option<String>,
    /// The state that follows.
    pub next_state: Option<String>,
    /// What the state did with its data.
    pub inspection: Inspection,
}

/// How a state ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateStatus {
    /// `SUCCEEDED`.
    Succeeded,
    /// `FAILED`.
    Failed,
    /// `RETRIABLE`: it would be tried again.
    Retriable,
    /// `CAUGHT_ERROR`.
    CaughtError,
}

/// Why a state cannot be tested.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StateRefusal {
    /// `InvalidDefinition`: the definition is not sound.
    #[error("{0}")]
    InvalidDefinition(String),
    /// `ValidationException`: the mock is not.
    #[error("{0}")]
    Validation(String),
}

/// The name of a state that has none.
const NAME: &str = "StateName";

/// Runs one state, with services for what is not mocked.
///
/// ```
/// use bucketbook::simulate::NoServices;
/// use bucketbook::simulate::test_state::{StateRequest, StateStatus, test_state};
/// use serde_json::json;
///
/// let request = StateRequest {
///     definition: json!({"Type": "Pass", "InputPath": "$.detail", "Next": "Put"}),
///     input: Some(json!({"detail": {"key": "photos/cat.jpg"}})),
///     ..StateRequest::default()
/// };
/// let answer = test_state(&request, &mut NoServices).unwrap();
/// assert_eq!((answer.status, answer.next_state.as_deref()), (StateStatus::Succeeded, Some("Put")));
/// assert_eq!(answer.inspection.get("afterInputPath"), Some(&json!({"key": "photos/cat.jpg"})));
/// ```
///
/// # Errors
///
/// The definition or the mock is not sound.
pub fn test_state(request: &StateRequest, services: &mut dyn Services) -> Result<StateAnswer, StateRefusal> {
    let name = request.state_name.as_deref().unwrap_or(NAME);
    let result = request.mock.as_ref().map(mocked).transpose()?;
    let program = Program::read(&machine(&request.definition, name)).map_err(|faults| {
        let first = faults.first().map(|fault| format!("{} at {}", fault.message, fault.pointer)).unwrap_or_default();
        StateRefusal::InvalidDefinition(format!(
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: {first}'"
        ))
    })?;
    let state = &program[program.top().start_at];
    let whole = matches!(state.kind, StateKind::Map(_) | StateKind::Parallel(_));
    match (&state.kind, &result) {
        (StateKind::Parallel(parallel), Some(Ok(result)))
            if result.as_array().is_none_or(|results| results.len() != parallel.branches.len()) =>
        {
            let message = "Mocked result must contain the same number of items as number of Parallel branches.";
            return Err(StateRefusal::Validation(message.to_owned()));
        }
        (StateKind::Task(task), Some(Ok(result))) => {
            let mode = request.mock.as_ref().map(|mock| mock.field_validation_mode).unwrap_or_default();
            schema::check(&task.resource, result, mode).map_err(StateRefusal::Validation)?;
        }
        (_, None) if whole => {
            let message = "TestState API does not support Map or Parallel states. Supported state types include: \
                           [Task, Wait, Pass, Succeed, Fail, Choice]";
            return Err(StateRefusal::InvalidDefinition(message.to_owned()));
        }
        _ => {}
    }
    let test = StateTest {
        context: request.context.clone(),
        result: result.clone().filter(|_| whole),
        failed_items: request.configuration.map_iteration_failure_count,
        retries: request.configuration.retrier_retry_count,
        retried: None,
    };
    let options = ExecutionOptions {
        identity: Identity::new("TestState", "test"),
        redrive_count: None,
        inspections: true,
        ..ExecutionOptions::default()
    };
    let input = request.input.clone().unwrap_or_else(|| json!({}));
    let execution = Execution::new(Arc::new(program), input, options);
    let execution = execution.with_variables(request.variables.clone()).with_test(test);
    Ok(match result {
        Some(result) => run(execution, &mut Mocked(Some(result))),
        None => run(execution, services),
    })
}

/// What a mock comes to.
fn mocked(mock: &Mock) -> Result<Result<Value, Failure>, StateRefusal> {
    let refused = |message: &str| StateRefusal::Validation(message.to_owned());
    match (&mock.result, &mock.error_output) {
        (Some(_), Some(_)) => {
            Err(refused("A test mock should have only one of the following fields: [result, errorOutput]."))
        }
        (Some(result), None) => {
            serde_json::from_str(result).map(Ok).map_err(|_| refused("Mocked result must be valid JSON"))
        }
        (None, Some(error)) => Ok(Err(error.clone().into())),
        (None, None) => Err(refused("A test mock requires either a result or an errorOutput.")),
    }
}

/// A machine that starts at the state, in which every name that it leads to is a state.
fn machine(definition: &Value, name: &str) -> Value {
    let mut machine = match definition.get("States") {
        Some(_) => definition.clone(),
        None => json!({"States": {name: definition}}),
    };
    machine["StartAt"] = name.into();
    let mut names = Vec::new();
    let state = &machine["States"][name];
    let entries = ["Choices", "Catch"].into_iter().filter_map(|field| state[field].as_array()).flatten();
    names.extend(entries.filter_map(|entry| entry["Next"].as_str().map(str::to_owned)));
    names.extend(["Next", "Default"].into_iter().filter_map(|field| state[field].as_str().map(str::to_owned)));
    for name in names {
        if let Some(states) = machine["States"].as_object_mut() {
            states.entry(name).or_insert_with(|| json!({"Type": "Succeed"}));
        }
    }
    machine
}

/// A service that gives one answer.
struct Mocked(Option<Result<Value, Failure>>);

impl Services for Mocked {
    fn call(&mut self, _: &ServiceCall<'_>) -> ServiceAnswer {
        match self.0.take() {
            Some(Ok(result)) => ServiceAnswer::returned(result),
            Some(Err(failure)) => ServiceAnswer::threw(TaskError::new(
                failure.error.unwrap_or_default(),
                failure.cause.unwrap_or_default(),
            )),
            None => ServiceAnswer::never(),
        }
    }
}

fn run(mut execution: Execution, services: &mut dyn Services) -> StateAnswer {
    while execution.state_runs().is_empty() && execution.retried().is_none() {
        if execution.step(services) == Step::Ended {
            break;
        }
    }
    let failed = |status, failure: &Failure, inspection| StateAnswer {
        status,
        output: None,
        error: failure.error.clone(),
        cause: failure.cause.clone(),
        next_state: None,
        inspection,
    };
    if let Some(failure) = execution.retried() {
        let inspection = execution.inspection().cloned().unwrap_or_default();
        return failed(StateStatus::Retriable, failure, inspection);
    }
    let Some(state_run) = execution.state_runs().first() else {
        let failure = match execution.outcome() {
            Some(Outcome::Failed(failure)) => failure.clone(),
            _ => Failure::reported(error::TIMEOUT, None),
        };
        return failed(StateStatus::Failed, &failure, Inspection::default());
    };
    let inspection = state_run.inspection.clone();
    match &state_run.ended {
        StateEnd::Failed(failure) => failed(StateStatus::Failed, failure, inspection),
        StateEnd::Caught { error, output, next } => StateAnswer {
            output: Some(output.clone()),
            next_state: Some(next.clone()),
            ..failed(StateStatus::CaughtError, error, inspection)
        },
        StateEnd::Succeeded { output, next } => StateAnswer {
            status: StateStatus::Succeeded,
            output: Some(output.clone()),
            error: None,
            cause: None,
            next_state: next.clone(),
            inspection,
        },
    }
}

impl StateStatus {
    /// As the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Retriable => "RETRIABLE",
            Self::CaughtError => "CAUGHT_ERROR",
        }
    }
}

impl StateRefusal {
    /// The code of the API's error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidDefinition(_) => "InvalidDefinition",
            Self::Validation(_) => "ValidationException",
        }
    }
}
