use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::aws::pipes::{FieldKind, PipeSource};

/// A record as filters and input templates see it: a payload that is JSON
/// [is read](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html), and one in Base64 is decoded.
pub fn open(source: Option<&PipeSource>, record: &Value) -> Value {
    let mut opened = record.clone();
    let Some((field, kind)) = source.and_then(PipeSource::payload) else { return opened };
    if let Some(payload) = opened.get_mut(field)
        && let Some(text) = payload.as_str()
    {
        *payload = read(text, kind);
    }
    opened
}

fn read(text: &str, kind: FieldKind) -> Value {
    let decoded = match kind {
        FieldKind::Base64 => STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok()),
        _ => None,
    };
    let text = decoded.as_deref().unwrap_or(text);
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}
