use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::flow::Flow;
use super::{ExecutionOptions, Timestamp};
use crate::asl::program::State;
use crate::aws::context::RETRY_COUNT;

/// What an execution was started with, for every
/// [context object](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html) of it. Most states do not look at
/// theirs, so it is made when one does.
#[derive(Debug, Clone)]
pub(super) struct ContextBase {
    pub(super) input: Arc<Value>,
}

impl ContextBase {
    /// The context object of a state.
    pub(super) fn object(&self, options: &ExecutionOptions, flow: &Flow, state: &State) -> Value {
        let mut context = Map::new();
        let identity = &options.identity;
        let execution = match &flow.child {
            None => {
                let who = (identity.execution_arn.as_str(), identity.execution_name.as_str());
                execution(options, who, &self.input, options.start_time)
            }
            Some(child) => {
                execution(options, (&child.execution_arn, &child.execution_name), &child.input, child.started)
            }
        };
        context.insert("Execution".to_owned(), execution);
        let state_machine = json!({"Id": identity.state_machine_arn, "Name": identity.state_machine_name});
        context.insert("StateMachine".to_owned(), state_machine);
        let mut about = Map::new();
        about.insert("Name".to_owned(), state.name.as_str().into());
        about.insert("EnteredTime".to_owned(), flow.entered_at.to_string().into());
        if state.kind.can_be_retried() {
            about.insert(RETRY_COUNT.to_owned(), flow.attempt().into());
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

fn execution(options: &ExecutionOptions, (arn, name): (&str, &str), input: &Value, started: Timestamp) -> Value {
    let mut execution = Map::new();
    execution.insert("Id".to_owned(), arn.into());
    execution.insert("Input".to_owned(), input.clone());
    execution.insert("StartTime".to_owned(), started.to_string().into());
    execution.insert("Name".to_owned(), name.into());
    execution.insert("RoleArn".to_owned(), options.identity.role_arn.as_str().into());
    execution.extend(options.redrive_count.map(|count| ("RedriveCount".to_owned(), count.into())));
    Value::Object(execution)
}
