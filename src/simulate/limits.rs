//! What ends an execution that would not end, or would take too much: what was reached, where, and how to raise it.

use super::failure::name;
use super::world::World;
use super::{Failure, memory};

/// An execution has as many events as it may.
pub(super) fn full_history(limit: u64, state: &str) -> Failure {
    stopped(format!(
        "The execution reached the maximum number of history events ({limit}). It was in the state '{state}'. \
         `--max-transitions` sets another limit for the simulation."
    ))
}

/// An execution and the children of its distributed Maps have as many events together as they may.
pub(super) fn spent(world: &World, state: &str) -> Failure {
    let limit = world.options.max_total_events.max(world.options.max_events);
    stopped(format!(
        "The simulation ended the execution: it and the children of its distributed Maps reached {limit} history events, in the state '{state}'. `--max-events` sets another limit."
    ))
}

/// Evaluations of JSONata ran out of time again and again.
pub(super) fn endless_evaluations(state: &str) -> Failure {
    stopped(format!(
        "The simulation ended the execution: JSONata expressions ran out of time repeatedly, the last one in the state '{state}'. AWS allows one second for each."
    ))
}

/// The process holds about as much memory as it may.
pub(super) fn short_of_memory(state: &str) -> Failure {
    let ceiling = memory::ceiling().unwrap_or(0) >> 20;
    stopped(format!(
        "The simulation ended the execution: it came near the limit of {ceiling} MB of memory, in the state '{state}'. `--max-memory` sets another limit."
    ))
}

fn stopped(cause: String) -> Failure {
    Failure::reported(name::RUNTIME, Some(cause))
}
