//! Pass and Succeed, and how any state without a result is left.

use std::borrow::Cow;

use serde_json::Value;

use super::super::Failure;
use super::super::flow::Flow;
use super::super::inspection::step;
use super::super::scene::Data;
use super::super::world::World;
use super::{Next, within_limit};
use crate::asl::program::{Pass, PathOrNull, State, StateKind};

pub(super) fn run(world: &mut World, flow: &mut Flow, state: &State, pass: &Pass) -> Result<Next, Failure> {
    if state.is_jsonata() {
        return succeed(world, flow, state);
    }
    let context = world.context(flow, state);
    if pass.result.is_none() {
        super::after_input_path(world, flow, state, &context)?;
    }
    let scene = world.scene(flow, state, &context);
    let effective = scene.path(state.data.input_path(), &flow.input)?;
    let parameters = match state.data.arguments().1 {
        Some(parameters) => Some(scene.template(parameters, "Parameters", Data::input(&effective))?),
        None => None,
    };
    let effective_owned = match effective {
        Cow::Owned(value) => Some(value),
        Cow::Borrowed(value) if std::ptr::eq(value, &raw const flow.input) => None,
        Cow::Borrowed(value) => Some(value.clone()),
    };
    let computed = pass.result.clone().or(parameters);
    let assigned = scene.assign(
        state.assign.as_ref(),
        Data::input(computed.as_ref().or(effective_owned.as_ref()).unwrap_or(&flow.input)),
    )?;
    if flow.inspection.is_some() {
        let effective = effective_owned.clone().unwrap_or_else(|| flow.input.clone());
        if let Some(result) = &pass.result {
            flow.inspect(step::RESULT, result);
        } else {
            flow.inspect(step::AFTER_PARAMETERS, computed.as_ref().unwrap_or(&effective));
        }
        flow.inspect(step::AFTER_RESULT_SELECTOR, computed.as_ref().unwrap_or(&effective));
    }
    let input = std::mem::take(&mut flow.input);
    let output = match (computed.or(effective_owned), state.data.result_path()) {
        // The input put into itself is a second copy of it; in its own place it is the input as it was.
        (None, PathOrNull::Absent | PathOrNull::Null) => input,
        (None, path) => {
            let result = input.clone();
            world.scene(flow, state, &context).result_path(path, input, result)?
        }
        (Some(result), path) => world.scene(flow, state, &context).result_path(path, input, result)?,
    };
    flow.inspect(step::AFTER_RESULT_PATH, &output);
    let output = world.scene(flow, state, &context).output_path(output)?;
    within_limit(&output, &state.name)?;
    Ok(Next::Left { output, assigned, to: state.transition })
}

/// A state that has no result is left: its output is its input, or what `InputPath`, `OutputPath` and `Output` make of it.
pub(super) fn succeed(world: &mut World, flow: &mut Flow, state: &State) -> Result<Next, Failure> {
    let context = world.context(flow, state);
    let scene = world.scene(flow, state, &context);
    let data = Data::input(&flow.input);
    if state.is_jsonata() {
        let assigned = scene.assign(state.assign.as_ref(), data)?;
        let output = match state.data.output() {
            Some(output) => Some(scene.template(output, "Output", data)?),
            None => None,
        };
        let output = output.unwrap_or_else(|| std::mem::take(&mut flow.input));
        within_limit(&output, &state.name)?;
        return Ok(Next::Left { output, assigned, to: transition(state) });
    }
    let effective = match scene.path(state.data.input_path(), &flow.input)? {
        Cow::Borrowed(value) if std::ptr::eq(value, &raw const flow.input) => None,
        other => Some(other.into_owned()),
    };
    let assigned = scene.assign(state.assign.as_ref(), Data::input(effective.as_ref().unwrap_or(&flow.input)))?;
    let effective: Value = effective.unwrap_or_else(|| std::mem::take(&mut flow.input));
    flow.inspect(step::AFTER_INPUT_PATH, &effective);
    let output = world.scene(flow, state, &context).output_path(effective)?;
    within_limit(&output, &state.name)?;
    Ok(Next::Left { output, assigned, to: transition(state) })
}

fn transition(state: &State) -> Option<crate::asl::program::Transition> {
    match state.kind {
        StateKind::Succeed => None,
        _ => state.transition,
    }
}
