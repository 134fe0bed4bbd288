use crate::dynamodb::AttributeValue;

/// A value that an attribute takes from the event, in no query language yet. Fields are named from the top of the event.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum EventValue {
    /// A text, as the event has it.
    Text(&'static [&'static str]),
    /// A number, as text: DynamoDB's API takes every `N` as a text.
    Number(&'static [&'static str]),
    /// Two texts with a third between them.
    Joined(&'static [&'static str], &'static str, &'static [&'static str]),
    /// A text that the event does not have: it is the same in every record.
    Constant(&'static str),
    /// A text, then fields of the event, each with a text behind it.
    Formatted(&'static str, Vec<(&'static [&'static str], String)>),
    /// A text, with another behind it.
    Followed(&'static [&'static str], &'static str),
    /// The folder of a key, by which the API's index finds it.
    Folder(&'static [&'static str]),
    /// Seconds since the epoch, so many days after a time: what DynamoDB's TTL reads. Only JSONata can work it out.
    EpochAfter {
        /// The time, in ISO 8601.
        time: &'static [&'static str],
        /// How many days later.
        days: u32,
    },
}

/// The string attribute that a field of the event makes.
pub(super) fn text(field: &'static [&'static str]) -> AttributeValue<EventValue> {
    AttributeValue::S(EventValue::Text(field))
}
