use serde_json::Value;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::answer::{answer, members};
use super::engine::World;
use super::event;
use super::log::Fault;
use super::shape::{Object, Shape};
use crate::asl::program::{Program, StateId, StateKind};
use crate::loaded::{Certainty, GivenInput, LoadedMachine, LoadedRule, LoadedStack};
use crate::service_model::Call;

/// What goes wrong with data in a machine of a stack. Nothing where its definition cannot be read, which others say.
pub fn faults_in(stack: &LoadedStack, machine: &LoadedMachine) -> Vec<Fault> {
    let Some(definition) = machine.definition() else { return Vec::new() };
    match Program::read(&definition) {
        Ok(program) => super::faults(&program, &inputs(stack, machine), &Services::default()),
        Err(_) => Vec::new(),
    }
}

/// The services, as their published models say.
#[derive(Default)]
struct Services {
    /// What calls answer, by resource: a long definition makes the same few over and over.
    answers: RefCell<HashMap<String, Option<Rc<Object>>>>,
}

impl World for Services {
    fn answer(&self, program: &Program, state: StateId, arguments: &Shape) -> Shape {
        let Some(call) = self.call(program, state) else { return Shape::unknown() };
        let StateKind::Task(task) = &program[state].kind else { return Shape::unknown() };
        let known = self.answers.borrow().get(task.resource.arn()).cloned();
        let members = known.unwrap_or_else(|| {
            let members = members(&call);
            self.answers.borrow_mut().insert(task.resource.arn().to_owned(), members.clone());
            members
        });
        answer(&call, arguments, members)
    }

    fn call(&self, program: &Program, state: StateId) -> Option<Call> {
        let StateKind::Task(task) = &program[state].kind else { return None };
        Call::find(task.resource.arn()).ok().flatten()
    }
}

/// What a machine may be started with: what was given, or else the events of the rules that start it, or else anything.
fn inputs(stack: &LoadedStack, machine: &LoadedMachine) -> Vec<Shape> {
    let given: Vec<Shape> = stack.inputs.iter().map(given).collect();
    if !given.is_empty() {
        return given;
    }
    let rules = stack.rules.iter().filter(|rule| rule.enabled);
    let mut inputs: Vec<Shape> = rules.flat_map(|rule| started_by(rule, machine)).collect();
    if inputs.is_empty() {
        inputs.push(Shape::unknown());
    }
    inputs
}

fn given(input: &GivenInput) -> Shape {
    match input {
        GivenInput::Example(value) => Shape::of(value),
        GivenInput::Schema(schema) => super::schema::shape(schema),
    }
}

fn started_by(rule: &LoadedRule, machine: &LoadedMachine) -> Vec<Shape> {
    let targets =
        rule.targets.iter().filter(|target| target.logical_id.is_some() && target.logical_id == machine.logical_id);
    let mut inputs = Vec::new();
    for target in targets {
        if let Some(text) = &target.input {
            // A text with a substitution in it is no JSON that anything can be said of.
            let value = serde_json::from_str::<Value>(text).ok().filter(|_| !text.contains("${"));
            inputs.push(value.map_or_else(Shape::unknown, |value| Shape::of(&value)));
        } else if target.input_path.is_some() || target.input_transformer.is_some() {
            inputs.push(Shape::unknown());
        } else if let Some((pattern, _)) = &rule.pattern {
            // Which kinds of events it takes is known, or else any may come.
            if rule.certainty == Certainty::Unknown {
                inputs.push(event::envelope());
            } else {
                inputs.extend(event::events(pattern));
            }
        } else {
            // A schedule: EventBridge's rules send an event, its scheduler an object of its own.
            inputs.push(Shape::object(Object { open: true, ..Object::default() }));
        }
    }
    inputs
}
