//! What is chosen about running a stack: what is logged, how long an execution may take, where failures go.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bounded::{Bounded, LogRetention};
use super::hardening::Encryption;
use crate::name::EmailAddress;
use crate::stack::Deferred;
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
    pub retention_days: Deferred<LogRetention>,
    /// Whose keys encrypt the logs. Without it, CloudWatch's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<Encryption>,
}

/// Where the events go that could not be recorded: a queue, from which they can be sent again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeadLettersSpec {
    /// For how many days the queue keeps an event.
    pub retention_days: Bounded<1, 14>,
    /// How old, in seconds, an event may become while EventBridge tries to start its execution.
    pub max_age_seconds: Bounded<60, 86_400>,
    /// How often EventBridge tries again to start the execution of an event.
    pub max_attempts: Bounded<0, 185>,
    /// Whose keys encrypt the queue. Without it, SQS's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<Encryption>,
}

/// Alarms for what goes wrong, and who is told.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AlarmsSpec {
    /// Who is told by mail, once the address has confirmed it. Without it, whoever subscribes to the topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Deferred<EmailAddress>>,
}

impl Default for DeadLettersSpec {
    fn default() -> Self {
        Self {
            retention_days: Bounded::known::<14>(),
            max_age_seconds: Bounded::known::<86_400>(),
            max_attempts: Bounded::known::<185>(),
            encryption: None,
        }
    }
}

impl Default for LoggingSpec {
    fn default() -> Self {
        Self {
            level: LogLevel::Error,
            include_data: false,
            retention_days: LogRetention::MONTH.into(),
            encryption: None,
        }
    }
}
