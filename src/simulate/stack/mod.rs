//! A stack that was read from files, as it runs here: which rule takes an event, what its targets get, which machines, tables
//! and buckets there are.

mod bucket;
mod machine;
mod miss;
mod rule;
mod target;

use std::sync::Arc;

use serde_json::Value;

use super::services::dynamodb::{DynamoDb, TableError};
use super::services::s3::S3;
use crate::eventbridge::{EventError, RuleIndex};
use crate::stack::load::{LoadedStack, Place};

pub use bucket::Bucket;
pub use machine::Machine;
pub use miss::Miss;
pub use rule::{Rule, Target, TargetKind};
pub use target::{TargetFault, TargetInput};

/// What of a stack there is to run.
#[derive(Debug)]
pub struct LocalStack {
    machines: Arc<[Machine]>,
    rules: Vec<Rule>,
    index: RuleIndex<usize>,
    buckets: Vec<Bucket>,
    tables: Vec<Table>,
}

/// A table that the template declares.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its logical id.
    pub logical_id: String,
    /// Its name.
    pub name: String,
    /// Whether it is SAM's simple table.
    simple: bool,
    /// Its `Properties`, with references resolved.
    properties: Value,
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

impl LocalStack {
    /// Makes ready what a stack declares: reads its definitions and compiles its patterns.
    ///
    /// # Errors
    /// Every fault that keeps it from being run.
    pub fn new(stack: &LoadedStack) -> Result<Self, Vec<StackFault>> {
        let mut faults = Vec::new();
        let machines: Arc<[Machine]> = machine::machines(stack, &mut faults).into();
        let rules = rule::rules(stack, &machines, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let index = rules.iter().enumerate().map(|(at, rule)| (rule.pattern.clone(), at)).collect();
        Ok(Self { index, rules, buckets: bucket::buckets(stack), tables: tables(stack), machines })
    }

    /// The state machines.
    pub fn machines(&self) -> &Arc<[Machine]> {
        &self.machines
    }

    /// The rules that are switched on and have a pattern.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The buckets.
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// The tables that the template declares.
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

    /// The table of a name or a logical id.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name || table.logical_id == name)
    }

    /// The rules that take an event, given as JSON text.
    ///
    /// # Errors
    /// The text is no event.
    pub fn matching(&self, event: &str) -> Result<impl Iterator<Item = &Rule>, EventError> {
        Ok(self.index.matching(event)?.into_iter().map(|at| &self.rules[*at]))
    }

    /// Why no rule takes an event: of each rule, the first field that does not match.
    pub fn misses(&self, event: &Value) -> Vec<Miss> {
        self.rules.iter().map(|rule| miss::miss(rule, event)).collect()
    }

    /// Makes the tables and the buckets, where they are not there yet.
    ///
    /// # Errors
    /// DynamoDB would refuse a table, or the file holds another one of its name.
    pub fn furnish(&self, dynamodb: &DynamoDb, s3: &mut S3) -> Result<(), TableError> {
        for table in &self.tables {
            if table.simple {
                dynamodb.create_simple_table(&table.name, &table.properties)?;
            } else {
                dynamodb.create_table(&table.name, &table.properties)?;
            }
        }
        for bucket in &self.buckets {
            s3.create_bucket(&bucket.name, bucket.versioned);
        }
        Ok(())
    }
}

fn tables(stack: &LoadedStack) -> Vec<Table> {
    let (Some(template), Some(resolver)) = (&stack.template, stack.resolver()) else { return Vec::new() };
    let there = |id: &str| {
        let condition = template.resources.get(id).and_then(|resource| resource.condition.as_deref());
        condition.is_none_or(|condition| resolver.condition_holds(condition))
    };
    let tables = stack.tables.iter().filter(|table| there(&table.logical_id)).map(|table| {
        let resource = template.resources.get(&table.logical_id);
        let properties = template.properties(&table.logical_id).map(|node| resolver.value(node));
        Table {
            logical_id: table.logical_id.clone(),
            name: table.name.clone(),
            simple: resource.is_some_and(|resource| resource.resource_type == "AWS::Serverless::SimpleTable"),
            properties: properties.unwrap_or_default(),
        }
    });
    tables.collect()
}

#[cfg(test)]
mod tests;
