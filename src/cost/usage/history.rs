//! What an execution's history tells: what is billed by transitions, and what is logged of it.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::LogBytes;
use super::call::Call;
use crate::aws::states::error;
use crate::cost::Decimal;
use crate::simulate::HistoryEvent;

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

/// An event of a history.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event<'a> {
    id: Option<u64>,
    previous: Option<u64>,
    kind: &'a str,
    /// More about it, and the name of the field that has it.
    details: Option<(&'a str, &'a Value)>,
}

impl<'a> Event<'a> {
    /// An event as `GetExecutionHistory` tells it.
    pub(super) fn of_json(event: &'a Value) -> Self {
        let mut fields = event.as_object().into_iter().flatten();
        Self {
            id: event["id"].as_u64(),
            previous: event["previousEventId"].as_u64(),
            kind: event["type"].as_str().unwrap_or_default(),
            details: fields
                .find(|(name, _)| name.ends_with("EventDetails"))
                .map(|(name, value)| (name.as_str(), value)),
        }
    }

    /// An event of the simulator.
    pub(super) fn of_simulated(event: &'a HistoryEvent) -> Self {
        let HistoryEvent { id, previous_event_id, kind, details, .. } = event;
        let details = details.as_ref().map(|(name, value)| (*name, value));
        Self { id: Some(*id), previous: Some(*previous_event_id), kind, details }
    }
}

/// Reads the events of a history.
pub(super) fn read<'a>(events: impl Iterator<Item = Event<'a>> + Clone, execution_arn: &str, with_data: bool) -> Told {
    let kinds: HashMap<u64, &str> = events.clone().filter_map(|event| Some((event.id?, event.kind))).collect();
    let mut told = Told { path: Vec::new(), retries: 0, log_bytes: LogBytes::none() };
    for event in events {
        let kind = event.kind;
        if kind.ends_with("StateEntered")
            && let Some(("stateEnteredEventDetails", details)) = event.details
        {
            told.path.extend(details["name"].as_str().map(str::to_owned));
        }
        let begins = [
            "TaskScheduled",
            "LambdaFunctionScheduled",
            "ActivityScheduled",
            "MapStateStarted",
            "ParallelStateStarted",
        ];
        let before = || kinds.get(&event.previous.unwrap_or(0));
        if begins.contains(&kind) && before().is_some_and(|kind| !kind.ends_with("StateEntered")) {
            told.retries += 1;
        }
        log(&mut told.log_bytes, &event, execution_arn, with_data);
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
fn log(bytes: &mut LogBytes, event: &Event<'_>, execution_arn: &str, with_data: bool) {
    let kind = event.kind;
    let shown = match event.details {
        None => Cow::Owned(json!({})),
        Some((_, Value::Object(fields))) if !with_data => Cow::Owned(Value::Object(without_data(fields))),
        Some((_, details)) => Cow::Borrowed(details),
    };
    let number = |number: Option<u64>| number.map_or_else(|| "null".to_owned(), |number| number.to_string());
    let line = Line {
        id: number(event.id),
        kind,
        details: &shown,
        redrive_count: "0",
        previous_event_id: number(event.previous),
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
        let told = read(history.iter().map(Event::of_json), "arn", false);
        assert_eq!((told.path.len(), told.retries, told.transitions()), (2, 1, 3));
        assert_eq!(calls(&history).len(), 2);
    }

    #[test]
    fn levels_have_what_went_wrong() {
        let history = events(&[("ExecutionStarted", 0), ("TaskFailed", 1), ("ExecutionFailed", 2)]);
        let log_bytes = |with_data| read(history.iter().map(Event::of_json), "arn", with_data).log_bytes;
        let LogBytes { fatal, error, all } = log_bytes(false);
        assert!(Decimal::zero() < fatal && fatal < error && error < all);
        assert!(all < log_bytes(true).all);
    }
}
