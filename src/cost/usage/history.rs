//! What an execution's history tells: what is billed by transitions, and what is logged of it.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::LogBytes;
use super::call::Call;
use crate::aws::states::error;
use crate::cost::Decimal;

/// What CloudWatch counts for each log event [besides its text](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html).
const BESIDE: u64 = 26;

/// What a history tells.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    /// The states that were entered, in order.
    pub(super) path: Vec<String>,
    /// How often a state was tried again.
    pub(super) retries: u64,
    /// What is logged.
    pub(super) log_bytes: LogBytes,
}

impl Told {
    /// State transitions as STANDARD workflows are billed: "[each time a step of your workflow is
    /// executed](https://aws.amazon.com/step-functions/pricing/)", and each time that it is tried again.
    pub(super) fn transitions(&self) -> u64 {
        self.path.len() as u64 + self.retries
    }
}

/// Reads the events of `GetExecutionHistory`.
pub(super) fn read(events: &[Value], execution_arn: &str, with_data: bool) -> Told {
    let kinds: HashMap<u64, &str> =
        events.iter().filter_map(|event| Some((event["id"].as_u64()?, event["type"].as_str()?))).collect();
    let mut told = Told { path: Vec::new(), retries: 0, log_bytes: LogBytes::none() };
    for event in events {
        let kind = event["type"].as_str().unwrap_or_default();
        let previous = event["previousEventId"].as_u64().unwrap_or(0);
        if kind.ends_with("StateEntered") {
            told.path.extend(event["stateEnteredEventDetails"]["name"].as_str().map(str::to_owned));
        }
        let begins = [
            "TaskScheduled",
            "LambdaFunctionScheduled",
            "ActivityScheduled",
            "MapStateStarted",
            "ParallelStateStarted",
        ];
        if begins.contains(&kind) && kinds.get(&previous).is_some_and(|kind| !kind.ends_with("StateEntered")) {
            told.retries += 1;
        }
        log(&mut told.log_bytes, kind, event, execution_arn, with_data);
    }
    told
}

/// The calls that tasks made.
pub(super) fn calls(events: &[Value]) -> Vec<Call> {
    let mut calls = Vec::new();
    // The call that an event of this number belongs to.
    let mut open: HashMap<u64, usize> = HashMap::new();
    for event in events {
        let kind = event["type"].as_str().unwrap_or_default();
        let previous = event["previousEventId"].as_u64().unwrap_or(0);
        let id = event["id"].as_u64().unwrap_or(0);
        if let Some(call) = scheduled(kind, event) {
            open.insert(id, calls.len());
            calls.push(call);
        } else if let Some(at) = open.get(&previous).copied() {
            open.insert(id, at);
            if let Some(call) = calls.get_mut(at) {
                ended(call, kind, event);
            }
        }
    }
    calls
}

/// The call that an event begins.
fn scheduled(kind: &str, event: &Value) -> Option<Call> {
    let text = |details: &Value, name: &str| details[name].as_str().unwrap_or_default().to_owned();
    let call = |service: &str, action: &str, arguments| Call { arguments, ..Call::named(service, action) };
    match kind {
        "TaskScheduled" => {
            let details = &event["taskScheduledEventDetails"];
            let service = text(details, "resourceType");
            let action = text(details, "resource");
            let action = action.split('.').next().unwrap_or_default();
            let arguments = details["parameters"].as_str().and_then(|text| serde_json::from_str(text).ok());
            Some(call(service.trim_start_matches("aws-sdk:"), action, arguments.unwrap_or_default()))
        }
        "LambdaFunctionScheduled" => {
            let arn = text(&event["lambdaFunctionScheduledEventDetails"], "resource");
            Some(call("lambda", "invoke", json!({ "FunctionName": arn })))
        }
        "ActivityScheduled" => Some(call("states", "activity", Value::Null)),
        _ => None,
    }
}

