//! Events of each kind, run in the simulator.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::backfill;
use super::call::{Billed, Call, Context, add};
use super::capacity::{index_write_units, item_bytes};
use super::history::{self, Event};
use super::sample::{Sample, changed, samples, taken};
use super::stored::Tables;
use super::sum::shares;
use super::{Basis, EventKind, KindUsage, MachineUsage, Stored, Usage, counted, listed};
use crate::asl::program::StateKind;
use crate::aws::TableOperation;
use crate::aws::integration::Resource;
use crate::cost::design::Design;
use crate::cost::{CostError, Decimal, Options};
use crate::loaded::LoadedStack;
use crate::simulate::Outcome;
use crate::simulate::services::dynamodb::{DynamoDb, TableError};
use crate::simulate::services::{Completion, LocalServices, is_unanswered};
use crate::simulate::simulation::{Finished, Simulation, SimulationOptions};
use crate::simulate::stack::{Bucket, RunnableStack};

/// Between two things that happen to a file.
const LATER: Duration = Duration::from_secs(3600);

/// A stack that is measured.
pub(super) struct Lab<'a> {
    pub(super) design: &'a Design,
    pub(super) options: &'a Options,
    pub(super) stack: Arc<RunnableStack>,
    pub(super) bucket: String,
    /// Whether the bucket keeps versions, though nothing says so.
    versioned: bool,
    /// The stack's tables with nothing in them, when nobody uses them: to make them anew for each event takes longer than the event.
    empty: RefCell<Option<DynamoDb>>,
}

/// What happened while something was watched.
#[derive(Default)]
pub(super) struct Watched {
    pub(super) finished: Vec<Finished>,
    pub(super) before: Tables,
    pub(super) after: Tables,
}

/// Measures a stack, or says why that cannot be.
pub(super) fn measure(
    stack: &LoadedStack,
    design: &Design,
    options: &Options,
) -> Result<Result<Usage, String>, CostError> {
    let local = RunnableStack::new(stack).map_err(CostError::Stack)?;
    let sends = |bucket: &&Bucket| bucket.sends_to_event_bridge;
    let found = local.bucket(None).ok().or_else(|| local.buckets().iter().find(sends));
    let Some(Bucket { logical_id, name, .. }) = found.cloned() else {
        return Ok(Err("no bucket sends events".to_owned()));
    };
    let stack_here = Arc::new(local);
    let mut lab = Lab { design, options, stack: stack_here, bucket: name, versioned: false, empty: RefCell::new(None) };
    let ways = lab.ways(stack)?;
    if ways.is_empty() {
        return Ok(Err("no rule matches the event of an upload".to_owned()));
    }
    let first = lab.usage(stack, &ways)?;
    if logical_id.is_some() || is_sound(&first) {
        return Ok(first);
    }
    // A bucket that the template does not declare may keep versions without its saying so.
    lab.versioned = true;
    let second = lab.usage(stack, &ways)?;
    Ok(if is_sound(&second) { second } else { first })
}

/// Whether everything could be measured, and nothing fails but what is meant to.
fn is_sound(usage: &Result<Usage, String>) -> bool {
    let well = |kind: &KindUsage| kind.failed.is_none() || kind.kind == EventKind::Failed;
    usage.as_ref().is_ok_and(|usage| usage.kinds.iter().all(well))
}

