//! What each type of state does.

mod choice;
mod distributed;
mod ends;
mod items;
mod map;
mod parallel;
mod pass;
mod result;
mod task;
mod wait;

use std::sync::Arc;

use serde_json::{Map, Value};

use super::flow::{Answer, Child, Flow, Item, Stage};
use super::inspection::step;
use super::joint::Joint;
use super::services::Services;
use super::world::World;
use super::{Failure, Timestamp, payload};
use crate::asl::program::{MachineId, State, StateKind, Transition};

pub(super) use ends::{aborted, broken, execution_ended, iteration_aborted, iteration_ended, state_failed};

/// How a state goes on.
pub(super) enum Next {
    /// It is left.
    Left {
        output: Value,
        /// The variables that it sets.
        assigned: Option<Map<String, Value>>,
        /// What follows; nothing after a Succeed.
        to: Option<Transition>,
    },
    /// It waits until a moment.
    Sleep(Timestamp, Stage),
    /// It starts branches or iterations, and waits for them.
    Fork(Box<Joint>, Vec<Start>),
}

/// A branch or iteration that starts.
pub(super) struct Start {
    /// Which of those that the state waits for.
    pub(super) place: usize,
    pub(super) machine: MachineId,
    pub(super) input: Value,
    pub(super) item: Option<Arc<Item>>,
    /// Who it is, where it is an execution of its own.
    pub(super) child: Option<Arc<Child>>,
    /// The event before its first.
    pub(super) previous: u64,
}

/// A state begins, or is tried again.
pub(super) fn begin(
    world: &mut World,
    flow: &mut Flow,
    state: &State,
    services: &mut dyn Services,
) -> Result<Next, Failure> {
    if let Some(failure) = world.test.as_mut().and_then(|test| test.failed_within.take()) {
        return Err(failure);
    }
    if let Some(result) = world.test.as_mut().and_then(|test| test.result.take()) {
        return map::mocked(world, flow, state, result);
    }
    match &state.kind {
        StateKind::Pass(pass) => pass::run(world, flow, state, pass),
        StateKind::Choice(choice) => choice::run(world, flow, state, choice),
        StateKind::Succeed => pass::succeed(world, flow, state),
        StateKind::Unknown => Err(Failure::runtime("What this state does is known only after the deployment.")),
        StateKind::Fail(fail) => {
            let context = world.context(flow, state);
            after_input_path(world, flow, state, &context)?;
            Err(ends::fail(world, flow, state, fail))
        }
        StateKind::Wait(wait) => wait::begin(world, flow, state, wait),
        StateKind::Task(task) => task::begin(world, flow, state, task, services),
        StateKind::Parallel(parallel) => parallel::begin(world, flow, state, parallel),
        StateKind::Map(map) => map::begin(world, flow, state, map, services),
    }
}

/// A Wait is over.
pub(super) fn waited(world: &mut World, flow: &mut Flow, state: &State) -> Result<Next, Failure> {
    pass::succeed(world, flow, state)
}

/// A task has its answer.
pub(super) fn answered(world: &mut World, flow: &mut Flow, state: &State, answer: Answer) -> Result<Next, Failure> {
    match &state.kind {
        StateKind::Task(task) => task::answered(world, flow, state, task, answer),
        _ => pass::succeed(world, flow, state),
    }
}

/// All branches or iterations have ended well, or well enough.
pub(super) fn joined(
    world: &mut World,
    flow: &mut Flow,
    state: &State,
    joint: Joint,
    services: &mut dyn Services,
) -> Result<Next, Failure> {
    match &state.kind {
        StateKind::Map(map) => map::joined(world, flow, state, map, joint, services),
        _ => parallel::joined(world, flow, state, joint),
    }
}

/// The iterations for which there is room.
pub(super) fn more(
    world: &mut World,
    flow: &mut Flow,
    state: &State,
    joint: &mut Joint,
) -> Result<Vec<Start>, Failure> {
    match &state.kind {
        StateKind::Map(map) => map::more(world, flow, state, map, joint),
        _ => Ok(Vec::new()),
    }
}

/// Notes what `InputPath` leaves of the input, where that is asked for. JSONata has no such field.
fn after_input_path(world: &World, flow: &mut Flow, state: &State, context: &Value) -> Result<(), Failure> {
    if flow.inspection.is_some() && !state.is_jsonata() {
        let effective = world.scene(flow, state, context).path(state.data.input_path(), &flow.input)?.into_owned();
        flow.inspect(step::AFTER_INPUT_PATH, &effective);
    }
    Ok(())
}

/// Refuses data of more than 256 KiB.
pub(super) fn within_limit(value: &Value, name: &str) -> Result<(), Failure> {
    payload::check(value).map_err(|excess| Failure::excess(excess, name))
}
