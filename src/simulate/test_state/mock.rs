//! Whether a mock and a configuration go together with the state.

use serde_json::Value;

use super::machine::Tested;
use super::{Mock, StateRefusal, StateRequest, schema};
use crate::asl::program::{Mode, Program, State, StateKind};
use crate::simulate::Failure;

/// What a mock comes to.
pub(super) fn outcome(mock: &Mock) -> Result<Result<Value, Failure>, StateRefusal> {
    let refused = |message: &str| StateRefusal::validation(message);
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

/// Refuses what does not fit the state.
pub(super) fn check(
    request: &StateRequest,
    tested: &Tested,
    outcome: Option<&Result<Value, Failure>>,
) -> Result<(), StateRefusal> {
    let state = tested.state();
    let refused = |message: &str| Err(StateRefusal::validation(message));
    match (&state.kind, outcome) {
        (StateKind::Parallel(_) | StateKind::Map(_), None) => {
            let message = "TestState API does not support Map or Parallel states. Supported state types include: \
                           [Task, Wait, Pass, Succeed, Fail, Choice]";
            return Err(StateRefusal::InvalidDefinition(message.to_owned()));
        }
        (StateKind::Parallel(parallel), Some(Ok(result))) => {
            let Some(results) = result.as_array() else { return refused("Mocked result must be an array.") };
            if results.len() != parallel.branches.len() {
                return refused("Mocked result must contain the same number of items as number of Parallel branches.");
            }
        }
        (StateKind::Map(map), Some(Ok(result))) => match &map.result_writer {
            Some(_) if !result.is_object() => return refused("Mocked result must be a JSON object."),
            None if !result.is_array() => return refused("Mocked result must be an array."),
            _ => {}
        },
        (StateKind::Task(task), Some(Ok(result))) => {
            let mode = request.mock.as_ref().map(|mock| mock.field_validation_mode).unwrap_or_default();
            schema::check(&task.resource, result, mode).map_err(StateRefusal::Validation)?;
        }
        (StateKind::Task(_) | StateKind::Map(_) | StateKind::Parallel(_), _) | (_, None) => {}
        (kind, Some(_)) => {
            let message = format!("State type '{}' is not supported when a mock is specified", kind.name());
            return Err(StateRefusal::Validation(message));
        }
    }
    configuration(request, tested, outcome)
}

/// Refuses a configuration that says something of a state that cannot be said of it.
fn configuration(
    request: &StateRequest,
    tested: &Tested,
    outcome: Option<&Result<Value, Failure>>,
) -> Result<(), StateRefusal> {
    let given = &request.configuration;
    let state = tested.state();
    let refused = |message: String| Err(StateRefusal::Validation(message));
    let is_map = matches!(state.kind, StateKind::Map(_));
    if given.map_iteration_failure_count.is_some() && !is_map && !tested.is_in_map() {
        return refused(
            "mapIterationFailureCount can only be specified for a Map state, or for a state within one".into(),
        );
    }
    if given.map_item_reader_data.is_some() && !reads_items(state) {
        return refused(
            "mapItemReaderData can only be specified for a Distributed Map state with an ItemReader".into(),
        );
    }
    let Some(cause) = &given.error_caused_by_state else { return Ok(()) };
    if !matches!(state.kind, StateKind::Map(_) | StateKind::Parallel(_)) {
        return refused("errorCausedByState can only be specified for a Map or Parallel state".into());
    }
    if !matches!(outcome, Some(Err(_))) {
        return refused("errorCausedByState can only be specified together with a mocked errorOutput".into());
    }
    if !holds(&tested.program, state, cause) {
        return refused(format!("errorCausedByState '{cause}' is not the name of a state within '{}'", state.name));
    }
    Ok(())
}

fn reads_items(state: &State) -> bool {
    match &state.kind {
        StateKind::Map(map) => map.item_reader.is_some() && matches!(map.mode, Mode::Distributed(_)),
        _ => false,
    }
}

/// Whether a state is in the machines of another, or in machines within those.
fn holds(program: &Program, around: &State, name: &str) -> bool {
    let mut rest = around.machines().to_vec();
    while let Some(machine) = rest.pop() {
        for id in &program[machine].states {
            let state = &program[*id];
            if state.name == name {
                return true;
            }
            rest.extend(state.machines());
        }
    }
    false
}
