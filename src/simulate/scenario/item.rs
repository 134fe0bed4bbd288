use serde_json::{Map, Value, json};

/// An item as people write it: plain values, or DynamoDB's form where a type has no other.
pub type Item = Map<String, Value>;

/// DynamoDB's names of types.
const TYPES: [&str; 10] = ["S", "N", "B", "SS", "NS", "BS", "BOOL", "NULL", "L", "M"];

/// An item in DynamoDB's form.
pub fn typed(item: &Item) -> Value {
    item.iter().map(|(name, value)| (name.clone(), typed_value(value))).collect::<Map<_, _>>().into()
}

fn typed_value(value: &Value) -> Value {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(value) => json!({ "BOOL": value }),
        Value::Number(number) => json!({"N": decimal(number)}),
        Value::String(text) => json!({ "S": text }),
        Value::Array(items) => json!({"L": items.iter().map(typed_value).collect::<Vec<_>>()}),
        Value::Object(fields) if is_typed(fields) => value.clone(),
        Value::Object(fields) => json!({"M": typed(fields)}),
    }
}

fn is_typed(fields: &Map<String, Value>) -> bool {
    fields.len() == 1 && fields.keys().all(|name| TYPES.contains(&name.as_str()))
}

/// A number as DynamoDB writes it: without a point where it is whole.
fn decimal(number: &serde_json::Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => format!("{float:.0}"),
        _ => number.to_string(),
    }
}

/// An item of DynamoDB's form with plain values where they say as much.
pub fn plain(item: &Value) -> Item {
    item.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), plain_value(value))).collect()
}

fn plain_value(value: &Value) -> Value {
    let Some((kind, inner)) =
        value.as_object().filter(|fields| is_typed(fields)).and_then(|fields| fields.iter().next())
    else {
        return value.clone();
    };
    match (kind.as_str(), inner) {
        ("S", Value::String(_)) | ("BOOL", Value::Bool(_)) => inner.clone(),
        ("NULL", _) => Value::Null,
        ("N", Value::String(text)) => match serde_json::from_str::<serde_json::Number>(text) {
            // What a number of JSON would not say exactly stays as it is.
            Ok(number) if decimal(&number) == *text => number.into(),
            _ => value.clone(),
        },
        ("L", Value::Array(items)) => items.iter().map(plain_value).collect(),
        ("M", inner @ Value::Object(fields)) if !is_typed(fields) => plain(inner).into(),
        _ => value.clone(),
    }
}
