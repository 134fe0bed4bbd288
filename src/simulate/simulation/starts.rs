//! What starts executions and is no event on a bus: pipes and schedules.

use std::sync::Arc;

use serde_json::Value;

use super::{Delivery, Simulation};
use crate::simulate::Outcome;
use crate::simulate::pipes::{RecordMaker, identifier};
use crate::simulate::services::StartExecution;
use crate::simulate::stack::{Calls, Pipe, RunnableStack, Stage, TargetKind};

/// So often a batch is tried that fails, where the stack does not say how often.
const ATTEMPTS: u32 = 3;

/// Records that a pipe hands on together.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The number of the pipe.
    pub pipe: usize,
    /// The records that the pipe hands over, at most one batch.
    pub records: Vec<Value>,
    /// What the enrichment answers, if somebody says it.
    pub enriched: Option<Value>,
    /// How often they were handed on, this time included.
    pub attempt: u32,
}

impl Simulation {
    /// What was not said of it otherwise happened meanwhile: records that come again, and those that do not.
    pub fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Lets a schedule fire: its target starts.
    pub fn fire(&mut self, schedule: usize) -> Delivery {
        let stack = Arc::clone(&self.stack);
        let schedule = &stack.schedules()[schedule];
        let id = self.services.ids.uuid();
        let event = Arc::new(schedule.event(id.clone(), self.now));
        let mut delivery = Delivery { rules: vec![schedule.written.clone()], ..Delivery::default() };
        match &schedule.calls {
            _ if schedule.off => delivery.undelivered.push(format!("{}: it is switched off", schedule.written)),
            Calls::Rule(targets) => self.call(targets, &schedule.logical_id, &event, &mut delivery),
            Calls::Scheduler { target, input } => {
                let text = input.as_deref().map(|text| schedule.input(text, &id, self.now));
                match text.map_or_else(|| Ok(event.as_ref().clone()), |text| serde_json::from_str(&text)) {
                    Ok(input) => self.hand(target, input, None, &mut delivery),
                    Err(error) => {
                        delivery.undelivered.push(format!("{}: `Input` is not JSON: {error}", schedule.written));
                    }
                }
            }
        }
        delivery
    }

    /// Records come to the source of a pipe: what is said of each, and what the enrichment makes of them, if that is said.
    ///
    /// # Errors
    /// A record is none of its source's.
    pub fn feed(&mut self, pipe: usize, said: &[Value], enriched: Option<&Value>) -> Result<Delivery, String> {
        let (stack, before) = (Arc::clone(&self.stack), self.fed);
        let found = &stack.pipes()[pipe];
        self.fed += said.len();
        let mut maker =
            RecordMaker { source: found.source, arn: &found.source_arn, now: self.now, ids: &mut self.services.ids };
        let whole = said.iter().enumerate().map(|(at, record)| maker.whole(record, before + at + 1));
        let records = whole.collect::<Result<Vec<_>, _>>()?;
        let mut delivery = Delivery { rules: vec![found.logical_id.clone()], ..Delivery::default() };
        if found.stopped {
            delivery.undelivered.push(format!("{}: it is stopped", found.logical_id));
            return Ok(delivery);
        }
        let count = records.len();
        let taken: Vec<Value> = records.into_iter().filter(|record| found.takes(record)).collect();
        if taken.len() < count {
            let left = count - taken.len();
            self.notes.push(format!("{}: its filter leaves out {left} of {count} records", found.logical_id));
        }
        for records in taken.chunks(found.batch_size) {
            let batch = Batch { pipe, records: records.to_vec(), enriched: enriched.cloned(), attempt: 1 };
            self.hand_on(&stack, batch, &mut delivery);
        }
        Ok(delivery)
    }

    /// Hands a batch to what the pipe calls.
    fn hand_on(&mut self, stack: &RunnableStack, batch: Batch, delivery: &mut Delivery) {
        let pipe = &stack.pipes()[batch.pipe];
        let payload = match self.payload(pipe, &batch) {
            Ok(Some(payload)) => payload,
            Ok(None) => return,
            Err(message) => return delivery.undelivered.push(format!("{}: {message}", pipe.logical_id)),
        };
        let batch = pipe.waits.then_some(batch);
        self.hand(&pipe.target.kind, payload, batch, delivery);
    }

