//! Stories out of scenarios, and schedules as scenarios.

use serde_json::{Map, Value, json};

use super::end::End;
use super::story::DEED;
use super::{Deed, ProveError, Story};
use crate::simulate::scenario::{self as written_scenario, ScenarioDocument};
use crate::simulate::scenario::{Key, Scenario, Turn, plain, typed};
use crate::simulate::services::s3::Upload;
use crate::simulate::stack::LocalStack;
use crate::source::Source;
use crate::stack::yaml;

/// A step of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A deed is done.
    Deed(usize),
    /// Its event comes again.
    Again(usize),
}

/// A deed in a few words.
pub(super) fn deed_in_short(story: &Story, deed: usize) -> String {
    match &story.deeds[deed] {
        Deed::Put { key, size, .. } => format!("put {key} ({size} bytes)"),
        Deed::Delete { key, .. } => format!("delete {key}"),
        Deed::DeleteVersion { of } => format!("delete for good what step {} made", of + 1),
        Deed::Told { event } => {
            let kind = event["detail-type"].as_str().unwrap_or("an event");
            let key = event.pointer("/detail/object/key").and_then(Value::as_str).unwrap_or_default();
            format!("{kind} {key}").trim_end().to_owned()
        }
        Deed::Start { machine, .. } => format!("start {machine}"),
    }
}

/// A schedule as a scenario, and its text. What should have come of it is what comes of it in order.
pub(super) fn written(
    story: &Story,
    what: &str,
    steps: &[Step],
    turns: &[Turn],
    expected: Option<&End>,
) -> Result<(Scenario, String), ProveError> {
    let mut scenario = Map::new();
    scenario.insert("name".to_owned(), what.into());
    let mut given = Map::new();
    if !story.given.is_empty() {
        let mut tables: Map<String, Value> = Map::new();
        for (table, item) in &story.given {
            if let Value::Array(items) = tables.entry(table.clone()).or_insert_with(|| json!([])) {
                items.push(plain(item).into());
            }
        }
        given.insert("tables".to_owned(), tables.into());
    }
    let objects: Vec<Value> = story.deeds[..story.before].iter().enumerate().filter_map(object).collect();
    if !objects.is_empty() {
        given.insert("objects".to_owned(), objects.into());
    }
    if !given.is_empty() {
        scenario.insert("given".to_owned(), given.into());
    }
    // Of each deed, the number of its event, counted from 1.
    let mut events = vec![0; story.deeds.len()];
    let mut sent = 0;
    let mut when = Vec::new();
    for step in steps {
        match step {
            Step::Deed(deed) => {
                if !matches!(story.deeds[*deed], Deed::Start { .. }) {
                    sent += 1;
                    events[*deed] = sent;
                }
                when.push(step_of(story, *deed, &events));
            }
            Step::Again(deed) if events[*deed] == 0 => when.push(step_of(story, *deed, &events)),
            Step::Again(deed) => when.push(json!({"again": events[*deed]})),
        }
    }
    scenario.insert("when".to_owned(), when.into());
    scenario.insert("schedule".to_owned(), json!(turns));
    if let Some(end) = expected {
        scenario.insert("then".to_owned(), then(end));
    }
    let text = yaml(&scenario.into()).map_err(|error| ProveError::Scenario(error.to_string()))?;
    let read = ScenarioDocument::parse(Source::new("counterexample.yaml", text.clone()));
    match read {
        Ok(document) => Ok((document.scenario, text)),
        Err((_, fault)) => {
            Err(ProveError::Scenario(format!("the counterexample cannot be written: {}", fault.message)))
        }
    }
}

fn object((number, deed): (usize, &Deed)) -> Option<Value> {
    match deed {
        Deed::Put { bucket, key, size } => {
            let mut metadata = Map::new();
            metadata.insert(DEED.to_owned(), number.to_string().into());
            Some(json!({"key": key, "size": size, "bucket": bucket, "metadata": metadata}))
        }
        _ => None,
    }
}

fn step_of(story: &Story, deed: usize, events: &[usize]) -> Value {
    match &story.deeds[deed] {
        put @ Deed::Put { .. } => json!({"put": object((deed, put))}),
        Deed::Delete { bucket, key } => json!({"delete": {"key": key, "bucket": bucket}}),
        Deed::DeleteVersion { of } => json!({"delete-version": events[*of]}),
        Deed::Told { event } => json!({ "event": event }),
        Deed::Start { machine, input } => json!({"start": {"machine": machine, "input": input}}),
    }
}

/// What should be in the tables, without what differs by chance.
fn then(end: &End) -> Value {
    let versions: Vec<&str> = end
        .events
        .iter()
        .flatten()
        .flat_map(|event| [event.pointer("/detail/object/version-id"), event.get("id")])
        .filter_map(|text| text.and_then(Value::as_str))
        .collect();
    let by_chance = |value: &Value| {
        let text = value.to_string();
        versions.iter().any(|version| text.contains(version)) || text.contains(super::runs::NAME)
    };
    let tables: Map<String, Value> = end
        .tables
        .iter()
        .map(|(table, items)| {
            let items = items.iter().map(|item| {
                let mut item = plain(item);
                item.retain(|_, value| !by_chance(value));
                Value::from(item)
            });
            (table.clone(), items.collect())
        })
        .collect();
    json!({ "tables": tables })
}

