//! What Step Functions itself checks of a call, by the model of the service, before the service hears of it. (DynamoDB's calls are checked
//! more closely: [`super::dynamodb`].)

use serde_json::Value;

use super::answer::refused_parameters;
use super::{Caller, ServiceCall, TaskError};
use crate::aws::integration::Style;
use crate::aws::service_model::{Kind, Type};

/// The members of optimized integrations that take JSON of any kind.
const BODIES: [&str; 3] = ["Input", "Message", "MessageBody"];

/// Refuses a task's call with fields that the operation does not have, or with fields of another type.
pub(super) fn check(call: &ServiceCall<'_>) -> Result<(), TaskError> {
    let Some(integration) = call.resource.integration().filter(|_| call.caller == Caller::Task) else { return Ok(()) };
    let is_body = |name: &str| integration.style() == Style::Optimized && BODIES.contains(&name);
    let model = integration.call().and_then(|call| call.parameters());
    let (Some(Kind::Structure(members)), Some(given)) = (model.map(Type::kind), call.arguments.as_object()) else {
        return Ok(());
    };
    let fault = |(name, value): (&String, &Value)| match members.iter().find(|member| member.name == *name) {
        None => Some(format!("The field \"{name}\" is not supported by Step Functions")),
        Some(_) if is_body(name) => None,
        Some(member) => {
            wanted(member.of, value).map(|kind| format!("The value for the field '{name}' must be a {kind}"))
        }
    };
    let faults: Vec<String> = given.iter().filter_map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(refused_parameters(call.arguments, &faults)) }
}

/// The type that a value should have, where it has another. An object or a list for a text is sent as JSON.
fn wanted(of: Type, value: &Value) -> Option<&'static str> {
    match (of.kind(), value) {
        (_, Value::Null) => None,
        (Kind::Text | Kind::Enum(_), Value::Number(_) | Value::Bool(_)) => Some("STRING"),
        (Kind::Boolean, value) if !value.is_boolean() => Some("BOOLEAN"),
        (Kind::Integer | Kind::Number, value) if !value.is_number() => Some("NUMBER"),
        _ => None,
    }
}
