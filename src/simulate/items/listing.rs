use serde_json::{Map, Value};

use crate::asl::Timestamp;

/// The items of an answer of `listObjectsV2`: each object as a distributed Map has it, with `Etag` spelled so and
/// `LastModified` in seconds since 1970.
pub fn listing(answer: &Value, limit: Option<usize>) -> Vec<Value> {
    let contents = answer.get("Contents").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    contents.iter().take(limit.unwrap_or(usize::MAX)).map(item).collect()
}

fn item(object: &Value) -> Value {
    let mut item = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            item.insert(name.to_owned(), value);
        }
    };
    put("Etag", object.get("ETag").or_else(|| object.get("Etag")).cloned());
    put("Key", object.get("Key").cloned());
    put("LastModified", object.get("LastModified").map(seconds));
    put("Size", object.get("Size").cloned());
    put("StorageClass", object.get("StorageClass").cloned());
    Value::Object(item)
}

fn seconds(moment: &Value) -> Value {
    match moment.as_str().and_then(Timestamp::parse) {
        Some(moment) => Value::from(moment.seconds),
        None => moment.clone(),
    }
}
