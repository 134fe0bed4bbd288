use thiserror::Error;

/// Why a resource names no call. What to write instead is the whole of it behind `arn:aws:states:::`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CallFault {
    /// No service has such a name, and it is close to that of one.
    #[error("unknown service `{name}`")]
    Service {
        /// The name.
        name: String,
        /// What to write instead.
        meant: Option<String>,
    },
    /// The service has no such action.
    #[error("`{service}` has no action `{action}`")]
    Action {
        /// The service.
        service: String,
        /// The action.
        action: String,
        /// What to write instead.
        meant: Option<String>,
    },
    /// The call exists, but not as an optimized integration.
    #[error("`{service}:{action}` is not an optimized integration")]
    NotOptimized {
        /// The service.
        service: String,
        /// The action.
        action: String,
        /// What to write instead.
        meant: Option<String>,
    },
    /// The call cannot be waited for like this.
    #[error("`{call}` cannot be called with `{suffix}`")]
    Pattern {
        /// The call.
        call: String,
        /// What follows it.
        suffix: String,
        /// What to write instead.
        meant: Option<String>,
    },
    /// It is no `SERVICE:ACTION`.
    #[error("`{0}` has no action: expected SERVICE:ACTION or aws-sdk:SERVICE:ACTION")]
    Malformed(String),
}

impl CallFault {
    /// What to write behind `arn:aws:states:::` instead, if that can be told.
    pub fn meant(&self) -> Option<&str> {
        match self {
            Self::Service { meant, .. }
            | Self::Action { meant, .. }
            | Self::NotOptimized { meant, .. }
            | Self::Pattern { meant, .. } => meant.as_deref(),
            Self::Malformed(_) => None,
        }
    }
}
