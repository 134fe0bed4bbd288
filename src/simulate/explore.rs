//! Every way in which a few things can happen to a stack.
//!
//! A [`Story`] says what is done to a bucket, in its order. S3 knows of each deed at once; the executions that its event starts, more than once if
//! that is asked for, make their calls whenever it is their turn: one that has made none yet is an event that is still on its way.
//! [`explore`] tries every order of all that. States that were seen before are not gone on from, so what counts is how many there are, not how
//! many ways lead to them. Nothing in here is random, and no two runs differ.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use thiserror::Error;

use super::s3_events::{Change, Origin};
use super::services::dynamodb::TableError;
use super::services::s3::{Body, Object};
use super::services::{Completion, Fault, Ids, LocalServices, RecordedCall};
use super::simulation::{Simulation, SimulationError, SimulationOptions, Snapshot};
use super::stack::LocalStack;

/// What is done to a bucket.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// An object is written, of so many bytes. Its metadata has the number of the deed as `deed`, counted from 0.
    Put {
        /// Its key.
        key: String,
        /// Its size in bytes.
        size: u64,
    },
    /// An object is deleted; in a bucket that keeps versions, that leaves a marker.
    Delete {
        /// Its key.
        key: String,
    },
    /// What an earlier deed made (a version or a marker) is deleted for good.
    DeleteVersion {
        /// The number of that deed, counted from 0.
        of: usize,
    },
    /// S3 tells of something else. The bucket stays as it is.
    Told {
        /// The event.
        event: Value,
    },
    /// Time passes until DynamoDB has removed what expires. It does so when all events have come and all executions have ended, because no
    /// event is late for as long as a mark stays.
    Expire,
    /// A state machine is started by hand.
    Start {
        /// Its name or logical id.
        machine: String,
    },
}

/// What happens to a stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// The bucket's name.
    pub bucket: String,
    /// How many of the deeds are done before the stack is there: no events tell of those.
    pub before: usize,
    /// What is done, in this order, a second after each other.
    pub deeds: Vec<Deed>,
    /// How often an event may come again.
    pub repeats: usize,
    /// How many executions may be stopped where they are. Their events come again.
    pub stops: usize,
    /// What goes wrong all the time, as a scenario says it: `fail HeadObject with S3.S3Exception`.
    pub faults: Vec<Fault>,
}

/// How much was explored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explored {
    /// How many different states there were.
    pub states: usize,
    /// How many of them were ends.
    pub ends: usize,
}

/// Why a story cannot be explored, or what went wrong in it.
#[derive(Debug, Error)]
pub enum ExploreError {
    /// The tables cannot be had.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The simulation does not go on.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    /// There are more states than were allowed.
    #[error("there are more than {0} states: tell a shorter story")]
    TooMany(usize),
    /// Something is not as it should be at one of the ends.
    #[error("{what}\n{}", way.join("\n"))]
    Wrong {
        /// What.
        what: String,
        /// What was done on the way there.
        way: Vec<String>,
    },
}

/// What can be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    Do,
    Advance(u64),
    Stop(u64),
}

/// How far a story is, but for what the simulation holds.
#[derive(Debug, Clone)]
struct Place {
    done: usize,
    /// The change that each deed made, if it made one.
    changes: Vec<Option<Change>>,
    /// The event of each deed, if it has one.
    events: Vec<Option<Value>>,
    stops: usize,
    /// The executions, and the deed that each is about.
    started: Vec<(u64, usize)>,
    failures: Vec<String>,
    way: Vec<String>,
}

/// A story on its way.
struct Telling<'a> {
    story: &'a Story,
    simulation: Simulation,
    /// Whether any execution asks S3. If none does, it makes no difference when S3 knows of a deed.
    asks_s3: bool,
    place: Place,
}

