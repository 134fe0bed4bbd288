//! A stack that runs: events go to rules, rules start executions, executions take turns on one set of services.

mod finished;
mod nested;
mod requests;
mod starts;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use thiserror::Error;

use super::s3_events::{Change, Origin};
use super::services::dynamodb::TableError;
use super::services::s3::{Object, Upload};
use super::services::{LocalServices, PutEvent, RecordedCall};
use super::stack::{Machine, Miss, RunnableStack, Target, TargetKind};
use super::{Execution, ExecutionOptions, Identity, Step, Timestamp};
use crate::eventbridge::EventError;

pub use finished::Finished;
pub use starts::Batch;

/// How executions are run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SimulationOptions {
    /// What decides everything random.
    pub seed: u64,
    /// How many history events an execution may have.
    pub max_events: u64,
    /// How many events an execution may have together with the children of its distributed Maps.
    pub max_total_events: u64,
    /// Whether histories are kept.
    pub history: bool,
    /// Whether what each state did with its data is kept.
    pub inspections: bool,
    /// Whether it is kept which states an execution went through.
    pub path: bool,
    /// Whether the calls are kept that an execution makes.
    pub calls: bool,
    /// Whether the items that calls write are kept with them, before and afterwards.
    pub items: bool,
    /// Whether buckets hold the objects that delivered events tell of. Where nobody asks for them, they only take memory.
    pub objects: bool,
    /// When it begins, in virtual time.
    pub start: Timestamp,
    /// How many events may follow from one, by what workflows write and send.
    pub max_follow_ups: usize,
}

/// How many events may follow from one, unless somebody says otherwise.
const MAX_FOLLOW_UPS: usize = 10_000;

impl Default for SimulationOptions {
    fn default() -> Self {
        let options = ExecutionOptions::default();
        Self {
            seed: options.seed,
            max_events: options.max_events,
            max_total_events: options.max_total_events,
            history: options.history,
            inspections: options.inspections,
            path: options.path,
            calls: true,
            items: false,
            objects: true,
            start: options.start_time,
            max_follow_ups: MAX_FOLLOW_UPS,
        }
    }
}

/// A stack that runs.
#[derive(Debug)]
pub struct Simulation {
    stack: Arc<RunnableStack>,
    /// What its machines call.
    pub services: LocalServices,
    /// How the executions are run that start from now on.
    pub options: SimulationOptions,
    origin: Origin,
    now: Timestamp,
    started: u64,
    follow_ups: usize,
    running: Vec<Running>,
    /// How many records came to pipes.
    fed: usize,
    notes: Vec<String>,
}

/// An execution that has not ended.
#[derive(Debug)]
struct Running {
    number: u64,
    machine: usize,
    start: Timestamp,
    execution: Execution,
    due: Timestamp,
    /// How often it had its turn: of those that are due at the same time, the one that had fewest goes on.
    turns: u64,
    /// How many calls it has made.
    made: u64,
    /// Those calls, if they are kept.
    calls: Vec<RecordedCall>,
    /// What a pipe handed to it, if that waits for it.
    batch: Option<Box<Batch>>,
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Delivery {
    /// The rules that took it, by their logical ids.
    pub rules: Vec<String>,
    /// The executions that it started, by their numbers.
    pub executions: Vec<u64>,
    /// The targets that are not run here, by their ARNs.
    pub others: Vec<String>,
    /// Targets that could not be given what they ask for.
    pub undelivered: Vec<String>,
}

/// Why a simulation does not go on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SimulationError {
    /// What is delivered is no event.
    #[error("this is not an event: {0}")]
    Event(#[from] EventError),
    /// Workflows that make the events that start them.
    #[error("one event led to more than {0} others: a state machine probably starts itself again with what it writes")]
    Endless(usize),
}

impl Simulation {
    /// A stack that nothing has happened to yet. Its tables and buckets are made by
    /// [`RunnableStack::furnish`](super::stack::RunnableStack::furnish).
    pub fn new(stack: Arc<RunnableStack>, mut services: LocalServices, options: SimulationOptions) -> Self {
        services.machines = nested::machines(Arc::clone(stack.machines()), options);
        services.s3.watch();
        if options.items {
            services.watch_items();
        }
        let (origin, now) = (Origin::default(), options.start);
        let (running, notes) = (Vec::new(), Vec::new());
        Self { stack, services, options, origin, now, started: 0, follow_ups: 0, running, fed: 0, notes }
    }

