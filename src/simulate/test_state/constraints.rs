//! Whether a request is of the shape of the API's model, in the words of AWS's front end.

use serde_json::Value;

use super::StateRefusal;
use crate::aws::integration::{Call, Style};
use crate::aws::service_model::{Bounds, Kind, Member, Type};

/// Refuses a request whose members are too short or too long, or none of those that there are.
pub(super) fn check(request: &Value) -> Result<(), StateRefusal> {
    let Some(shape) = Call::named(Style::Sdk, "sfn", "testState").and_then(|call| call.parameters()) else {
        return Ok(());
    };
    let mut problems = Vec::new();
    structure("", shape, request, &mut problems);
    match problems.len() {
        0 => Ok(()),
        1 => Err(StateRefusal::Validation(format!("1 validation error detected: {}", problems[0]))),
        count => Err(StateRefusal::Validation(format!("{count} validation errors detected: {}", problems.join("; ")))),
    }
}

fn structure(path: &str, of: Type, value: &Value, problems: &mut Vec<String>) {
    let Kind::Structure(members) = of.kind() else { return };
    for member in members {
        let path = format!("{path}{}", written(&member));
        match value.get(written(&member)) {
            None | Some(Value::Null) if member.required => {
                problems.push(format!("Value null at '{path}' failed to satisfy constraint: Member must not be null"));
            }
            None | Some(Value::Null) => {}
            Some(value) => member_value(&path, member.of, value, problems),
        }
    }
}

/// The API's own spelling, which begins with a small letter.
fn written(member: &Member) -> String {
    let mut name = member.native.clone().into_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    name
}

fn member_value(path: &str, of: Type, value: &Value, problems: &mut Vec<String>) {
    // Definitions, data and names of states are sensitive, and not repeated.
    let shown = match value {
        Value::String(text) if path == "roleArn" || matches!(of.kind(), Kind::Enum(_)) => format!("Value '{text}' at"),
        Value::Number(number) => format!("Value '{number}' at"),
        _ => "Value at".to_owned(),
    };
    let mut wrong = |constraint: String| {
        problems.push(format!("{shown} '{path}' failed to satisfy constraint: Member must {constraint}"));
    };
    let Bounds { least, most } = of.bounds();
    match (of.kind(), value) {
        (Kind::Enum(known), value) => {
            if !value.as_str().is_some_and(|text| known.contains(&text)) {
                wrong(format!("satisfy enum value set: [{}]", known.join(", ")));
            }
        }
        (Kind::Text, Value::String(text)) => {
            let length = text.chars().count() as f64;
            if let Some(least) = least.filter(|least| length < *least) {
                wrong(format!("have length greater than or equal to {least}"));
            }
            if let Some(most) = most.filter(|most| length > *most) {
                wrong(format!("have length less than or equal to {most}"));
            }
        }
        (Kind::Integer, Value::Number(number)) => {
            let number = number.as_f64().unwrap_or_default();
            if let Some(least) = least.filter(|least| number < *least) {
                wrong(format!("have value greater than or equal to {least}"));
            }
        }
        (Kind::Structure(_), Value::Object(_)) => structure(&format!("{path}."), of, value, problems),
        (Kind::Boolean, Value::Bool(_)) => {}
        (kind, _) => wrong(format!("be {}", described(&kind))),
    }
}

fn described(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text => "a string",
        Kind::Integer => "a number",
        Kind::Boolean => "a boolean",
        _ => "an object",
    }
}
