use crate::simulate::s3_events::Origin;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use thiserror::Error;

use super::{Feed, Key, Scenario, Step, Turn, typed};
use crate::simulate::Timestamp;
use crate::simulate::s3_events::Change;
use crate::simulate::services::dynamodb::TableError;
use crate::simulate::services::s3::S3;
use crate::simulate::services::{self, LocalServices, MockFile};
use crate::simulate::simulation::{Delivery, Finished, Simulation, SimulationError, SimulationOptions};
use crate::simulate::stack::{Bucket, RunnableStack};
use crate::source::{Fault, Source};

/// What passes between two steps.
const BETWEEN: Duration = Duration::from_secs(1);

/// What came of a scenario.
#[derive(Debug)]
pub struct Played {
    /// The executions, in the order in which they started.
    pub executions: Vec<Finished>,
    /// The tables, by name: the attributes of the key, and the items.
    pub tables: BTreeMap<String, (Vec<String>, Vec<Value>)>,
    /// The targets of faults that did not strike as often as they should have.
    pub unused_faults: Vec<String>,
    /// What else there is to say: events that no rule matched, and why.
    pub notes: Vec<String>,
    /// The events that were delivered, in that order.
    pub delivered: Vec<Delivered>,
    /// The buckets.
    pub s3: S3,
    /// Whose turn it was, where there is a `schedule`.
    pub turns: Vec<Taken>,
}

/// A turn of a schedule that an execution had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The number of the execution.
    pub execution: u64,
    /// What it did.
    pub turn: Turn,
    /// Which of its calls it made, counted from 0; nothing, where it made none.
    pub call: Option<usize>,
}

/// An event, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivered {
    /// The event.
    pub event: Value,
    /// When it came, in virtual time.
    pub at: Timestamp,
    /// Which rules took it, and which executions they started.
    pub delivery: Delivery,
}

/// Why a scenario cannot be played.
#[derive(Debug, Error)]
pub enum PlayError {
    /// The tables cannot be had, or refuse an item.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The simulation does not go on.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    /// The scenario names what is not there.
    #[error("{0}")]
    Unknown(String),
    /// A file that it names cannot be read.
    #[error("`{path}`: {message}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
}

/// Plays a scenario on a stack with fresh services. Files that it names are looked for in `directory`.
///
/// # Errors
/// It names what is not there, or its executions have no end.
pub fn play(scenario: &Scenario, stack: &Arc<RunnableStack>, directory: &Path) -> Result<Played, PlayError> {
    let options = SimulationOptions { inspections: true, ..SimulationOptions::default() };
    play_with(scenario, stack, directory, options)
}

/// The same with options, of which the seed is the scenario's.
///
/// # Errors
/// It names what is not there, or its executions have no end.
pub fn play_with(
    scenario: &Scenario,
    stack: &Arc<RunnableStack>,
    directory: &Path,
    options: SimulationOptions,
) -> Result<Played, PlayError> {
    let mut services = LocalServices::in_memory(scenario.seed)?;
    stack.furnish(&mut services)?;
    give(scenario, stack, &services)?;
    if let Some(mocks) = &scenario.given.mocks {
        let path = directory.join(&mocks.file);
        let refused = |fault: Fault| PlayError::File { path: path.clone(), message: fault.message };
        let source = Source::read(&path).map_err(|(_, fault)| refused(fault))?;
        let file = MockFile::read(&source).map_err(|faults| {
            refused(faults.into_iter().next().unwrap_or_else(|| Fault::new("it is not a mock file")))
        })?;
        stack.mock(&mut services, &file, &mocks.test_case).map_err(PlayError::Unknown)?;
    }
    let options = SimulationOptions { seed: scenario.seed, ..options };
    let simulation = Simulation::new(Arc::clone(stack), services, options);
    let mut player = Player {
        simulation,
        directory,
        ended: Vec::new(),
        events: Vec::new(),
        late: BTreeMap::new(),
        notes: Vec::new(),
        delivered: Vec::new(),
        turns: Vec::new(),
        keeps: scenario.schedule.iter().flatten().any(|turn| matches!(turn, Turn::Stale(_))),
        before: None,
    };
    for key in &scenario.given.objects {
        let bucket = player.bucket(key)?.name;
        player.simulation.upload(&bucket, &key.key, &key.object);
    }
    match &scenario.schedule {
        Some(turns) => player.scheduled(&scenario.when, turns)?,
        None => player.in_turn(&scenario.when)?,
    }
    while let Some((time, _)) = player.late.keys().next().copied() {
        player.until(time)?;
        player.settle()?;
    }
    player.played(stack)
}

