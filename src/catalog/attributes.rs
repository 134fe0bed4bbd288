//! The attributes that a record takes from its event by choice.

use super::event_value::{EventValue, OptionalValue, text, text_if_any};
use crate::dynamodb::AttributeValue;
use crate::eventbridge::field;
use crate::spec::{EventAttribute, Spec};

/// Where the spec chooses the names of the article's two attributes.
pub(super) const FILE_NAME: &str = "/table/attribute_names/file_name";
pub(super) const LAST_MODIFIED: &str = "/table/attribute_names/last_modified";

/// The time of the event alone, in the layout in which the sort key holds more.
pub(super) const EVENT_TIME: &str = "eventTime";

/// An attribute with a name of its own.
pub(super) struct Described {
    pub(super) name: &'static str,
    /// What it holds, for messages.
    pub(super) holds: &'static str,
    pub(super) value: AttributeValue<EventValue>,
}

/// Every attribute, in the order in which a record lists them; but for the sequencer, which no record can do without.
const ORDER: [EventAttribute; 10] = [
    EventAttribute::Size,
    EventAttribute::Etag,
    EventAttribute::VersionId,
    EventAttribute::Requester,
    EventAttribute::SourceIpAddress,
    EventAttribute::Reason,
    EventAttribute::Region,
    EventAttribute::Account,
    EventAttribute::Prefix,
    EventAttribute::Extension,
];

/// Those of the object itself, which stand in front of the sequencer.
pub(super) fn of_object(spec: &Spec) -> Vec<Described> {
    chosen(spec).filter(|attribute| is_of_object(*attribute)).map(described).collect()
}

/// The others, which stand behind it.
pub(super) fn of_event(spec: &Spec) -> Vec<Described> {
    chosen(spec).filter(|attribute| !is_of_object(*attribute)).map(described).collect()
}

/// Of the others, those that follow from an entry of a listing.
pub(super) fn of_listing(spec: &Spec) -> Vec<Described> {
    use EventAttribute::{Account, Extension, Prefix, Region};
    let known = chosen(spec).filter(|attribute| matches!(attribute, Region | Account | Prefix | Extension));
    known.map(described).collect()
}

/// Whether the spec chose this attribute.
pub(super) fn is_chosen(spec: &Spec, attribute: EventAttribute) -> bool {
    match &spec.attributes {
        Some(attributes) => attributes.contains(&attribute),
        None => is_of_object(attribute) || (attribute == EventAttribute::VersionId && spec.bucket.versioned),
    }
}

fn chosen(spec: &Spec) -> impl Iterator<Item = EventAttribute> {
    ORDER.into_iter().filter(|attribute| is_chosen(spec, *attribute))
}

fn is_of_object(attribute: EventAttribute) -> bool {
    matches!(attribute, EventAttribute::Size | EventAttribute::Etag)
}

/// Size and entity tag, region and account are in every event of a creation. The others
/// [may be missing](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html#ev-events-detail): the address where no
/// request was the cause, the version where the bucket has none, or suspended them.
fn described(attribute: EventAttribute) -> Described {
    let derived = |value| AttributeValue::S(EventValue::Optional(value));
    let (name, holds, value) = match attribute {
        EventAttribute::Size => ("size", "the object's size", AttributeValue::N(EventValue::Number(&field::SIZE))),
        EventAttribute::Etag => ("etag", "the object's entity tag", text(&field::ETAG)),
        // While versioning is suspended, the events of a bucket with versions name none.
        EventAttribute::VersionId => ("versionId", "the object's version", text_if_any(&field::VERSION_ID)),
        EventAttribute::Sequencer => ("sequencer", "S3's sequencer", text(&field::SEQUENCER)),
        EventAttribute::Requester => ("requester", "who sent the request", text_if_any(&field::REQUESTER)),
        EventAttribute::SourceIpAddress => {
            ("sourceIpAddress", "the address that the request came from", text_if_any(&field::SOURCE_IP_ADDRESS))
        }
        EventAttribute::Reason => ("reason", "the call that wrote the object", text_if_any(&field::REASON)),
        EventAttribute::Region => ("region", "the region of the bucket", text(&field::REGION)),
        EventAttribute::Account => ("account", "the account of the bucket's owner", text(&field::ACCOUNT)),
        EventAttribute::Prefix => {
            ("prefix", "the key up to its last slash", derived(OptionalValue::Prefix(&field::KEY)))
        }
        EventAttribute::Extension => {
            ("extension", "the extension of the key", derived(OptionalValue::Extension(&field::KEY)))
        }
    };
    Described { name, holds, value }
}
