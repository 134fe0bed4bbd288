use serde_json::Value;

use crate::source::{Kind, Node};

/// The value that a tree is, its tags aside. Of keys that are no texts the spelling counts.
pub fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Integer(number) => Value::from(*number),
        Kind::Float(number) => serde_json::Number::from_f64(*number).map_or(Value::Null, Value::Number),
        Kind::String(text) => Value::String(text.clone()),
        Kind::Sequence(items) => Value::Array(items.iter().map(value).collect()),
        Kind::Mapping(entries) => Value::Object(entries.iter().map(|(k, v)| (key(k), value(v))).collect()),
    }
}

/// A key as the text that it is in JSON.
pub(super) fn key(node: &Node) -> String {
    node.as_str().map_or_else(|| text(&value(node)), str::to_owned)
}

/// A value as it is put into a text.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
