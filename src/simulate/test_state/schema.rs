//! A mocked result, held against the model of the service's answer.
//!
//! "Validation is performed only on fields defined in the AWS service API model": what the model does not name is passed over in every mode
//! ([mock validation modes](https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html#mocking-service-integrations), 2025).

use serde_json::Value;

use super::FieldValidationMode;
use crate::aws::integration::{Call, Pattern, Resource};
use crate::aws::service_model::{Bounds, Kind, Member, Type};

/// Values nest at most this deep before they are taken unread: a model may contain itself.
const MAX_DEPTH: usize = 64;

/// Holds a mocked result against the shape of the call's answer. A callback may send anything, and of some integrations no model says
/// what they answer.
pub(super) fn check(resource: &Resource, result: &Value, mode: FieldValidationMode) -> Result<(), String> {
    if mode == FieldValidationMode::None || resource.pattern() == Pattern::WaitForTaskToken {
        return Ok(());
    }
    let Ok(Some(call)) = Call::find(resource.arn()) else { return Ok(()) };
    let Some(answer) = call.answer() else { return Ok(()) };
    // The output of an execution that was waited for is text, as in DescribeExecution, although the task's own result has JSON there
    // (https://github.com/boto/boto3/issues/4683).
    let json = if resource.pattern() == Pattern::Sync2 { &[] } else { answer.json };
    let shape = Shape { strict: mode == FieldValidationMode::Strict, json };
    let checked = match result {
        Value::Object(_) => shape.value("", answer.of, result, MAX_DEPTH),
        _ => Err("Mock result must be an object".to_owned()),
    };
    checked.map_err(|problem| format!("Mock result schema validation error: {problem}"))
}

/// How closely values are looked at.
struct Shape {
    /// Whether what has to be there is missed.
    strict: bool,
    /// The members that hold any JSON.
    json: &'static [&'static str],
}

impl Shape {
    fn value(&self, name: &str, of: Type, value: &Value, depth: usize) -> Result<(), String> {
        let Some(depth) = depth.checked_sub(1) else { return Ok(()) };
        let wrong = |what: &str| Err(format!("Field '{name}' {what}"));
        match (of.kind(), value) {
            (Kind::Document, _) => Ok(()),
            (Kind::Enum(known), Value::String(text)) => {
                if known.contains(&text.as_str()) {
                    Ok(())
                } else {
                    wrong("is not an expected value")
                }
            }
            (Kind::Text | Kind::Time | Kind::Bytes, Value::String(text)) => {
                let length = text.chars().count() as f64;
                match outside(of.bounds(), length) {
                    None => Ok(()),
                    Some(Outside::Below) => wrong("is smaller than the minimum length"),
                    Some(Outside::Above) => wrong("exceeds the maximum length"),
                }
            }
            (Kind::Integer | Kind::Number, Value::Number(number)) => {
                match number.as_f64().and_then(|number| outside(of.bounds(), number)) {
                    None => Ok(()),
                    Some(Outside::Below) => wrong("is less than the minimum value"),
                    Some(Outside::Above) => wrong("exceeds the maximum value"),
                }
            }
            (Kind::Boolean, Value::Bool(_)) => Ok(()),
            (Kind::List(element), Value::Array(values)) => {
                match outside(of.bounds(), values.len() as f64) {
                    None => {}
                    Some(Outside::Below) => return wrong("is smaller than the minimum length"),
                    Some(Outside::Above) => return wrong("exceeds the maximum length"),
                }
                values.iter().try_for_each(|value| self.value(name, element, value, depth))
            }
            (Kind::Map(of), Value::Object(entries)) => {
                entries.iter().try_for_each(|(key, value)| self.value(key, of, value, depth))
            }
            (Kind::Structure(members) | Kind::Union(members), Value::Object(entries)) => {
                members.iter().try_for_each(|member| self.member(member, entries.get(member.name.as_ref()), depth))
            }
            (Kind::Enum(_) | Kind::Text | Kind::Time | Kind::Bytes, _) => wrong("must be a string"),
            (Kind::Integer | Kind::Number, _) => wrong("must be a number"),
            (Kind::Boolean, _) => wrong("must be a boolean"),
            (Kind::List(_), _) => wrong("must be an array"),
            (Kind::Map(_) | Kind::Structure(_) | Kind::Union(_), _) => wrong("must be an object"),
        }
    }

    fn member(&self, member: &Member, value: Option<&Value>, depth: usize) -> Result<(), String> {
        match value {
            None if self.strict && member.required => Err(format!("Required field '{}' is missing", member.name)),
            None | Some(Value::Null) => Ok(()),
            Some(_) if self.json.contains(&member.name.as_ref()) => Ok(()),
            Some(value) => self.value(&member.name, member.of, value, depth),
        }
    }
}

