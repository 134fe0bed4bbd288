//! Faults of service calls: AWS refuses the definition, or the service each call.

use serde_json::{Map, Value, json};

use super::operator::{On, Operator};
use super::stack::{changed, misspelt, renamed, with, without};

/// A state with its resource edited.
fn resource(state: &Map<String, Value>, edit: impl Fn(&str) -> Option<String>) -> Vec<Value> {
    let resource = state.get("Resource").and_then(Value::as_str);
    resource.and_then(edit).map(|edited| with(state, "Resource", json!(edited))).into_iter().collect()
}

/// A state with the parameters of its call edited.
pub(crate) fn parameters(
    state: &Map<String, Value>,
    edit: impl Fn(&Map<String, Value>, &str) -> Option<Value>,
) -> Option<Value> {
    let field = ["Parameters", "Arguments"].into_iter().find(|field| state.contains_key(*field))?;
    let resource = state.get("Resource")?.as_str()?;
    Some(with(state, field, edit(state[field].as_object()?, resource)?))
}

fn edited(state: &Map<String, Value>, edit: impl Fn(&Map<String, Value>, &str) -> Option<Value>) -> Vec<Value> {
    parameters(state, edit).into_iter().collect()
}

fn rename(state: &Map<String, Value>, name: &str) -> Vec<Value> {
    edited(state, |parameters, _| renamed(parameters, name, &misspelt(name)))
}

/// The part of a resource behind `:::`.
fn target(resource: &str) -> Option<(&str, &str)> {
    let at = resource.rfind(':')? + 1;
    Some(resource.split_at(at))
}

