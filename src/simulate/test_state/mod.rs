//! One state alone, as by AWS's
//! [TestState](https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html).
//!
//! [`test_state`] runs a state of a [`StateRequest`]; [`answer`] takes a request as the API takes it, and answers as the API does.

mod api;
mod constraints;
mod machine;
mod mock;
mod run;
mod schema;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};
use thiserror::Error;

use super::inspection::step;
use super::services::{Services, TaskError};
use super::{Failure, Inspection};
pub use api::answer;
use machine::Tested;
use run::Given;

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
    /// The state in a Map or Parallel that the mocked error comes from.
    pub error_caused_by_state: Option<String>,
    /// What the `ItemReader` of a distributed Map reads: the text of the object.
    pub map_item_reader_data: Option<String>,
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
    /// `ValidationException`: the rest of the request is not.
    #[error("{0}")]
    Validation(String),
    /// `InvalidExecutionInput`: the input is no JSON.
    #[error("{0}")]
    InvalidInput(String),
    /// `InvalidArn`: the role is not the ARN of one.
    #[error("{0}")]
    InvalidArn(String),
}

impl StateRefusal {
    fn validation(message: impl Into<String>) -> Self {
        Self::Validation(message.into())
    }

    /// A definition that AWS's schema does not take, in AWS's words.
    fn schema(message: &str, pointer: &str) -> Self {
        let place = if pointer.is_empty() { "/" } else { pointer };
        Self::definition(&[format!("SCHEMA_VALIDATION_FAILED: {message} at {place}")])
    }

    /// A definition with these problems, as AWS lists them.
    fn definition(problems: &[String]) -> Self {
        Self::InvalidDefinition(format!("Invalid State Machine Definition: '{}'", problems.join(", ")))
    }
}

/// How much of what a state did the API tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InspectionLevel {
    /// How it ended.
    #[default]
    Info,
    /// What it did with its data, too.
    Debug,
    /// The same, and the request and response of an HTTP Task.
    Trace,
}

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
/// The definition, the mock or the configuration is not sound.
pub fn test_state(request: &StateRequest, services: &mut dyn Services) -> Result<StateAnswer, StateRefusal> {
    let result = request.mock.as_ref().map(mock::outcome).transpose()?;
    let tested = Tested::find(&request.definition, request.state_name.as_deref())?;
    mock::check(request, &tested, result.as_ref())?;
    let given = result.map_or(Given::Called, Given::Mocked);
    let answer = run::run(request, &tested, given, services)?;
    tell_parents(request, tested, answer)
}

/// An error that a state in a Map or Parallel does not handle itself goes on to those around it, the innermost first, as in an execution.
fn tell_parents(request: &StateRequest, tested: Tested, answer: StateAnswer) -> Result<StateAnswer, StateRefusal> {
    let (StateStatus::Failed, Some(_), Some(parent)) = (answer.status, &request.mock, tested.parent) else {
        return Ok(answer);
    };
    let failure = Failure { error: answer.error.clone(), cause: answer.cause.clone(), ..Failure::reported("", None) };
    let parent = *parent;
    let handled = run::run(request, &parent, Given::FailedWithin(failure), &mut super::NoServices)?;
    let mut inspection = answer.inspection.clone();
    if let Some(details) = handled.inspection.get(step::ERROR_DETAILS) {
        inspection.set(step::ERROR_DETAILS, details.clone());
    }
    let handled = StateAnswer { inspection, ..handled };
    if handled.status == StateStatus::Failed { tell_parents(request, parent, handled) } else { Ok(handled) }
}

impl StateAnswer {
    /// As the API answers at a level.
    pub fn to_json(&self, level: InspectionLevel) -> Value {
        let mut told = Map::new();
        let mut set = |name: &str, value: Option<Value>| {
            told.extend(value.map(|value| (name.to_owned(), value)));
        };
        set("output", self.output.as_ref().map(|output| output.to_string().into()));
        set("error", self.error.clone().map(Value::from));
        set("cause", self.cause.clone().map(Value::from));
        set("inspectionData", (level != InspectionLevel::Info).then(|| self.inspection.to_json()));
        set("nextState", self.next_state.clone().map(Value::from));
        set("status", Some(self.status.as_str().into()));
        told.into()
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
            Self::InvalidInput(_) => "InvalidExecutionInput",
            Self::InvalidArn(_) => "InvalidArn",
        }
    }
}

/// The input of a request that has none.
fn no_input() -> Value {
    json!({})
}
