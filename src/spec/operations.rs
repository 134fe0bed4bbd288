//! What is chosen about running a stack: what is logged, how long an execution may take, where failures go.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bounded::{Bounded, LogRetention};
pub use crate::stack::LogLevel;

/// For how long an execution may run, in seconds: Step Functions' own bounds.
pub type TimeoutSeconds = Bounded<1, 99_999_999>;

/// What is logged of every execution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LoggingSpec {
    /// Which events of an execution are logged.
    pub level: LogLevel,
    /// Whether inputs and outputs are logged too: the names of files, and whatever else events hold.
    pub include_data: bool,
    /// For how many days CloudWatch keeps the logs.
    pub retention_days: LogRetention,
}

impl Default for LoggingSpec {
    fn default() -> Self {
        Self { level: LogLevel::Error, include_data: false, retention_days: LogRetention::MONTH }
    }
}
