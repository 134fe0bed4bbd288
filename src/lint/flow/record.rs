//! What is known of the data at each place of a definition: what editors show, and complete from.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use super::engine;
use super::reading::{self, Reading};
use super::scope::Env;
use super::shape::{Presence, Shape};
use super::world;
use crate::asl::program::{Program, Unknown, Unknowns};
use crate::asl::{JsonPath, Root};
use crate::aws::states::StateType;
use crate::loaded::{LoadedMachine, LoadedStack};
use crate::source::Pointer;

/// What can be read at a place.
#[derive(Debug, Clone)]
pub struct View {
    /// `$`.
    pub data: Shape,
    /// `$$`.
    pub context: Shape,
    /// The variables. One that only some ways set has no shape.
    pub variables: BTreeMap<String, Option<Shape>>,
    /// `$states`, in a state of the JSONata language.
    pub states: Option<Shape>,
}

/// What is known at every place that an execution may come to.
#[derive(Debug, Default)]
pub struct Record {
    /// By the pointers of states and of their fields.
    views: BTreeMap<String, View>,
    /// What states put out, by their pointers.
    outputs: BTreeMap<String, Shape>,
}

impl View {
    /// What a path leads to, and whether it is there; `None` where there never is anything.
    pub fn read(&self, path: &JsonPath) -> Option<(Shape, Presence)> {
        let reading = match path.root() {
            Root::Input => reading::read("$", &self.data, path),
            Root::Context => reading::read("$$", &self.context, path),
            Root::Variable(name) => match self.variables.get(name)? {
                Some(shape) => reading::read("$", shape, path),
                None => return Some((Shape::unknown(), Presence::Perhaps)),
            },
        };
        found(reading)
    }

    /// What names lead to from `$states` or from a variable, as an expression of JSONata reads them. Lists are looked through.
    pub fn follow(&self, head: &str, names: &[&str]) -> Option<(Shape, Presence)> {
        let mut at = match head {
            "states" => self.states.clone()?,
            name => self.variables.get(name)?.clone().unwrap_or_else(Shape::unknown),
        };
        let mut presence = Presence::Always;
        for name in names {
            let (shape, there) = reading::field(&at.element().unwrap_or(at), name)?;
            presence = reading::weaker(presence, there);
            at = shape;
        }
        Some((at, presence))
    }
}

fn found(reading: Reading) -> Option<(Shape, Presence)> {
    match reading {
        Reading::Found(shape, presence) => Some((shape, presence)),
        Reading::Never(_) => None,
    }
}

impl Record {
    /// What can be read at a place: a pointer from the definition's root. Where nothing was read, it is what the state is given.
    pub fn view(&self, pointer: &str) -> Option<&View> {
        let mut at = pointer;
        loop {
            if let Some(view) = self.views.get(at) {
                return Some(view);
            }
            at = at.rsplit_once('/')?.0;
        }
    }

    /// What a state puts out.
    pub fn output(&self, pointer: &str) -> Option<&Shape> {
        self.outputs.get(pointer)
    }

    pub(super) fn enter(&mut self, pointer: &str, data: &Shape, env: &Env, states: Option<Shape>) {
        match self.views.get_mut(pointer) {
            None => {
                let variables = env.variables.iter().map(|(name, shape)| (name.clone(), shape.clone())).collect();
                let context = (*env.context).clone();
                self.views.insert(pointer.to_owned(), View { data: data.clone(), context, variables, states });
            }
            Some(view) => {
                view.data = view.data.join(data);
                view.context = view.context.join(&env.context);
                view.states = view.states.take().zip(states).map(|(left, right)| left.join(&right));
                let join = |name: &String, known: &Option<Shape>| {
                    let other = env.variables.get(name).cloned().flatten();
                    known.as_ref().zip(other).map(|(left, right)| left.join(&right))
                };
                let mut variables: BTreeMap<_, _> =
                    view.variables.iter().map(|(name, known)| (name.clone(), join(name, known))).collect();
                for name in env.variables.keys() {
                    variables.entry(name.clone()).or_insert(None);
                }
                view.variables = variables;
            }
        }
    }

