//! Calls of services and their answers, recorded on AWS: the same calls, in order, of the services here.

use base64::Engine as _;
use bucketbook::simulate::Timestamp;
use bucketbook::simulate::services::s3::{Body, Object};
use bucketbook::simulate::services::{
    Caller, Completion, Ended, LocalServices, ServiceAnswer, ServiceCall, Services, StateMachines, TaskError,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::corpus;
use crate::table::Table;

#[derive(Deserialize)]
struct Row {
    id: String,
    task_events: Option<Vec<Event>>,
    setup: Option<Vec<Step>>,
}

#[derive(Deserialize)]
struct Event {
    state: Option<String>,
    event: String,
    #[serde(rename = "resourceType")]
    resource_type: Option<String>,
    resource: Option<String>,
    parameters: Option<Value>,
    output: Option<Value>,
    error: Option<String>,
    cause: Option<Value>,
}

#[derive(Deserialize)]
pub(crate) struct Step {
    op: String,
    args: Value,
}

/// What differs from call to call, and what recordings hide.
const VOLATILE: [&str; 11] = [
    "Content-Length",
    "Date",
    "EventId",
    "ExecutionArn",
    "LastModified",
    "MD5OfMessageBody",
    "MessageId",
    "RequestId",
    "StartDate",
    "x-amz-crc32",
    "x-amzn-RequestId",
];

/// The services whose answers can be known without the code or the state machine behind them.
fn is_judged(resource_type: &str, resource: &str) -> bool {
    let service = resource_type.strip_prefix("aws-sdk:").unwrap_or(resource_type);
    matches!(service, "dynamodb" | "s3" | "sqs" | "sns" | "events") || resource == "startExecution"
}

/// Judges the recorded calls of `asl/exec.jsonl`.
pub(crate) fn answers(text: &str) -> Result<Table, String> {
    let mut table = Table::default();
    for row in corpus::rows::<Row>(text)? {
        let events = row.task_events.unwrap_or_default();
        let judged =
            |event: &Event| is_judged(event.resource_type.as_deref()?, event.resource.as_deref()?).then_some(());
        if !events.iter().any(|event| judged(event).is_some()) {
            continue;
        }
        let mut services = prepared(&row.setup.unwrap_or_default()).map_err(|error| format!("{}: {error}", row.id))?;
        // Which queues, topics and state machines there are is not in every recording, unless an answer tells that one is not.
        let missing = |name: &str| {
            let error = |event: &Event| event.error.as_deref().is_some_and(|error| error.ends_with(name));
            events.iter().any(error)
        };
        if missing("NotFoundException") {
            named(&events, "TopicArn").for_each(|topic| services.topics.remove(topic));
        }
        if missing("QueueDoesNotExistException") {
            named(&events, "QueueUrl").for_each(|queue| services.sqs.remove(queue));
        }
        if missing("StateMachineDoesNotExistException") || missing("InvalidArnException") {
            services.machines = StateMachines::run_by(|_, _| None);
        }
        for (at, event) in events.iter().enumerate() {
            if event.event != "TaskScheduled" || judged(event).is_none() {
                continue;
            }
            let resource_type = event.resource_type.as_deref().unwrap_or_default();
            let answer = call(&mut services, resource_type, event)?;
            let recorded = events[at + 1..].iter().find(|later| later.state == event.state);
            let Some(recorded) = recorded.filter(|later| later.event != "TaskTimedOut") else { continue };
            if is_of_old(resource_type, recorded) {
                continue;
            }
            table.count(resource_type, "answer", &row.id, difference(recorded, &answer));
        }
    }
    Ok(table)
}

/// What the calls name in a field.
fn named<'a>(events: &'a [Event], field: &'a str) -> impl Iterator<Item = &'a str> {
    events.iter().filter_map(move |event| event.parameters.as_ref()?[field].as_str())
}

/// Whether a recording is from before SQS spoke JSON, in 2023.
fn is_of_old(resource_type: &str, recorded: &Event) -> bool {
    let headers = recorded.output.as_ref().map(|output| &output["SdkHttpMetadata"]["HttpHeaders"]);
    resource_type == "sqs" && headers.is_some_and(|headers| headers["Content-Type"] == "text/xml")
}

/// Services as they were before the execution began.
pub(crate) fn prepared(setup: &[Step]) -> Result<LocalServices, String> {
    let mut services = LocalServices::in_memory(1).map_err(|error| error.to_string())?;
    services.machines =
        StateMachines::run_by(|_, _| Some(Ended { result: Ok(json!({})), duration: std::time::Duration::ZERO }));
    for Step { op, args } in setup {
        let text = |name: &str| args[name].as_str().unwrap_or_default();
        match op.as_str() {
            "dynamodb.create_table" => {
                services.dynamodb.create_table(text("TableName"), args).map_err(|error| error.to_string())?;
            }
            "s3.create_bucket" => services.s3.create_bucket(text("Bucket"), false),
            "s3.put_object" => {
                let bytes = match &args["Body"] {
                    Value::String(text) => text.clone().into_bytes(),
                    body => base64::engine::general_purpose::STANDARD
                        .decode(body["base64"].as_str().unwrap_or_default())
                        .map_err(|error| error.to_string())?,
                };
                let object = Object::new(Body::Bytes(bytes), Timestamp::default());
                services.s3.put(text("Bucket"), text("Key"), object, "PutObject", &mut services.ids);
            }
            // What is not known here makes no difference to what is judged.
            _ => {}
        }
    }
    Ok(services)
}

fn call(services: &mut LocalServices, resource_type: &str, event: &Event) -> Result<ServiceAnswer, String> {
    let arn = format!("arn:aws:states:::{resource_type}:{}", event.resource.as_deref().unwrap_or_default());
    let resource = arn.parse().map_err(|error| format!("{error}"))?;
    Ok(services.call(&ServiceCall {
        resource: &resource,
        arguments: event.parameters.as_ref().unwrap_or(&Value::Null),
        caller: Caller::Task,
        state: event.state.as_deref().unwrap_or_default(),
        attempt: 0,
        item_index: None,
        task_token: None,
        state_machine: "machine",
        execution: "execution",
        role_arn: None,
        now: Timestamp::from_millis(1_700_000_000_000),
    }))
}

/// What is different from the recording, if anything is.
fn difference(recorded: &Event, answer: &ServiceAnswer) -> Option<String> {
    let got = match (&answer.submitted, &answer.completion) {
        (Some(result), _) | (None, Completion::Succeeded(result)) => steady(result, None),
        (None, Completion::Failed(TaskError { error, cause, .. })) => {
            let cause = serde_json::from_str(cause).unwrap_or_else(|_| without_ids(cause).into());
            json!({"error": error, "cause": steady(&cause, None)})
        }
        (None, Completion::Never) => Value::Null,
    };
    let expected = match (&recorded.output, &recorded.error) {
        (Some(output), _) => steady(output, None),
        (None, error) => {
            let cause = recorded.cause.clone().unwrap_or_default();
            let cause = cause.as_str().map_or_else(|| steady(&cause, None), |text| without_ids(text).into());
            json!({"error": error, "cause": cause})
        }
    };
    (got != expected).then(|| format!("{got}, not {expected}"))
}

fn steady(value: &Value, name: Option<&str>) -> Value {
    match value {
        _ if name.is_some_and(|name| VOLATILE.contains(&name)) => "*".into(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), steady(value, Some(name)))).collect(),
        Value::Array(items) => items.iter().map(|item| steady(item, None)).collect(),
        value => value.clone(),
    }
}

/// A cause without what follows `Request ID: `, up to the end of that word.
fn without_ids(cause: &str) -> String {
    let mut parts = cause.split("Request ID: ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let rest = part.find([';', ',', ')']).map_or("", |at| &part[at..]);
        format!("{text}Request ID: *{rest}")
    })
}
