//! A stack that was read from files, as it runs here: which rule takes an event, what its targets get, which machines, tables
//! and buckets there are.

mod absent;
mod bucket;
mod elsewhere;
mod endpoint;
mod likely;
mod machine;
mod miss;
mod pipe;
mod rule;
mod schedule;
mod target;
mod told;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::api::ApiRequest;
use super::services::dynamodb::{DynamoDb, TableError};
use super::services::s3::S3;
use super::services::{LocalServices, MockFile};
use crate::asl::program::{State, StateKind};
use crate::aws::{ResourceType, table_name};
use crate::eventbridge::{EventError, RuleIndex};
use crate::loaded::{LoadedStack, Place};

pub use absent::{Absent, AbsentKind};
pub use bucket::Bucket;
pub use elsewhere::TableElsewhere;
pub use endpoint::{AskedExecution, Endpoint};
pub use likely::{TakenEvents, USUAL_SIZE, likely_event};
pub use machine::Machine;
pub use miss::Miss;
pub use pipe::{Pipe, Stage};
pub use rule::{RunnableRule, Target, TargetKind};
pub use schedule::{Calls, Schedule};
pub use target::{TargetFault, TargetInput};

/// The one thing that there is.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    all.next().filter(|_| all.next().is_none())
}

/// The place of the one that is named, or the only one.
fn known<T>(
    what: &str,
    all: &[T],
    name: Option<&str>,
    is: impl Fn(&T, &str) -> bool,
    called: impl Fn(&T) -> &str,
) -> Result<usize, String> {
    let names = || all.iter().map(&called).collect::<Vec<_>>().join(", ");
    match (name, all) {
        (_, []) => Err(format!("the stack has no {what}")),
        (None, [_]) => Ok(0),
        (None, _) => Err(format!("the stack has several {what}s: {}", names())),
        (Some(name), _) => all
            .iter()
            .position(|one| is(one, name))
            .ok_or_else(|| format!("the stack has no {what} `{name}`; it has {}", names())),
    }
}

/// What of a stack there is to run.
#[derive(Debug)]
pub struct RunnableStack {
    machines: Arc<[Machine]>,
    rules: Vec<RunnableRule>,
    index: RuleIndex<usize>,
    pipes: Vec<Pipe>,
    schedules: Vec<Schedule>,
    endpoints: Vec<Endpoint>,
    buckets: Vec<Bucket>,
    tables: Vec<Table>,
    elsewhere: Vec<TableElsewhere>,
    absent: Vec<Absent>,
    machines_elsewhere: BTreeSet<String>,
}

/// A table that the template declares, or that somebody else made and whose key is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The logical id of the table in the template.
    pub logical_id: String,
    /// The name of the table, made up where only a deployment knows it.
    pub name: String,
    /// Whether it is SAM's simple table.
    simple: bool,
    /// Its `Properties`, with references resolved.
    properties: Value,
}

impl Table {
    /// Whether DynamoDB removes items of it by their time to live.
    pub fn expires(&self) -> bool {
        self.properties["TimeToLiveSpecification"]["Enabled"] == true
    }
}

/// Why a stack cannot be run.
#[derive(Debug, Clone, PartialEq)]
pub struct StackFault {
    /// Where, if it is about a place.
    pub place: Option<Place>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl StackFault {
    pub(super) fn at(place: Place, message: impl Into<String>) -> Self {
        Self { place: Some(place), message: message.into(), help: None }
    }
}

impl RunnableStack {
    /// Makes ready what a stack declares: reads its definitions and compiles its patterns.
    ///
    /// # Errors
    /// Every fault that keeps it from being run.
    pub fn new(stack: &LoadedStack) -> Result<Self, Vec<StackFault>> {
        let mut faults = Vec::new();
        let machines: Arc<[Machine]> = machine::machines(stack, &mut faults).into();
        let rules = rule::rules(stack, &machines, &mut faults);
        let pipes = pipe::pipes(stack, &machines, &mut faults);
        let schedules = schedule::schedules(stack, &machines, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let endpoints = endpoint::endpoints(stack, &machines);
        let index = rules.iter().enumerate().map(|(at, rule)| (rule.pattern.clone(), at)).collect();
        let mut tables = tables(stack);
        let elsewhere = elsewhere::tables(stack, &machines, &tables);
        tables.extend(elsewhere.iter().filter_map(TableElsewhere::declared));
        let absent = absent::absent(stack, &machines);
        let machines_elsewhere = absent::machines_elsewhere(stack, &machines);
        let buckets = bucket::buckets(stack);
        Ok(Self {
            index,
            rules,
            pipes,
            schedules,
            endpoints,
            buckets,
            tables,
            elsewhere,
            absent,
            machines_elsewhere,
            machines,
        })
    }

    /// The state machines of the stack, in the order of the template.
    pub fn machines(&self) -> &Arc<[Machine]> {
        &self.machines
    }

    /// Whether a state machine calls S3, or reads the items of a Map from there.
    pub fn calls_s3(&self) -> bool {
        let calls = |state: &State| match &state.kind {
            StateKind::Task(task) => task.resource.service() == Some("s3"),
            StateKind::Map(map) => map.item_reader.is_some() || map.result_writer.is_some(),
            _ => false,
        };
        self.machines.iter().any(|machine| machine.program.states().any(|(_, state)| calls(state)))
    }

    /// Whether a state machine calls Lambda functions, whose code does not run in a simulation.
    pub fn calls_functions(&self) -> bool {
        let calls =
            |state: &State| matches!(&state.kind, StateKind::Task(task) if task.resource.service() == Some("lambda"));
        self.machines.iter().any(|machine| machine.program.states().any(|(_, state)| calls(state)))
    }

    /// The rules that are switched on and have a pattern.
    pub fn rules(&self) -> &[RunnableRule] {
        &self.rules
    }

    /// The pipes of the stack, in the order of the template.
    pub fn pipes(&self) -> &[Pipe] {
        &self.pipes
    }

    /// What fires at times.
    pub fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }

    /// The pipe of a name or a logical id; without one, the only pipe.
    ///
    /// # Errors
    /// There is none, or there are several. The text says which there are.
    pub fn pipe(&self, name: Option<&str>) -> Result<usize, String> {
        pipe::chosen(&self.pipes, name)
    }

    /// The schedule of a name or a logical id; without one, the only schedule.
    ///
    /// # Errors
    /// There is none, or there are several. The text says which there are.
    pub fn schedule(&self, name: Option<&str>) -> Result<usize, String> {
        schedule::chosen(&self.schedules, name)
    }

    /// The routes of APIs that start state machines.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// The route that takes a request, and the parameters in the request's path.
    ///
    /// # Errors
    /// None does, or those of several APIs do. The text says which there are.
    pub fn endpoint(&self, request: &ApiRequest) -> Result<(&Endpoint, serde_json::Map<String, Value>), String> {
        endpoint::chosen(&self.endpoints, request)
    }

    /// The buckets of the stack, in the order of the template.
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// The tables that calls name and the template does not declare.
    pub fn tables_elsewhere(&self) -> &[TableElsewhere] {
        &self.elsewhere
    }

    /// What else calls name and does not exist.
    pub fn absent(&self) -> &[Absent] {
        &self.absent
    }

    /// The tables that the template declares, and those elsewhere whose keys are known.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The machine of a name, a logical id or an ARN.
    pub fn machine(&self, name: &str) -> Option<usize> {
        machine::named(&self.machines, name)
    }

    /// The same, among these machines.
    pub(super) fn machine_of(machines: &[Machine], name: &str) -> Option<usize> {
        machine::named(machines, name)
    }

    /// The table of a name, an ARN or a logical id.
    pub fn table(&self, name: &str) -> Option<&Table> {
        let name = table_name(name);
        self.tables.iter().find(|table| table.name == name || table.logical_id == name)
    }

    /// Whether the stack has buckets, or rules for events of some.
    pub fn has_buckets(&self) -> bool {
        !self.buckets.is_empty()
    }

    /// The bucket of a name or a logical id; without one, the only bucket whose events rules can take, or else the only one that
    /// tells EventBridge what happens in it.
    ///
    /// # Errors
    /// There is none, or there are several. The text says which there are.
    pub fn bucket(&self, name: Option<&str>) -> Result<&Bucket, String> {
        let known = || {
            let names = self.buckets.iter().map(|bucket| bucket.logical_id.as_deref().unwrap_or(&bucket.name));
            names.collect::<Vec<_>>().join(", ")
        };
        if let Some(name) = name {
            let mut buckets = self.buckets.iter();
            let found = buckets.find(|one| one.name == name || one.logical_id.as_deref() == Some(name));
            return found.ok_or_else(|| format!("the stack has no bucket `{name}`; it has {}", known()));
        }
        let sending = || self.buckets.iter().filter(|bucket| bucket.sends_to_event_bridge);
        let heard = || sending().filter(|bucket| self.rules.iter().any(|rule| bucket.may_be_meant(&rule.source)));
        let own = || self.buckets.iter().filter(|bucket| !bucket.elsewhere);
        match only(heard()).or_else(|| only(sending())).or_else(|| only(own())) {
            Some(only) => Ok(only),
            None if own().next().is_none() => {
                Err("the stack has no bucket, and no rule for the events of one".to_owned())
            }
            None => Err(format!("the stack has several buckets: {}", known())),
        }
    }

