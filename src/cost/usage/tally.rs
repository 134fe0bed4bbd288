//! What executions that were watched use: transitions, calls, capacity.

use serde_json::Value;

use super::call::{Billed, Call, Context, add};
use super::capacity::{index_write_units, item_bytes};
use super::history::{self, Event};
use super::lab::{Lab, Watched};
use super::not_measured::NotMeasured;
use super::stored::Tables;
use super::{CallCount, EventKind, KindUsage, MachineUsage, counted, listed};
use crate::cost::{Decimal, Options};
use crate::simulate::Outcome;
use crate::simulate::services::{Completion, RecordedCall};
use crate::simulate::simulation::Finished;

impl Lab<'_> {
    /// What an event of a kind uses, of which this came.
    pub(super) fn used(&self, kind: EventKind, watched: &Watched) -> Result<KindUsage, NotMeasured> {
        let mut usage = KindUsage::nothing(kind);
        let mut billed = Billed::new();
        let mut calls = Vec::new();
        for finished in &watched.finished {
            usage.failed = ended_badly(finished)?.or(usage.failed);
            self.add_execution(&mut usage, finished);
            calls.extend(finished.calls.iter().map(recorded));
        }
        for call in &calls {
            add(&mut billed, self.billed(call, watched).unwrap_or_default());
        }
        usage.calls = counted(calls.iter().map(|call| (call.service.as_str(), call.action.as_str(), Decimal::one())));
        usage.billed = listed(&billed);
        usage.index_write_units = self.index_units(watched);
        Ok(usage)
    }

    /// What a call is billed as.
    pub(super) fn billed(&self, call: &Call, watched: &Watched) -> Option<Billed> {
        let of_call = call.arguments["TableName"].as_str().unwrap_or_default();
        let name = of_call.rsplit('/').next().unwrap_or_default();
        if self.design.tables.iter().any(|table| table.provisioned && table.table.name == name) {
            return Some(Billed::new());
        }
        let size = |table: &str, key: &Value| self.size(watched, table.rsplit('/').next().unwrap_or_default(), key);
        let Options { item_bytes, function_ms, .. } = *self.options;
        call.billed(&Context { items: &size, item_bytes, functions: &self.design.functions, function_ms })
    }

    /// The size of the item of a key, before or after, whichever is larger. The key may be a whole item.
    fn size(&self, watched: &Watched, table: &str, key: &Value) -> Option<u64> {
        let design = self.design.tables.iter().find(|known| known.table.name == table);
        let same = |item: &Value| {
            design.is_none_or(|design| {
                key.is_null() || design.table.key.iter().all(|part| item[&part.name] == key[&part.name])
            })
        };
        let items = [&watched.before, &watched.after].into_iter().filter_map(|tables| tables.get(table)).flatten();
        items.filter(|item| same(item)).map(item_bytes).max()
    }

    /// The write request units of indexes for what changed.
    pub(super) fn index_units(&self, watched: &Watched) -> Decimal {
        let tables = self.design.tables.iter().filter(|table| !table.provisioned);
        let units = tables.map(|design| {
            let table = &design.table;
            let items = |tables: &Tables| tables.get(&table.name).cloned().unwrap_or_default();
            let (before, after) = (items(&watched.before), items(&watched.after));
            let same = |one: &Value, other: &Value| table.key.iter().all(|part| one[&part.name] == other[&part.name]);
            let kept = after.iter().map(|item| (before.iter().find(|old| same(old, item)), Some(item)));
            let gone =
                before.iter().filter(|old| !after.iter().any(|item| same(old, item))).map(|old| (Some(old), None));
            let changes = kept.chain(gone);
            let units = changes.map(|(old, new)| index_write_units(table, old, new, self.options.item_bytes));
            units.sum()
        });
        units.sum()
    }

    /// Adds what an execution uses of its machine.
    fn add_execution(&self, usage: &mut KindUsage, finished: &Finished) {
        let arn = &finished.identity.state_machine_arn;
        let Some(at) = self.design.machines.iter().position(|machine| machine.arn == *arn) else { return };
        let events = finished.history().iter().map(Event::of_simulated);
        let read = history::read(events, &finished.identity.execution_arn, self.design.machines[at].log.data);
        let waited = finished.stop.since(finished.start).as_millis() as u64;
        let calls: Vec<Call> = finished.calls.iter().map(recorded).collect();
        let worked = calls.iter().map(|call| call.milliseconds(self.options)).fold(0, u64::saturating_add);
        let milliseconds = self.options.duration_ms.unwrap_or_else(|| waited.saturating_add(worked));
        let one = MachineUsage {
            at,
            machine: finished.machine.clone(),
            executions: Decimal::one(),
            transitions: Decimal::from(read.transitions()),
            milliseconds: Decimal::from(milliseconds.max(1)).up_to(100),
            log_bytes: read.log_bytes,
            walked: None,
        };
        usage.path.extend(read.path);
        usage.add_machine(one);
    }
}

/// What is called and not counted.
pub(super) fn uncounted(kinds: &[KindUsage]) -> Vec<String> {
    let mut notes = Vec::new();
    let calls = || kinds.iter().flat_map(|kind| &kind.calls);
    if calls().any(|call| call.action.starts_with("startExecution") || call.action.starts_with("startSyncExecution")) {
        notes.push("Executions started by tasks are not counted; the calls that start them are.".to_owned());
    }
    let nothing = |_: &str, _: &Value| None;
    let context = Context { items: &nothing, item_bytes: None, functions: &[], function_ms: 0 };
    let known = |call: &CallCount| Call::named(&call.service, &call.action).billed(&context).is_some();
    let mut unknown: Vec<String> =
        calls().filter(|call| !known(call)).map(|call| format!("{}:{}", call.service, call.action)).collect();
    unknown.sort();
    unknown.dedup();
    if !unknown.is_empty() {
        notes.push(format!("Not included, because its billing is not known here: {}.", unknown.join(", ")));
    }
    notes
}

/// How an execution failed, if it did. It tells nothing of AWS where it needed what is not here.
fn ended_badly(finished: &Finished) -> Result<Option<String>, NotMeasured> {
    let failure = match &finished.outcome {
        Outcome::Failed(failure) => failure,
        Outcome::Asks(asked) => return Err(NotMeasured::CannotRun(asked.to_string())),
        Outcome::Succeeded(_) | Outcome::TimedOut => return Ok(None),
    };
    if failure.is_unanswered() {
        let cause = failure.cause.as_deref().unwrap_or_default();
        return Err(NotMeasured::CannotRun(format!("{}: {cause}", finished.machine)));
    }
    let error = failure.error.as_deref().unwrap_or("an error");
    Ok(Some(format!("{error} in {}", finished.machine)))
}

/// A call that was recorded, as it is counted.
pub(super) fn recorded(call: &RecordedCall) -> Call {
    let mut counted = Call::of(&call.resource, call.arguments.clone());
    match &call.completion {
        Completion::Succeeded(answer) => counted.answer = Some(answer.clone()),
        Completion::Failed(error) => counted.error = Some(error.error.clone()),
        Completion::Never => {}
    }
    counted
}