pub(crate) const OPERATORS: &[Operator] = &[
    Operator {
        name: "a capitalized action",
        why: "actions are written in camel case",
        on: On::State(|state, _| {
            resource(state, |text| {
                let (head, action) = target(text)?;
                Some(format!("{head}{}{}", action[..1].to_uppercase(), &action[1..]))
            })
        }),
    },
    Operator {
        name: "a lower-case action",
        why: "actions are written in camel case",
        on: On::State(|state, _| {
            resource(state, |text| {
                let (head, action) = target(text)?;
                Some(format!("{head}{}", action.to_lowercase())).filter(|other| other != text)
            })
        }),
    },
    Operator {
        name: "misspell the action",
        why: "the action does not exist",
        on: On::State(|state, _| {
            resource(state, |text| target(text).map(|(head, action)| format!("{head}{}", misspelt(action))))
        }),
    },
    Operator {
        name: "misspell the service",
        why: "the service does not exist",
        on: On::State(|state, _| {
            resource(state, |text| {
                let service = ["dynamodb", "sqs", "sns"].into_iter().find(|name| text.contains(*name))?;
                Some(text.replace(service, &misspelt(service)))
            })
        }),
    },
    Operator {
        name: "an SDK action as an optimized integration",
        why: "`query` is not an optimized integration",
        on: On::State(|state, _| {
            resource(state, |text| text.contains("aws-sdk:dynamodb:query").then(|| text.replace("aws-sdk:", "")))
        }),
    },
    Operator {
        name: "the action of another service",
        why: "DynamoDB has no such action",
        on: On::State(|state, _| {
            resource(state, |text| {
                target(text).filter(|_| text.contains("dynamodb")).map(|(head, _)| format!("{head}sendMessage"))
            })
        }),
    },
    Operator {
        name: "`.sync` for an action that is not a job",
        why: "DynamoDB's actions do not support `.sync`",
        on: On::State(|state, _| resource(state, |text| text.contains("dynamodb").then(|| format!("{text}.sync")))),
    },
    Operator {
        name: "drop TableName",
        why: "it is required",
        on: On::State(|state, _| edited(state, |p, _| without(p, "TableName"))),
    },
    Operator {
        name: "drop Key",
        why: "it is required",
        on: On::State(|state, _| edited(state, |p, _| without(p, "Key"))),
    },
    Operator {
        name: "drop Item",
        why: "it is required",
        on: On::State(|state, _| edited(state, |p, _| without(p, "Item"))),
    },
    Operator {
        name: "drop QueueUrl",
        why: "it is required",
        on: On::State(|state, _| edited(state, |p, _| without(p, "QueueUrl"))),
    },
    Operator {
        name: "drop MessageBody",
        why: "it is required",
        on: On::State(|state, _| {
            edited(state, |p, _| without(p, "MessageBody").or_else(|| without(p, "MessageBody.$")))
        }),
    },
    Operator {
        name: "drop all parameters",
        why: "some are required",
        on: On::State(|state, _| {
            without(state, "Parameters").or_else(|| without(state, "Arguments")).into_iter().collect()
        }),
    },
    Operator {
        name: "misspell TableName",
        why: "the parameter does not exist",
        on: On::State(|state, _| rename(state, "TableName")),
    },
    Operator {
        name: "misspell Key",
        why: "the parameter does not exist",
        on: On::State(|state, _| rename(state, "Key")),
    },
    Operator {
        name: "misspell Item",
        why: "the parameter does not exist",
        on: On::State(|state, _| rename(state, "Item")),
    },
    Operator {
        name: "misspell Limit",
        why: "the parameter does not exist",
        on: On::State(|state, _| rename(state, "Limit")),
    },
    Operator {
        name: "misspell Select",
        why: "the parameter does not exist",
        on: On::State(|state, _| rename(state, "Select")),
    },
    Operator {
        name: "misspell UpdateExpression",
        why: "the parameter does not exist",
        on: On::State(|state, _| rename(state, "UpdateExpression")),
    },
    Operator {
        name: "misspell ConditionExpression",
        why: "the parameter does not exist",
        on: On::State(|state, _| rename(state, "ConditionExpression")),
    },
    Operator {
        name: "misspell KeyConditionExpression",
        why: "the parameter does not exist",
        on: On::State(|state, _| rename(state, "KeyConditionExpression")),
    },
    Operator {
        name: "misspell ExpressionAttributeValues",
        why: "the parameter does not exist",
        on: On::State(|state, _| rename(state, "ExpressionAttributeValues")),
    },
    Operator {
        name: "misspell ExpressionAttributeNames",
        why: "the parameter does not exist",
        on: On::State(|state, _| rename(state, "ExpressionAttributeNames")),
    },
    Operator {
        name: "misspell QueueUrl",
        why: "the parameter does not exist",
        on: On::State(|state, _| rename(state, "QueueUrl")),
    },
    Operator {
        name: "a parameter of another action",
        why: "neither a query nor a write has the parameter RequestItems",
        on: On::State(|state, _| {
            edited(state, |p, resource| resource.contains("dynamodb").then(|| with(p, "RequestItems", json!({}))))
        }),
    },
    Operator {
        name: "a list instead of a string",
        why: "a table has one name, and only `aws-sdk:` calls convert a list to a string",
        on: On::State(|state, _| {
            edited(state, |p, resource| {
                (!resource.contains("aws-sdk")).then(|| changed(p, "TableName", json!(["Files"]))).flatten()
            })
        }),
    },
    Operator {
        name: "a string instead of an object",
        why: "`Key` is an object",
        on: On::State(|state, _| edited(state, |p, _| changed(p, "Key", json!("x")))),
    },
    Operator {
        name: "a list instead of an expression",
        why: "an expression is a string",
        on: On::State(|state, _| edited(state, |p, _| changed(p, "UpdateExpression", json!(["SET a = :a"])))),
    },
    Operator {
        name: "an unknown value of `Select`",
        why: "`Select` accepts only certain values",
        on: On::State(|state, _| edited(state, |p, _| changed(p, "Select", json!("COUNTS")))),
    },
    Operator {
        name: "an unknown value of ReturnValues",
        why: "only certain values are accepted",
        on: On::State(|state, _| {
            edited(state, |p, r| r.ends_with("Item").then(|| with(p, "ReturnValues", json!("ALL_NEWS"))))
        }),
    },
];
