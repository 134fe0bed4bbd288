//! What only a distributed Map does: it reads items, runs each iteration as an execution, and writes results.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::super::failure::name;
use super::super::flow::{Child, Flow};
use super::super::items::{self, ChildExecution, Format, ItemsFault, Manifest, OutputType, Transformation};
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
    let effective = scene.path(&state.input_path, &flow.input)?;
    match template {
        Some(template) => scene.template(template, field, Data::input(&effective)),
        None => Ok(json!({})),
    }
}

/// The failure of an `ItemReader`.
fn unread(cause: impl Into<String>) -> Failure {
    Failure::reported(name::ITEM_READER, Some(cause.into()))
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
    let scene = world.scene(flow, state, context);
    let effective = scene.path(&state.input_path, &flow.input)?;
    let limit = match &reader.reader_config.max_items {
        Some(max_items) => items::limit(&scene.dynamic(max_items, "MaxItems", Data::input(&effective))?)?,
        None => None,
    };
    let arguments = arguments(world, flow, state, reader.arguments.as_ref(), context)?;
    let format = Format::configured(&reader.reader_config)?;
    let mut reading = Reading { world, state, services, limit };
    let items = if reader.resource.action() == Some("listObjectsV2") {
        let load = reader.reader_config.transformation.as_deref() == Some("LOAD_AND_FLATTEN");
        let listed = reading.list(&reader.resource, arguments.clone(), load)?;
        match format {
            Some(format) if load => {
                let keys = listed.iter().filter_map(|object| object["Key"].as_str().map(str::to_owned));
                let bucket = arguments["Bucket"].as_str().unwrap_or_default();
                let files = keys.map(|key| (bucket.to_owned(), key)).collect();
                reading.files(files, &|bytes, left| format.items(bytes, Some(left)))?
            }
            _ => listed,
        }
    } else {
        let bytes = reading.object(&reader.resource, &arguments)?;
        match format {
            Some(Format::Manifest) => reading.manifest(&bytes)?,
            Some(format) => format.items(&bytes, limit)?,
            None => Format::Json { pointer: None }.items(&bytes, limit)?,
        }
    };
    Ok(Items::List(items))
}

/// What reads items from S3, up to a limit.
struct Reading<'a> {
    world: &'a World,
    state: &'a State,
    services: &'a mut dyn Services,
    limit: Option<usize>,
}

/// What makes items of a file's bytes: at most so many.
type Reader<'a> = &'a dyn Fn(&[u8], usize) -> Result<Vec<Value>, ItemsFault>;

impl Reading<'_> {
    fn call(&mut self, resource: &Resource, arguments: &Value) -> Result<Value, Failure> {
        let answer = call(self.world, self.state, (Caller::ItemReader, resource), arguments, self.services);
        answer.map_err(|failure| Failure::reported(name::ITEM_READER, failure.cause))
    }

    /// A listing, page by page.
    fn list(&mut self, resource: &Resource, mut arguments: Value, whole: bool) -> Result<Vec<Value>, Failure> {
        let mut listed = Vec::new();
        let most = self.limit.filter(|_| !whole).unwrap_or(usize::MAX);
        loop {
            let page = self.call(resource, &arguments)?;
            listed.extend(items::listing(&page, Some(most - listed.len())));
            let next = page.get("NextContinuationToken").filter(|next| next.is_string() && listed.len() < most);
            let (Some(next), Some(arguments)) = (next, arguments.as_object_mut()) else { return Ok(listed) };
            arguments.insert("ContinuationToken".to_owned(), next.clone());
        }
    }

    /// The bytes of an object.
    fn object(&mut self, resource: &Resource, arguments: &Value) -> Result<Vec<u8>, Failure> {
        let answer = self.call(resource, arguments)?;
        match (&answer["Body"], &answer["Body"]["base64"]) {
            (Value::String(text), _) => Ok(text.clone().into_bytes()),
            (_, Value::String(text)) => BASE64_STANDARD.decode(text).map_err(|error| unread(error.to_string())),
            _ => Err(unread("The object has no body")),
        }
    }

    /// The items of several files.
    fn files(&mut self, files: Vec<(String, String)>, reader: Reader<'_>) -> Result<Vec<Value>, Failure> {
        let resource: Resource = "arn:aws:states:::s3:getObject".parse().map_err(|_| unread("no such resource"))?;
        let most = self.limit.unwrap_or(usize::MAX);
        let mut found = Vec::new();
        for (bucket, key) in files {
            if found.len() >= most {
                break;
            }
            let bytes = self.object(&resource, &json!({"Bucket": bucket, "Key": key}))?;
            found.extend(reader(&bytes, most - found.len())?);
        }
        Ok(found)
    }

    /// The items of the files that a manifest names.
    fn manifest(&mut self, bytes: &[u8]) -> Result<Vec<Value>, Failure> {
        let manifest = Manifest::parse(bytes)?;
        let files = match &manifest {
            Manifest::Inventory { bucket, files, .. } => {
                files.iter().map(|file| (bucket.clone(), file.key.clone())).collect()
            }
            Manifest::Files(files) => {
                let place = |file: &String| {
                    let (bucket, key) = file.strip_prefix("s3://")?.split_once('/')?;
                    Some((bucket.to_owned(), key.to_owned()))
                };
                files.iter().filter_map(place).collect()
            }
        };
        self.files(files, &|bytes, left| manifest.file_items(bytes, left))
    }
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
            .map_err(|failure| Failure::reported(name::RESULT_WRITER, failure.cause))?;
    }
    Ok(written.output)
}
