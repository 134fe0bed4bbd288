use serde_json::Value;

use super::shape::{Field, Object, Shape};
use crate::eventbridge::s3;
use crate::eventbridge::{self, DetailType, Schema, satisfiable};

/// The shapes of the events that a rule's pattern can let through: one for each kind of event of S3, where it listens to S3.
pub(super) fn events(pattern: &Value) -> Vec<Shape> {
    if !is_only(pattern, "source", "aws.s3") {
        return vec![envelope()];
    }
    let kinds = DetailType::ALL.into_iter().map(s3::schema).filter(|kind| lets_through(pattern, kind));
    let mut shapes: Vec<Shape> = kinds.map(|kind| object(&kind.fields)).collect();
    // CloudTrail's events have the same source, and fields of their own; so may kinds that S3 does not send yet.
    let objects = ["bucket", "object"].iter().any(|field| pattern["detail"].get(field).is_some());
    if shapes.is_empty() || !(pattern["detail-type"].is_array() || objects) {
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

fn object(fields: &indexmap::IndexMap<&'static str, eventbridge::Field>) -> Shape {
    let mut object = Object::default();
    for (name, field) in fields {
        let shape = match &field.shape {
            eventbridge::Shape::Object(fields) => self::object(fields),
            eventbridge::Shape::OneOf(texts) => Shape::one_of(texts.iter().copied()),
            eventbridge::Shape::Text if *name == "resources" => Shape::array(Shape::text()),
            eventbridge::Shape::Text => Shape::text(),
            eventbridge::Shape::Count => Shape::number(),
        };
        // What S3 leaves out depends on the bucket and the caller, so it is not said to be missing.
        let field = if field.always { Field::always(shape) } else { Field::perhaps(shape) };
        object.fields.insert((*name).into(), field);
    }
    Shape::object(object)
}
