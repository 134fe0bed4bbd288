//! A Map: its items, and an iteration for each.

use std::sync::Arc;

use serde_json::{Map as Fields, Value, json};

use super::super::flow::{Flow, Item};
use super::super::inspection::step;
use super::super::joint::{Joint, MapRun, Tolerance};
use super::super::jsonata::{self, number_to_json};
use super::super::scene::{Data, Scene};
use super::super::services::Services;
use super::super::world::World;
use super::super::{Failure, context};
use super::items::{Items, batches};
use super::{Next, Start, distributed, result};
use crate::asl::program::{Dynamic, JsonataTemplate, Map, Mode, State, StateKind, Template};

/// How many iterations run at once where the definition does not say: as many as an inline Map has on AWS.
const INLINE_CONCURRENCY: usize = 40;

/// The same for a distributed Map. (AWS runs up to 10,000; here they only take memory.)
const DISTRIBUTED_CONCURRENCY: usize = 1_000;

pub(super) fn begin(
    world: &mut World,
    flow: &mut Flow,
    state: &State,
    map: &Map,
    services: &mut dyn Services,
) -> Result<Next, Failure> {
    let context = world.context(flow, state);
    let is_distributed = matches!(map.mode, Mode::Distributed(_));
    let given = if map.item_reader.is_some() { None } else { Some(items(world, flow, state, map, &context)?) };
    let (_, concurrency) = concurrency(world, flow, state, map, &context)?;
    let length = given.as_ref().map_or(0, Items::len);
    let details = || ("mapStateStartedEventDetails", json!({"length": length}));
    world.event(flow, "MapStateStarted", Some(&details));
    let tolerated = tolerance(world, flow, state, map, &context)?;
    if is_distributed {
        let arn = distributed::run_arn(&world.options.identity, state);
        let details = || ("mapRunStartedEventDetails", json!({"mapRunArn": arn}));
        world.event(flow, "MapRunStarted", Some(&details));
    }
    let items = match given {
        Some(items) => items,
        None => distributed::read(world, flow, state, map, &context, services)
            .map_err(|failure| super::broken(world, flow, state, failure))?,
    };
    let mut pending: Vec<(Item, Option<Value>)> = items.into_items().into_iter().map(|item| (item, None)).collect();
    let mut weights = vec![1; pending.len()];
    if let Some(batcher) = &map.item_batcher {
        let mut inputs = Vec::with_capacity(pending.len());
        for (item, _) in pending {
            inputs.push(selected(world, flow, state, map, &Arc::new(item))?);
        }
        let scene = world.scene(flow, state, &context);
        let batched = batches(&scene, batcher, &flow.input, inputs)?;
        weights = batched.iter().map(|(count, _)| *count).collect();
        let item = |(index, (_, input)): (usize, (usize, Value))| {
            (Item { index: index as u64, key: None, value: Value::Null, source: None }, Some(input))
        };
        pending = batched.into_iter().enumerate().map(item).collect();
    }
    let count = pending.len();
    let run = MapRun {
        pending: pending.into_iter().enumerate().map(|(at, (item, input))| (at, Arc::new(item), input)).collect(),
        concurrency,
        distributed: is_distributed,
        weights,
        records: map.result_writer.as_ref().map(|_| Vec::new()),
        failed: 0,
        tolerated,
    };
    let mut joint = Box::new(Joint::new(count, Some(run)));
    let starts = more(world, flow, state, map, &mut joint)?;
    Ok(Next::Fork(joint, starts))
}

/// A Map or a Parallel under test, whose branches or iterations come to a given result.
pub(super) fn mocked(
    world: &mut World,
    flow: &mut Flow,
    state: &State,
    given: Result<Value, Failure>,
) -> Result<Next, Failure> {
    let StateKind::Map(map) = &state.kind else { return result::leave(world, flow, state, given?) };
    let context = world.context(flow, state);
    let (asked, _) = concurrency(world, flow, state, map, &context)?;
    flow.inspect_with(step::MAX_CONCURRENCY, || number_to_json(asked));
    let tolerated = tolerance(world, flow, state, map, &context)?;
    let Tolerance { count, percentage } = tolerated;
    for (name, number) in [(step::TOLERATED_FAILURE_COUNT, count), (step::TOLERATED_FAILURE_PERCENTAGE, percentage)] {
        if let Some(number) = number {
            flow.inspect_with(name, || number_to_json(number));
        }
    }
    let items = tested_items(world, flow, state, map, &context)?.map_or_else(Vec::new, Items::into_items);
    let total = items.len();
    if map.item_selector.is_some() || map.item_batcher.is_some() {
        let mut inputs = Vec::with_capacity(items.len());
        for item in items {
            inputs.push(selected(world, flow, state, map, &Arc::new(item))?);
        }
        if map.item_selector.is_some() {
            flow.inspect_with(step::AFTER_ITEM_SELECTOR, || inputs.clone().into());
        }
        if let Some(batcher) = &map.item_batcher {
            let scene = world.scene(flow, state, &context);
            let batched: Vec<Value> =
                batches(&scene, batcher, &flow.input, inputs)?.into_iter().map(|(_, batch)| batch).collect();
            flow.inspect_with(step::AFTER_ITEM_BATCHER, || batched.into());
        }
    }
    let failed = world.test.as_ref().and_then(|test| test.failed_items).unwrap_or(0);
    if let Some(test) = world.test.as_mut().filter(|_| total > 0 && failed > total) {
        let message = format!("mapIterationFailureCount cannot exceed the number of items, which is {total}");
        test.refused = Some(message.clone());
        return Err(Failure::runtime(message));
    }
    let result = given?;
    if (count.is_some() || percentage.is_some()) && tolerated.is_exceeded(failed, total) {
        return Err(Failure::threshold());
    }
    result::leave(world, flow, state, result)
}

