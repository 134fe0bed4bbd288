//! What happened, in the shape of
//! [`GetExecutionHistory`](https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html).

use serde_json::{Map, Value, json};

use super::Timestamp;

/// One event of an execution.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEvent {
    /// Its number: 1, 2, 3 ...
    pub id: u64,
    /// The number of the event before it in the same branch or iteration.
    pub previous_event_id: u64,
    /// When.
    pub timestamp: Timestamp,
    /// What: `TaskStateEntered`.
    pub kind: &'static str,
    /// More about it, and the name of the field that has it: `stateEnteredEventDetails`.
    pub details: Option<(&'static str, Value)>,
}

impl HistoryEvent {
    /// As the API answers.
    pub fn to_json(&self) -> Value {
        let mut event = Map::new();
        event.insert("timestamp".to_owned(), self.timestamp.to_string().into());
        event.insert("type".to_owned(), self.kind.into());
        event.insert("id".to_owned(), self.id.into());
        event.insert("previousEventId".to_owned(), self.previous_event_id.into());
        if let Some((name, details)) = &self.details {
            event.insert((*name).to_owned(), details.clone());
        }
        Value::Object(event)
    }
}

/// Numbers events, and keeps them if that was asked for.
#[derive(Debug, Clone)]
pub(super) struct History {
    kept: Option<Vec<HistoryEvent>>,
    last: u64,
    limit: u64,
    /// How many bytes of data are kept.
    bytes: usize,
}

/// How many bytes of data a history keeps. Events beyond that say that their data is truncated, as the API can.
const MAX_KEPT_BYTES: usize = 64 << 20;

/// The details that hold data of any size.
const DATA: [&str; 3] = ["input", "output", "parameters"];

/// What makes an event's details, which are only made if they are kept.
pub(super) type Details<'a> = &'a dyn Fn() -> (&'static str, Value);

impl History {
    pub(super) fn new(keep: bool, limit: u64) -> Self {
        Self { kept: keep.then(Vec::new), last: 0, limit, bytes: 0 }
    }

    /// The number of an event that follows `previous`.
    pub(super) fn add(
        &mut self,
        now: Timestamp,
        previous: u64,
        kind: &'static str,
        details: Option<Details<'_>>,
    ) -> u64 {
        self.last += 1;
        if let Some(kept) = &mut self.kept {
            let mut details = details.map(|make| make());
            if let Some((_, Value::Object(details))) = &mut details {
                self.bytes += DATA.iter().filter_map(|name| details.get(*name)?.as_str()).map(str::len).sum::<usize>();
                if self.bytes > MAX_KEPT_BYTES {
                    truncate(details);
                }
            }
            kept.push(HistoryEvent { id: self.last, previous_event_id: previous, timestamp: now, kind, details });
        }
        self.last
    }

    /// Whether there is no room for more events of a running execution: the event that ends it is the last of so many.
    pub(super) fn is_full(&self) -> bool {
        self.last >= self.limit.saturating_sub(1)
    }

    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    pub(super) fn len(&self) -> u64 {
        self.last
    }

    pub(super) fn events(&self) -> &[HistoryEvent] {
        self.kept.as_deref().unwrap_or_default()
    }
}

/// Leaves out the data of an event.
fn truncate(details: &mut Map<String, Value>) {
    for name in DATA {
        if details.shift_remove(name).is_some() {
            details.insert(format!("{name}Details"), json!({"truncated": true}));
        }
    }
}

/// The name of the details of an event about an error.
pub(super) fn error_details(name: &'static str, error: &super::Failure) -> (&'static str, Value) {
    let mut details = Map::new();
    details.extend(error.error.as_ref().map(|error| ("error".to_owned(), Value::from(error.as_str()))));
    details.extend(error.cause.as_ref().map(|cause| ("cause".to_owned(), Value::from(cause.as_str()))));
    (name, Value::Object(details))
}

/// A text of JSON, as events have it, with the note that nothing was cut off.
pub(super) fn data(name: &str, value: &Value) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert(name.to_owned(), value.to_string().into());
    fields.insert(format!("{name}Details"), json!({"truncated": false}));
    fields
}
