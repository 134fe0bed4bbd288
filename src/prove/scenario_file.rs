//! Stories out of scenarios, and schedules as scenarios.

use crate::simulate::s3_events::Origin;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::end::End;
use super::{Deed, ProveError, Question, Story};
use crate::simulate::Timestamp;
use crate::simulate::scenario::{self as written_scenario, ScenarioDocument};
use crate::simulate::scenario::{Key, Scenario, Turn, plain, typed};
use crate::simulate::services::s3::Upload;
use crate::simulate::simulation::SimulationOptions;
use crate::simulate::stack::RunnableStack;
use crate::source::Source;
use crate::stack::yaml;

/// A step of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Deeds are done, at one moment.
    Deeds(Range<usize>),
    /// The event of a deed comes again.
    Again(usize),
    /// Time passes.
    Wait(Duration),
}

/// What a scenario that is proved says, beside what happens: it is kept in the schedules that are written of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Written {
    /// The stack that it is about, and the values of parameters: `stack`, `parameters`, `substitutions`.
    pub head: Map<String, Value>,
    /// Its `given`.
    pub given: Option<Value>,
    /// Its `then`.
    pub then: Option<Value>,
}

/// A deed in a few words.
pub(super) fn deed_in_short(story: &Story, deed: usize) -> String {
    match &story.deeds[deed] {
        Deed::Put { key, object, .. } => match object.size {
            Some(size) => format!("put {key} ({size} bytes)"),
            None => format!("put {key}"),
        },
        Deed::Expire { table } => format!("items of {table} expire"),
        Deed::Delete { key, .. } => format!("delete {key}"),
        Deed::DeleteVersion { of } => format!("delete the version that step {} created", of + 1),
        Deed::Told { event } => {
            let kind = event["detail-type"].as_str().unwrap_or("an event");
            let key = event.pointer("/detail/object/key").and_then(Value::as_str).unwrap_or_default();
            format!("{kind} {key}").trim_end().to_owned()
        }
        Deed::Start { machine, .. } => format!("start {machine}"),
    }
}

/// A schedule as a scenario, and its text. What should have come of it is what the scenario says that is proved, and what comes of it in order.
pub(super) fn written(
    story: &Story,
    what: &str,
    (steps, turns): (&[Step], &[Turn]),
    expected: Option<&End>,
    question: &Question<'_>,
) -> Result<(Scenario, String), ProveError> {
    let mut scenario = Map::new();
    scenario.insert("name".to_owned(), what.into());
    scenario.extend(question.written.head.clone());
    let given = question.written.given.clone().or_else(|| given(story));
    scenario.extend(given.map(|given| ("given".to_owned(), given)));
    // Of each deed, the number of its event, counted from 1.
    let mut events = vec![0; story.deeds.len()];
    let mut sent = 0;
    let mut when = Vec::new();
    for step in steps {
        match step {
            Step::Deeds(deeds) => {
                let mut done = Vec::new();
                for deed in deeds.clone() {
                    if !matches!(story.deeds[deed], Deed::Start { .. } | Deed::Expire { .. }) {
                        sent += 1;
                        events[deed] = sent;
                    }
                    done.push(step_of(story, deed, &events));
                }
                when.push(if done.len() == 1 { done.swap_remove(0) } else { json!({ "together": done }) });
            }
            Step::Again(deed) if events[*deed] == 0 => when.push(step_of(story, *deed, &events)),
            Step::Again(deed) => when.push(json!({"again": events[*deed]})),
            Step::Wait(time) if time.subsec_nanos() == 0 => when.push(json!({"wait": time.as_secs()})),
            Step::Wait(time) => when.push(json!({"wait": time.as_secs_f64()})),
        }
    }
    scenario.insert("when".to_owned(), when.into());
    scenario.insert("schedule".to_owned(), json!(turns));
    let mut wanted = question.written.then.clone().unwrap_or_else(|| json!({}));
    if let (Some(end), Some(wanted), true) = (expected, wanted.as_object_mut(), question.asks_for_tables()) {
        wanted.insert("tables".to_owned(), tables(story, end));
    }
    if expected.is_some() && wanted.as_object().is_some_and(|wanted| !wanted.is_empty()) {
        scenario.insert("then".to_owned(), wanted);
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

/// What there is at first.
fn given(story: &Story) -> Option<Value> {
    let mut given = Map::new();
    let mut tables: Map<String, Value> = Map::new();
    for (table, item) in &story.given {
        if let Value::Array(items) = tables.entry(table.clone()).or_insert_with(|| json!([])) {
            items.push(plain(item).into());
        }
    }
    if !tables.is_empty() {
        given.insert("tables".to_owned(), tables.into());
    }
    let objects: Vec<Value> = story.deeds[..story.before].iter().filter_map(object).collect();
    if !objects.is_empty() {
        given.insert("objects".to_owned(), objects.into());
    }
    (!given.is_empty()).then(|| given.into())
}

/// An object that is put, with what is said of it.
fn object(deed: &Deed) -> Option<Value> {
    let Deed::Put { bucket, key, object } = deed else { return None };
    let Upload { size, content_type, metadata, tags, storage_class, checksum } = object;
    let mut told = Map::new();
    told.insert("key".to_owned(), key.as_str().into());
    told.extend(size.map(|size| ("size".to_owned(), size.into())));
    told.insert("bucket".to_owned(), bucket.as_str().into());
    let texts = [
        ("content_type", content_type.clone()),
        ("storage_class", storage_class.as_ref().map(|class| class.as_str().to_owned())),
        ("checksum", checksum.as_ref().map(|checksum| format!("{}:{}", checksum.algorithm(), checksum.value()))),
    ];
    told.extend(texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into()))));
    for (name, texts) in [("metadata", metadata), ("tags", tags)] {
        if !texts.is_empty() {
            told.insert(name.to_owned(), json!(texts));
        }
    }
    Some(told.into())
}

