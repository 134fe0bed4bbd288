//! The state machines of a stack and their pictures.

use crate::aws::states::INNER;
use serde::Serialize;
use serde_json::Value;

use super::findings::Places;
use crate::asl::program::{Program, State, StateKind};
use crate::aws::integration::{Resource, function_name, short_resource};
use crate::graph::{self, SvgOptions};
use crate::loaded::{LoadedMachine, LoadedStack, MachineType};

/// A state machine, as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MachineReport {
    /// What people call it: its logical id, or else its name.
    pub name: String,
    /// `Standard workflow`, `Express workflow`, or `workflow`.
    pub kind: &'static str,
    /// What its definition says of itself.
    pub comment: Option<String>,
    /// The states, in the order of the definition.
    pub states: Vec<StateReport>,
    /// The picture of it; empty where its definition cannot be read.
    #[serde(skip)]
    pub picture: String,
}

/// A state of a definition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StateReport {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: &'static str,
    /// What it calls.
    pub calls: Option<String>,
    /// What its author says of it.
    pub comment: Option<String>,
    /// Where it stands: `definitions/object_created.asl.json:4`.
    pub at: Option<String>,
    /// How it is defined, with the definition's substitutions made. What is inside a Map or Parallel is left to its own states.
    pub definition: Value,
}

/// The machines, in the order of the stack.
pub(super) fn machines(stack: &LoadedStack, files: &[String]) -> Vec<MachineReport> {
    let mut places = Places::new(stack, files);
    let mut told = Vec::new();
    for (number, machine) in stack.machines.iter().enumerate() {
        let definition = machine.definition();
        let program = machine.program().and_then(Result::ok);
        let name = machine.logical_id.clone().unwrap_or_else(|| machine.name.clone());
        let states = match (&definition, &program) {
            (Some(definition), Some(program)) => {
                program.states().map(|(_, found)| state(found, definition, machine, &mut places)).collect()
            }
            _ => Vec::new(),
        };
        told.push(MachineReport {
            kind: match machine.machine_type {
                MachineType::Standard => "Standard workflow",
                MachineType::Express => "Express workflow",
                MachineType::Unknown => "workflow",
            },
            comment: program.as_ref().and_then(|program| program.comment.as_deref()).map(without_marker),
            picture: program.as_ref().map(|program| picture(&name, program, number)).unwrap_or_default(),
            states,
            name,
        });
    }
    told
}

/// A comment without what generated files say of themselves.
fn without_marker(comment: &str) -> String {
    let end = comment.find(crate::stack::MARKER).unwrap_or(comment.len());
    comment[..end].trim_end().to_owned()
}

fn state(found: &State, definition: &Value, machine: &LoadedMachine, places: &mut Places<'_>) -> StateReport {
    let mut written = definition.pointer(&found.pointer).cloned().unwrap_or_default();
    if let Some(fields) = written.as_object_mut() {
        for inner in INNER {
            if let Some(value) = fields.get_mut(inner) {
                *value = "…".into();
            }
        }
    }
    let at = machine.definition.as_ref().and_then(|definition| {
        let place = places.tell(&definition.place(&found.pointer, definition.root.pointer(&found.pointer)?))?;
        Some(format!("{}:{}", place.file, place.line))
    });
    StateReport {
        name: found.name.clone(),
        kind: found.kind.name(),
        calls: match &found.kind {
            StateKind::Task(task) => Some(called(&task.resource)),
            _ => None,
        },
        comment: found.comment.clone(),
        at,
        definition: written,
    }
}

/// What a task calls, as short as it can be said.
fn called(resource: &Resource) -> String {
    match resource {
        Resource::Function { arn } => format!("function {}", function_name(arn)),
        other => short_resource(other.arn()).to_owned(),
    }
}

/// A picture whose states are buttons, on a page that has the rules of its looks.
fn drawn(diagram: &graph::Diagram, id_prefix: String, interactive: bool) -> String {
    graph::svg(diagram, &SvgOptions { id_prefix, style: false, interactive, ..SvgOptions::default() })
}

fn picture(name: &str, program: &Program, number: usize) -> String {
    drawn(&graph::workflow(name, program), format!("m{number}-"), true)
}

/// The picture of the whole stack.
pub(super) fn architecture(stack: &LoadedStack) -> String {
    drawn(&graph::architecture(stack), "architecture-".to_owned(), false)
}
