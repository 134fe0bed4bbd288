//! `simulate`: a stack runs here.

mod args;
mod events;
mod happenings;
mod human;
mod put;
mod report;
mod rows;
mod run;
mod services;
mod state;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, counted};
use crate::simulate::simulation::{Simulation, SimulationOptions};
use crate::simulate::stack::RunnableStack;

use super::failure::Failure;
use super::outcome::Outcome;
use super::stack_source;
use super::{json, output};
pub(super) use args::Args;
use args::Format;
use happenings::Happening;
pub(super) use run::unknown;

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    if let Some(request) = &args.test_state {
        return state::answer_request(args, request);
    }
    crate::simulate::set_memory_ceiling(args.max_memory << 20);
    let stack = stack_source::runnable_stack(
        args.stack.as_deref(),
        &args.spec,
        &args.app,
        std::path::Path::new(""),
        &args.values,
    )?;
    let input = match &args.input {
        Some(text) => Some(json::argument("--input", text)?),
        None if args.happenings.0.is_empty() => Some(nothing_said(&stack)?),
        None => None,
    };
    let machine = input.is_some().then(|| machine(args.machine.as_deref(), &stack)).transpose()?;
    let mut services = services::services(args, &stack)?;
    if let (Some(state), Some(machine), Some(input)) = (&args.state, machine, &input) {
        return state::run(args, state, (&stack, machine), input.clone(), &mut services);
    }
    let options = SimulationOptions {
        seed: args.seed,
        max_events: args.max_transitions,
        max_total_events: args.max_events,
        history: args.format != Format::Human,
        inspections: args.format == Format::Human,
        calls: args.format == Format::Human,
        objects: stack.calls_s3() || args.happenings.0.iter().any(|one| !matches!(one, Happening::Events(_))),
        ..SimulationOptions::default()
    };
    let simulation = Simulation::new(stack, services, options);
    run::run(args, simulation, machine.zip(input))
}

/// What a state machine is started with where nobody says what happens: one that no rule could start gets an empty object.
fn nothing_said(stack: &RunnableStack) -> Result<Value, Failure> {
    if stack.machines().len() == 1 && stack.rules().is_empty() && stack.pipes().is_empty() {
        output::remark(
            "note: without an event, the state machine is started with the input {}; --input sets another\n",
        );
        return Ok(Value::Object(serde_json::Map::new()));
    }
    let help = "add an event: --put [KEY], --delete KEY, --event FILE, --events FILE, --records JSON, --schedule NAME, --api REQUEST, or --input JSON";
    Err(Failure::new(Diagnostic::error("there is no event to simulate").help(help)))
}

fn known_machines(stack: &RunnableStack) -> String {
    let names: Vec<&str> = stack.machines().iter().map(|machine| machine.label()).collect();
    match names.as_slice() {
        [] => "the stack has no state machine".to_owned(),
        names => format!("its state machines are {}", names.join(", ")),
    }
}

/// The machine that is meant.
fn machine(name: Option<&str>, stack: &RunnableStack) -> Result<usize, Failure> {
    let (message, found) = match name {
        Some(name) => (format!("the stack has no state machine `{name}`"), stack.machine(name)),
        None => match stack.machines().len() {
            1 => (String::new(), Some(0)),
            0 => ("the stack has no state machine".to_owned(), None),
            _ => ("the stack has several state machines: choose one with --machine".to_owned(), None),
        },
    };
    found.ok_or_else(|| Failure::new(Diagnostic::error(message).help(known_machines(stack))))
}