/// The stack's only table, or the one of a name.
pub(super) fn table<'a>(stack: &'a RunnableStack, name: Option<&str>) -> Result<&'a str, String> {
    let names = || {
        let names: Vec<&str> = stack.tables().iter().map(|table| table.logical_id.as_str()).collect();
        if names.is_empty() { "it has none".to_owned() } else { format!("it has {}", names.join(", ")) }
    };
    match (name, stack.tables()) {
        (Some(name), _) => match stack.table(name) {
            Some(table) => Ok(&table.name),
            None => Err(format!("the stack has no table `{name}`: {}", names())),
        },
        (None, [only]) => Ok(&only.name),
        (None, _) => {
            Err(format!("`items` works only for a stack with one table; name the table under `tables`: {}", names()))
        }
    }
}

fn give(scenario: &Scenario, stack: &RunnableStack, services: &LocalServices) -> Result<(), PlayError> {
    let given = &scenario.given;
    let unnamed = Some((None, &given.items)).filter(|(_, items)| !items.is_empty());
    let named = given.tables.iter().map(|(name, items)| (Some(name.as_str()), items));
    for (name, items) in unnamed.into_iter().chain(named) {
        let table = table(stack, name).map_err(PlayError::Unknown)?;
        for item in items {
            services.dynamodb.put(table, &typed(item))?;
        }
    }
    Ok(())
}

struct Player<'a> {
    simulation: Simulation,
    directory: &'a Path,
    ended: Vec<Finished>,
    /// The events so far, for those that come again.
    events: Vec<Value>,
    /// Events that are still on their way, by when they come.
    late: BTreeMap<(Timestamp, usize), Value>,
    notes: Vec<String>,
    delivered: Vec<Delivered>,
    turns: Vec<Taken>,
    /// Whether somebody will ask what the tables held before.
    keeps: bool,
    /// What the tables held before the last call that changed one.
    before: Option<Tables>,
}

/// The items of each table.
type Tables = Vec<(String, Vec<Value>)>;

