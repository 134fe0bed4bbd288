//! A state machine definition, read: every state type and field of both query languages, whoever wrote it, with what can be
//! compiled (paths, intrinsic functions, JSONata) compiled once.
//!
//! [`crate::asl::State`] and its kin are what this project writes, and leave no room for mistakes; a [`Program`] is what it
//! finds. States and machines are numbered, and a transition is a number, so that nothing is looked up by name when it runs.
//!
//! ```
//! use bucketbook::asl::program::Program;
//!
//! let definition = serde_json::json!({
//!     "StartAt": "Look",
//!     "States": {
//!         "Look": {"Type": "Pass", "Next": "Done"},
//!         "Done": {"Type": "Succeed"}
//!     }
//! });
//! let program = Program::read(&definition).unwrap();
//! let start = &program[program.top().start_at];
//! assert_eq!((start.name.as_str(), start.pointer.as_str()), ("Look", "/States/Look"));
//! assert_eq!(program[start.successors()[0]].name, "Done");
//! ```

mod choice;
mod data;
mod dynamic;
mod fault;
mod fields;
mod jsonata;
mod language;
mod map;
mod names;
mod needed;
mod path;
mod read;
mod retry;
mod state;
#[cfg(test)]
mod tests;
mod unknown;

use std::ops::Index;

use serde_json::Value;

use crate::asl::QueryLanguage;
use crate::source::Pointer;

pub use data::Template;
pub use dynamic::Dynamic;
pub use fault::ProgramFault;
#[cfg(feature = "simulate")]
pub(crate) use jsonata::children;
pub use jsonata::{Expression, JsonataTemplate, StatesUse};
pub use language::{CaughtData, DataFields, JsonPathFields, JsonataFields};
pub use map::{ItemBatcher, ItemReader, Map, Mode, ReaderConfig, ResultWriter};
pub use path::PathOrNull;
pub use retry::{Catcher, Retrier};
pub use state::{Choice, ChoiceCondition, ChoiceRule, Fail, Parallel, Pass, State, StateKind, Task, Transition, Wait};
pub use unknown::{Need, Unknown, Unknowns};

/// A state machine definition.
#[derive(Debug, Clone)]
pub struct Program {
    machines: Vec<Machine>,
    states: Vec<State>,
    /// The language of its states, where they do not say.
    pub query_language: QueryLanguage,
    /// What its author says of it.
    pub comment: Option<String>,
    /// The version of the language.
    pub version: Option<String>,
    /// After how many seconds an execution has timed out.
    pub timeout_seconds: Option<f64>,
    /// Whether only a deployment says which states follow which.
    pub ways_unknown: bool,
}

/// The states that lead to each other: the whole machine, a branch of a Parallel, the processor of a Map.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Where it stands, as a JSON Pointer from the definition's root: the empty string, or `/States/All/Branches/0`.
    pub pointer: Pointer,
    /// The Parallel or Map that it is in.
    pub owner: Option<StateId>,
    /// Where it starts.
    pub start_at: StateId,
    /// Its states, in the order in which they are written.
    pub states: Vec<StateId>,
}

/// A state of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateId(usize);

/// A machine of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MachineId(usize);

impl Program {
    /// A program out of a definition, with its placeholders (`${TableName}`) already replaced or of no weight.
    ///
    /// # Errors
    ///
    /// Every fault that keeps it from being run: fields that are missing or of another type, names of states that are not
    /// there, paths and expressions that cannot be parsed. What can be run and is nevertheless wrong is not looked for.
    pub fn read(definition: &Value) -> Result<Self, Vec<ProgramFault>> {
        read::program(definition, Unknowns::default())
    }

    /// A program out of a definition of which only a deployment says some values. Where one of them does not do, that part
    /// of the program is unknown: a [`Dynamic::Unknown`], a [`StateKind::Unknown`], a way that is left out.
    ///
    /// # Errors
    ///
    /// Every fault that none of them explains.
    pub fn read_open(definition: &Value, unknowns: Unknowns) -> Result<Self, Vec<ProgramFault>> {
        read::program(definition, unknowns)
    }

    /// The outermost machine; those of Map and Parallel states follow it.
    pub fn top(&self) -> &Machine {
        &self.machines[0]
    }

    /// The number of the whole machine.
    pub fn top_id(&self) -> MachineId {
        MachineId(0)
    }

    /// Every machine: first the whole one, and each before those inside it.
    pub fn machines(&self) -> impl Iterator<Item = (MachineId, &Machine)> {
        self.machines.iter().enumerate().map(|(at, machine)| (MachineId(at), machine))
    }

    /// Every state, machine by machine.
    pub fn states(&self) -> impl Iterator<Item = (StateId, &State)> {
        self.states.iter().enumerate().map(|(at, state)| (StateId(at), state))
    }

    /// The state of this name, in whichever machine: names are unique in a whole definition.
    pub fn state(&self, name: &str) -> Option<StateId> {
        self.states().find(|(_, state)| state.name == name).map(|(id, _)| id)
    }
}

impl Index<StateId> for Program {
    type Output = State;

    fn index(&self, id: StateId) -> &State {
        &self.states[id.0]
    }
}

impl Index<MachineId> for Program {
    type Output = Machine;

    fn index(&self, id: MachineId) -> &Machine {
        &self.machines[id.0]
    }
}
