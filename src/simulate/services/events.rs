//! EventBridge: the events that a workflow puts on the bus.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Map, Value, json};

use super::answer::{ErrorStyle, Ids, Refusal};
use super::{ServiceCall, TaskError, not_here};
use crate::aws::integration::Style;
use crate::simulate::s3_events::Origin;

/// The bus keeps at most so many events that nobody takes.
const MAX_EVENTS: usize = 10_000;

/// How many events one call may put
/// ([PutEvents](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html)).
const MAX_ENTRIES: usize = 10;

/// How EventBridge's errors are spelled.
const ERRORS: ErrorStyle = ErrorStyle {
    service: "events",
    optimized_service: "AmazonEventBridge",
    optimized_other: "AmazonEventBridgeException",
    sdk_other: "EventBridgeException",
};

/// What is wrong with the number of events in a call.
fn wrong_count(entries: &[Value]) -> Option<String> {
    let wanted = match entries.len() {
        0 => "greater than or equal to 1".to_owned(),
        1..=MAX_ENTRIES => return None,
        _ => format!("less than or equal to {MAX_ENTRIES}"),
    };
    let given = Value::from(entries);
    Some(format!(
        "1 validation error detected: Value '{given}' at 'entries' failed to satisfy constraint: Member must have length {wanted}"
    ))
}

/// An event that a workflow put on a bus.
#[derive(Debug, Clone, PartialEq)]
pub struct PutEvent {
    /// The name or the ARN of the bus.
    pub bus: String,
    /// The event, as a rule sees it.
    pub event: Value,
}

/// The event bus: it keeps what is put on it.
#[derive(Debug, Default)]
pub struct Bus {
    origin: Origin,
    events: VecDeque<PutEvent>,
    removed: BTreeSet<String>,
}

impl Bus {
    /// A bus of this account.
    pub fn new(origin: Origin) -> Self {
        Self { origin, ..Self::default() }
    }

    /// Removes a bus, by its name or ARN as calls give it: what is put there is lost, though EventBridge accepts it
    /// ([aws-sdk#186](https://github.com/aws/aws-sdk/issues/186)).
    pub fn remove(&mut self, bus: &str) {
        self.removed.insert(bus.to_owned());
    }

    /// The oldest event that nobody took yet.
    pub fn take_event(&mut self) -> Option<PutEvent> {
        self.events.pop_front()
    }

    /// Answers a call of EventBridge.
    pub(super) fn call(&mut self, call: &ServiceCall<'_>, ids: &mut Ids) -> Result<Value, TaskError> {
        let put = call.resource.integration().filter(|integration| integration.action() == "putEvents");
        let Some(integration) = put else { return Err(not_here(call)) };
        let entries = call.arguments["Entries"].as_array().map(Vec::as_slice).unwrap_or_default();
        if let Some(wrong) = wrong_count(entries) {
            let refusal = Refusal { exception: None, code: "ValidationException", status: 400, message: &wrong };
            return Err(ERRORS.error(integration.style(), &refusal, &ids.uuid()));
        }
        let results: Vec<Result<String, Value>> = entries.iter().map(|entry| self.put(entry, call, ids)).collect();
        let failed = results.iter().filter(|result| result.is_err()).count();
        let results: Vec<Value> = results
            .into_iter()
            .map(|result| result.map_or_else(|fault| fault, |id| json!({ "EventId": id })))
            .collect();
        let answer = json!({"Entries": results, "FailedEntryCount": failed});
        // The API answers as if all were well; the optimized integration fails the task.
        if integration.style() == Style::Optimized && failed > 0 {
            return Err(TaskError::new("EventBridge.FailedEntry", answer.to_string()));
        }
        Ok(answer)
    }

    fn put(&mut self, entry: &Value, call: &ServiceCall<'_>, ids: &mut Ids) -> Result<String, Value> {
        let refused = |code: &str, message: String| json!({"ErrorCode": code, "ErrorMessage": message});
        for name in ["Source", "DetailType", "Detail"] {
            if entry.get(name).is_none_or(|value| value.is_null() || value == "") {
                let reason = format!("Parameter {name} is not valid. Reason: {name} is a required argument.");
                return Err(refused("InvalidArgument", reason));
            }
        }
        if entry["Source"].as_str().is_some_and(|source| source.starts_with("aws.")) {
            let message = "Not authorized for the source.".to_owned();
            return Err(refused("NotAuthorizedForSourceException", message));
        }
        let malformed = || refused("MalformedDetail", "Detail is malformed.".to_owned());
        let detail: Map<String, Value> = match &entry["Detail"] {
            Value::String(text) => serde_json::from_str(text).map_err(|_| malformed())?,
            Value::Object(detail) => detail.clone(),
            _ => return Err(malformed()),
        };
        let (id, time) = (ids.uuid(), call.now.to_the_second());
        let bus = entry["EventBusName"].as_str().unwrap_or("default");
        if self.removed.contains(bus) {
            return Ok(id);
        }
        if self.events.len() == MAX_EVENTS {
            self.events.pop_front();
        }
        let event = json!({
            "version": "0", "id": id, "detail-type": entry["DetailType"], "source": entry["Source"],
            "account": self.origin.account, "time": entry["Time"].as_str().unwrap_or(&time),
            "region": self.origin.region, "resources": entry.get("Resources").cloned().unwrap_or_else(|| json!([])),
            "detail": detail,
        });
        self.events.push_back(PutEvent { bus: bus.to_owned(), event });
        Ok(id)
    }
}
