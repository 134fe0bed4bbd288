use serde_json::{Map, Value, json};

use super::flow::Flow;
use super::{ExecutionOptions, Timestamp};
use crate::asl::program::State;

/// What is in every [context object](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html)
/// of an execution.
#[derive(Debug)]
pub(super) struct ContextBase {
    execution: Value,
    state_machine: Value,
}

impl ContextBase {
    pub(super) fn new(options: &ExecutionOptions, input: &Value) -> Self {
        let identity = &options.identity;
        Self {
            execution: execution(
                &identity.execution_arn,
                input,
                options.start_time,
                &identity.execution_name,
                &identity.role_arn,
            ),
            state_machine: json!({"Id": identity.state_machine_arn, "Name": identity.state_machine_name}),
        }
    }

    /// The context object of a state.
    pub(super) fn object(&self, options: &ExecutionOptions, flow: &Flow, state: &State) -> Value {
        let mut context = Map::new();
        let execution = match &flow.child {
            None => self.execution.clone(),
            Some(child) => {
                let role = &options.identity.role_arn;
                execution(&child.execution_arn, &child.input, child.started, &child.execution_name, role)
            }
        };
        context.insert("Execution".to_owned(), execution);
        context.insert("StateMachine".to_owned(), self.state_machine.clone());
        let mut about = Map::new();
        about.insert("Name".to_owned(), state.name.as_str().into());
        about.insert("EnteredTime".to_owned(), flow.entered_at.to_string().into());
        if !flow.retries.is_empty() {
            about.insert("RetryCount".to_owned(), flow.attempt().into());
        }
        context.insert("State".to_owned(), Value::Object(about));
        if let Some(token) = &flow.token {
            context.insert("Task".to_owned(), json!({"Token": token}));
        }
        if let Some(item) = &flow.item {
            context.insert("Map".to_owned(), json!({"Item": item_object(item)}));
        }
        Value::Object(context)
    }
}

/// `$$.Map.Item`.
pub(super) fn item_object(item: &super::flow::Item) -> Value {
    let mut object = Map::new();
    object.insert("Index".to_owned(), item.index.into());
    object.extend(item.key.as_ref().map(|key| ("Key".to_owned(), Value::from(key.as_str()))));
    object.insert("Value".to_owned(), item.value.clone());
    object.extend(item.source.as_ref().map(|source| ("Source".to_owned(), Value::from(source.as_str()))));
    Value::Object(object)
}

fn execution(arn: &str, input: &Value, started: Timestamp, name: &str, role: &str) -> Value {
    json!({
        "Id": arn, "Input": input, "StartTime": started.to_string(), "Name": name, "RoleArn": role, "RedriveCount": 0
    })
}
