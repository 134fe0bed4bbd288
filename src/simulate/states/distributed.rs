//! What only a distributed Map does: it reads items, runs each iteration as an execution, and writes results.

use crate::aws::quota;
use serde_json::{Value, json};

use super::super::failure::name;
use super::super::flow::{Child, Flow};
use super::super::items::{self, ChildExecution, ItemsFault, OutputType, Request, Transformation};
use super::super::scene::Data;
use super::super::services::{Caller, Completion, ServiceCall, Services};
use super::super::world::World;
use super::super::{Failure, Identity, random};
use super::items::Items;
use crate::asl::program::{ItemReader, Map, Mode, State, Template};
use crate::aws::integration::Resource;
use crate::aws::states::WorkflowType;

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
    let is_express = map.mode == Mode::Distributed(WorkflowType::Express);
    Child {
        deadline: is_express.then(|| world.now.after(quota::EXPRESS_DURATION)),
        execution_arn: format!("{base}/{label}:{execution_name}"),
        execution_name,
        input: input.clone(),
        started: world.now,
    }
}

/// What a `ResultWriter` knows of a child that starts.
pub(super) fn record(world: &World, child: &Child) -> ChildExecution {
    ChildExecution {
        arn: child.execution_arn.clone(),
        name: child.execution_name.clone(),
        state_machine_arn: world.options.identity.state_machine_arn.clone(),
        start: Some(child.started.to_string()),
        stop: None,
        input: child.input.clone(),
        outcome: items::Outcome::Pending,
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
    let effective = scene.path(state.data.input_path(), &flow.input)?;
    match template {
        Some(template) => scene.template(template, field, Data::input(&effective)),
        None => Ok(json!({})),
    }
}

/// How many items a reader may give at most, where it says so.
fn limit(
    world: &World,
    flow: &Flow,
    state: &State,
    reader: &ItemReader,
    context: &Value,
) -> Result<Option<usize>, Failure> {
    let Some(max_items) = &reader.reader_config.max_items else { return Ok(None) };
    let scene = world.scene(flow, state, context);
    let effective = scene.path(state.data.input_path(), &flow.input)?;
    Ok(items::limit(&scene.dynamic(max_items, "MaxItems", Data::input(&effective))?)?)
}

/// The failure of an `ItemReader`.
fn unread(cause: impl Into<String>) -> Failure {
    Failure::reported(name::ITEM_READER_FAILED, Some(cause.into()))
}

impl From<ItemsFault> for Failure {
    fn from(fault: ItemsFault) -> Self {
        unread(fault.to_string())
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
    let limit = limit(world, flow, state, reader, context)?;
    let arguments = arguments(world, flow, state, reader.arguments.as_ref(), context)?;
    let mut ask = |resource: &Resource, arguments: &Value| {
        let answer = call(world, state, (Caller::ItemReader, resource), arguments, services);
        answer.map_err(|failure| ItemsFault::new(failure.cause.unwrap_or_default()))
    };
    let first = ask(&reader.resource, &arguments)?;
    let objects: Resource = Resource::optimized("s3", "getObject");
    let items = items::collect(&reader.reader_config, &first, limit, &mut |request| match request {
        Request::More(token) => {
            let mut arguments = arguments.clone();
            arguments["ContinuationToken"] = token.into();
            ask(&reader.resource, &arguments)
        }
        Request::Object { bucket, key } => {
            let bucket = bucket.map_or_else(|| arguments["Bucket"].clone(), Value::from);
            ask(&objects, &json!({"Bucket": bucket, "Key": key}))
        }
    })?;
    Ok(Items::List(items))
}

/// The items in a text that an `ItemReader` is said to have read.
pub(super) fn items_of_text(
    world: &World,
    flow: &Flow,
    state: &State,
    map: &Map,
    (context, text): (&Value, &str),
) -> Result<Vec<Value>, Failure> {
    let Some(reader) = &map.item_reader else { return Ok(Vec::new()) };
    let limit = limit(world, flow, state, reader, context)?;
    let no_more = &mut |_: Request<'_>| Err(ItemsFault::new("TestState does not read further objects"));
    // A listing is given as the list of its objects.
    if reader.reader_config.input_type.is_none()
        && let Ok(Value::Array(mut listed)) = serde_json::from_str(text)
    {
        listed.truncate(limit.unwrap_or(usize::MAX));
        return Ok(listed);
    }
    Ok(items::collect(&reader.reader_config, &json!({"Body": text}), limit, no_more)?)
}

/// What a Map gives: its results, or where a `ResultWriter` wrote them.
pub(super) fn write(
    world: &World,
    flow: &Flow,
    state: &State,
    map: &Map,
    (outputs, records): (Vec<Value>, Vec<ChildExecution>),
    services: &mut dyn Services,
) -> Result<Value, Failure> {
    let Some(writer) = &map.result_writer else { return Ok(Value::Array(outputs)) };
    let transformation = writer.transformation.as_deref().and_then(Transformation::named).unwrap_or_default();
    let output_type = writer.output_type.as_deref().and_then(OutputType::named).unwrap_or_default();
    let Some(resource) = &writer.resource else {
        return Ok(Value::Array(items::transformed(outputs, transformation)));
    };
    let context = world.context(flow, state);
    let arguments = arguments(world, flow, state, writer.arguments.as_ref(), &context)?;
    let text = |name: &str| arguments.get(name).and_then(Value::as_str).unwrap_or_default();
    let place = (text("Bucket"), text("Prefix"));
    let run = run_arn(&world.options.identity, state);
    let written = items::result_files(place, &run, &records, transformation, output_type);
    for (key, body) in written.files {
        let arguments = json!({"Bucket": place.0, "Key": key, "Body": body});
        call(world, state, (Caller::ResultWriter, resource), &arguments, services)
            .map_err(|failure| Failure::reported(name::RESULT_WRITER_FAILED, failure.cause))?;
    }
    Ok(written.output)
}