fn step_of(story: &Story, deed: usize, events: &[usize]) -> Value {
    match &story.deeds[deed] {
        put @ Deed::Put { .. } => json!({"put": object(put)}),
        Deed::Expire { table } => json!({ "expire": table }),
        Deed::Delete { bucket, key } => json!({"delete": {"key": key, "bucket": bucket}}),
        Deed::DeleteVersion { of } => json!({"delete-version": events[*of]}),
        Deed::Told { event } => json!({ "event": event }),
        Deed::Start { machine, input } => json!({"start": {"machine": machine, "input": input}}),
    }
}

/// What should be in the tables, without what differs by chance.
fn tables(story: &Story, end: &End) -> Value {
    // The entity tag of an object whose bytes are made up is new each time.
    let made_up = |deed: usize| matches!(&story.deeds[deed], Deed::Put { object, .. } if object.size.is_none());
    let of_event = |(deed, event): (usize, &'_ Value)| {
        let etag = event.pointer("/detail/object/etag").filter(|_| made_up(deed));
        let texts = [event.pointer("/detail/object/version-id"), event.get("id"), etag];
        texts.map(|text| text.and_then(Value::as_str).map(str::to_owned))
    };
    let events = end.events.iter().enumerate().filter_map(|(deed, event)| Some((deed, event.as_ref()?)));
    let versions: Vec<String> = events.flat_map(of_event).flatten().collect();
    let by_chance = |value: &Value| {
        let text = value.to_string();
        versions.iter().any(|version| text.contains(version.as_str())) || text.contains(super::runs::NAME)
    };
    let tables: Map<String, Value> = end
        .played
        .tables
        .iter()
        .map(|(table, (_, items))| {
            let items = items.iter().map(|item| {
                let mut item = plain(item);
                item.retain(|_, value| !by_chance(value));
                Value::from(item)
            });
            (table.clone(), items.collect())
        })
        .collect();
    tables.into()
}

/// What a scenario tells of, to be tried in every order. Events in files are looked for in a directory.
///
/// # Errors
/// It has something that cannot be tried so. The text says what, and what to do.
pub fn story_of(scenario: &Scenario, stack: &RunnableStack, directory: &Path) -> Result<Story, String> {
    let mut story = Story::default();
    let given = &scenario.given;
    if given.mocks.is_some() {
        return Err("`given.mocks`: `prove` uses the simulated services only".to_owned());
    }
    if !given.items.is_empty() {
        let [table] = stack.tables() else {
            return Err("`given.items` works only for a stack with one table".to_owned());
        };
        story.given.extend(given.items.iter().map(|item| (table.name.clone(), typed(item))));
    }
    for (name, items) in &given.tables {
        let table = stack.table(name).ok_or_else(|| format!("the stack has no table `{name}`"))?;
        story.given.extend(items.iter().map(|item| (table.name.clone(), typed(item))));
    }
    for key in &given.objects {
        story.deeds.push(put(key, stack)?);
        story.at.push(Duration::ZERO);
    }
    story.before = story.deeds.len();
    let mut teller = Teller { stack, directory, story, events: Vec::new(), now: Duration::ZERO };
    for step in &scenario.when {
        teller.tell(step)?;
        teller.now += match step {
            // As `test` plays it, the next step comes a second after the time that passes.
            written_scenario::Step::Wait(delay) => delay.0 + Duration::from_secs(1),
            _ => Duration::from_secs(1),
        };
    }
    Ok(teller.story)
}

fn put(key: &Key, stack: &RunnableStack) -> Result<Deed, String> {
    let bucket = stack.bucket(key.bucket.as_deref())?.name.clone();
    Ok(Deed::Put { bucket, key: key.key.clone(), object: key.object.clone() })
}

