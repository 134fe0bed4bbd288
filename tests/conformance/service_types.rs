//! The answers of services, as executions recorded them, against the types that the service models say they have.

use bucketbook::aws::integration::{Answer, Call};
use bucketbook::aws::service_model::{Kind, Type};
use serde::Deserialize;
use serde_json::Value;

use crate::corpus::rows;
use crate::table::Table;

#[derive(Deserialize)]
struct Row {
    id: String,
    #[serde(default)]
    task_events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    resource_type: Option<String>,
    resource: Option<String>,
    output: Option<Value>,
}

/// Every member of a recorded answer is known by the name that Step Functions gave it, and of the type that is recorded.
pub(crate) fn answers(text: &str) -> Result<Table, String> {
    let mut table = Table::default();
    for row in rows::<Row>(text)? {
        for event in &row.task_events {
            let (Some(service), Some(action), Some(output)) = (&event.resource_type, &event.resource, &event.output)
            else {
                continue;
            };
            let call = Call::find(&format!("arn:aws:states:::{service}:{action}"));
            let wrong = match &call {
                Err(fault) => Some(fault.to_string()),
                // A function or an activity.
                Ok(None) => continue,
                Ok(Some(call)) => call.answer().and_then(|answer| unknown_member(&answer, output)),
            };
            table.count(service, "answer", &row.id, wrong);
        }
    }
    Ok(table)
}

/// The first member that is not known, or is not of its type.
fn unknown_member(answer: &Answer, output: &Value) -> Option<String> {
    let parsed = output.as_str().and_then(|text| serde_json::from_str(text).ok());
    let Value::Object(members) = parsed.as_ref().unwrap_or(output) else { return None };
    members.iter().find_map(|(name, value)| {
        if answer.metadata.contains(&name.as_str()) || answer.json.contains(&name.as_str()) {
            return None;
        }
        match answer.of.member(name).filter(|member| member.name == *name) {
            Some(member) => misfit(member.of, value, name),
            None => Some(format!("there is no member {name}")),
        }
    })
}

fn misfit(of: Type, value: &Value, path: &str) -> Option<String> {
    let fits = match (of.kind(), value) {
        (Kind::Structure(members) | Kind::Union(members), Value::Object(entries)) => {
            return entries.iter().find_map(|(name, value)| {
                let path = format!("{path}/{name}");
                match members.iter().find(|member| member.name == *name) {
                    Some(member) => misfit(member.of, value, &path),
                    None => Some(format!("there is no member {path}")),
                }
            });
        }
        (Kind::List(of), Value::Array(items)) => return items.iter().find_map(|item| misfit(of, item, path)),
        (Kind::Map(of), Value::Object(entries)) => return entries.values().find_map(|value| misfit(of, value, path)),
        (Kind::Structure(_) | Kind::Union(_) | Kind::List(_) | Kind::Map(_), _) => false,
        (Kind::Integer | Kind::Number, value) => value.is_number(),
        (Kind::Boolean, value) => value.is_boolean(),
        (Kind::Text | Kind::Enum(_), value) => value.is_string(),
        (Kind::Time, value) => value.is_string() || value.is_number(),
        (Kind::Bytes | Kind::Document, _) => true,
    };
    (!fits).then(|| format!("{path} is {value}, and {:?} was expected", of.kind()))
}
