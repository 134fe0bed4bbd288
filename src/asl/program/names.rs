use std::collections::HashMap;

use super::StateId;
use super::fault::Faults;
use crate::source::Pointer;

/// The states of one machine, by name: where a transition may lead.
pub(super) struct Names<'a>(pub(super) HashMap<&'a str, StateId>);

impl Names<'_> {
    /// The state of this name, or a fault at `pointer`.
    pub(super) fn resolve(&self, name: &str, pointer: Pointer, faults: &mut Faults) -> Option<StateId> {
        let found = self.0.get(name).copied();
        if found.is_none() {
            faults.add(pointer, format!("there is no state `{name}` here"));
        }
        found
    }
}