/// A story that is being told.
struct Teller<'a> {
    stack: &'a RunnableStack,
    directory: &'a Path,
    story: Story,
    /// The deed of each event.
    events: Vec<usize>,
    /// When the step comes that is told, from the beginning.
    now: Duration,
}

impl Teller<'_> {
    /// A deed, of which an event tells.
    fn happens(&mut self, deed: Deed) {
        self.events.push(self.story.deeds.len());
        self.does(deed);
    }

    fn does(&mut self, deed: Deed) {
        self.story.deeds.push(deed);
        self.story.at.push(self.now);
    }

    /// The deed of an earlier event.
    fn earlier(&self, step: &str, number: usize) -> Result<usize, String> {
        let of = number.checked_sub(1).and_then(|at| self.events.get(at)).copied();
        of.ok_or_else(|| format!("`{step}: {number}`: there are only {} events before it", self.events.len()))
    }

    fn tell(&mut self, step: &written_scenario::Step) -> Result<(), String> {
        let stack = self.stack;
        match step {
            written_scenario::Step::Put(key) => self.happens(put(key, stack)?),
            written_scenario::Step::Delete(key) => {
                let bucket = stack.bucket(key.bucket.as_deref())?.name.clone();
                self.happens(Deed::Delete { bucket, key: key.key.clone() });
            }
            written_scenario::Step::DeleteVersion(number) => {
                let of = self.earlier("delete-version", *number)?;
                self.happens(Deed::DeleteVersion { of });
            }
            written_scenario::Step::Again(number) => {
                let of = self.earlier("again", *number)?;
                self.story.again.resize(self.story.deeds.len(), 0);
                self.story.again[of] += 1;
            }
            written_scenario::Step::Event(event) => {
                let event = match event {
                    Value::String(file) => read_event(&self.directory.join(file))?,
                    event => event.clone(),
                };
                let (number, time) = (self.story.deeds.len(), SimulationOptions::default().start.after(self.now));
                self.happens(Deed::Told { event: whole(event, number, time, stack) });
            }
            written_scenario::Step::Input(input) => {
                let [machine] = &stack.machines()[..] else {
                    return Err("`input` works only for a stack with one state machine; name the machine with `start`"
                        .to_owned());
                };
                self.does(Deed::Start { machine: machine.name.clone(), input: input.clone() });
            }
            written_scenario::Step::Start(start) => {
                if stack.machine(&start.machine).is_none() {
                    return Err(format!("the stack has no state machine `{}`", start.machine));
                }
                self.does(Deed::Start { machine: start.machine.clone(), input: start.input.clone() });
            }
            written_scenario::Step::Pipe(_) | written_scenario::Step::Schedule(_) | written_scenario::Step::Api(_) => {
                return Err(
                    "`prove` does not support `pipe`, `schedule` and `api`: write the input that the state machine gets as `start`"
                        .to_owned(),
                );
            }
            // Whatever comes later may come earlier.
            written_scenario::Step::Wait(_) => {}
            written_scenario::Step::Expire(name) => {
                let table = stack.table(name).ok_or_else(|| format!("the stack has no table `{name}`"))?;
                if !table.expires() {
                    return Err(format!(
                        "`expire: {name}`: the table has no `TimeToLiveSpecification`, so its items do not expire"
                    ));
                }
                self.does(Deed::Expire { table: name.clone() });
            }
            written_scenario::Step::Together(steps) => {
                let waits = |step: &written_scenario::Step| {
                    matches!(step, written_scenario::Step::Wait(_) | written_scenario::Step::Expire(_))
                };
                if steps.iter().any(waits) {
                    return Err("`together` cannot contain `wait` or `expire`: make it a step of its own".to_owned());
                }
                steps.iter().try_for_each(|step| self.tell(step))?;
            }
            written_scenario::Step::Fault(fault) => {
                return Err(format!("`fault: {}`: `prove` injects faults itself; choose them with --faults", fault.0));
            }
        }
        Ok(())
    }
}

fn read_event(path: &Path) -> Result<Value, String> {
    let refused = |message: String| format!("`{}`: {message}", path.display());
    let source = Source::read(path).map_err(|(_, fault)| refused(fault.message))?;
    serde_json::from_str(&source.text).map_err(|error| refused(format!("not JSON: {error}")))
}

/// An event with what every event has, and with the name of its bucket.
pub(super) fn whole(mut event: Value, number: usize, time: Timestamp, stack: &RunnableStack) -> Value {
    if let Some(name) = event.pointer_mut("/detail/bucket/name")
        && let Ok(bucket) = stack.bucket(name.as_str())
    {
        *name = bucket.name.as_str().into();
    }
    Origin::default().complete(&mut event, format!("00000000-0000-4000-8000-{number:012}"), time);
    event
}
