//! The answers of `aws-sdk:` calls in the words of the SDK: `Md5OfMessageBody`, where SQS has `MD5OfMessageBody`.

use serde_json::Value;

use super::ServiceCall;
use crate::aws::integration::Style;
use crate::aws::service_model::{Kind, Type};

/// A model may contain itself: values nested deeper than this stay as they are.
const MAX_DEPTH: usize = 64;

/// An answer as Step Functions spells it: its members by the model of the service, and times as texts. Answers of optimized integrations are
/// in the service's own words already.
pub(super) fn spoken(answer: Value, call: &ServiceCall<'_>) -> Value {
    let of_sdk = call.resource.integration().filter(|integration| integration.style() == Style::Sdk);
    let shape = of_sdk.and_then(|integration| integration.call()?.answer());
    match shape {
        Some(shape) => respelled(answer, shape.of, &call.now.to_string(), MAX_DEPTH),
        None => answer,
    }
}

fn respelled(value: Value, of: Type, now: &str, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return value };
    match (of.kind(), value) {
        (Kind::Structure(members) | Kind::Union(members), Value::Object(fields)) => {
            let fields = fields.into_iter().map(|(name, value)| {
                match members.iter().find(|member| member.native == name || member.name == name) {
                    Some(member) => (member.name.clone().into_owned(), respelled(value, member.of, now, depth)),
                    None => (name, value),
                }
            });
            fields.collect()
        }
        (Kind::List(element), Value::Array(values)) => {
            values.into_iter().map(|value| respelled(value, element, now, depth)).collect()
        }
        (Kind::Map(of), Value::Object(entries)) => {
            entries.into_iter().map(|(key, value)| (key, respelled(value, of, now, depth))).collect()
        }
        // The engine of the tables counts seconds by the machine's own clock; here time is virtual.
        (Kind::Time, Value::Number(_)) => now.into(),
        (_, value) => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::aws::integration::Call;

    #[test]
    fn members_are_spelled_as_the_sdk_does_and_keys_of_maps_are_not() {
        let shape =
            |arn: &str| Call::find(&format!("arn:aws:states:::aws-sdk:{arn}")).unwrap().unwrap().answer().unwrap().of;
        for (call, answer, expected) in [
            (
                "sqs:sendMessage",
                json!({"MD5OfMessageBody": "a", "MessageId": "b"}),
                json!({"Md5OfMessageBody": "a", "MessageId": "b"}),
            ),
            (
                "sqs:receiveMessage",
                json!({"Messages": [{"MD5OfBody": "a"}]}),
                json!({"Messages": [{"Md5OfBody": "a"}]}),
            ),
            ("s3:putObject", json!({"ETag": "a", "ChecksumCRC32": "b"}), json!({"ETag": "a", "ChecksumCRC32": "b"})),
            ("dynamodb:getItem", json!({"Item": {"BOOL": {"Bool": true}}}), json!({"Item": {"BOOL": {"Bool": true}}})),
            (
                "dynamodb:describeTable",
                json!({"Table": {"CreationDateTime": 5.0}}),
                json!({"Table": {"CreationDateTime": "now"}}),
            ),
            ("sqs:sendMessage", json!({"Other": 1}), json!({"Other": 1})),
        ] {
            assert_eq!(respelled(answer, shape(call), "now", MAX_DEPTH), expected, "{call}");
        }
    }
}