/// The items of a Map under test. What an `ItemReader` would read is given with the test, or as the input "as if it had already been read
/// from S3"; nothing, where neither is so.
fn tested_items(
    world: &World,
    flow: &mut Flow,
    state: &State,
    map: &Map,
    context: &Value,
) -> Result<Option<Items>, Failure> {
    let data = world.test.as_ref().and_then(|test| test.reader_data.clone());
    let Some(reader) = &map.item_reader else { return items(world, flow, state, map, context).map(Some) };
    let Some(data) = data else {
        return match state.is_jsonata() {
            true => Ok(flow.input.as_array().cloned().map(Items::List)),
            false => items(world, flow, state, map, context).map(Some),
        };
    };
    let items = distributed::items_of_text(world, flow, state, map, (context, &data))?;
    if reader.reader_config.items_pointer.is_some() {
        flow.inspect_with(step::AFTER_ITEMS_POINTER, || items.clone().into());
    }
    Ok(Some(Items::List(items)))
}

/// The items that the state itself has.
fn items(world: &World, flow: &mut Flow, state: &State, map: &Map, context: &Value) -> Result<Items, Failure> {
    let scene = world.scene(flow, state, context);
    if state.is_jsonata() {
        return jsonata_items(&scene, map, &flow.input);
    }
    let effective = scene.path(state.data.input_path(), &flow.input)?.into_owned();
    let found = match &map.items_path {
        Some(path) => scene.select(path, &effective)?.into_owned(),
        None => effective.clone(),
    };
    flow.inspect(step::AFTER_INPUT_PATH, &effective);
    flow.inspect(step::AFTER_ITEMS_PATH, &found);
    match found {
        Value::Array(items) => Ok(Items::List(items)),
        Value::Object(fields) if matches!(map.mode, Mode::Distributed(_)) => Ok(Items::Fields(fields)),
        _ => {
            let path = map.items_path.as_ref().map_or("$", |path| path.source());
            Err(Failure::runtime(format!("Reference path \"{path}\" must point to array.")))
        }
    }
}

fn jsonata_items(scene: &Scene<'_>, map: &Map, input: &Value) -> Result<Items, Failure> {
    let Some(template) = &map.items else {
        return match input {
            Value::Array(items) => Ok(Items::List(items.clone())),
            Value::Object(fields) if matches!(map.mode, Mode::Distributed(_)) => Ok(Items::Fields(fields.clone())),
            other => Err(Failure::evaluation(format!("Map state input must be an array but was: {other}"))),
        };
    };
    match scene.template(template, "Items", Data::input(input))? {
        Value::Array(items) => Ok(Items::List(items)),
        Value::Object(fields) if matches!(map.mode, Mode::Distributed(_)) => Ok(Items::Fields(fields)),
        other => {
            let source = match template {
                Template::Jsonata(JsonataTemplate::Expression(expression)) => expression.source(),
                _ => "",
            };
            Err(jsonata::wrong_type(source, "Items", "array", &other))
        }
    }
}

/// How many iterations run at once: what the definition asks for, and what is done.
fn concurrency(world: &World, flow: &Flow, state: &State, map: &Map, context: &Value) -> Result<(f64, usize), Failure> {
    let asked =
        number(world, flow, state, (&map.max_concurrency, "MaxConcurrency", "integer"), context)?.unwrap_or(0.0);
    if asked < 0.0 {
        let cause = format!("Expected non-negative integer for MaxConcurrency, got '{asked}' instead.");
        return Err(Failure::runtime(cause));
    }
    let most = if matches!(map.mode, Mode::Distributed(_)) { DISTRIBUTED_CONCURRENCY } else { INLINE_CONCURRENCY };
    Ok((asked, if asked == 0.0 { most } else { asked as usize }))
}

