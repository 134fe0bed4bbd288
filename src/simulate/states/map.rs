//! A Map: its items, and an iteration for each.

use std::sync::Arc;

use serde_json::{Map as Fields, Value, json};

use super::super::flow::{Flow, Item};
use super::super::inspection::step;
use super::super::joint::{Joint, MapRun, Tolerance};
use super::super::jsonata;
use super::super::scene::{Data, Scene};
use super::super::services::Services;
use super::super::world::World;
use super::super::{Failure, context};
use super::items::{Items, batches};
use super::{Next, Start, distributed, result};
use crate::asl::program::{Dynamic, JsonataTemplate, Map, Mode, State, Template};

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
    let length = given.as_ref().map_or(0, Items::len);
    let details = || ("mapStateStartedEventDetails", json!({"length": length}));
    world.event(flow, "MapStateStarted", Some(&details));
    let settings = Settings::new(world, flow, state, map, &context)?;
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
        concurrency: settings.concurrency,
        distributed: is_distributed,
        weights,
        failed: 0,
        tolerated: settings.tolerated,
    };
    let mut joint = Box::new(Joint::new(count, Some(run)));
    let starts = more(world, flow, state, map, &mut joint)?;
    Ok(Next::Fork(joint, starts))
}

/// The items that the state itself has.
fn items(world: &World, flow: &mut Flow, state: &State, map: &Map, context: &Value) -> Result<Items, Failure> {
    let scene = world.scene(flow, state, context);
    if state.is_jsonata() {
        return jsonata_items(&scene, map, &flow.input);
    }
    let effective = scene.path(&state.input_path, &flow.input)?.into_owned();
    let found = match &map.items_path {
        Some(path) => scene.select(path, &effective)?.into_owned(),
        None => effective.clone(),
    };
    flow.inspect(step::AFTER_INPUT_PATH, &effective);
    flow.inspect(step::AFTER_ITEMS_PATH, &found);
    match found {
        Value::Array(items) => Ok(Items::List(items)),
        other => {
            let path = map.items_path.as_ref().map_or("$", |path| path.source());
            let _ = other;
            Err(Failure::runtime(format!("Reference path \"{path}\" must point to array.")))
        }
    }
}

fn jsonata_items(scene: &Scene<'_>, map: &Map, input: &Value) -> Result<Items, Failure> {
    let Some(template) = &map.items else {
        return match input {
            Value::Array(items) => Ok(Items::List(items.clone())),
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

/// The numbers of a Map.
struct Settings {
    concurrency: usize,
    tolerated: Tolerance,
}

impl Settings {
    fn new(world: &World, flow: &Flow, state: &State, map: &Map, context: &Value) -> Result<Self, Failure> {
        let scene = world.scene(flow, state, context);
        let effective = scene.path(&state.input_path, &flow.input)?;
        let data = Data::input(&effective);
        let number = |dynamic: &Option<Dynamic<f64>>, field: &str, kind: &str| -> Result<Option<f64>, Failure> {
            let Some(dynamic) = dynamic else { return Ok(None) };
            if let Dynamic::Literal(number) = dynamic {
                return Ok(Some(*number));
            }
            let value = scene.dynamic(dynamic, field, data)?;
            let number = value.as_f64().filter(|number| kind == "float" || number.fract() == 0.0);
            number.map(Some).ok_or_else(|| scene.wrong_type(dynamic, field, "number", kind, &value))
        };
        let concurrency = number(&map.max_concurrency, "MaxConcurrency", "integer")?.unwrap_or(0.0);
        if concurrency < 0.0 {
            return Err(Failure::runtime("MaxConcurrency cannot be negative."));
        }
        let count = number(&map.tolerated_failure_count, "ToleratedFailureCount", "integer")?;
        if count.is_some_and(|count| count < 0.0) {
            return Err(Failure::runtime("ToleratedFailureCount cannot be negative."));
        }
        let percentage = number(&map.tolerated_failure_percentage, "ToleratedFailurePercentage", "float")?;
        if percentage.is_some_and(|percentage| !(0.0..=100.0).contains(&percentage)) {
            return Err(Failure::runtime("ToleratedFailurePercentage must be between 0 and 100."));
        }
        let most = if matches!(map.mode, Mode::Distributed(_)) { DISTRIBUTED_CONCURRENCY } else { INLINE_CONCURRENCY };
        let concurrency = if concurrency == 0.0 { most } else { concurrency as usize };
        Ok(Self { concurrency, tolerated: Tolerance { count, percentage } })
    }
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
    let effective = scene.path(&state.input_path, &flow.input)?;
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
            Some(Arc::new(distributed::child(world, state, map, &input)))
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
    let output = match map.mode {
        Mode::Inline => Value::Array(outputs),
        Mode::Distributed(_) => {
            let written = distributed::write(world, flow, state, map, outputs, services);
            let written = written.map_err(|failure| super::broken(world, flow, state, failure))?;
            world.event(flow, "MapRunSucceeded", None);
            written
        }
    };
    world.event(flow, "MapStateSucceeded", None);
    result::leave(world, flow, state, output)
}
