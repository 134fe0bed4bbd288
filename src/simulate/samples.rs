//! Events that rules take and that are not S3's, made up from their patterns: for those who try a stack that nobody wrote a scenario for.

use serde_json::{Map, Value, json};

/// An event with the first value that a pattern names in each field.
pub fn like(pattern: &Value) -> Value {
    let mut event = match likely(pattern, 0) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    event.entry("source").or_insert_with(|| "my.source".into());
    event.entry("detail-type").or_insert_with(|| "My Event".into());
    event.entry("detail").or_insert_with(|| json!({}));
    Value::Object(event)
}

fn likely(pattern: &Value, depth: usize) -> Value {
    match pattern {
        Value::Object(fields) if depth < 32 => {
            let fields = fields.iter().filter(|(name, _)| *name != "$or");
            Value::Object(fields.map(|(name, value)| (name.clone(), likely(value, depth + 1))).collect())
        }
        Value::Array(conditions) => match conditions.first() {
            Some(Value::Object(condition)) => match condition.iter().next() {
                Some((name, Value::String(text))) if name == "wildcard" => text.replace('*', "x").into(),
                Some((name, value)) if matches!(name.as_str(), "prefix" | "suffix" | "equals-ignore-case") => {
                    value.clone()
                }
                Some((name, Value::Array(range))) if name == "numeric" => {
                    let bound = range.get(1).and_then(Value::as_f64).unwrap_or_default();
                    let step = match range.first().and_then(Value::as_str) {
                        Some(">") => 1.0,
                        Some("<") => -1.0,
                        _ => 0.0,
                    };
                    json!(bound + step)
                }
                _ => "something".into(),
            },
            Some(value) => value.clone(),
            None => Value::Null,
        },
        other => other.clone(),
    }
}
