use crate::aws::states::error;
use thiserror::Error;

/// Why something could not be worked out while a state ran, as the execution says it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{error}: {cause}")]
pub struct EvaluationFault {
    /// The error's name, such as `States.Runtime`.
    pub error: &'static str,
    /// The cause, without what the interpreter puts before it (which state, entered at which event).
    pub cause: String,
}

impl EvaluationFault {
    /// `States.Runtime`, which no catcher can name.
    pub(crate) fn runtime(cause: impl Into<String>) -> Self {
        Self { error: error::RUNTIME, cause: cause.into() }
    }
}