    pub(super) fn leave(&mut self, pointer: &str, output: &Shape) {
        match self.outputs.get_mut(pointer) {
            Some(known) => *known = known.join(output),
            None => drop(self.outputs.insert(pointer.to_owned(), output.clone())),
        }
    }
}

/// How often what is wrong with a definition is set aside, to look at the rest.
const ROUNDS: usize = 12;

/// What is known of the data in a machine of a stack. What is wrong with its definition is taken for something that only a deployment
/// knows, so that the rest can be told while it is being written; `None` where nothing is left.
pub fn record(stack: &LoadedStack, machine: &LoadedMachine) -> Option<Record> {
    let (mut definition, mut unknowns) = machine.open_definition()?;
    for _ in 0..ROUNDS {
        let faults = match Program::read_open(&definition, unknowns.clone()) {
            Ok(program) => {
                return Some(engine::record(&program, &world::inputs(stack, machine), &world::Services::default()));
            }
            Err(faults) => faults,
        };
        for fault in faults {
            set_aside(&mut definition, &mut unknowns, fault.pointer);
        }
    }
    None
}

/// A state that leads nowhere yet ends; one that lacks more may do anything; and any other value may be what it will.
fn set_aside(definition: &mut Value, unknowns: &mut Unknowns, pointer: Pointer) {
    let state = definition.pointer_mut(&pointer).and_then(Value::as_object_mut).filter(|one| one.contains_key("Type"));
    let Some(state) = state else { return unknowns.add(being_written(pointer)) };
    let leads = state.contains_key("Next") || state.contains_key("End");
    if !leads && StateType::of(state["Type"].as_str().unwrap_or_default()).is_some_and(StateType::has_next) {
        state.insert("End".to_owned(), true.into());
    } else {
        state.insert("Type".to_owned(), Value::from("${BeingWritten}"));
        unknowns.add(being_written(pointer.child("Type")));
    }
}

fn being_written(pointer: Pointer) -> Unknown {
    Unknown { pointer, name: "BeingWritten".to_owned(), parameter: false, stands_in: false }
}

/// Where a record is kept while ways are followed.
pub(super) type Recording = Option<Rc<RefCell<Record>>>;

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(text: &str) -> Record {
        let stack = LoadedStack::from_text("m.asl.json", text).unwrap_or_else(|stack| *stack);
        record(&stack, &stack.machines[0]).unwrap()
    }

    fn words(record: &Record, pointer: &str, path: &str) -> String {
        let view = record.view(pointer).unwrap();
        view.read(&path.parse().unwrap()).map_or_else(|| "nothing".to_owned(), |(shape, _)| shape.describe())
    }

    #[test]
    fn every_field_has_its_own_data() {
        let record = recorded(
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Pass", "Result": {"a": {"b": 1}}, "Next": "B"},
                "B": {"Type": "Pass", "InputPath": "$.a", "Parameters": {"x.$": "$.b"}, "ResultPath": "$.r", "Next": "C"},
                "C": {"Type": "Succeed"}}}"#,
        );
        assert_eq!(words(&record, "/States/B/InputPath", "$.a"), "an object");
        assert_eq!(words(&record, "/States/B/Parameters/x.$", "$.b"), "a number");
        assert_eq!(words(&record, "/States/C", "$.r.x"), "a number");
        assert_eq!(words(&record, "/States/C", "$.z"), "nothing");
        assert_eq!(record.output("/States/A").unwrap().fields(), ["a"]);
    }

    /// What is being written does not hide what is known.
    #[test]
    fn a_definition_that_is_not_finished_is_recorded() {
        let record = recorded(
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Pass", "Result": {"a": 1}, "Next": "B"},
                "B": {"Type": "Pass", "Parameters": {"x.$": "$.a."}, "Next": ""},
                "C": {"Type": "Wait"}}}"#,
        );
        assert_eq!(words(&record, "/States/B/Parameters/x.$", "$.a"), "a number");
    }
}