    /// What the target gets of a batch: nothing, where the enrichment leaves nothing.
    fn payload(&mut self, pipe: &Pipe, batch: &Batch) -> Result<Option<Value>, String> {
        let records = Value::Array(batch.records.clone());
        let Some(enrichment) = &pipe.enrichment else {
            return self.staged(&pipe.target, records, pipe, true).map(Some);
        };
        let asked = self.staged(enrichment, records, pipe, true)?;
        let answered = match (&batch.enriched, &enrichment.kind) {
            (Some(enriched), _) => enriched.clone(),
            (None, TargetKind::Machine(machine)) => self.ask(*machine, asked)?,
            (None, TargetKind::Other(arn)) if arn.contains(":lambda:") => asked,
            (None, TargetKind::Other(arn)) => {
                return Err(format!("what its enrichment `{arn}` answers is not known here; say it with `enriched`"));
            }
        };
        // https://docs.aws.amazon.com/eventbridge/latest/userguide/pipes-enrichment.html
        let empty = match &answered {
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        };
        if empty {
            self.notes
                .push(format!("{}: its enrichment answers with nothing, so its target is not called", pipe.logical_id));
            return Ok(None);
        }
        self.staged(&pipe.target, answered, pipe, false).map(Some)
    }

    /// What a stage is given: what its template makes of each record.
    fn staged(&self, stage: &Stage, payload: Value, pipe: &Pipe, raw: bool) -> Result<Value, String> {
        let Some(template) = &stage.template else { return Ok(payload) };
        let (source, now) = (pipe.source.filter(|_| raw), self.now.to_string());
        let made = |record: &Value| template.apply(record, source, &now).map_err(|fault| fault.to_string());
        match &payload {
            Value::Array(records) => records.iter().map(made).collect::<Result<Vec<_>, _>>().map(Value::Array),
            one => made(one),
        }
    }

    /// Runs a state machine that a pipe waits for.
    fn ask(&mut self, machine: usize, input: Value) -> Result<Value, String> {
        let state_machine = self.stack.machines()[machine].arn.clone();
        let start = StartExecution { state_machine, name: self.services.ids.uuid(), input, at: self.now };
        let run = self.services.machines.runner();
        let ended = run.and_then(|run| run(&mut self.services, &start));
        match ended.map(|ended| ended.result) {
            Some(Ok(output)) => Ok(output),
            Some(Err(error)) => Err(format!("its enrichment fails: {error:?}")),
            None => Err("its enrichment cannot be run here".to_owned()),
        }
    }

    fn hand(&mut self, target: &TargetKind, input: Value, batch: Option<Batch>, delivery: &mut Delivery) {
        match target {
            TargetKind::Machine(machine) => {
                delivery.executions.push(self.start(*machine, input));
                if let Some(running) = self.running.last_mut() {
                    running.batch = batch.map(Box::new);
                }
            }
            TargetKind::Other(arn) => delivery.others.push(arn.clone()),
        }
    }

    /// Lets the records come again that an execution could not do anything with.
    pub(super) fn after_batch(&mut self, batch: Batch, outcome: &Outcome) {
        let stack = Arc::clone(&self.stack);
        let pipe = &stack.pipes()[batch.pipe];
        let failed = failed(pipe, &batch, outcome);
        if failed.is_empty() {
            return;
        }
        let (count, all, name) = (failed.len(), batch.records.len(), &pipe.logical_id);
        if batch.attempt >= pipe.attempts.unwrap_or(ATTEMPTS) {
            let why = match pipe.attempts {
                Some(_) => "the pipe gives up on them",
                None => "they would come again and again, which is not run here",
            };
            self.notes.push(format!("{name}: {count} of {all} records failed {} times: {why}", batch.attempt));
            return;
        }
        let after = pipe.comes_again;
        self.notes.push(format!("{name}: {count} of {all} records failed, and come again after {after:?}"));
        let next = Batch { records: failed, attempt: batch.attempt + 1, ..batch };
        let (now, mut delivery) = (self.now, Delivery::default());
        self.now = now.after(after);
        self.hand_on(&stack, next, &mut delivery);
        self.now = now;
        self.notes.append(&mut delivery.undelivered);
    }
}

/// The records of a batch that have to come again.
fn failed(pipe: &Pipe, batch: &Batch, outcome: &Outcome) -> Vec<Value> {
    let again = |record: &Value| {
        let mut record = record.clone();
        if let Some(count) = record.pointer_mut("/attributes/ApproximateReceiveCount") {
            *count = (batch.attempt + 1).to_string().into();
        }
        record
    };
    let Outcome::Succeeded(output) = outcome else { return batch.records.iter().map(again).collect() };
    let named = output["batchItemFailures"].as_array().into_iter().flatten();
    let named: Vec<&str> = named.filter_map(|failure| failure["itemIdentifier"].as_str()).collect();
    let is_named = |record: &&Value| identifier(pipe.source, record).is_some_and(|id| named.contains(&id));
    batch.records.iter().filter(is_named).map(again).collect()
}
