use std::ops::Deref;
use std::sync::OnceLock;

use super::flow::{self, Fault};
use crate::loaded::{LoadedMachine, LoadedStack};
use crate::outline::Outline;

pub(super) use crate::outline::unknown;
pub use crate::outline::{Language, Scope, ScopeKind, StateView};

/// A state machine as rules see it: its definition laid out, and what its data comes to.
#[derive(Debug)]
pub struct MachineView<'a> {
    outline: Outline<'a>,
    flow: OnceLock<Vec<Fault>>,
}

impl<'a> MachineView<'a> {
    /// Lays a definition out; `None` for a machine whose definition cannot be read.
    pub fn new(stack: &'a LoadedStack, machine: &'a LoadedMachine) -> Option<Self> {
        Some(Self { outline: Outline::new(stack, machine)?, flow: OnceLock::new() })
    }

    /// What goes wrong with its data, worked out when it is first asked for.
    pub fn flow(&self) -> &[Fault] {
        self.flow.get_or_init(|| flow::faults_in(self.stack, self.machine))
    }
}

impl<'a> Deref for MachineView<'a> {
    type Target = Outline<'a>;

    fn deref(&self) -> &Outline<'a> {
        &self.outline
    }
}
