use serde_json::Value;

use super::shape::{Field, Kinds, Object, Shape};
use crate::eventbridge::s3;
use crate::eventbridge::{self, Schema, satisfiable};

/// The shapes of the events that a rule's pattern can let through: one for each kind of event of S3, where it listens to S3.
///
/// `unversioned` says that the bucket keeps no versions.
pub(super) fn events(pattern: &Value, unversioned: bool) -> Vec<Shape> {
    if !is_only(pattern, "source", "aws.s3") {
        return vec![envelope()];
    }
    let kinds = s3::schemas().iter().filter(|kind| lets_through(pattern, kind));
    // What a pattern asks for besides may leave only the events that have what others lack.
    let detail = &pattern["detail"];
    let narrowed =
        ["deletion-type", "reason", "source-ip-address", "requester"].iter().any(|name| detail.get(name).is_some())
            || detail["object"].get("etag").is_some();
    let known = Known { unversioned, narrowed };
    let mut shapes: Vec<Shape> = kinds.map(|kind| object(&kind.fields, &known)).collect();
    // CloudTrail's events have the same source, and fields of their own; so may kinds that S3 does not send yet.
    let objects = ["bucket", "object"].iter().any(|field| pattern["detail"].get(field).is_some());
    let kinds = pattern["detail-type"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let new = kinds.filter(|kind| !s3::schemas().iter().any(|schema| schema.name == *kind)).count() > 0;
    if new || shapes.is_empty() || !(pattern["detail-type"].is_array() || objects) {
        shapes.push(envelope());
    }
    shapes
}

/// Any event: EventBridge's own fields, and whatever detail.
pub(super) fn envelope() -> Shape {
    let texts = ["version", "id", "detail-type", "source", "account", "time", "region"];
    let mut object = Object::default();
    for name in texts {
        object.fields.insert(name.into(), Field::always(Shape::text()));
    }
    object.fields.insert("resources".into(), Field::always(Shape::array(Shape::text())));
    object.fields.insert("detail".into(), Field::always(Shape::unknown()));
    object.fields.insert("replay-name".into(), Field::perhaps(Shape::text()));
    Shape::object(object)
}

/// Whether a field's conditions are just this one text.
fn is_only(pattern: &Value, field: &str, text: &str) -> bool {
    pattern[field].as_array().is_some_and(|texts| texts.len() == 1 && texts[0] == text)
}

/// Whether the pattern may let a kind of event through. Conditions other than texts may.
fn lets_through(pattern: &Value, kind: &Schema) -> bool {
    let of_kind = pattern["detail-type"]
        .as_array()
        .is_none_or(|kinds| kinds.iter().any(|condition| condition.as_str().is_none_or(|text| text == kind.name)));
    let never_sent = |impossible: &eventbridge::Impossible| impossible.pointer.matches('/').count() == 2;
    let detail = pattern.get("detail").map(|detail| serde_json::json!({ "detail": detail }));
    let asks_for_others =
        detail.is_some_and(|detail| satisfiable(&detail, std::slice::from_ref(kind)).iter().any(never_sent));
    of_kind && !asks_for_others
}

/// What a rule and a template say of the events besides their kind.
struct Known {
    unversioned: bool,
    narrowed: bool,
}

/// The detail of an event, or an object in it: S3 adds members.
fn detail(fields: &indexmap::IndexMap<&'static str, eventbridge::Field>, known: &Known) -> Shape {
    match object(fields, known) {
        Shape::Known(Kinds { object: Some(object), .. }) => Shape::object(Object { grows: true, ..(*object).clone() }),
        other => other,
    }
}

fn object(fields: &indexmap::IndexMap<&'static str, eventbridge::Field>, known: &Known) -> Shape {
    let mut object = Object::default();
    for (name, field) in fields.iter().filter(|(name, _)| !(known.unversioned && **name == "version-id")) {
        let shape = match &field.shape {
            eventbridge::Shape::Object(fields) => detail(fields, known),
            eventbridge::Shape::OneOf(texts) => Shape::one_of(texts.iter().copied()),
            eventbridge::Shape::Text if *name == "resources" => Shape::array(Shape::text()),
            eventbridge::Shape::Text => Shape::text(),
            eventbridge::Shape::Count => Shape::number(),
            eventbridge::Shape::Flag => Shape::boolean(),
            eventbridge::Shape::Anything => Shape::unknown(),
        };
        // What the bucket and the caller decide is not said to be missing.
        let field = match field.presence {
            eventbridge::Presence::Always => Field::always(shape),
            eventbridge::Presence::Sometimes if !known.narrowed => Field::sometimes(shape),
            _ => Field::perhaps(shape),
        };
        object.fields.insert((*name).into(), field);
    }
    Shape::object(object)
}
