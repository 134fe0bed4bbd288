//! What only a distributed Map does: it reads items, runs each iteration as an execution, and writes results.

use serde_json::{Value, json};

use super::super::failure::name;
use super::super::flow::{Child, Flow};
use super::super::items::{self, ItemsFault, Request};
use super::super::scene::Data;
use super::super::services::{Caller, Completion, ServiceCall, Services};
use super::super::world::World;
use super::super::{Failure, Identity, random};
use super::items::Items;
use crate::asl::program::{Map, Resource, State, Template};

/// The ARN of a Map Run. It is the same for every run of a state.
pub(super) fn run_arn(identity: &Identity, state: &State) -> String {
    let base = identity.state_machine_arn.replace(":stateMachine:", ":mapRun:");
    format!("{base}/{}:{}", state.name.replace(' ', ""), identity.execution_name)
}

/// Who the execution of an iteration is.
pub(super) fn child(world: &World, state: &State, map: &Map, input: &Value) -> Child {
    let execution_name = random::uuid(&mut random::lock(&world.random));
    let base = world.options.identity.state_machine_arn.replace(":stateMachine:", ":execution:");
    let label = map.label.as_deref().unwrap_or(&state.name);
    Child {
        execution_arn: format!("{base}/{label}:{execution_name}"),
        execution_name,
        input: input.clone(),
        started: world.now,
    }
}

/// Calls what reads items or keeps results. Such calls take no virtual time.
fn call(
    world: &World,
    state: &State,
    (caller, resource): (Caller, &Resource),
    arguments: &Value,
    services: &mut dyn Services,
) -> Result<Value, Failure> {
    let answer = services.call(&ServiceCall {
        resource,
        arguments,
        caller,
        state: &state.name,
        attempt: 0,
        item_index: None,
        task_token: None,
        state_machine: &world.options.identity.state_machine_name,
        execution: &world.options.identity.execution_name,
        role_arn: None,
        now: world.now,
    });
    match answer.completion {
        Completion::Succeeded(result) => Ok(result),
        Completion::Failed(error) => Err(error.into()),
        Completion::Never => Err(Failure::reported(name::TIMEOUT, None)),
    }
}

fn arguments(
    world: &World,
    flow: &Flow,
    state: &State,
    template: Option<&Template>,
    context: &Value,
) -> Result<Value, Failure> {
    let field = if state.is_jsonata() { "Arguments" } else { "Parameters" };
    let scene = world.scene(flow, state, context);
    let effective = scene.path(&state.input_path, &flow.input)?;
    match template {
        Some(template) => scene.template(template, field, Data::input(&effective)),
        None => Ok(json!({})),
    }
}

/// The items that an `ItemReader` gets.
pub(super) fn read(
    world: &World,
    flow: &Flow,
    state: &State,
    map: &Map,
    context: &Value,
    services: &mut dyn Services,
) -> Result<Items, Failure> {
    let Some(reader) = &map.item_reader else { return Ok(Items::List(Vec::new())) };
    let scene = world.scene(flow, state, context);
    let effective = scene.path(&state.input_path, &flow.input)?;
    let unreadable = |fault: ItemsFault| Failure::reported(ItemsFault::ERROR, Some(fault.to_string()));
    let most = match &reader.reader_config.max_items {
        Some(most) => {
            items::limit(&scene.number(most, "MaxItems", Data::input(&effective))?.into()).map_err(unreadable)?
        }
        None => None,
    };
    let arguments = arguments(world, flow, state, reader.arguments.as_ref(), context)?;
    let mut ask = |resource: &Resource, arguments: &Value| {
        call(world, state, (Caller::ItemReader, resource), arguments, services)
            .map_err(|failure| ItemsFault::new(failure.cause.unwrap_or_default()))
    };
    let answer = ask(&reader.resource, &arguments).map_err(unreadable)?;
    let get_object = "arn:aws:states:::s3:getObject".parse::<Resource>();
    let collected = items::collect(&reader.reader_config, &answer, most, &mut |request| match request {
        Request::More(token) => {
            let mut arguments = arguments.as_object().cloned().unwrap_or_default();
            arguments.insert("ContinuationToken".to_owned(), token.into());
            ask(&reader.resource, &Value::Object(arguments))
        }
        Request::Object { bucket, key } => {
            let listed = arguments.get("Bucket").cloned().unwrap_or_default();
            let bucket = bucket.map_or(listed, Value::from);
            let resource = get_object.as_ref().map_err(|error| ItemsFault::new(error.to_string()))?;
            ask(resource, &json!({"Bucket": bucket, "Key": key}))
        }
    });
    collected.map(Items::List).map_err(unreadable)
}

/// Writes the results where a `ResultWriter` says; without one, they are the Map's own.
pub(super) fn write(
    world: &World,
    flow: &Flow,
    state: &State,
    map: &Map,
    outputs: Vec<Value>,
    services: &mut dyn Services,
) -> Result<Value, Failure> {
    let writer = map.result_writer.as_ref().and_then(|writer| Some((writer, writer.resource.as_ref()?)));
    let Some((writer, resource)) = writer else { return Ok(Value::Array(outputs)) };
    let context = world.context(flow, state);
    let mut arguments = arguments(world, flow, state, writer.arguments.as_ref(), &context)?;
    let bucket = arguments.get("Bucket").cloned().unwrap_or_default();
    let prefix = arguments.get("Prefix").and_then(Value::as_str).unwrap_or_default().trim_end_matches('/').to_owned();
    let run = random::uuid(&mut random::lock(&world.random));
    let folder = if prefix.is_empty() { run } else { format!("{prefix}/{run}") };
    if let Some(arguments) = arguments.as_object_mut() {
        arguments.shift_remove("Prefix");
        arguments.insert("Key".to_owned(), format!("{folder}/SUCCEEDED_0.json").into());
        arguments.insert("Body".to_owned(), Value::Array(outputs));
    }
    call(world, state, (Caller::ResultWriter, resource), &arguments, services)
        .map_err(|failure| Failure::reported("States.ResultWriterFailed", failure.cause))?;
    Ok(json!({
        "MapRunArn": run_arn(&world.options.identity, state),
        "ResultWriterDetails": {"Bucket": bucket, "Key": format!("{folder}/manifest.json")},
    }))
}
