mod answers;
mod functions;
mod messages;
mod s3;
mod state_machines;

use std::time::Duration;

use md5::Digest;
use serde_json::{Map, json};

use super::*;
use crate::simulate::services::s3::Upload;
use crate::simulate::services::{Behaviour, Caller, Ended, MockFile, StateMachines};
use crate::source::Source;

fn ask(services: &mut LocalServices, resource: &str, state: &str, arguments: &Value) -> ServiceAnswer {
    ask_at(services, resource, state, arguments, 0)
}

/// The same, so many seconds later.
fn ask_at(services: &mut LocalServices, resource: &str, state: &str, arguments: &Value, seconds: i64) -> ServiceAnswer {
    let resource: Resource = match resource {
        arn if arn.starts_with("arn:") => arn.parse().unwrap(),
        call => format!("arn:aws:states:::{call}").parse().unwrap(),
    };
    services.call(&ServiceCall {
        resource: &resource,
        arguments,
        caller: Caller::Task,
        state,
        attempt: 0,
        item_index: None,
        task_token: None,
        state_machine: "machine",
        execution: "one",
        role_arn: None,
        now: Timestamp::from_millis(1_700_000_000_000 + 1_000 * seconds),
    })
}

fn services() -> LocalServices {
    LocalServices::in_memory(1).unwrap()
}

fn result(answer: ServiceAnswer) -> Value {
    match answer.completion {
        Completion::Succeeded(result) => result,
        other => panic!("{other:?}"),
    }
}

fn failure(answer: ServiceAnswer) -> TaskError {
    match answer.completion {
        Completion::Failed(error) => error,
        other => panic!("{other:?}"),
    }
}
