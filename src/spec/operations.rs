//! What is chosen about running a stack: what is logged, how long an execution may take, where failures go.

use crate::aws::quota;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bounded::{Bounded, LogRetention};
use super::hardening::Encryption;
use crate::name::EmailAddress;
use crate::stack::Deferred;
pub use crate::stack::LogLevel;

/// The timeout of an execution in seconds, within Step Functions' limits.
pub type TimeoutSeconds = Bounded<1, { quota::NUMBER }>;

/// What is logged about executions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LoggingSpec {
    /// Which events of an execution are logged.
    pub level: LogLevel,
    /// Whether inputs and outputs are logged too: the names of files, and everything else that events contain.
    pub include_data: bool,
    /// How many days CloudWatch keeps the logs.
    pub retention_days: Deferred<LogRetention>,
    /// Which key encrypts the logs. By default, CloudWatch's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<Encryption>,
}

/// A queue for events that could not be recorded, from which they can be sent again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeadLettersSpec {
    /// How many days the queue keeps an event.
    pub retention_days: Bounded<1, 14>,
    /// The maximum age of an event in seconds while EventBridge tries to start its execution.
    pub max_age_seconds: Bounded<60, 86_400>,
    /// How often EventBridge retries to start the execution of an event.
    pub max_attempts: Bounded<0, 185>,
    /// Which key encrypts the queue. By default, SQS's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<Encryption>,
}

/// Alarms for failures, and who is notified.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AlarmsSpec {
    /// The address that is notified by email, after it confirmed the subscription. By default, only subscribers of the topic are
    /// notified.
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