    /// Lets a test case of a mock file answer for this stack's state machines.
    ///
    /// # Errors
    /// There is no such test case, or it is for a state machine that the stack does not have.
    pub fn mock(&self, services: &mut LocalServices, file: &MockFile, case: &str) -> Result<(), String> {
        for (name, case) in file.test_case(case)? {
            let found = self.machine(name).map(|at| &self.machines[at]);
            // A definition on its own has no name that a mock file could know.
            let only = || self.machines.first().filter(|only| self.machines.len() == 1 && only.logical_id.is_none());
            let machine = found.or_else(only).ok_or_else(|| {
                let names: Vec<&str> = self.machines.iter().map(Machine::label).collect();
                format!(
                    "the mock file mocks `{name}`, which is not a state machine of the stack; there are {}",
                    names.join(", ")
                )
            })?;
            services.mock(&machine.name, case);
        }
        Ok(())
    }

    /// The rules that take an event.
    ///
    /// # Errors
    /// It is no event.
    pub fn matching(&self, event: &Value) -> Result<impl Iterator<Item = &RunnableRule>, EventError> {
        let of_service = is_of_service(event);
        let matching = self.index.matching_value(event)?.into_iter().map(|at| &self.rules[*at]);
        Ok(matching.filter(move |rule| !(of_service && rule.own_bus.is_some())))
    }

    /// The rules that take an event which is on this bus, where that is known.
    ///
    /// # Errors
    /// It is no event.
    pub fn matching_on(
        &self,
        event: &Value,
        bus: Option<&str>,
    ) -> Result<impl Iterator<Item = &RunnableRule>, EventError> {
        let name = bus.map(rule::bus_name).map(str::to_owned);
        // A name that no rule has may be another name of any bus.
        let named = |name: &String| name == "default" || self.rules.iter().any(|rule| rule.bus.as_ref() == Some(name));
        let name = name.filter(named);
        let hears = move |rule: &&RunnableRule| name.is_none() || rule.bus.is_none() || rule.bus == name;
        Ok(self.matching(event)?.filter(hears))
    }

    /// Why no rule matches an event: of each rule, the first field that does not match.
    pub fn misses(&self, event: &Value) -> Vec<Miss> {
        self.rules.iter().map(|rule| miss::miss(rule, event)).collect()
    }

    /// Makes the tables and the buckets, where they are not there yet, and takes out what does not exist.
    ///
    /// # Errors
    /// DynamoDB would refuse a table, or the file holds another one of its name.
    pub fn furnish(&self, services: &mut LocalServices) -> Result<(), TableError> {
        self.make_buckets(&mut services.s3);
        self.absent.iter().for_each(|absent| absent.take_from(services));
        services.machines_elsewhere.clone_from(&self.machines_elsewhere);
        self.make_tables(&services.dynamodb)
    }

    /// Makes the tables, where they are not there yet.
    ///
    /// # Errors
    /// DynamoDB would refuse one, or the file holds another one of its name.
    pub fn make_tables(&self, dynamodb: &DynamoDb) -> Result<(), TableError> {
        for table in &self.tables {
            if table.simple {
                dynamodb.create_simple_table(&table.name, &table.properties)?;
            } else {
                dynamodb.create_table(&table.name, &table.properties)?;
            }
        }
        Ok(())
    }

    /// Makes the buckets, where they are not there yet.
    pub fn make_buckets(&self, s3: &mut S3) {
        for bucket in &self.buckets {
            s3.create_bucket(&bucket.name, bucket.versioned);
        }
    }
}

/// Whether a service of AWS sends an event, which it does to the default bus.
fn is_of_service(event: &Value) -> bool {
    event["source"].as_str().is_some_and(|source| source.starts_with("aws."))
}

/// Whether a resource is made: it has no `Condition`, or one that holds. What the template does not declare is there.
fn is_made(stack: &LoadedStack, logical_id: &str) -> bool {
    let (Some(template), Some(resolver)) = (&stack.template, stack.resolver()) else { return true };
    let condition = template.resources.get(logical_id).and_then(|resource| resource.condition.as_deref());
    condition.is_none_or(|condition| resolver.condition_holds(condition))
}

fn tables(stack: &LoadedStack) -> Vec<Table> {
    let (Some(template), Some(resolver)) = (&stack.template, stack.resolver()) else { return Vec::new() };
    let tables = stack.tables.iter().filter(|table| is_made(stack, &table.logical_id)).map(|table| {
        let resource = template.resources.get(&table.logical_id);
        let properties = template.properties(&table.logical_id).map(|node| resolver.value(node));
        Table {
            logical_id: table.logical_id.clone(),
            name: table.name.clone(),
            simple: resource.is_some_and(|resource| resource.resource_type == ResourceType::ServerlessSimpleTable),
            properties: properties.unwrap_or_default(),
        }
    });
    tables.collect()
}

#[cfg(test)]
mod tests;
