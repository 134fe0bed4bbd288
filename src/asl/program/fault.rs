use thiserror::Error;

/// Why a text is no state machine definition that can be run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{pointer}: {message}")]
pub struct ProgramFault {
    /// Where, as a [JSON Pointer](https://www.rfc-editor.org/rfc/rfc6901) from the definition's root.
    pub pointer: String,
    /// What is wrong there.
    pub message: String,
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(super) struct Faults(pub(super) Vec<ProgramFault>);

impl Faults {
    pub(super) fn add(&mut self, pointer: String, message: impl Into<String>) {
        self.0.push(ProgramFault { pointer, message: message.into() });
    }
}

/// `pointer` with one more step.
pub(super) fn below(pointer: &str, step: &str) -> String {
    format!("{pointer}/{}", step.replace('~', "~0").replace('/', "~1"))
}
