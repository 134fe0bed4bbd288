//! The answers of `aws-sdk:` calls in the words of the SDK: `Md5OfMessageBody`, where SQS has `MD5OfMessageBody`.

use serde_json::{Map, Value};

use super::ServiceCall;
use crate::aws::integration::Style;
use crate::aws::service_model::{Member, Type};
use crate::simulate::Timestamp;

/// A model may contain itself: values nested deeper than this stay as they are.
const MAX_DEPTH: usize = 64;

/// An answer as Step Functions spells it: its members by the model of the service, and times as texts. Answers of optimized integrations are
/// in the service's own words already.
pub(super) fn spoken(answer: Value, call: &ServiceCall<'_>) -> Value {
    let of_sdk = call.resource.integration().filter(|integration| integration.style() == Style::Sdk);
    let shape = of_sdk.and_then(|integration| integration.call()?.answer());
    match shape {
        Some(shape) => respelled(answer, shape.of, call.now, MAX_DEPTH),
        None => answer,
    }
}

fn respelled(value: Value, of: Type, now: Timestamp, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return value };
    match value {
        Value::Object(entries) => match of.map_value() {
            Some(of) => entries.into_iter().map(|(key, value)| (key, respelled(value, of, now, depth))).collect(),
            None => structure(entries, of, now, depth).into(),
        },
        Value::Array(values) => match of.list_value() {
            Some(of) => values.into_iter().map(|value| respelled(value, of, now, depth)).collect(),
            None => values.into(),
        },
        // The engine of the tables counts seconds by the machine's own clock; here time is virtual.
        Value::Number(_) if of.is_time() => now.to_string().into(),
        value => value,
    }
}

fn structure(mut fields: Map<String, Value>, of: Type, now: Timestamp, depth: usize) -> Map<String, Value> {
    let members: Vec<Option<Member>> = fields.keys().map(|name| of.member(name)).collect();
    for (value, member) in fields.values_mut().zip(&members) {
        if let Some(member) = member {
            *value = respelled(value.take(), member.of, now, depth);
        }
    }
    let same = |(name, member): (&String, &Option<Member>)| member.as_ref().is_none_or(|member| member.name == *name);
    if fields.keys().zip(&members).all(same) {
        return fields;
    }
    let spelled = |((name, value), member): ((String, Value), Option<Member>)| {
        (member.map_or(name, |member| member.name.into_owned()), value)
    };
    fields.into_iter().zip(members).map(spelled).collect()
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
                json!({"Table": {"CreationDateTime": "1970-01-01T00:00:00.000Z"}}),
            ),
            ("sqs:sendMessage", json!({"Other": 1}), json!({"Other": 1})),
        ] {
            assert_eq!(respelled(answer, shape(call), Timestamp::default(), MAX_DEPTH), expected, "{call}");
        }
    }
}
