use serde_json::Value;

use super::super::Failure;
use super::super::flow::Flow;
use super::super::joint::Joint;
use super::super::world::World;
use super::{Next, Start, result};
use crate::asl::program::{Parallel, State};

pub(super) fn begin(world: &mut World, flow: &mut Flow, state: &State, parallel: &Parallel) -> Result<Next, Failure> {
    let context = world.context(flow, state);
    let input = result::arguments(world, flow, state, &context)?;
    world.event(flow, "ParallelStateStarted", None);
    let start = |(place, machine): (usize, &_)| Start {
        place,
        machine: *machine,
        input: input.clone(),
        item: None,
        child: None,
        previous: flow.previous,
    };
    let starts: Vec<Start> = parallel.branches.iter().enumerate().map(start).collect();
    Ok(Next::Fork(Box::new(Joint::new(starts.len(), None)), starts))
}

pub(super) fn joined(world: &mut World, flow: &mut Flow, state: &State, joint: Joint) -> Result<Next, Failure> {
    let outputs: Vec<Value> = joint.results.into_iter().map(Option::unwrap_or_default).collect();
    result::leave(world, flow, state, Value::Array(outputs))
}