impl Player<'_> {
    /// One step after the other, each to its end.
    fn in_turn(&mut self, steps: &[Step]) -> Result<(), PlayError> {
        for (number, step) in steps.iter().enumerate() {
            if number > 0 {
                let next = self.simulation.now().after(BETWEEN);
                self.until(next)?;
            }
            self.step(step)?;
            self.settle()?;
        }
        Ok(())
    }

    /// Call by call. Steps have the times that they would have one after the other, and what an event starts begins at its time, however late
    /// its turn is.
    fn scheduled(&mut self, steps: &[Step], turns: &[Turn]) -> Result<(), PlayError> {
        let mut next = self.simulation.now();
        let mut steps = steps.iter();
        for turn in turns {
            match *turn {
                Turn::Step => {
                    let nothing_left = || PlayError::Unknown("`schedule` has more steps than `when`".to_owned());
                    self.step_at(&mut next, steps.next().ok_or_else(nothing_left)?)?;
                }
                Turn::Go(number) => self.go(number, *turn)?,
                Turn::Throttle(number) => self.struck(number, *turn, services::Fault::throttle())?,
                Turn::Lose(number) => self.struck(number, *turn, services::Fault::lose())?,
                Turn::Stale(number) => self.stale(number)?,
                Turn::Again(number) => self.start_again(number)?,
            }
        }
        steps.try_for_each(|step| self.step_at(&mut next, step))?;
        self.settle()
    }

    /// A step of a schedule, and when the one after it comes.
    fn step_at(&mut self, next: &mut Timestamp, step: &Step) -> Result<(), PlayError> {
        match step {
            Step::Wait(delay) => {
                *next = next.after(delay.0);
                return Ok(());
            }
            Step::Again(number) => {
                let event = number.checked_sub(1).and_then(|at| self.events.get(at));
                let first = event.and_then(|event| self.delivered.iter().find(|first| first.event == *event));
                self.simulation.at(first.map_or(*next, |first| first.at));
            }
            _ => {
                self.simulation.at(*next);
                *next = next.after(BETWEEN);
            }
        }
        self.step(step)
    }

    /// An execution has its turn.
    fn go(&mut self, number: u64, turn: Turn) -> Result<(), PlayError> {
        let made = self.simulation.calls(number).len();
        let earlier = if self.keeps { Some(self.simulation.items()?) } else { None };
        self.advance(number)?;
        if let Some(earlier) = earlier
            && self.simulation.items()? != earlier
        {
            self.before = Some(earlier);
        }
        let ended = self.ended.iter().find(|ended| ended.number == number);
        let calls = ended.map_or_else(|| self.simulation.calls(number).len(), |ended| ended.calls.len());
        self.turns.push(Taken { execution: number, turn, call: (calls > made).then_some(made) });
        Ok(())
    }

    /// The same, and what it reads is what was there before the last call that changed a table.
    fn stale(&mut self, number: u64) -> Result<(), PlayError> {
        let refused = |what: &str| PlayError::Unknown(format!("`schedule`: `stale {number}`: {what}"));
        let before = self.before.clone().ok_or_else(|| refused("no call has changed a table yet"))?;
        let now = self.simulation.items()?;
        self.simulation.hold(&before)?;
        self.go(number, Turn::Stale(number))?;
        let wrote = self.simulation.items()? != before;
        self.simulation.hold(&now)?;
        self.before = Some(before);
        if wrote { Err(refused("its call writes, and only reads can be stale")) } else { Ok(()) }
    }

    fn advance(&mut self, number: u64) -> Result<(), PlayError> {
        if !self.simulation.running().contains(&number) {
            return Err(PlayError::Unknown(format!(
                "`schedule`: it is the turn of execution {number}, which is not running"
            )));
        }
        let ended = &mut self.ended;
        Ok(self.simulation.advance(number, &mut |finished| ended.push(finished))?)
    }

    /// An execution goes on, and something goes wrong with the call that it makes.
    fn struck(&mut self, number: u64, turn: Turn, fault: services::Fault) -> Result<(), PlayError> {
        self.simulation.services.faults.strike_next(fault);
        self.go(number, turn)?;
        if self.simulation.services.faults.is_still_waiting() {
            let message = format!("`schedule`: execution {number} ended without a call that can fail");
            return Err(PlayError::Unknown(message));
        }
        Ok(())
    }

    fn start_again(&mut self, number: u64) -> Result<(), PlayError> {
        self.turns.push(Taken { execution: number, turn: Turn::Again(number), call: None });
        if self.simulation.again(number).is_some() {
            return Ok(());
        }
        let at = self.ended.iter().position(|ended| ended.number == number);
        // What it came to is no longer of interest.
        let ended = at.map(|at| self.ended.remove(at));
        let started = ended.and_then(|ended| Some((self.simulation.stack().machine(&ended.machine)?, ended)));
        let unknown = || PlayError::Unknown(format!("`schedule`: there is no execution {number} to start again"));
        let (machine, ended) = started.ok_or_else(unknown)?;
        self.simulation.at(ended.start);
        self.simulation.start(machine, Arc::clone(ended.input()));
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), PlayError> {
        match step {
            Step::Put(key) => {
                let bucket = self.bucket(key)?;
                let event = self.simulation.upload(&bucket.name, &key.key, &key.object);
                self.changed(&bucket, key, event)
            }
            Step::Delete(key) => {
                let bucket = self.bucket(key)?;
                match self.simulation.delete(&bucket.name, &key.key) {
                    Some(event) => self.changed(&bucket, key, event),
                    None => {
                        self.notes.push(format!("`{}` is not in the bucket, so deleting it causes no event", key.key));
                        Ok(())
                    }
                }
            }
            Step::Event(event) => {
                let event = self.event(event)?;
                self.send(event)
            }
            Step::DeleteVersion(number) => {
                let event = number.checked_sub(1).and_then(|at| self.events.get(at));
                let made = event.and_then(Change::of_event);
                let deleted = made.and_then(|made| {
                    let id = made.version_id.as_deref()?;
                    self.simulation.delete_version(&made.bucket, &made.key, id)
                });
                match deleted {
                    Some(event) => self.send(event),
                    None => Err(PlayError::Unknown(format!(
                        "`delete-version: {number}`: event {number} created no version"
                    ))),
                }
            }
            Step::Again(number) => {
                let event = number.checked_sub(1).and_then(|at| self.events.get(at)).cloned();
                let missing = || format!("`again: {number}`: there are only {} events before it", self.events.len());
                let event = event.ok_or_else(|| PlayError::Unknown(missing()))?;
                self.deliver(&event)
            }
            Step::Input(input) => self.start(None, input),
            Step::Start(start) => self.start(Some(&start.machine), &start.input),
            Step::Pipe(feed) => self.feed(feed),
            Step::Api(request) => {
                let delivery = self.simulation.request(request);
                let delivery = delivery.map_err(|message| PlayError::Unknown(format!("`api`: {message}")))?;
                self.notes.extend(delivery.undelivered);
                Ok(())
            }
            Step::Schedule(name) => self.fire(name),
            Step::Wait(delay) => {
                let until = self.simulation.now().after(delay.0);
                self.until(until)
            }
            Step::Expire(name) => {
                let table = table(self.simulation.stack(), Some(name)).map_err(PlayError::Unknown)?;
                let dynamodb = &self.simulation.services.dynamodb;
                if dynamodb.ttl_attribute(table).is_none() {
                    return Err(PlayError::Unknown(format!(
                        "`expire: {name}`: the table has no `TimeToLiveSpecification`, so its items do not expire"
                    )));
                }
                dynamodb.expire(table)?;
                self.before = None;
                Ok(())
            }
            Step::Together(steps) => steps.iter().try_for_each(|step| self.step(step)),
            Step::Fault(fault) => {
                self.simulation.services.faults.add(fault.0.clone());
                Ok(())
            }
        }
    }

    fn start(&mut self, machine: Option<&str>, input: &Value) -> Result<(), PlayError> {
        let stack = self.simulation.stack();
        let machine = match (machine, stack.machines().len()) {
            (None, 1) => 0,
            (None, _) => {
                let message = "`input` works only for a stack with one state machine; name the machine with `start`";
                return Err(PlayError::Unknown(message.to_owned()));
            }
            (Some(name), _) => stack
                .machine(name)
                .ok_or_else(|| PlayError::Unknown(format!("the stack has no state machine `{name}`")))?,
        };
        self.simulation.start(machine, input.clone());
        Ok(())
    }

    fn feed(&mut self, feed: &Feed) -> Result<(), PlayError> {
        let pipe = self.simulation.stack().pipe(feed.name.as_deref()).map_err(PlayError::Unknown)?;
        let fed = self.simulation.feed(pipe, &feed.records, feed.enriched.as_ref());
        let delivery = fed.map_err(|message| PlayError::Unknown(format!("`pipe`: {message}")))?;
        self.notes.extend(delivery.undelivered);
        Ok(())
    }

    fn fire(&mut self, name: &str) -> Result<(), PlayError> {
        let schedule = self.simulation.stack().schedule(Some(name)).map_err(PlayError::Unknown)?;
        let delivery = self.simulation.fire(schedule);
        self.notes.extend(delivery.undelivered);
        Ok(())
    }

    fn bucket(&self, key: &Key) -> Result<Bucket, PlayError> {
        self.simulation.stack().bucket(key.bucket.as_deref()).cloned().map_err(PlayError::Unknown)
    }

    /// Sends the event of a change, now or when it comes.
    fn changed(&mut self, bucket: &Bucket, key: &Key, event: Value) -> Result<(), PlayError> {
        if !bucket.sends_to_event_bridge {
            self.notes.push(format!("the bucket `{}` does not send its events to EventBridge", bucket.name));
            return Ok(());
        }
        match key.late {
            None => self.send(event),
            Some(delay) => {
                self.events.push(event.clone());
                let when = self.simulation.now().after(delay.0);
                self.late.insert((when, self.events.len()), event);
                Ok(())
            }
        }
    }

    fn send(&mut self, event: Value) -> Result<(), PlayError> {
        self.events.push(event.clone());
        self.deliver(&event)
    }

    fn deliver(&mut self, event: &Value) -> Result<(), PlayError> {
        let delivery = self.simulation.deliver(event)?;
        if delivery.rules.is_empty() {
            let key = event.pointer("/detail/object/key").and_then(Value::as_str).unwrap_or_default();
            let kind = event["detail-type"].as_str().unwrap_or_default();
            self.notes.push(format!("no rule matched `{kind}` {key}"));
            self.notes.extend(self.simulation.misses(event).iter().map(|miss| format!("  {miss}")));
        }
        self.notes.extend(delivery.undelivered.iter().cloned());
        self.delivered.push(Delivered { event: event.clone(), at: self.simulation.now(), delivery });
        Ok(())
    }

    /// An event as it is written, with what every event has.
    fn event(&mut self, written: &Value) -> Result<Value, PlayError> {
        let mut event = match written {
            Value::String(file) => {
                let path = self.directory.join(file);
                let refused = |message: String| PlayError::File { path: path.clone(), message };
                let source = Source::read(&path).map_err(|(_, fault)| refused(fault.message))?;
                serde_json::from_str(&source.text).map_err(|error| refused(format!("not JSON: {error}")))?
            }
            event => event.clone(),
        };
        let named = event.pointer("/detail/bucket/name").and_then(Value::as_str).map(str::to_owned);
        let bucket =
            named.and_then(|name| self.simulation.stack().bucket(Some(&name)).ok().map(|found| found.name.clone()));
        if let (Some(bucket), Some(name)) = (bucket, event.pointer_mut("/detail/bucket/name")) {
            *name = bucket.into();
        }
        if !event.is_object() {
            return Err(PlayError::Unknown("an event must be a mapping".to_owned()));
        }
        let id = self.simulation.services.ids.uuid();
        Origin::default().complete(&mut event, id, self.simulation.now());
        Ok(event)
    }

    /// Runs what was started, and delivers what is due meanwhile.
    fn settle(&mut self) -> Result<(), PlayError> {
        while let Some(due) = self.simulation.due() {
            self.until(due)?;
        }
        Ok(())
    }

    /// Lets time pass up to a moment: what is due runs, what comes late comes.
    fn until(&mut self, time: Timestamp) -> Result<(), PlayError> {
        loop {
            let next = self.late.keys().next().copied().filter(|(due, _)| *due <= time);
            let ended = &mut self.ended;
            let stop = next.map_or(time, |(due, _)| due);
            self.simulation.settle_until(stop, &mut |finished| ended.push(finished))?;
            match next.and_then(|next| self.late.remove(&next)) {
                Some(event) => self.deliver(&event)?,
                None => return Ok(()),
            }
        }
    }

    fn played(mut self, stack: &RunnableStack) -> Result<Played, PlayError> {
        self.ended.sort_by_key(|finished| finished.number);
        self.notes.extend(self.simulation.take_notes());
        let dynamodb = &self.simulation.services.dynamodb;
        let mut tables = BTreeMap::new();
        for table in stack.tables() {
            tables.insert(table.name.clone(), (dynamodb.key_names(&table.name), dynamodb.items(&table.name)?));
        }
        let unused_faults = self.simulation.services.faults.unused().map(str::to_owned).collect();
        let (notes, delivered, turns, s3) = (self.notes, self.delivered, self.turns, self.simulation.services.s3);
        Ok(Played { executions: self.ended, tables, unused_faults, notes, delivered, s3, turns })
    }
}
