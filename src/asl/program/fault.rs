use thiserror::Error;

use super::unknown::Unknowns;
use crate::source::Pointer;

/// Why a text is no state machine definition that can be run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{pointer}: {message}")]
pub struct ProgramFault {
    /// Where, as a [JSON Pointer](https://www.rfc-editor.org/rfc/rfc6901) from the definition's root.
    pub pointer: Pointer,
    /// What is wrong there.
    pub message: String,
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub(super) found: Vec<ProgramFault>,
    /// What only a deployment says: a fault that may come of it is none.
    pub(super) unknowns: Unknowns,
    /// Where faults were that may come of it.
    pub(super) excused: Vec<Pointer>,
}

impl Faults {
    /// A value that cannot be what it is, unless it is not known.
    pub(super) fn add(&mut self, pointer: Pointer, message: impl Into<String>) {
        if self.unknowns.explain(&pointer) {
            self.excused.push(pointer);
        } else {
            self.add_certain(pointer, message);
        }
    }

    /// Something that is wrong whatever the unknown values are.
    pub(super) fn add_certain(&mut self, pointer: Pointer, message: impl Into<String>) {
        self.found.push(ProgramFault { pointer, message: message.into() });
    }
}