fn ended(call: &mut Call, kind: &str, event: &Value) {
    match kind {
        "TaskSucceeded" => {
            let output = event["taskSucceededEventDetails"]["output"].as_str();
            call.answer = output.and_then(|text| serde_json::from_str(text).ok());
        }
        "TaskFailed" => call.error = event["taskFailedEventDetails"]["error"].as_str().map(str::to_owned),
        "TaskTimedOut" => call.error = Some(error::TIMEOUT.to_owned()),
        _ => {}
    }
}

/// Adds a log event to the levels that [have it](https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-log-level).
fn log(bytes: &mut LogBytes, kind: &str, event: &Value, execution_arn: &str, with_data: bool) {
    let mut details = event.as_object().into_iter().flatten().filter(|(name, _)| name.ends_with("EventDetails"));
    let details = details.next().map_or(Cow::Owned(json!({})), |(_, details)| Cow::Borrowed(details));
    let shown = match details.as_object() {
        Some(fields) if !with_data => Cow::Owned(Value::Object(without_data(fields))),
        _ => details,
    };
    let line = Line {
        id: event["id"].to_string(),
        kind,
        details: &shown,
        redrive_count: "0",
        previous_event_id: event["previousEventId"].to_string(),
        event_timestamp: "1700000000000",
        execution_arn,
    };
    let length = serde_json::to_string(&line).map_or(0, |text| text.len());
    let size = || Decimal::from(length as u64 + BESIDE);
    bytes.all += size();
    let ends = matches!(kind, "ExecutionFailed" | "ExecutionTimedOut" | "ExecutionAborted");
    let fails = kind.ends_with("Failed") || kind.ends_with("TimedOut") || kind.ends_with("Aborted");
    if ends || fails || kind == "FailStateEntered" {
        bytes.error += size();
    }
    if ends {
        bytes.fatal += size();
    }
}

/// What CloudWatch is given of an event.
#[derive(Serialize)]
struct Line<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: &'a str,
    details: &'a Value,
    redrive_count: &'a str,
    previous_event_id: String,
    event_timestamp: &'a str,
    execution_arn: &'a str,
}

fn without_data(fields: &Map<String, Value>) -> Map<String, Value> {
    let data = |name: &str| {
        matches!(name, "input" | "output" | "parameters" | "cause")
            || name.ends_with("Details")
            || name.ends_with("Variables")
    };
    let kept = fields.iter().filter(|(name, _)| !data(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(kinds: &[(&str, u64)]) -> Vec<Value> {
        let event = |(at, (kind, previous)): (usize, &(&str, u64))| {
            json!({"id": at + 1, "type": kind, "previousEventId": previous,
                   "stateEnteredEventDetails": {"name": "S", "input": "{}"}})
        };
        kinds.iter().enumerate().map(event).collect()
    }

    #[test]
    fn a_retry_is_a_transition_more() {
        let history = events(&[
            ("ExecutionStarted", 0),
            ("TaskStateEntered", 1),
            ("TaskScheduled", 2),
            ("TaskFailed", 3),
            ("TaskScheduled", 4),
            ("TaskSucceeded", 5),
            ("TaskStateExited", 6),
            ("SucceedStateEntered", 7),
            ("ExecutionSucceeded", 8),
        ]);
        let told = read(&history, "arn", false);
        assert_eq!((told.path.len(), told.retries, told.transitions()), (2, 1, 3));
        assert_eq!(calls(&history).len(), 2);
    }

    #[test]
    fn levels_have_what_went_wrong() {
        let history = events(&[("ExecutionStarted", 0), ("TaskFailed", 1), ("ExecutionFailed", 2)]);
        let LogBytes { fatal, error, all } = read(&history, "arn", false).log_bytes;
        assert!(Decimal::zero() < fatal && fatal < error && error < all);
        assert!(all < read(&history, "arn", true).log_bytes.all);
    }
}
