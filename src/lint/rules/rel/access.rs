//! What states do with the items of tables.

use crate::aws::{Finds, TableOperation};
use crate::dynamodb::grammar::{Comparator, Element, Expression, ExpressionKind, parse};
use crate::lint::task::{Given, ServiceTask, table_name};
use crate::lint::{MachineView, StateView};
use crate::source::{Kind, Node};

/// A read of an item, or a write.
#[derive(Debug)]
pub(super) struct Access {
    /// The state, of the view.
    pub(super) state: usize,
    /// Its table: a logical id, or a name.
    table: String,
    /// The attributes by which it finds its item, or those that it writes, and how their values are spelled.
    attributes: Vec<(String, String)>,
    /// Whether it is a write.
    pub(super) writes: bool,
    /// Whether it looks at the item before it writes, or at what is there at this moment.
    pub(super) conditional: bool,
}

impl Access {
    /// What the Task states of a machine do, item by item.
    pub(super) fn all(machine: &MachineView<'_>) -> Vec<Self> {
        let states = machine.states.iter().enumerate();
        states.filter_map(|(index, state)| Self::of(index, state, machine)).collect()
    }

    fn of(index: usize, state: &StateView<'_>, machine: &MachineView<'_>) -> Option<Self> {
        let task = ServiceTask::of(state, machine).filter(|task| task.call.service() == "dynamodb")?;
        let parameters = task.parameters?;
        let operation = TableOperation::of(task.call.action())?;
        let attributes = match operation.finds() {
            Finds::Item(field) => {
                let node = Given::of(parameters, field).literal()?;
                let attributes = node.entries().iter().filter_map(|(name, value)| {
                    let name = name.as_str()?;
                    Some((name.strip_suffix(".$").unwrap_or(name).to_owned(), spelled(value)))
                });
                attributes.collect()
            }
            Finds::Items if operation == TableOperation::Query => queried(parameters)?,
            Finds::Items | Finds::Parts(_) => return None,
        };
        let table = table_name(parameters, machine.machine)?;
        let conditional = Given::of(parameters, "ConditionExpression").is_there();
        Some(Self { state: index, table, attributes, writes: operation.writes(), conditional })
    }

    /// Whether both are of one table.
    pub(super) fn is_of_table(&self, other: &Self) -> bool {
        self.table == other.table
    }

    /// Whether a write is of an item that a read looks for: the same table, and all that the read looks for in the write.
    pub(super) fn meets(&self, write: &Self) -> bool {
        let same = |(name, value): &(String, String)| {
            write.attributes.iter().any(|(other, theirs)| other == name && theirs == value)
        };
        self.table == write.table && !self.attributes.is_empty() && self.attributes.iter().all(same)
    }
}

/// The attributes that a query holds equal to something.
fn queried(parameters: &Node) -> Option<Vec<(String, String)>> {
    // An index is behind its table anyhow, and finds more than the item.
    if Given::of(parameters, "IndexName").is_there() {
        return None;
    }
    let text = Given::of(parameters, ExpressionKind::KeyCondition.parameter()).literal()?.as_str()?;
    let Ok(Expression::KeyCondition(condition)) = parse(ExpressionKind::KeyCondition, text) else { return None };
    let values = Given::of(parameters, "ExpressionAttributeValues").literal()?;
    let names = Given::of(parameters, "ExpressionAttributeNames").literal();
    let equal = condition.terms.iter().filter(|term| term.comparator == Some(Comparator::Equal));
    let terms = equal.filter_map(|term| {
        let name = match term.path.elements.as_slice() {
            [Element::Attribute(name)] => name.clone(),
            [Element::Name(name)] => Given::of(names?, name).literal()?.as_str()?.to_owned(),
            _ => return None,
        };
        Some((name, spelled(Given::of(values, &term.values.first()?.name).literal()?)))
    });
    Some(terms.collect())
}

/// How a value is written, without the `.$` of its keys: whoever forgot one meant the same.
fn spelled(node: &Node) -> String {
    match &node.kind {
        Kind::Mapping(entries) => {
            let inner = entries.iter().map(|(key, value)| {
                let key = key.as_str().unwrap_or_default();
                format!("{}={}", key.strip_suffix(".$").unwrap_or(key), spelled(value))
            });
            inner.collect::<Vec<_>>().join(",")
        }
        Kind::Sequence(items) => items.iter().map(spelled).collect::<Vec<_>>().join(";"),
        Kind::String(text) => text.clone(),
        _ => node.describe(),
    }
}
