//! The API itself: a request in JSON, and its answer.

use serde_json::{Map, Value};

use super::machine::Tested;
use super::{
    Configuration, FieldValidationMode, InspectionLevel, Mock, StateRefusal, StateRequest, constraints, test_state,
};
use crate::asl::program::{StateKind, Task};
use crate::aws::Arn;
use crate::aws::integration::{Pattern, Resource};
use crate::simulate::services::{Services, TaskError};

/// Answers a request of the
/// [TestState API](https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html): both are the JSON that the AWS CLI takes
/// and gives, in which definition, data and results are texts.
///
/// ```
/// use bucketbook::simulate::NoServices;
/// use bucketbook::simulate::test_state::answer;
/// use serde_json::json;
///
/// let request = json!({
///     "definition": r#"{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Retry": [{"ErrorEquals": ["Sqs.Busy"]}], "End": true}"#,
///     "mock": {"errorOutput": {"error": "Sqs.Busy", "cause": "Later."}},
/// });
/// let answer = answer(&request, &mut NoServices).unwrap();
/// assert_eq!(answer, json!({"error": "Sqs.Busy", "cause": "Later.", "status": "RETRIABLE"}));
/// ```
///
/// # Errors
///
/// The API would refuse the request.
pub fn answer(request: &Value, services: &mut dyn Services) -> Result<Value, StateRefusal> {
    constraints::check(request)?;
    let level = match request["inspectionLevel"].as_str() {
        Some("DEBUG") => InspectionLevel::Debug,
        Some("TRACE") => InspectionLevel::Trace,
        _ => InspectionLevel::Info,
    };
    let read = read(request)?;
    together(request, &read)?;
    Ok(test_state(&read, services)?.to_json(level))
}

fn read(request: &Value) -> Result<StateRequest, StateRefusal> {
    let text = |name: &str| request[name].as_str();
    if let Some(role) = text("roleArn").filter(|role| !is_role(role)) {
        return Err(StateRefusal::InvalidArn(format!("Invalid Role Arn: '{role}'")));
    }
    let definition: Value = serde_json::from_str(text("definition").unwrap_or_default()).map_err(|error| {
        StateRefusal::InvalidDefinition(format!(
            "Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: {error}'"
        ))
    })?;
    if !definition.is_object() {
        let message =
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object'";
        return Err(StateRefusal::InvalidDefinition(message.to_owned()));
    }
    let input = text("input")
        .map(serde_json::from_str)
        .transpose()
        .map_err(|error| StateRefusal::InvalidInput(format!("Invalid State Machine Execution Input: '{error}'")))?;
    let given = &request["stateConfiguration"];
    Ok(StateRequest {
        definition,
        state_name: text("stateName").map(str::to_owned),
        input,
        variables: object(text("variables"), "variables")?.unwrap_or_default(),
        context: object(text("context"), "context")?.map(Value::Object),
        mock: request["mock"].as_object().map(mock),
        configuration: Configuration {
            retrier_retry_count: given["retrierRetryCount"].as_u64().unwrap_or(0),
            map_iteration_failure_count: given["mapIterationFailureCount"].as_u64().map(|count| count as usize),
            error_caused_by_state: given["errorCausedByState"].as_str().map(str::to_owned),
            map_item_reader_data: given["mapItemReaderData"].as_str().map(str::to_owned),
        },
    })
}

fn is_role(text: &str) -> bool {
    Arn::read(text).is_some_and(|arn| arn.service == "iam" && arn.resource.starts_with("role/"))
}

/// The text of a member that holds an object.
fn object(text: Option<&str>, name: &str) -> Result<Option<Map<String, Value>>, StateRefusal> {
    let read = text.map(serde_json::from_str).transpose();
    read.map_err(|error| StateRefusal::Validation(format!("The {name} must be a JSON object: {error}")))
}

fn mock(mock: &Map<String, Value>) -> Mock {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let error = |error: &Map<String, Value>| {
        TaskError::new(text(error.get("error")).unwrap_or_default(), text(error.get("cause")).unwrap_or_default())
    };
    Mock {
        result: text(mock.get("result")),
        error_output: mock.get("errorOutput").and_then(Value::as_object).map(error),
        field_validation_mode: match mock.get("fieldValidationMode").and_then(Value::as_str) {
            Some("NONE") => FieldValidationMode::None,
            Some("PRESENT") => FieldValidationMode::Present,
            _ => FieldValidationMode::Strict,
        },
    }
}

/// Refuses members that do not go together.
fn together(request: &Value, read: &StateRequest) -> Result<(), StateRefusal> {
    let refused = |message: &str| Err(StateRefusal::validation(message));
    if read.mock.is_some() {
        if request["revealSecrets"] == true {
            return refused("revealSecrets cannot be true when a mock is specified");
        }
        return Ok(());
    }
    if read.context.is_some() {
        return refused("A context can only be specified when a mock is specified");
    }
    let tested = Tested::find(&read.definition, read.state_name.as_deref())?;
    let StateKind::Task(task) = &tested.state().kind else { return Ok(()) };
    if waits(task) {
        return refused(
            "TestState API supports Activity tasks and the .sync and .waitForTaskToken service integration patterns only when a mock is specified",
        );
    }
    match request["roleArn"].as_str() {
        Some(_) => Ok(()),
        None => refused("A roleArn must be specified to test a Task state without a mock"),
    }
}

/// Whether a task is one that only a mock can end.
fn waits(task: &Task) -> bool {
    matches!(task.resource, Resource::Activity { .. }) || task.resource.pattern() != Pattern::RequestResponse
}