    /// The stack that is simulated.
    pub fn stack(&self) -> &RunnableStack {
        &self.stack
    }

    /// The virtual time of the whole simulation.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// How many executions were started.
    pub fn started(&self) -> u64 {
        self.started
    }

    /// Lets time pass in which nothing is done.
    pub fn pass(&mut self, duration: Duration) {
        self.now = self.now.after(duration);
    }

    /// Starts an execution of a machine, which does not do anything yet. Its number is given back.
    pub fn start(&mut self, machine: usize, input: impl Into<Arc<Value>>) -> u64 {
        self.start_named(machine, input, None)
    }

    /// The same, of an execution that somebody gives a name.
    fn start_named(&mut self, machine: usize, input: impl Into<Arc<Value>>, name: Option<String>) -> u64 {
        self.started += 1;
        let number = self.started;
        let found = &self.stack.machines()[machine];
        let identity = identity(found, name.unwrap_or_else(|| self.services.ids.uuid()));
        let options = execution_options(&self.options, found, identity, self.now, number);
        let execution = Execution::new(Arc::clone(&found.program), input, options);
        self.running.push(Running {
            number,
            machine,
            start: self.now,
            execution,
            due: self.now,
            turns: 0,
            made: 0,
            calls: Vec::new(),
            batch: None,
        });
        number
    }

    /// Sends an event to the rules, which start what they call. What it says of an object is so in the bucket from then on, unless
    /// something newer happened to that.
    ///
    /// # Errors
    /// It is no event.
    pub fn deliver(&mut self, event: &Value) -> Result<Delivery, SimulationError> {
        self.deliver_shared(&Arc::new(event.clone()))
    }

    /// The same with an event that the executions which it starts share.
    ///
    /// # Errors
    /// It is no event.
    pub fn deliver_shared(&mut self, event: &Arc<Value>) -> Result<Delivery, SimulationError> {
        self.follow_ups = 0;
        if self.options.objects
            && let Some(change) = Change::of_event(event)
        {
            self.services.s3.happened(&change);
        }
        Ok(self.send(event, None)?)
    }

    fn send(&mut self, event: &Arc<Value>, bus: Option<&str>) -> Result<Delivery, EventError> {
        let mut delivery = Delivery::default();
        let stack = Arc::clone(&self.stack);
        for rule in stack.matching_on(event, bus)? {
            delivery.rules.push(rule.logical_id.clone());
            self.call(&rule.targets, &rule.logical_id, event, &mut delivery);
        }
        Ok(delivery)
    }

    /// Gives the targets of a rule what they ask for of an event.
    fn call(&mut self, targets: &[Target], rule: &str, event: &Arc<Value>, delivery: &mut Delivery) {
        for target in targets {
            if let Some(obstacle) = &target.obstacle {
                delivery.undelivered.push(format!("{rule}: {obstacle}"));
                continue;
            }
            match (&target.kind, target.input.shared(event)) {
                (TargetKind::Machine(machine), Ok(input)) => delivery.executions.push(self.start(*machine, input)),
                (TargetKind::Other(arn), Ok(_)) => delivery.others.push(arn.clone()),
                (_, Err(fault)) => delivery.undelivered.push(format!("{rule}: {fault}")),
            }
        }
    }

    /// Why no rule matches an event.
    pub fn misses(&self, event: &Value) -> Vec<Miss> {
        self.stack.misses(event)
    }

    /// Puts an object into a bucket, of so many bytes if that is said, and gives the event that tells of it.
    pub fn put(&mut self, bucket: &str, key: &str, size: Option<u64>) -> Value {
        self.upload(bucket, key, &Upload::of_size(size))
    }

    /// The same for an object of which more is said.
    pub fn upload(&mut self, bucket: &str, key: &str, upload: &Upload) -> Value {
        let object = upload.object(key, self.now, &mut self.services.ids);
        self.put_object(bucket, key, object)
    }

    /// Puts an object as a listing tells of it, and gives the event that tells of it.
    pub fn put_object(&mut self, bucket: &str, key: &str, object: Object) -> Value {
        let change = self.services.s3.put(bucket, key, object, "PutObject", &mut self.services.ids);
        self.told(&change)
    }

