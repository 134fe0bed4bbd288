//! The machine that the state under test is in.

use serde_json::{Map, Value, json};

use super::StateRefusal;
use crate::asl::program::{Program, ProgramFault, State, StateKind};

/// The name of a state that has none.
const NAME: &str = "StateName";

/// A state under test.
pub(super) struct Tested {
    /// A program that begins with it.
    pub(super) program: Program,
    /// The Map or Parallel that it is in.
    pub(super) parent: Option<Box<Tested>>,
}

impl Tested {
    /// The state of a name in a machine, or in a machine within it; without a name, the definition is the state.
    pub(super) fn find(definition: &Value, name: Option<&str>) -> Result<Self, StateRefusal> {
        let Some(name) = name else { return Self::read(&alone(definition), NAME, None) };
        let missing: Vec<&str> =
            ["States", "StartAt"].into_iter().filter(|key| definition.get(key).is_none()).collect();
        if !missing.is_empty() {
            let message = format!("These fields are required: [{}]", missing.join(", "));
            return Err(StateRefusal::schema(&message, ""));
        }
        // The whole definition has to be sound, not only the state.
        let whole = program(definition)?;
        let found = whole.states().map(|(_, state)| state).find(|state| state.name == name).ok_or_else(|| {
            let known: Vec<&str> = whole.states().map(|(_, state)| state.name.as_str()).collect();
            StateRefusal::validation(format!(
                "State '{name}' is not found in the definition. Its states are: [{}]",
                known.join(", ")
            ))
        })?;
        Self::within(definition, &whole, found)
    }

    fn within(definition: &Value, whole: &Program, state: &State) -> Result<Self, StateRefusal> {
        let machine = &whole[state.machine];
        let parent =
            machine.owner.map(|owner| Self::within(definition, whole, &whole[owner]).map(Box::new)).transpose()?;
        let mut own = definition.pointer(&machine.pointer).cloned().unwrap_or_default();
        if let (Some(fields), Some(language)) = (own.as_object_mut(), definition.get("QueryLanguage")) {
            fields.entry("QueryLanguage").or_insert_with(|| language.clone());
        }
        Self::read(&own, &state.name, parent)
    }

    fn read(machine: &Value, name: &str, parent: Option<Box<Self>>) -> Result<Self, StateRefusal> {
        let mut machine = machine.clone();
        machine["StartAt"] = name.into();
        Ok(Self { program: program(&machine)?, parent })
    }

    /// The state that is tested.
    pub(super) fn state(&self) -> &State {
        &self.program[self.program.top().start_at]
    }

    /// Whether the state is an iteration's of the Map around it.
    pub(super) fn is_in_map(&self) -> bool {
        let is_map = |parent: &Self| matches!(parent.state().kind, StateKind::Map(_));
        self.parent.as_ref().is_some_and(|parent| is_map(parent) || parent.is_in_map())
    }
}

fn program(machine: &Value) -> Result<Program, StateRefusal> {
    Program::read(machine).map_err(|faults| StateRefusal::definition(&in_words(&faults)))
}

/// Faults in AWS's words where these are known, each behind its code. Fields that one place lacks are told together.
fn in_words(faults: &[ProgramFault]) -> Vec<String> {
    let missing = |fault: &ProgramFault| fault.message.strip_suffix(" is missing").map(str::to_owned);
    let mut told = Vec::new();
    for (at, fault) in faults.iter().enumerate() {
        let here = |other: &&ProgramFault| other.pointer == fault.pointer;
        let target = fault.message.strip_prefix("there is no state `").and_then(|rest| rest.strip_suffix("` here"));
        let field = fault.pointer.rsplit('/').next().unwrap_or_default();
        let (code, message) = match (missing(fault), target) {
            (Some(_), _) if faults[..at].iter().filter(here).any(|other| missing(other).is_some()) => continue,
            (Some(_), _) => {
                let names: Vec<String> = faults.iter().filter(here).filter_map(missing).collect();
                ("SCHEMA_VALIDATION_FAILED", format!("These fields are required: [{}]", names.join(", ")))
            }
            (None, Some(name)) => ("MISSING_TRANSITION_TARGET", format!("Missing '{field}' target: {name}")),
            (None, None) => ("SCHEMA_VALIDATION_FAILED", fault.message.clone()),
        };
        let place = if fault.pointer.is_empty() { "/" } else { &fault.pointer };
        told.push(format!("{code}: {message} at {place}"));
    }
    told
}

/// A machine of one state, in which every name that it leads to is a state.
fn alone(state: &Value) -> Value {
    let mut states = Map::new();
    states.insert(NAME.to_owned(), state.clone());
    let entries = ["Choices", "Catch"].into_iter().filter_map(|field| state.get(field)?.as_array()).flatten();
    let nexts = entries.filter_map(|entry| entry.get("Next")?.as_str());
    for name in nexts.chain(["Next", "Default"].into_iter().filter_map(|field| state.get(field)?.as_str())) {
        states.entry(name.to_owned()).or_insert_with(|| json!({"Type": "Succeed"}));
    }
    json!({"StartAt": NAME, "States": states})
}