/// What a scenario tells of, to be tried in every order.
///
/// # Errors
/// It has something that cannot be tried so. The text says what, and what to do.
pub fn story_of(scenario: &Scenario, stack: &LocalStack) -> Result<Story, String> {
    let mut story = Story::default();
    let given = &scenario.given;
    if given.mocks.is_some() {
        return Err("`given.mocks`: `prove` has no answers but those of the services here".to_owned());
    }
    if !given.items.is_empty() {
        let [table] = stack.tables() else { return Err("`given.items` is for a stack with one table".to_owned()) };
        story.given.extend(given.items.iter().map(|item| (table.name.clone(), typed(item))));
    }
    for (name, items) in &given.tables {
        let table = stack.table(name).ok_or_else(|| format!("the stack has no table `{name}`"))?;
        story.given.extend(items.iter().map(|item| (table.name.clone(), typed(item))));
    }
    for key in &given.objects {
        story.deeds.push(put(key, stack)?);
    }
    story.before = story.deeds.len();
    // The deed of each event.
    let mut events = Vec::new();
    add(&scenario.when, stack, &mut story, &mut events)?;
    Ok(story)
}

fn put(key: &Key, stack: &LocalStack) -> Result<Deed, String> {
    let bucket = stack.bucket(key.bucket.as_deref())?.name.clone();
    if key.object != Upload::of_size(key.object.size) {
        return Err(format!("`put: {}`: of an object `prove` takes the size alone", key.key));
    }
    Ok(Deed::Put { bucket, key: key.key.clone(), size: key.object.size.unwrap_or(1) })
}

fn add(
    steps: &[written_scenario::Step],
    stack: &LocalStack,
    story: &mut Story,
    events: &mut Vec<usize>,
) -> Result<(), String> {
    for step in steps {
        let next = story.deeds.len();
        match step {
            written_scenario::Step::Put(key) => {
                story.deeds.push(put(key, stack)?);
                events.push(next);
            }
            written_scenario::Step::Delete(key) => {
                let bucket = stack.bucket(key.bucket.as_deref())?.name.clone();
                story.deeds.push(Deed::Delete { bucket, key: key.key.clone() });
                events.push(next);
            }
            written_scenario::Step::DeleteVersion(number) => {
                let of = number.checked_sub(1).and_then(|at| events.get(at)).copied();
                let of = of.ok_or_else(|| {
                    format!("`delete-version: {number}`: there are {} events before it", events.len())
                })?;
                story.deeds.push(Deed::DeleteVersion { of });
                events.push(next);
            }
            written_scenario::Step::Again(number) => {
                let of = number.checked_sub(1).and_then(|at| events.get(at)).copied();
                let of = of.ok_or_else(|| format!("`again: {number}`: there are {} events before it", events.len()))?;
                story.again.resize(story.deeds.len(), 0);
                story.again[of] += 1;
            }
            written_scenario::Step::Event(Value::String(_)) => {
                return Err("`event` names a file: `prove` takes an event that is written in the scenario".to_owned());
            }
            written_scenario::Step::Event(event) => {
                story.deeds.push(Deed::Told { event: whole(event.clone(), next, stack) });
                events.push(next);
            }
            written_scenario::Step::Input(input) => {
                let [machine] = &stack.machines()[..] else {
                    return Err("`input` is for a stack with one state machine; say which with `start`".to_owned());
                };
                story.deeds.push(Deed::Start { machine: machine.name.clone(), input: input.clone() });
            }
            written_scenario::Step::Start(start) => {
                if stack.machine(&start.machine).is_none() {
                    return Err(format!("the stack has no state machine `{}`", start.machine));
                }
                story.deeds.push(Deed::Start { machine: start.machine.clone(), input: start.input.clone() });
            }
            // Whatever comes later may come earlier.
            written_scenario::Step::Wait(_) => {}
            written_scenario::Step::Together(steps) => add(steps, stack, story, events)?,
            written_scenario::Step::Fault(fault) => {
                return Err(format!("`fault: {}`: `prove` tries faults by itself; choose them with --faults", fault.0));
            }
        }
    }
    Ok(())
}

/// An event with what every event has, and with the name of its bucket.
pub(super) fn whole(mut event: Value, number: usize, stack: &LocalStack) -> Value {
    if let Some(name) = event.pointer_mut("/detail/bucket/name")
        && let Ok(bucket) = stack.bucket(name.as_str())
    {
        *name = bucket.name.as_str().into();
    }
    let time = Story::time(number).to_string();
    let seconds = time.split_once('.').map_or(time.clone(), |(seconds, _)| format!("{seconds}Z"));
    if let Some(fields) = event.as_object_mut() {
        let usual = [
            ("version", json!("0")),
            ("id", json!(format!("00000000-0000-4000-8000-{number:012}"))),
            ("account", json!("123456789012")),
            ("time", json!(seconds)),
            ("region", json!("us-east-1")),
            ("resources", json!([])),
        ];
        for (name, value) in usual {
            fields.entry(name).or_insert(value);
        }
    }
    event
}