/// Explores every way of a story, and lets `check` look at the stack wherever all has been done.
///
/// # Errors
/// `check` finds something wrong, an execution fails, or there are more than `limit` states.
pub fn explore(
    stack: &Arc<LocalStack>,
    story: &Story,
    limit: usize,
    check: &dyn Fn(&Simulation) -> Result<(), String>,
) -> Result<Explored, ExploreError> {
    let mut telling = Telling::of(stack, story)?;
    let mut seen: HashSet<String> = HashSet::new();
    let mut ends = 0;
    let mut left: Vec<(Rc<(Snapshot, Place)>, Move)> = Vec::new();
    loop {
        if seen.insert(telling.state()) {
            if seen.len() > limit {
                return Err(ExploreError::TooMany(limit));
            }
            let moves = telling.moves();
            if moves.is_empty() {
                ends += 1;
                telling.end(check)?;
            }
            let here = Rc::new((telling.simulation.snapshot()?, telling.place.clone()));
            left.extend(moves.into_iter().map(|next| (Rc::clone(&here), next)));
        }
        let Some((from, next)) = left.pop() else { return Ok(Explored { states: seen.len(), ends }) };
        telling.simulation.restore(&from.0)?;
        telling.place = from.1.clone();
        telling.take(next)?;
    }
}

impl<'a> Telling<'a> {
    fn of(stack: &Arc<LocalStack>, story: &'a Story) -> Result<Self, ExploreError> {
        let mut services = LocalServices::in_memory(0)?;
        stack.furnish(&services.dynamodb, &mut services.s3)?;
        story.faults.iter().for_each(|fault| services.faults.add(fault.clone()));
        let simulation = Simulation::new(Arc::clone(stack), services, SimulationOptions::default());
        let asks_s3 = stack.machines().iter().any(|machine| machine.definition.to_string().contains(":s3:"));
        let place = Place {
            done: 0,
            changes: Vec::new(),
            events: Vec::new(),
            stops: story.stops,
            started: Vec::new(),
            failures: Vec::new(),
            way: Vec::new(),
        };
        let mut telling = Self { story, simulation, asks_s3, place };
        while telling.place.done < story.before {
            telling.deed()?;
        }
        Ok(telling)
    }

    /// Of executions that are alike, one goes on.
    fn moves(&self) -> Vec<Move> {
        let waits =
            self.story.deeds.get(self.place.done) == Some(&Deed::Expire) && !self.simulation.running().is_empty();
        let deed = (self.place.done < self.story.deeds.len() && !waits).then_some(Move::Do);
        if let Some(deed) = deed.filter(|_| !self.asks_s3) {
            return vec![deed];
        }
        let mut alike = HashSet::new();
        let running: Vec<u64> =
            self.simulation.running().into_iter().filter(|number| alike.insert(self.execution(*number))).collect();
        let stopped = running.iter().filter(|_| self.place.stops > 0).map(|number| Move::Stop(*number));
        let advanced = running.iter().map(|number| Move::Advance(*number));
        deed.into_iter().chain(advanced).chain(stopped).collect()
    }

    fn take(&mut self, next: Move) -> Result<(), ExploreError> {
        match next {
            Move::Do => {
                self.place.way.push(format!("{:?}", self.story.deeds[self.place.done]));
                self.deed()
            }
            Move::Advance(number) => self.advance(number),
            Move::Stop(number) => {
                self.place.way.push(format!("execution {number} is stopped, and its event comes again"));
                self.place.stops -= 1;
                self.simulation.stop(number);
                match self.about(number) {
                    Some(deed) => self.deliver(deed),
                    None => Ok(()),
                }
            }
        }
    }

    fn advance(&mut self, number: u64) -> Result<(), ExploreError> {
        let failures = &mut self.place.failures;
        let mut call = None;
        self.simulation.advance(number, &mut |finished| {
            call = finished.calls.last().map(|call| call.state.clone());
            if finished.outcome.status() != "SUCCEEDED" {
                failures.push(format!("an execution of {} ended: {:?}", finished.machine, finished.outcome));
            }
        })?;
        let call = call.or_else(|| self.simulation.calls(number).last().map(|call| call.state.clone()));
        let about = self.about(number).unwrap_or_default();
        self.place.way.push(format!("execution {number}, about deed {about}: {}", call.unwrap_or_default()));
        Ok(())
    }

    fn about(&self, number: u64) -> Option<usize> {
        self.place.started.iter().find(|(started, _)| *started == number).map(|(_, deed)| *deed)
    }

    /// Starts the executions of a deed's event.
    fn deliver(&mut self, deed: usize) -> Result<(), ExploreError> {
        if let Some(event) = self.place.events[deed].clone() {
            let delivery = self.simulation.deliver(&event)?;
            self.place.started.extend(delivery.executions.iter().map(|number| (*number, deed)));
        }
        Ok(())
    }

