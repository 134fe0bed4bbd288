//! A stack in the simulator: events happen to it, and what comes of them is watched.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::EventKind;
use super::sample::{Sample, changed};
use super::stored::Tables;
use crate::asl::program::StateKind;
use crate::aws::TableOperation;
use crate::cost::design::Design;
use crate::cost::{CostError, Options};
use crate::simulate::services::LocalServices;
use crate::simulate::services::dynamodb::{DynamoDb, TableError};
use crate::simulate::simulation::{Finished, Simulation, SimulationOptions};
use crate::simulate::stack::RunnableStack;

/// Between two things that happen to a file.
const LATER: Duration = Duration::from_secs(3600);

/// A stack that is measured.
pub(super) struct Lab<'a> {
    pub(super) design: &'a Design,
    pub(super) options: &'a Options,
    pub(super) stack: Arc<RunnableStack>,
    pub(super) bucket: String,
    /// Whether the bucket keeps versions, though nothing says so.
    pub(super) versioned: bool,
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

impl<'a> Lab<'a> {
    pub(super) fn new(design: &'a Design, options: &'a Options, stack: RunnableStack, bucket: String) -> Self {
        Self { design, options, stack: Arc::new(stack), bucket, versioned: false, empty: RefCell::new(None) }
    }

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

    /// Puts an object, and gives its event.
    fn put(&self, simulation: &mut Simulation, sample: &Sample) -> Value {
        sample.applied(simulation.put(&self.bucket, &sample.key, Some(sample.size)))
    }

    /// The same object with other bytes, if the rules take that as well.
    fn rewritten(&self, sample: &Sample) -> Result<Sample, CostError> {
        let other = Sample { size: sample.size.saturating_add(1), ..sample.clone() };
        let taken = self.is_taken(&self.upload(&other)?);
        Ok(if taken { other } else { sample.clone() })
    }

    /// The event of an upload of which nothing comes.
    pub(super) fn upload(&self, sample: &Sample) -> Result<Value, CostError> {
        let mut simulation = self.simulation()?;
        let event = self.put(&mut simulation, sample);
        self.give_back(simulation, &Tables::new())?;
        Ok(event)
    }

    fn is_taken(&self, event: &Value) -> bool {
        self.stack.matching(event).is_ok_and(|mut rules| rules.next().is_some())
    }

    /// Lets an event of a kind happen.
    pub(super) fn watch(&self, kind: EventKind, sample: &Sample) -> Result<Watched, CostError> {
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
}

/// The tables that calls of these executions may have written to; `None` where a call does not say which.
fn written(finished: &[Finished]) -> Option<BTreeSet<String>> {
    let mut tables = BTreeSet::new();
    for call in finished.iter().flat_map(|finished| &finished.calls) {
        if call.resource.service() != Some("dynamodb") {
            continue;
        }
        for request in call.resource.action().and_then(TableOperation::of)?.requests(&call.arguments) {
            let table = request.table?;
            tables.extend(request.operation.writes().then(|| table.rsplit('/').next().unwrap_or(table).to_owned()));
        }
    }
    Some(tables)
}

fn refused(error: TableError) -> CostError {
    CostError::Engine(error.to_string())
}
