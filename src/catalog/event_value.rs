use crate::dynamodb::AttributeValue;
use crate::name::AttributeName;

/// An attribute of the record, and the value that it takes from the event.
pub(super) type Attribute = (AttributeName, AttributeValue<EventValue>);

/// Where in a state's input a value stands, as field names from the top.
pub(super) type Place = &'static [&'static str];

/// A value that an attribute takes from the event, in no query language yet. Fields are named from the top of the event.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum EventValue {
    /// A text, as the event has it.
    Text(Place),
    /// A number, as text: DynamoDB's API takes every `N` as a text.
    Number(Place),
    /// Two texts with a third between them.
    Joined(Place, &'static str, Place),
    /// A text that the event does not have: it is the same in every record.
    Constant(&'static str),
    /// A text, then fields of the event, each with a text behind it.
    Formatted(&'static str, Vec<(Place, String)>),
    /// A text, with another behind it.
    Followed(Place, &'static str),
    /// The folder of a key, by which the API's index finds it.
    Folder(Place),
    /// Seconds since the epoch, so many days after a time: what DynamoDB's TTL reads. Only JSONata can work it out.
    EpochAfter {
        /// The time, in ISO 8601.
        time: Place,
        /// How many days later.
        days: u32,
    },
    /// A value that may not be there. The attribute then is not there either. Only JSONata can write that.
    Optional(OptionalValue),
}

/// A value that may not be there. One that is empty counts as none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum OptionalValue {
    /// A text, as the input has it.
    Text(Place),
    /// A key up to its last slash.
    Prefix(Place),
    /// What follows the last dot in the last part of a key.
    Extension(Place),
    /// The one checksum of those that S3's answer may have, behind the name of its algorithm.
    Checksum(Place),
    /// A map of texts.
    Texts(Place),
    /// A list of objects with a `Key` and a `Value`, as a map of texts.
    Pairs(Place),
}

impl EventValue {
    /// Whether it may not be there.
    pub(super) fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_))
    }
}

/// The string attribute that a field of the event makes.
pub(super) fn text(field: Place) -> AttributeValue<EventValue> {
    AttributeValue::S(EventValue::Text(field))
}

/// The string attribute that a field of the event makes if it is there.
pub(super) fn text_if_any(field: Place) -> AttributeValue<EventValue> {
    AttributeValue::S(EventValue::Optional(OptionalValue::Text(field)))
}