    /// Deletes an object, and gives the event that tells of it: none, where there was nothing to delete.
    pub fn delete(&mut self, bucket: &str, key: &str) -> Option<Value> {
        let change = self.services.s3.delete(bucket, key, self.now, &mut self.services.ids)?;
        Some(self.told(&change))
    }

    /// Deletes a version of an object, or a delete marker, for good, and gives the event that tells of it: none, where it is not there.
    pub fn delete_version(&mut self, bucket: &str, key: &str, id: &str) -> Option<Value> {
        let change = self.services.s3.delete_version(bucket, key, id, self.now)?;
        Some(self.told(&change))
    }

    /// The event of a change that its caller delivers, so that it is not delivered again as what a workflow did.
    fn told(&mut self, change: &Change) -> Value {
        while self.services.s3.take_change().is_some() {}
        change.event(&self.origin, &mut self.services.ids)
    }

    /// Lets executions take turns until each has ended, and tells of each as it ends.
    ///
    /// # Errors
    /// They start each other without end.
    pub fn settle(&mut self, ended: &mut dyn FnMut(Finished)) -> Result<(), SimulationError> {
        while let Some(next) = self.next_due(None) {
            self.turn(next, ended)?;
        }
        Ok(())
    }

    /// The same, but only what happens up to a time; that is the time afterwards.
    ///
    /// # Errors
    /// They start each other without end.
    pub fn settle_until(&mut self, until: Timestamp, ended: &mut dyn FnMut(Finished)) -> Result<(), SimulationError> {
        while let Some(next) = self.next_due(Some(until)) {
            self.turn(next, ended)?;
        }
        self.now = self.now.max(until);
        Ok(())
    }

    /// The executions that have not ended, by their numbers.
    pub fn running(&self) -> Vec<u64> {
        self.running.iter().map(|one| one.number).collect()
    }

    /// Lets one execution go on until it has made a call, or has ended: what its next call finds is up to what others do meanwhile. One that
    /// does not run is left alone.
    ///
    /// # Errors
    /// It starts others without end.
    pub fn advance(&mut self, number: u64, ended: &mut dyn FnMut(Finished)) -> Result<(), SimulationError> {
        let calls = |simulation: &Self| {
            let at = simulation.running.iter().position(|one| one.number == number)?;
            Some((at, simulation.running[at].made))
        };
        let Some((_, before)) = calls(self) else { return Ok(()) };
        while let Some((at, _)) = calls(self).filter(|(_, made)| *made == before) {
            self.turn(at, ended)?;
        }
        Ok(())
    }