impl Lab<'_> {
    pub(super) fn simulation(&self) -> Result<Simulation, CostError> {
        let tables = match self.empty.take() {
            Some(tables) => tables,
            None => self.tables().map_err(refused)?,
        };
        let mut services = LocalServices::over(tables, 0);
        self.stack.make_buckets(&mut services.s3);
        if self.versioned {
            services.s3.create_bucket(&self.bucket, true);
        }
        let options = SimulationOptions { history: true, ..SimulationOptions::default() };
        Ok(Simulation::new(Arc::clone(&self.stack), services, options))
    }

    fn tables(&self) -> Result<DynamoDb, TableError> {
        let tables = DynamoDb::in_memory()?;
        self.stack.make_tables(&tables)?;
        Ok(tables)
    }

    /// Takes back the tables of a simulation, and empties them of what they hold.
    fn give_back(&self, simulation: Simulation, held: &Tables) -> Result<(), CostError> {
        let tables = simulation.services.dynamodb;
        for (table, items) in held {
            let key = tables.key_names(table);
            for item in items {
                let key: Map<String, Value> = key.iter().map(|name| (name.clone(), item[name].clone())).collect();
                tables.remove(table, &Value::Object(key)).map_err(refused)?;
            }
        }
        self.empty.replace(Some(tables));
        Ok(())
    }

    /// Uploads that the rules take: one for each set of rules.
    fn ways(&self, stack: &LoadedStack) -> Result<Vec<Sample>, CostError> {
        taken(&self.stack, samples(stack), &|sample| self.upload(sample))
    }

    /// Puts an object, and gives its event.
    fn put(&self, simulation: &mut Simulation, sample: &Sample) -> Value {
        sample.applied(simulation.put(&self.bucket, &sample.key, Some(sample.size)))
    }

    fn usage(&self, stack: &LoadedStack, ways: &[Sample]) -> Result<Result<Usage, String>, CostError> {
        let mut notes = Vec::new();
        if self.versioned {
            notes.push("The bucket is assumed to be versioned, because the stack needs it.".to_owned());
        }
        if ways.len() > 1 {
            notes.push(format!(
                "The rules distinguish {} kinds of uploads, which are assumed to be equally frequent.",
                ways.len()
            ));
        }
        let mut kinds = vec![EventKind::New, EventKind::Update, EventKind::Late, EventKind::Deleted];
        kinds.extend(EventKind::CHANGES.map(EventKind::Changed));
        kinds.push(EventKind::Failed);
        let mut measured = Vec::new();
        let mut stored = None;
        for kind in kinds {
            match self.kind(kind, ways)? {
                Ok((usage, after)) => {
                    if kind == EventKind::New {
                        if let Some(failed) = &usage.failed {
                            return Ok(Err(format!("the execution for a new file fails in the simulation: {failed}")));
                        }
                        stored = Some(Stored::of(self.design, self.options, &after, ways.len()));
                    }
                    measured.push(usage);
                }
                Err(reason) => return Ok(Err(reason)),
            }
        }
        let kinds = shares(&self.options.mix, measured)?;
        for usage in kinds.iter().filter(|usage| usage.kind != EventKind::Failed && !usage.share.is_zero()) {
            if let Some(failed) = &usage.failed {
                notes.push(format!("An execution fails ({}): {failed}.", usage.kind));
            }
        }
        notes.extend(self.uncounted(&kinds));
        let stored = stored.unwrap_or_default();
        let backfill = backfill::measure(self, stack)?;
        Ok(Ok(Usage { basis: Basis::Simulated, kinds, stored, backfill, notes }))
    }

    /// What an event of a kind makes, on average over the ways; and what tables hold afterwards.
    fn kind(&self, kind: EventKind, ways: &[Sample]) -> Result<Result<(KindUsage, Tables), String>, CostError> {
        let mut sum: Option<KindUsage> = None;
        let mut held = Tables::new();
        let part = Decimal::one().over(&Decimal::from(ways.len() as u64));
        for way in ways {
            let watched = self.watch(kind, way)?;
            for (table, items) in &watched.after {
                held.entry(table.clone()).or_default().extend(items.iter().cloned());
            }
            let usage = match self.told(kind, watched) {
                Ok(usage) => usage.times(&part),
                Err(reason) => return Ok(Err(reason)),
            };
            sum = Some(match sum {
                Some(sum) => sum.plus(usage),
                None => usage,
            });
        }
        Ok(sum.map(|sum| (sum, held)).ok_or_else(|| "there is no event".to_owned()))
    }

    /// The same object with other bytes, if the rules take that as well.
    fn rewritten(&self, sample: &Sample) -> Result<Sample, CostError> {
        let other = Sample { size: sample.size.saturating_add(1), ..sample.clone() };
        let taken = self.is_taken(&self.upload(&other)?);
        Ok(if taken { other } else { sample.clone() })
    }

    /// The event of an upload of which nothing comes.
    fn upload(&self, sample: &Sample) -> Result<Value, CostError> {
        let mut simulation = self.simulation()?;
        let event = self.put(&mut simulation, sample);
        self.give_back(simulation, &Tables::new())?;
        Ok(event)
    }

    fn is_taken(&self, event: &Value) -> bool {
        self.stack.matching(event).is_ok_and(|mut rules| rules.next().is_some())
    }

    /// Lets an event of a kind happen.
    fn watch(&self, kind: EventKind, sample: &Sample) -> Result<Watched, CostError> {
        if let EventKind::Changed(detail) = kind
            && !self.is_taken(&changed(self.upload(sample)?, detail))
        {
            return Ok(Watched::default());
        }
        let rewritten = match kind {
            EventKind::Update => Some(self.rewritten(sample)?),
            _ => None,
        };
        let mut simulation = self.simulation()?;
        if kind == EventKind::Failed {
            for call in self.calls() {
                if let Ok(fault) = format!("throttle {call}").parse() {
                    simulation.services.faults.add(fault);
                }
            }
        }
        let first = self.put(&mut simulation, sample);
        let watched = self.second(kind, &mut simulation, first, rewritten.as_ref().unwrap_or(sample))?;
        self.give_back(simulation, &watched.after)?;
        Ok(watched)
    }

    /// What comes of an event of a kind after that of the upload, or of that.
    fn second(
        &self,
        kind: EventKind,
        simulation: &mut Simulation,
        first: Value,
        sample: &Sample,
    ) -> Result<Watched, CostError> {
        let is_upload = matches!(kind, EventKind::New | EventKind::Failed);
        // Where the upload only prepares for the event, nobody reads how it went.
        simulation.options.history = is_upload;
        let uploaded = self.deliver(simulation, Tables::new(), &first)?;
        if is_upload {
            return Ok(uploaded);
        }
        simulation.options.history = true;
        simulation.pass(LATER);
        let event = match kind {
            EventKind::Update => self.put(simulation, sample),
            EventKind::Deleted => simulation.delete(&self.bucket, &sample.key).unwrap_or_default(),
            EventKind::Changed(detail) => changed(first, detail),
            _ => first,
        };
        self.deliver(simulation, uploaded.after, &event)
    }

    /// Delivers an event and watches what comes of it, where tables hold this.
    fn deliver(&self, simulation: &mut Simulation, before: Tables, event: &Value) -> Result<Watched, CostError> {
        self.watching(simulation, before, |simulation| {
            simulation.deliver(event).map(drop).map_err(|error| CostError::Engine(error.to_string()))
        })
    }

    /// Watches what comes of something, to its end. `before` is what tables hold; those that are not in it hold nothing.
    pub(super) fn watching(
        &self,
        simulation: &mut Simulation,
        before: Tables,
        happens: impl FnOnce(&mut Simulation) -> Result<(), CostError>,
    ) -> Result<Watched, CostError> {
        happens(simulation)?;
        let mut finished = Vec::new();
        let settled = simulation.settle(&mut |one| finished.push(one));
        settled.map_err(|error| CostError::Engine(error.to_string()))?;
        let dynamodb = &simulation.services.dynamodb;
        let names = match written(&finished) {
            Some(written) => written.into_iter().chain(before.keys().cloned()).collect(),
            None => dynamodb.tables().map_err(refused)?.into_iter().collect::<BTreeSet<_>>(),
        };
        let held = |name: String| dynamodb.items(&name).ok().map(|items| (name, items));
        let after = names.into_iter().filter_map(held).collect();
        Ok(Watched { finished, before, after })
    }

    /// Every call of DynamoDB that the machines make, as faults name it.
    fn calls(&self) -> Vec<String> {
        let programs = self.stack.machines().iter().flat_map(|machine| machine.program.states());
        let mut calls: Vec<String> = programs
            .filter_map(|(_, state)| match &state.kind {
                StateKind::Task(task) if task.resource.service() == Some("dynamodb") => {
                    Some(format!("dynamodb:{}", task.resource.action()?))
                }
                _ => None,
            })
            .collect();
        calls.sort();
        calls.dedup();
        calls
    }

    fn told(&self, kind: EventKind, watched: Watched) -> Result<KindUsage, String> {
        let mut usage = KindUsage::nothing(kind);
        let mut billed = Billed::new();
        let mut calls = Vec::new();
        for finished in &watched.finished {
            if let Some(asked) = finished.outcome.asked() {
                return Err(asked.to_string());
            }
            if let Outcome::Failed(failure) = &finished.outcome {
                let cause = failure.cause.clone().unwrap_or_default();
                if is_unanswered(&cause) {
                    return Err(format!("{}: {cause}", finished.machine));
                }
                let error = failure.error.clone().unwrap_or_else(|| "an error".to_owned());
                usage.failed = Some(format!("{error} in {}", finished.machine));
            }
            self.execution(&mut usage, finished);
            calls.extend(finished.calls.iter().filter_map(recorded));
        }
        for call in &calls {
            if let Some(units) = self.billed(call, &watched) {
                add(&mut billed, units);
            }
        }
        usage.calls = counted(calls.iter().map(|call| (call.service.as_str(), call.action.as_str(), Decimal::one())));
        usage.billed = listed(&billed);
        usage.index_write_units = self.index_units(&watched);
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

    fn execution(&self, usage: &mut KindUsage, finished: &Finished) {
        let arn = &finished.identity.state_machine_arn;
        let Some(at) = self.design.machines.iter().position(|machine| machine.arn == *arn) else { return };
        let events = finished.history().iter().map(Event::of_simulated);
        let read = history::read(events, &finished.identity.execution_arn, self.design.machines[at].log.data);
        let waited = finished.stop.since(finished.start).as_millis() as u64;
        let calls: Vec<Call> = finished.calls.iter().filter_map(recorded).collect();
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

    /// What is called and not counted.
    fn uncounted(&self, kinds: &[KindUsage]) -> Vec<String> {
        let mut notes = Vec::new();
        let calls = || kinds.iter().flat_map(|kind| &kind.calls);
        if calls()
            .any(|call| call.action.starts_with("startExecution") || call.action.starts_with("startSyncExecution"))
        {
            notes.push("Executions started by tasks are not counted; the calls that start them are.".to_owned());
        }
        let nothing = |_: &str, _: &Value| None;
        let context = Context { items: &nothing, item_bytes: None, functions: &[], function_ms: 0 };
        let known = |call: &super::CallCount| Call::named(&call.service, &call.action).billed(&context).is_some();
        let mut unknown: Vec<String> =
            calls().filter(|call| !known(call)).map(|call| format!("{}:{}", call.service, call.action)).collect();
        unknown.sort();
        unknown.dedup();
        if !unknown.is_empty() {
            notes.push(format!("Not included, because its billing is not known here: {}.", unknown.join(", ")));
        }
        notes
    }
}

/// A call that was recorded, as it is counted.
pub(super) fn recorded(call: &crate::simulate::services::RecordedCall) -> Option<Call> {
    let mut counted = Call::of(&call.resource.parse().ok()?, call.arguments.clone());
    match &call.completion {
        Completion::Succeeded(answer) => counted.answer = Some(answer.clone()),
        Completion::Failed(error) => counted.error = Some(error.error.clone()),
        Completion::Never => {}
    }
    Some(counted)
}

/// The tables that calls of these executions may have written to; `None` where a call does not say which.
fn written(finished: &[Finished]) -> Option<BTreeSet<String>> {
    let mut tables = BTreeSet::new();
    for call in finished.iter().flat_map(|finished| &finished.calls) {
        let resource: Resource = call.resource.parse().ok()?;
        if resource.service() != Some("dynamodb") {
            continue;
        }
        for request in resource.action().and_then(TableOperation::of)?.requests(&call.arguments) {
            let table = request.table?;
            tables.extend(request.operation.writes().then(|| table.rsplit('/').next().unwrap_or(table).to_owned()));
        }
    }
    Some(tables)
}

fn refused(error: TableError) -> CostError {
    CostError::Engine(error.to_string())
}
