use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use serde_json::{Map, Value, json};

use crate::aws::pipes::{FieldKind, PipeSource};
use crate::simulate::Timestamp;
use crate::simulate::s3_events::Origin;
use crate::simulate::services::Ids;

/// Makes whole records of what a scenario says of them.
pub struct RecordMaker<'a> {
    /// The kind of source; where it is not known, records are what is said.
    pub source: Option<&'static PipeSource>,
    /// The source's ARN.
    pub arn: &'a str,
    /// When the records come.
    pub now: Timestamp,
    /// Where new ids come from.
    pub ids: &'a mut Ids,
}

/// What says which record failed.
pub fn identifier<'r>(source: Option<&PipeSource>, record: &'r Value) -> Option<&'r str> {
    record.get(source?.identifier?)?.as_str()
}

impl RecordMaker<'_> {
    /// The whole record: what is not said of it is filled in. What is no mapping is the payload alone.
    ///
    /// # Errors
    /// The source has no such field, or no payload.
    pub fn whole(&mut self, said: &Value, number: usize) -> Result<Value, String> {
        let Some(source) = self.source else {
            return match said.is_object() {
                true => Ok(said.clone()),
                false => {
                    Err("the pipe's source is not known here, so a record has to be a whole one: a mapping".to_owned())
                }
            };
        };
        let empty = Map::new();
        let (fields, alone) = match (said, source.payload()) {
            (Value::Object(fields), _) => (fields, None),
            (payload, Some(_)) => (&empty, Some(payload)),
            (_, None) => return Err(format!("a record of a {} is a mapping: {}", source.name, known(source))),
        };
        if let Some(name) = fields.keys().find(|name| !source.fields.iter().any(|(known, _)| known == *name)) {
            return Err(format!("a record of a {} has no `{name}`: it has {}", source.name, known(source)));
        }
        // A record that was copied from AWS says where it is from, and has its payload as AWS writes it.
        let copied = fields.contains_key("eventSource");
        let mut record = Map::new();
        for (name, kind) in source.fields {
            let given = fields.get(*name).or(alone.filter(|_| kind.is_payload()));
            if let Some(value) = self.field(*kind, given, copied, number, &record) {
                record.insert((*name).to_owned(), value);
            }
        }
        Ok(filled(record))
    }

    fn field(
        &mut self,
        kind: FieldKind,
        given: Option<&Value>,
        copied: bool,
        number: usize,
        before: &Map<String, Value>,
    ) -> Option<Value> {
        match (kind, given) {
            (FieldKind::Text, given) => return Some(text(given.unwrap_or(&Value::Null)).into()),
            (FieldKind::Base64, Some(Value::String(given))) if copied => return Some(given.as_str().into()),
            (FieldKind::Base64, given) => {
                return Some(STANDARD.encode(text(given.unwrap_or(&Value::Null))).into());
            }
            (_, Some(given)) => return Some(given.clone()),
            _ => {}
        }
        Some(match kind {
            FieldKind::Constant(text) => text.into(),
            FieldKind::Arn => self.arn.into(),
            FieldKind::Region => Origin::default().region.into(),
            FieldKind::Id => self.ids.uuid().into(),
            FieldKind::Sequence => number.to_string().into(),
            FieldKind::Seconds => json!(self.now.millis() as f64 / 1000.0),
            FieldKind::Milliseconds => self.now.millis().into(),
            FieldKind::Digest => digest(before).into(),
            FieldKind::Object => json!({}),
            FieldKind::Optional | FieldKind::Text | FieldKind::Base64 => return None,
        })
    }
}

/// A message that nobody said more of was received once.
fn filled(mut record: Map<String, Value>) -> Value {
    if record.contains_key("receiptHandle")
        && let Some(attributes) = record.get_mut("attributes").and_then(Value::as_object_mut)
    {
        attributes.entry("ApproximateReceiveCount").or_insert_with(|| "1".into());
    }
    Value::Object(record)
}

fn digest(before: &Map<String, Value>) -> String {
    let body = before.get("body").and_then(Value::as_str).unwrap_or_default();
    Md5::digest(body.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a producer sends: a text as it is, anything else as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn known(source: &PipeSource) -> String {
    source.fields.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::pipes::PIPE_SOURCES;
    use crate::simulate::pipes::open;

    fn whole(name: &str, said: Value) -> Result<Value, String> {
        let source = PIPE_SOURCES.iter().find(|source| source.name == name);
        let mut ids = Ids::seeded(0);
        RecordMaker { source, arn: "arn:x", now: Timestamp::from_millis(1500), ids: &mut ids }.whole(&said, 7)
    }

    #[test]
    fn what_is_not_said_of_a_record_is_filled_in() {
        let message = whole("SQS queue", json!({"body": {"a": 1}})).unwrap();
        assert_eq!(message["body"], r#"{"a":1}"#);
        assert_eq!(message["md5OfBody"], "bb6cb5c68df4652941caf652a366f2d8");
        assert_eq!(message["attributes"]["ApproximateReceiveCount"], "1");
        assert_eq!(message["eventSourceARN"], "arn:x");
        assert_eq!(open(PIPE_SOURCES.first(), &message)["body"], json!({"a": 1}));
        let alone = whole("SQS queue", json!("hello")).unwrap();
        assert_eq!(alone["body"], "hello");
        let kinesis = whole("Kinesis stream", json!({"data": {"a": 1}})).unwrap();
        assert_eq!((kinesis["data"].as_str(), kinesis["sequenceNumber"].as_str()), (Some("eyJhIjoxfQ=="), Some("7")));
        assert_eq!(kinesis["approximateArrivalTimestamp"], 1.5);
    }

    #[test]
    fn a_record_that_was_copied_stays_as_it_is() {
        let copied = json!({"data": "SGk=", "eventSource": "aws:kinesis", "eventID": "shard:1"});
        let record = whole("Kinesis stream", copied).unwrap();
        assert_eq!((record["data"].as_str(), record["eventID"].as_str()), (Some("SGk="), Some("shard:1")));
    }

    #[test]
    fn what_a_source_does_not_have_is_refused() {
        let error = whole("SQS queue", json!({"boddy": 1})).unwrap_err();
        assert!(error.starts_with("a record of a SQS queue has no `boddy`: it has messageId, "), "{error}");
        let error = whole("DynamoDB stream", json!("x")).unwrap_err();
        assert!(error.starts_with("a record of a DynamoDB stream is a mapping: "), "{error}");
    }
}