    /// Lets an event or an execution begin at another moment than the last: each execution has a clock of its own, so this may be earlier.
    pub fn at(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// Stops an execution where it is, and starts another with what it was started with. Its number is given back.
    pub fn again(&mut self, number: u64) -> Option<u64> {
        let at = self.running.iter().position(|one| one.number == number)?;
        let stopped = self.running.remove(at);
        self.now = stopped.start;
        Some(self.start(stopped.machine, Arc::clone(stopped.execution.input())))
    }

    /// The items of all tables, by the names of those.
    ///
    /// # Errors
    /// A table cannot be read.
    pub fn items(&self) -> Result<Vec<(String, Vec<Value>)>, TableError> {
        let tables = self.stack.tables().iter();
        tables.map(|table| Ok((table.name.clone(), self.services.dynamodb.items(&table.name)?))).collect()
    }

    /// Makes the tables hold these items and no others.
    ///
    /// # Errors
    /// A table cannot be written.
    pub fn hold(&self, tables: &[(String, Vec<Value>)]) -> Result<(), TableError> {
        tables.iter().try_for_each(|(table, items)| self.services.dynamodb.hold(table, items))
    }

    /// The calls that a running execution has made so far, if they are kept.
    pub fn calls(&self, number: u64) -> &[RecordedCall] {
        self.running.iter().find(|one| one.number == number).map_or(&[], |one| &one.calls)
    }

    /// When, in virtual time, an execution goes on next; `None` where all have ended.
    pub fn due(&self) -> Option<Timestamp> {
        self.running.iter().map(|one| one.due).min()
    }

    fn next_due(&self, until: Option<Timestamp>) -> Option<usize> {
        let due = self.running.iter().enumerate().filter(|(_, one)| until.is_none_or(|until| one.due <= until));
        due.min_by_key(|(_, one)| (one.due, one.turns, one.number)).map(|(at, _)| at)
    }

    fn turn(&mut self, at: usize, ended: &mut dyn FnMut(Finished)) -> Result<(), SimulationError> {
        let Some(one) = self.running.get_mut(at) else { return Ok(()) };
        self.services.keep_calls(self.options.calls);
        let before = self.services.made();
        let mut step = one.execution.step(&mut self.services);
        if let Some(asked) = self.services.machines.take_asked() {
            step = one.execution.ask(asked);
        }
        one.turns += 1;
        one.made += self.services.made() - before;
        one.calls.append(&mut self.services.take_recorded());
        self.now = self.now.max(one.execution.now());
        one.due = one.execution.due().unwrap_or(one.execution.now());
        if step == Step::Ended {
            let mut one = self.running.remove(at);
            let batch = one.batch.take();
            let stack = Arc::clone(&self.stack);
            let machine = &stack.machines()[one.machine];
            let finished = Finished::of(one, machine);
            if let Some(batch) = batch {
                self.after_batch(*batch, &finished.outcome);
            }
            ended(finished);
        }
        self.follow_up()
    }

    /// Delivers the events of what workflows wrote, and those that they put on the bus.
    fn follow_up(&mut self) -> Result<(), SimulationError> {
        loop {
            let (event, bus) = match self.services.s3.take_change() {
                Some(change) if self.sends(&change.bucket) => {
                    (change.event(&self.origin, &mut self.services.ids), None)
                }
                Some(_) => continue,
                None => match self.services.bus.take_event() {
                    Some(PutEvent { bus, event }) => (event, Some(bus)),
                    None => return Ok(()),
                },
            };
            self.follow_ups += 1;
            if self.follow_ups > self.options.max_follow_ups {
                return Err(SimulationError::Endless(self.options.max_follow_ups));
            }
            // What no rule matches is nobody's concern, as on AWS.
            self.send(&Arc::new(event), bus.as_deref())?;
        }
    }

    fn sends(&self, bucket: &str) -> bool {
        self.stack.buckets().iter().any(|known| known.name == bucket && known.sends_to_event_bridge)
    }
}

/// An execution of a machine as a simulation would start it, by itself: `name` is the execution's, and whatever is random in it follows from
/// `number`. `path` keeps which states it goes through.
pub fn execution(
    machine: &Machine,
    (input, at): (Value, Timestamp),
    (name, number): (&str, u64),
    path: bool,
) -> Execution {
    let identity = identity(machine, name.to_owned());
    let options = SimulationOptions { path, ..SimulationOptions::default() };
    let options = execution_options(&options, machine, identity, at, number);
    Execution::new(Arc::clone(&machine.program), input, options)
}

/// Who an execution of a machine is. An Express workflow may have several of one name, so each has a part more in its
/// [ARN](https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html).
fn identity(machine: &Machine, execution: String) -> Identity {
    let kind = if machine.express { ":express:" } else { ":execution:" };
    let arn = machine.arn.split_once(":stateMachine:");
    let arn = arn.map_or_else(|| machine.arn.clone(), |(before, name)| [before, kind, name].concat());
    let execution_arn = match machine.express {
        true => [&arn, ":", &execution, ":", &execution].concat(),
        false => [&arn, ":", &execution].concat(),
    };
    Identity {
        execution_arn,
        execution_name: execution,
        role_arn: Identity::role(&machine.name),
        state_machine_arn: machine.arn.clone(),
        state_machine_name: machine.name.clone(),
    }
}

fn execution_options(
    options: &SimulationOptions,
    machine: &Machine,
    identity: Identity,
    start_time: Timestamp,
    number: u64,
) -> ExecutionOptions {
    ExecutionOptions {
        identity,
        start_time,
        seed: options.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(number),
        max_events: options.max_events,
        max_total_events: options.max_total_events,
        express: machine.express,
        redrive_count: Some(0),
        history: options.history,
        inspections: options.inspections,
        path: options.path || options.inspections,
    }
}

#[cfg(test)]
mod tests;
