//! How a state that has a result is left: a Task, a Parallel, a Map.

use std::borrow::Cow;

use serde_json::Value;

use super::super::Failure;
use super::super::flow::Flow;
use super::super::inspection::step;
use super::super::payload;
use super::super::scene::Data;
use super::super::world::World;
use super::{Next, within_limit};
use crate::asl::program::{PathOrNull, State};

/// Leaves a state with its result.
pub(super) fn leave(world: &mut World, flow: &mut Flow, state: &State, result: Value) -> Result<Next, Failure> {
    let context = world.context(flow, state);
    let scene = world.scene(flow, state, &context);
    let data = Data::result(&flow.input, &result);
    if state.is_jsonata() {
        let assigned = scene.assign(state.assign.as_ref(), data)?;
        let output = match state.data.output() {
            Some(output) => scene.template(output, "Output", data)?,
            None => result,
        };
        within_limit(&output, &state.name)?;
        return Ok(Next::Left { output, assigned, to: state.transition });
    }
    let assigned = scene.assign(state.assign.as_ref(), data)?;
    let selected = match state.data.result_selector() {
        Some(selector) => scene.template(selector, "ResultSelector", data)?,
        None => result,
    };
    flow.inspect(step::AFTER_RESULT_SELECTOR, &selected);
    let output = put(world, flow, state, &context, selected)?;
    flow.inspect(step::AFTER_RESULT_PATH, &output);
    let output = world.scene(flow, state, &context).output_path(output)?;
    within_limit(&output, &state.name)?;
    Ok(Next::Left { output, assigned, to: state.transition })
}

/// The input with the result in it, as `ResultPath` says. The input stays where it may still be wanted: by a catcher, should a path not fit or the
/// output be too large. It is copied only where one of these may be.
fn put(world: &World, flow: &mut Flow, state: &State, context: &Value, result: Value) -> Result<Value, Failure> {
    let caught = !state.catch.is_empty() || !state.retry.is_empty();
    let may_fail = match state.data.result_path() {
        PathOrNull::Absent => return Ok(result),
        PathOrNull::Null => !payload::has_room(&flow.input, &Value::Null, 0),
        PathOrNull::Path(path) => {
            !path.fits(&flow.input) || !payload::has_room(&flow.input, &result, path.source().len())
        }
    };
    let keep = caught && (may_fail || *state.data.output_path() != PathOrNull::Absent);
    let input = if keep { flow.input.clone() } else { std::mem::take(&mut flow.input) };
    world.scene(flow, state, context).result_path(state.data.result_path(), input, result)
}

/// What a state works on: its `Parameters` or `Arguments`, or what `InputPath` leaves of its input.
pub(super) fn arguments(world: &World, flow: &mut Flow, state: &State, context: &Value) -> Result<Value, Failure> {
    super::after_input_path(world, flow, state, context)?;
    let scene = world.scene(flow, state, context);
    let effective = scene.path(state.data.input_path(), &flow.input)?;
    let (field, template) = state.data.arguments();
    let arguments = match template {
        Some(template) => scene.template(template, field, Data::input(&effective))?,
        None => Cow::clone(&effective).into_owned(),
    };
    if flow.inspection.is_some() {
        flow.inspect(if state.is_jsonata() { step::AFTER_ARGUMENTS } else { step::AFTER_PARAMETERS }, &arguments);
    }
    Ok(arguments)
}
