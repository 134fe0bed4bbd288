use serde_json::Value;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::answer::{answer, members};
use super::engine::World;
use super::event;
use super::log::Fault;
use super::reading::{self, Miss, Reading};
use super::shape::{Object, Presence, Shape};
use super::start;
use crate::asl::JsonPath;
use crate::asl::program::{Program, StateId, StateKind};
use crate::aws::integration::Call;
use crate::eventbridge::{InputTemplate, Slot};
use crate::loaded::{Call as Function, Certainty, GivenInput, LoadedMachine, LoadedRule, LoadedStack, RuleTarget};

/// What goes wrong with data in a machine of a stack. Nothing where its definition cannot be read, which others say.
pub fn faults_in(stack: &LoadedStack, machine: &LoadedMachine) -> Vec<Fault> {
    let Some((definition, unknowns)) = machine.open_definition() else { return Vec::new() };
    match Program::read_open(&definition, unknowns) {
        // What follows what is not known either, so anything may have happened before a state.
        Ok(program) if program.ways_unknown => Vec::new(),
        Ok(program) => super::faults(&program, &inputs(stack, machine), &Services::default()),
        Err(_) => Vec::new(),
    }
}

/// What keeps a path from leading anywhere in every event that a rule may let through; `None` where it may lead somewhere.
pub fn never_in_events(stack: &LoadedStack, rule: &LoadedRule, path: &JsonPath) -> Option<Miss> {
    let (pattern, _) = rule.pattern.as_ref().filter(|_| rule.certainty != Certainty::Unknown)?;
    let mut missed = None;
    for event in event::events(pattern, is_unversioned(stack, pattern)) {
        match reading::read("$", &event, path) {
            Reading::Never(miss) => missed = Some(miss),
            Reading::Found(..) => return None,
        }
    }
    missed
}

/// The services, as their published models say.
#[derive(Default)]
pub(super) struct Services {
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
pub(super) fn inputs(stack: &LoadedStack, machine: &LoadedMachine) -> Vec<Shape> {
    let given: Vec<Shape> = stack.inputs.iter().map(given).collect();
    if !given.is_empty() {
        return given;
    }
    let rules = stack.rules.iter().filter(|rule| rule.enabled);
    let mut inputs: Vec<Shape> = rules.flat_map(|rule| started_by(stack, rule, machine)).collect();
    let starts = stack.starts.iter().filter(|start| machine.logical_id.as_ref() == Some(&start.machine));
    inputs.extend(starts.map(|start| start::input(&start.kind)));
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

fn started_by(stack: &LoadedStack, rule: &LoadedRule, machine: &LoadedMachine) -> Vec<Shape> {
    let targets =
        rule.targets.iter().filter(|target| target.logical_id.is_some() && target.logical_id == machine.logical_id);
    let mut inputs = Vec::new();
    for target in targets {
        if let Some(text) = &target.input {
            // A text with a substitution in it is no JSON that anything can be said of.
            let value = serde_json::from_str::<Value>(text).ok().filter(|_| !text.contains("${"));
            inputs.push(value.map_or_else(Shape::unknown, |value| Shape::of(&value)));
        } else if let Some((pattern, _)) = &rule.pattern {
            // Which kinds of events it takes is known, or else any may come.
            let events = match rule.certainty {
                Certainty::Unknown => vec![event::envelope()],
                _ => event::events(pattern, is_unversioned(stack, pattern)),
            };
            inputs.extend(events.iter().map(|event| handed_over(target, event)));
        } else if target.input_path.is_some() || target.input_transformer.is_some() {
            inputs.push(Shape::unknown());
        } else {
            // A schedule: EventBridge's rules send an event, its scheduler an object of its own.
            inputs.push(Shape::object(Object { open: true, ..Object::default() }));
        }
    }
    inputs
}

/// Whether all buckets that a pattern names are of the template and have no versions. Somebody else's resource may switch them on.
fn is_unversioned(stack: &LoadedStack, pattern: &Value) -> bool {
    let Some(template) = &stack.template else { return false };
    let names = pattern.pointer("/detail/bucket/name").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let unversioned = |name: &Value| {
        let bucket = stack.buckets.iter().find(|bucket| Some(bucket.resource.name.as_str()) == name.as_str());
        let properties = bucket.map(|bucket| template.properties(&bucket.resource.logical_id));
        properties.is_some_and(|properties| {
            properties.is_none_or(|node| Function::of(node).is_none() && node.get("VersioningConfiguration").is_none())
        })
    };
    let others =
        template.other_transforms || template.resources.values().any(|one| one.resource_type.contains("Custom"));
    !others && !names.is_empty() && names.iter().all(unversioned)
}

/// What a target gets of an event.
fn handed_over(target: &RuleTarget, event: &Shape) -> Shape {
    if let Some(path) = &target.input_path {
        return part(path, event);
    }
    let Some(transformer) = &target.input_transformer else { return event.clone() };
    let Some(template) = transformer["InputTemplate"].as_str() else { return Shape::unknown() };
    // Each variable becomes a text of its own, which is found again in the JSON that the template makes.
    let text = InputTemplate::parse(template).fill(|name, slot| match slot {
        Slot::Value => format!("\"{MARK}{name}\""),
        _ => "x".to_owned(),
    });
    let Ok(value) = serde_json::from_str::<Value>(&text.replace(MARK, "\\u0001")) else { return Shape::unknown() };
    made(&value, &|name| match (name, transformer["InputPathsMap"][name].as_str()) {
        (_, Some(path)) => part(path, event),
        ("aws.events.event.json", _) => event.clone(),
        ("aws.events.event", _) => Shape::unknown(),
        _ => Shape::text(),
    })
}

/// Begins a text that stands for a variable.
const MARK: char = '\u{1}';

/// The part of an event that a path leads to, where it is sure to be there.
fn part(path: &str, event: &Shape) -> Shape {
    let Ok(path) = path.parse() else { return Shape::unknown() };
    match reading::read("$", event, &path) {
        Reading::Found(shape, Presence::Always) => shape,
        _ => Shape::unknown(),
    }
}

/// The shape of what a template makes. Its texts may hold what only the deployment knows, so they are any texts.
fn made(value: &Value, variable: &impl Fn(&str) -> Shape) -> Shape {
    match value {
        Value::String(text) => text.strip_prefix(MARK).map_or_else(Shape::text, variable),
        Value::Array(items) => Shape::tuple(items.iter().map(|item| made(item, variable)).collect()),
        Value::Object(fields) => {
            Shape::record(fields.iter().map(|(name, value)| (name.as_str(), made(value, variable))))
        }
        Value::Number(_) => Shape::number(),
        Value::Bool(_) => Shape::boolean(),
        Value::Null => Shape::null(),
    }
}
