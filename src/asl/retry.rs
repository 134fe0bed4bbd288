use serde::Serialize;

use super::{JsonataTemplate, ReferencePath};
use crate::aws::integration::Integration;
use crate::aws::states::JitterStrategy;
use crate::name::StateName;

/// The [name of an error](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html), such as
/// `States.Timeout` or `DynamoDB.ConditionalCheckFailedException`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ErrorName(String);

impl ErrorName {
    /// The name of an error, as a service or a Fail state gives it.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name under which a task that makes this call reports the service's `exception`.
    pub fn of(call: &Integration, exception: &str) -> Self {
        Self(call.error_name(exception))
    }

    /// The name as it is written in `ErrorEquals`: `States.Timeout`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a task that failed is tried again: an entry of
/// [`Retry`](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Retrier {
    /// The errors that it is for.
    pub error_equals: Vec<ErrorName>,
    /// Seconds before the first retry.
    pub interval_seconds: u32,
    /// How many retries, after the first try.
    pub max_attempts: u32,
    /// By how much each wait is longer than the one before.
    pub backoff_rate: f64,
    /// The longest wait, in seconds.
    pub max_delay_seconds: u32,
    /// Whether waits are random, up to their length.
    pub jitter_strategy: JitterStrategy,
}

/// Where an execution goes on when a task failed for good: an entry of
/// [`Catch`](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-fallback-states).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Catcher {
    /// The errors that it is for.
    pub error_equals: Vec<ErrorName>,
    /// What the next state gets.
    #[serde(flatten)]
    pub data: CaughtData,
    /// The state that follows.
    pub next: StateName,
}

/// What the state after a caught error gets. An error that replaced the input would leave the next state without the event.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum CaughtData {
    /// In JSONPath: the input, with the error put into it.
    #[serde(rename_all = "PascalCase")]
    JsonPath {
        /// Where the error is put.
        result_path: ReferencePath,
    },
    /// In JSONata: whatever is made of both.
    #[serde(rename_all = "PascalCase")]
    Jsonata {
        /// The value.
        output: JsonataTemplate,
    },
}