/// On which side of its bounds a size is.
#[derive(Clone, Copy)]
enum Outside {
    Below,
    Above,
}

fn outside(bounds: Bounds, size: f64) -> Option<Outside> {
    match bounds {
        Bounds { least: Some(least), .. } if size < least => Some(Outside::Below),
        Bounds { most: Some(most), .. } if size > most => Some(Outside::Above),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(resource: &str, result: &Value, mode: FieldValidationMode) -> String {
        let resource = format!("arn:aws:states:::{resource}").parse().unwrap();
        let problem = check(&resource, result, mode).err().unwrap_or_default();
        problem.replace("Mock result schema validation error: ", "")
    }

    #[test]
    fn each_type_of_the_model_is_demanded() {
        use FieldValidationMode::{Present, Strict};
        for (resource, result, expected) in [
            ("dynamodb:getItem", json!({"Item": {"id": {"S": 1}}}), "Field 'S' must be a string"),
            ("dynamodb:getItem", json!({"Item": {"id": {"BOOL": "true"}}}), "Field 'BOOL' must be a boolean"),
            ("dynamodb:updateItem", json!({"Attributes": []}), "Field 'Attributes' must be an object"),
            ("aws-sdk:dynamodb:query", json!({"Items": {}}), "Field 'Items' must be an array"),
            ("aws-sdk:dynamodb:getItem", json!({"Item": {"id": {"Bool": 1}}}), "Field 'Bool' must be a boolean"),
            ("aws-sdk:s3:headObject", json!({"DeleteMarker": "no"}), "Field 'DeleteMarker' must be a boolean"),
            ("aws-sdk:s3:getObject", json!({"LastModified": 1}), "Field 'LastModified' must be a string"),
            ("aws-sdk:lambda:invoke", json!({"Payload": {"a": 1}}), "Field 'Payload' must be a string"),
            ("lambda:invoke", json!({"Payload": {"a": 1}}), ""),
            (
                "lambda:invoke",
                json!({"ExecutedVersion": ""}),
                "Field 'ExecutedVersion' is smaller than the minimum length",
            ),
            ("aws-sdk:kms:encrypt", json!({"KeyId": "k".repeat(2_049)}), "Field 'KeyId' exceeds the maximum length"),
            ("sqs:sendMessage", json!({"MessageId": 1}), "Field 'MessageId' must be a string"),
            ("sns:publish", json!({"MessageId": true}), "Field 'MessageId' must be a string"),
            ("events:putEvents", json!({"FailedEntryCount": "0"}), "Field 'FailedEntryCount' must be a number"),
            ("events:putEvents", json!({"Entries": ["x"]}), "Field 'Entries' must be an object"),
            ("http:invoke", json!("anything"), ""),
            ("apigateway:invoke", json!([1]), ""),
        ] {
            for mode in [Strict, Present] {
                assert_eq!(said(resource, &result, mode), expected, "{resource} {result}");
            }
            assert_eq!(said(resource, &result, FieldValidationMode::None), "");
        }
    }

    #[test]
    fn what_has_to_be_there_is_missed_by_strict_alone() {
        let result = json!({"ExecutionArn": "arn:aws:states:us-east-1:123456789012:execution:a:b"});
        let missing = said("states:startExecution", &result, FieldValidationMode::Strict);
        assert_eq!(missing, "Required field 'StartDate' is missing");
        assert_eq!(said("states:startExecution", &result, FieldValidationMode::Present), "");
    }

    #[test]
    fn a_job_is_held_against_what_its_polling_answers() {
        let result = json!({"ExecutionArn": "a", "StartDate": "2026-01-01T00:00:00Z"});
        let missing = said("states:startExecution.sync:2", &result, FieldValidationMode::Strict);
        assert_eq!(missing, "Required field 'StateMachineArn' is missing");
        for output in [json!({"a": 1}), json!(1)] {
            let said = said("states:startExecution.sync:2", &json!({"Output": output}), FieldValidationMode::Present);
            assert_eq!(said, "Field 'Output' must be a string");
        }
        let wrong = json!({"Status": "DONE"});
        let said = said("states:startExecution.sync", &wrong, FieldValidationMode::Present);
        assert_eq!(said, "Field 'Status' is not an expected value");
    }

    #[test]
    fn a_callback_may_say_anything() {
        for mode in [FieldValidationMode::Strict, FieldValidationMode::Present] {
            assert_eq!(said("sqs:sendMessage.waitForTaskToken", &json!([1]), mode), "");
        }
    }
}
