//! What goes wrong now and then. The rules are held against the stack with all of them selected.

use serde_json::{Value, json};

use super::calls::parameters;
use super::operator::{On, Operator};
use super::stack::{with, without};

pub(crate) const OPERATORS: &[Operator] = &[
    Operator {
        name: "no Retry",
        why: "a brief service fault ends the execution",
        on: On::State(|state, _| without(state, "Retry").into_iter().collect()),
    },
    Operator {
        name: "a Retry without throttling errors",
        why: "executions fail under load",
        on: On::State(|state, _| {
            let dynamodb =
                state.get("Resource").and_then(Value::as_str).is_some_and(|resource| resource.contains("dynamodb"));
            let retry = json!([{"ErrorEquals": ["DynamoDB.InternalServerError"]}]);
            (dynamodb && state.contains_key("Retry")).then(|| with(state, "Retry", retry)).into_iter().collect()
        }),
    },
    Operator {
        name: "an unconditional write after a query",
        why: "concurrent executions overwrite each other's work",
        on: On::State(|state, _| {
            let put =
                state.get("Resource").and_then(Value::as_str).is_some_and(|resource| resource.ends_with("putItem"));
            let edited = parameters(state, |fields, _| without(fields, "ConditionExpression").filter(|_| put));
            edited.into_iter().collect()
        }),
    },
    Operator {
        name: "an unconditional counter update",
        why: "an event that is delivered twice counts twice",
        on: On::State(|state, _| {
            let edited = parameters(state, |fields, _| {
                let update = format!("{} ADD versions :one", fields.get("UpdateExpression")?.as_str()?);
                let unconditional =
                    without(with(fields, "UpdateExpression", json!(update)).as_object()?, "ConditionExpression")?;
                let values = fields.get("ExpressionAttributeValues")?.as_object()?;
                Some(with(
                    unconditional.as_object()?,
                    "ExpressionAttributeValues",
                    with(values, ":one", json!({"N": "1"})),
                ))
            });
            edited.into_iter().collect()
        }),
    },
    Operator {
        name: "no dead-letter queue",
        why: "EventBridge drops undeliverable events after a day",
        on: On::Template(|_, value| {
            value.as_object().and_then(|fields| without(fields, "DeadLetterConfig")).into_iter().collect()
        }),
    },
    Operator {
        name: "an Express workflow without logs",
        why: "a failure leaves no trace",
        on: On::Template(|_, value| {
            let express = value.as_object().filter(|fields| fields.get("Type") == Some(&json!("EXPRESS")));
            express.and_then(|fields| without(fields, "Logging")).into_iter().collect()
        }),
    },
];
