//! How states, iterations and executions end, and the events of it.

use serde_json::{Value, json};

use super::super::flow::Flow;
use super::super::history::{data, error_details};
use super::super::scene::Data;
use super::super::world::World;
use super::super::{Failure, Outcome};
use crate::asl::program::{Dynamic, Fail, Mode, State, StateKind};
use crate::asl::query::Query;

/// The failure of a Fail state.
pub(super) fn fail(world: &mut World, flow: &mut Flow, state: &State, fail: &Fail) -> Failure {
    let text = |field: &str, dynamic: &Option<Dynamic<String>>| -> Result<Option<String>, Failure> {
        let Some(dynamic) = dynamic else { return Ok(None) };
        let context = world.context(flow, state);
        let scene = world.scene(flow, state, &context);
        let value = match dynamic {
            Dynamic::Path(query @ Query::Path(_)) => scene.query(query, &format!("{field}Path"), &flow.input)?,
            _ => scene.dynamic(dynamic, field, Data::input(&flow.input))?,
        };
        match value {
            Value::String(text) => Ok(Some(text)),
            other => Err(scene.wrong_type(dynamic, field, "string", "string", &other)),
        }
    };
    match (text("Error", &fail.error), text("Cause", &fail.cause)) {
        (Ok(error), Ok(cause)) => Failure { error, cause, kind: super::super::failure::FailureKind::Reported },
        (Err(failure), _) | (_, Err(failure)) => failure,
    }
}

/// Notes in the history that an execution ends, and how.
pub(in crate::simulate) fn execution_ended(
    world: &mut World,
    flow: &mut Flow,
    ended: Result<Value, Failure>,
) -> Outcome {
    match ended {
        Ok(output) => {
            let details = || ("executionSucceededEventDetails", Value::Object(data("output", &output)));
            world.event(flow, "ExecutionSucceeded", Some(&details));
            Outcome::Succeeded(output)
        }
        Err(failure) => {
            let details = || error_details("executionFailedEventDetails", &failure);
            world.event(flow, "ExecutionFailed", Some(&details));
            Outcome::Failed(failure)
        }
    }
}

/// An iteration of an inline Map ends.
pub(in crate::simulate) fn iteration_ended(world: &mut World, flow: &mut Flow, map: &str, index: usize, failed: bool) {
    let (kind, name) = if failed {
        ("MapIterationFailed", "mapIterationFailedEventDetails")
    } else {
        ("MapIterationSucceeded", "mapIterationSucceededEventDetails")
    };
    let details = || (name, json!({"name": map, "index": index}));
    world.event(flow, kind, Some(&details));
}

/// An iteration of an inline Map ends because another failed.
pub(in crate::simulate) fn iteration_aborted(world: &mut World, flow: &mut Flow, map: &str, index: usize) {
    let details = || ("mapIterationAbortedEventDetails", json!({"name": map, "index": index}));
    world.event(flow, "MapIterationAborted", Some(&details));
}

/// A branch or iteration failed, and with it the state.
pub(in crate::simulate) fn broken(world: &mut World, flow: &mut Flow, state: &State, failure: Failure) -> Failure {
    if let StateKind::Map(map) = &state.kind
        && let Mode::Distributed(_) = map.mode
    {
        let details = || error_details("mapRunFailedEventDetails", &failure);
        world.event(flow, "MapRunFailed", Some(&details));
    }
    failure
}

/// A state failed and is not tried again: it says so, where it has an event for it.
pub(in crate::simulate) fn state_failed(world: &mut World, flow: &mut Flow, state: &State, failure: &Failure) {
    let (kind, name) = match &state.kind {
        StateKind::Map(_) => ("MapStateFailed", "mapStateFailedEventDetails"),
        StateKind::Parallel(_) => ("ParallelStateFailed", "parallelStateFailedEventDetails"),
        _ => return,
    };
    let details = || error_details(name, failure);
    world.event(flow, kind, Some(&details));
}

/// A state ends because another failed. Those that take no time have no event for it.
pub(in crate::simulate) fn aborted(world: &mut World, flow: &mut Flow) {
    let kind = match &world.program[flow.state].kind {
        StateKind::Task(_) => "TaskStateAborted",
        StateKind::Wait(_) => "WaitStateAborted",
        StateKind::Parallel(_) => "ParallelStateAborted",
        StateKind::Map(_) => "MapStateAborted",
        _ => return,
    };
    world.event(flow, kind, None);
}