    /// Does the next deed. Its ids and times follow from its number, so that they are the same on every way.
    fn deed(&mut self) -> Result<(), ExploreError> {
        let number = self.place.done;
        self.place.done += 1;
        let mut ids = Ids::seeded(number as u64);
        let now = SimulationOptions::default().start.after(Duration::from_secs(number as u64));
        let bucket = &self.story.bucket;
        let s3 = &mut self.simulation.services.s3;
        let change = match &self.story.deeds[number] {
            Deed::Put { key, size } => {
                let mut object = Object::new(Body::Unseen(*size), now);
                object.metadata.insert("deed".to_owned(), number.to_string());
                Some(s3.put(bucket, key, object, "PutObject", &mut ids))
            }
            Deed::Delete { key } => s3.delete(bucket, key, now, &mut ids),
            Deed::DeleteVersion { of } => {
                let made = self.place.changes.get(*of).cloned().flatten();
                made.and_then(|made| s3.delete_version(bucket, &made.key, made.version_id.as_deref()?, now))
            }
            Deed::Told { .. } => None,
            Deed::Expire => {
                self.expire()?;
                None
            }
            Deed::Start { machine } => {
                if let Some(machine) = self.simulation.stack().machine(machine) {
                    let execution = self.simulation.start(machine, json!({}));
                    self.place.started.push((execution, number));
                }
                None
            }
        };
        while s3_change(&mut self.simulation) {}
        let event = match &self.story.deeds[number] {
            Deed::Told { event } => Some(event.clone()),
            _ => change.as_ref().map(|change| change.event(&Origin::default(), &mut ids)),
        };
        self.place.events.push(event.filter(|_| number >= self.story.before));
        self.place.changes.push(change);
        (0..=self.story.repeats).try_for_each(|_| self.deliver(number))
    }

    /// Removes every item that has a time to live.
    fn expire(&self) -> Result<(), ExploreError> {
        let dynamodb = &self.simulation.services.dynamodb;
        for table in self.simulation.stack().tables() {
            let (Some(time), Some(key)) = (dynamodb.ttl_attribute(&table.name), dynamodb.key_schema(&table.name))
            else {
                continue;
            };
            let names: Vec<&str> =
                key.as_array().into_iter().flatten().filter_map(|part| part["AttributeName"].as_str()).collect();
            for item in dynamodb.items(&table.name)?.iter().filter(|item| item.get(&time).is_some()) {
                let key: serde_json::Map<_, _> =
                    names.iter().map(|name| ((*name).to_owned(), item[*name].clone())).collect();
                dynamodb.remove(&table.name, &key.into())?;
            }
        }
        Ok(())
    }

    /// What decides how an execution goes on.
    fn execution(&self, number: u64) -> String {
        let calls: Vec<String> = self.simulation.calls(number).iter().map(known).collect();
        format!("{:?} {calls:?}", self.about(number))
    }

    /// All that decides what can come of this.
    fn state(&self) -> String {
        let running = self.simulation.running();
        let mut executions: Vec<String> = running.iter().map(|number| self.execution(*number)).collect();
        executions.sort();
        let tables = self.simulation.stack().tables().iter();
        let items = tables.map(|table| self.simulation.services.dynamodb.items(&table.name).unwrap_or_default());
        let items: Vec<Vec<Value>> = items.collect();
        let Place { done, stops, failures, .. } = &self.place;
        format!("{done} {stops} {executions:?} {} {failures:?}", json!(items))
    }

    fn end(&self, check: &dyn Fn(&Simulation) -> Result<(), String>) -> Result<(), ExploreError> {
        let failed = self.place.failures.first().cloned().map_or(Ok(()), Err);
        let wrong = |what| ExploreError::Wrong { what, way: self.place.way.clone() };
        failed.and_then(|()| check(&self.simulation)).map_err(wrong)
    }
}

/// Takes a change of a deed, so that nobody else makes an event of it.
fn s3_change(simulation: &mut Simulation) -> bool {
    simulation.services.s3.take_change().is_some()
}

/// What an execution knows from a call: what was answered, but for what names the request.
fn known(call: &RecordedCall) -> String {
    let answer = match &call.completion {
        Completion::Succeeded(Value::Object(fields)) => {
            let told = fields.iter().filter(|(name, _)| !name.starts_with("Sdk"));
            told.map(|(name, value)| format!("{name}={value} ")).collect()
        }
        Completion::Succeeded(other) => other.to_string(),
        Completion::Failed(error) => error.error.clone(),
        Completion::Never => String::new(),
    };
    format!("{}: {answer}", call.state)
}