/// How many items may fail.
fn tolerance(world: &World, flow: &Flow, state: &State, map: &Map, context: &Value) -> Result<Tolerance, Failure> {
    let field = (&map.tolerated_failure_count, "ToleratedFailureCount", "integer");
    let count = number(world, flow, state, field, context)?;
    if count.is_some_and(|count| count < 0.0) {
        return Err(Failure::runtime("ToleratedFailureCount cannot be negative."));
    }
    let field = (&map.tolerated_failure_percentage, "ToleratedFailurePercentage", "float");
    let percentage = number(world, flow, state, field, context)?;
    if percentage.is_some_and(|percentage| !(0.0..=100.0).contains(&percentage)) {
        return Err(Failure::runtime("ToleratedFailurePercentage must be between 0 and 100."));
    }
    Ok(Tolerance { count, percentage })
}

/// A number of a Map, of a kind. Where a path leads to a text, the text may be a number too.
fn number(
    world: &World,
    flow: &Flow,
    state: &State,
    (dynamic, field, kind): (&Option<Dynamic<f64>>, &str, &str),
    context: &Value,
) -> Result<Option<f64>, Failure> {
    let Some(dynamic) = dynamic else { return Ok(None) };
    if let Dynamic::Literal(number) = dynamic {
        return Ok(Some(*number));
    }
    let scene = world.scene(flow, state, context);
    let effective = scene.path(state.data.input_path(), &flow.input)?;
    let value = scene.dynamic(dynamic, field, Data::input(&effective))?;
    let written = match (&value, dynamic) {
        (Value::String(text), Dynamic::Path(_)) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        _ => value.as_f64(),
    };
    let number = written.filter(|number| kind == "float" || number.fract() == 0.0);
    number.map(Some).ok_or_else(|| scene.wrong_type(dynamic, field, "number", kind, &value))
}

/// What an iteration is given.
fn selected(world: &World, flow: &Flow, state: &State, map: &Map, item: &Arc<Item>) -> Result<Value, Failure> {
    let Some(selector) = &map.item_selector else { return Ok(item.value.clone()) };
    let mut context = world.context(flow, state);
    if let Some(context) = context.as_object_mut() {
        let mut about: Fields<String, Value> = Fields::new();
        about.insert("Item".to_owned(), context::item_object(item));
        context.insert("Map".to_owned(), Value::Object(about));
    }
    let scene = world.scene(flow, state, &context);
    let effective = scene.path(state.data.input_path(), &flow.input)?;
    scene.template(selector, "ItemSelector", Data::input(&effective))
}

/// The iterations for which there is room.
pub(super) fn more(
    world: &mut World,
    flow: &mut Flow,
    state: &State,
    map: &Map,
    joint: &mut Joint,
) -> Result<Vec<Start>, Failure> {
    let Some(run) = &mut joint.map else { return Ok(Vec::new()) };
    let room = run.concurrency.saturating_sub(joint.running.len()).min(run.pending.len());
    let mut starts = Vec::with_capacity(room);
    for (place, item, input) in run.pending.drain(..room) {
        let input = match input {
            Some(input) => input,
            None => selected(world, flow, state, map, &item)?,
        };
        let child = if run.distributed {
            let child = distributed::child(world, state, map, &input);
            if let Some(records) = &mut run.records {
                records.push(distributed::record(world, &child));
            }
            Some(Arc::new(child))
        } else {
            let details = || ("mapIterationStartedEventDetails", json!({"name": state.name, "index": place}));
            world.event(flow, "MapIterationStarted", Some(&details));
            None
        };
        let previous = flow.previous;
        starts.push(Start { place, machine: map.item_processor, input, item: Some(item), child, previous });
    }
    Ok(starts)
}

pub(super) fn joined(
    world: &mut World,
    flow: &mut Flow,
    state: &State,
    map: &Map,
    joint: Joint,
    services: &mut dyn Services,
) -> Result<Next, Failure> {
    let outputs: Vec<Value> = joint.results.into_iter().map(Option::unwrap_or_default).collect();
    let records = joint.map.and_then(|run| run.records).unwrap_or_default();
    let output = match map.mode {
        Mode::Inline => Value::Array(outputs),
        Mode::Distributed(_) => {
            let written = distributed::write(world, flow, state, map, (outputs, records), services);
            let written = written.map_err(|failure| super::broken(world, flow, state, failure))?;
            world.event(flow, "MapRunSucceeded", None);
            written
        }
    };
    world.event(flow, "MapStateSucceeded", None);
    result::leave(world, flow, state, output)
}
