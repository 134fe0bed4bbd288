//! Requests to DynamoDB as a definition writes them.

use std::borrow::Cow;

use super::computed;
use crate::aws::{Finds, KeyType, TableOperation};
use crate::dynamodb::grammar::{self, Expression, ExpressionError, ExpressionKind, References, ValueType};
use crate::lint::task::{Given, ServiceTask, is_open, substitution};
use crate::lint::{MachineView, StateView};
use crate::loaded::{LoadedIndex, LoadedTable, Place, TableKey};
use crate::source::{Node, Pointer, Span};

/// A request, by itself or in a transaction.
pub(super) struct Request<'a, 'm> {
    pub(super) machine: &'m MachineView<'a>,
    pub(super) operation: TableOperation,
    /// Whether it is made in the `aws-sdk:` style, whose attribute values have two spellings and no short form.
    pub(super) sdk: bool,
    /// Its parameters, and where they are, below the definition.
    pub(super) node: &'a Node,
    pub(super) pointer: Pointer,
    /// Its expressions that are known.
    pub(super) expressions: Vec<Written<'a>>,
    /// What else those may be that JSONata makes.
    pub(super) others: Vec<Expression>,
    /// Whether one is not known before the run.
    pub(super) open: bool,
}

/// A key that is queried, and the index that it is of.
pub(super) type Queried<'a> = (&'a [TableKey], Option<&'a LoadedIndex>);

/// An expression, where it is written, and what became of reading it.
pub(super) struct Written<'a> {
    pub(super) kind: ExpressionKind,
    pub(super) node: &'a Node,
    pub(super) text: Cow<'a, str>,
    pub(super) read: Result<Expression, ExpressionError>,
}

impl<'a, 'm> Request<'a, 'm> {
    /// The requests of a state.
    pub(super) fn all(state: &StateView<'a>, machine: &'m MachineView<'a>) -> Vec<Self> {
        let Some(task) = ServiceTask::of(state, machine).filter(|task| task.call.service() == "dynamodb") else {
            return Vec::new();
        };
        let Some(node) = task.parameters.filter(|node| !is_open(node)) else { return Vec::new() };
        let Some(operation) = TableOperation::of(task.call.action()) else { return Vec::new() };
        match operation.finds() {
            Finds::Item(_) | Finds::Items => {
                vec![Self::new(machine, operation, task.call.is_sdk(), node, task.pointer)]
            }
            Finds::Parts(field) if operation.is_transaction() => Self::transaction(&task, node, field, machine),
            Finds::Parts(_) => Vec::new(),
        }
    }

    fn transaction(task: &ServiceTask<'a>, node: &'a Node, field: &str, machine: &'m MachineView<'a>) -> Vec<Self> {
        let Given::Literal(_, items) = Given::of(node, field) else { return Vec::new() };
        let pointer = task.pointer.child(field);
        let items = items.items().iter().enumerate().flat_map(|(at, item)| {
            let pointer = pointer.index(at);
            item.entries().iter().filter_map(move |(key, value)| {
                let name = key.as_str()?;
                let operation = TableOperation::in_transaction(name)?;
                (!is_open(value)).then(|| Self::new(machine, operation, true, value, pointer.child(name)))
            })
        });
        items.collect()
    }

    fn new(
        machine: &'m MachineView<'a>,
        operation: TableOperation,
        sdk: bool,
        node: &'a Node,
        pointer: Pointer,
    ) -> Self {
        let (mut expressions, mut others) = (Vec::new(), Vec::new());
        let mut open = false;
        for kind in ExpressionKind::ALL {
            match Given::of(node, kind.parameter()) {
                Given::Literal(_, node) => {
                    let Some(text) = node.as_str() else { continue };
                    let read = grammar::parse(kind, text);
                    expressions.push(Written { kind, node, text: text.into(), read });
                }
                Given::Open(node) => match node.as_str().and_then(computed::texts) {
                    Some(texts) => {
                        let mut read = texts.into_iter().map(|text| (grammar::parse(kind, &text), text));
                        let mut first = read.next();
                        for (read, text) in read {
                            // One that can be read speaks for those that nobody may ever make.
                            if first.as_ref().is_some_and(|(first, _)| first.is_err()) && read.is_ok() {
                                first = Some((read, text));
                            } else {
                                others.extend(read.ok());
                            }
                        }
                        expressions.extend(first.map(|(read, text)| Written { kind, node, text: text.into(), read }));
                    }
                    None => open = true,
                },
                Given::Nothing => {}
            }
        }
        Self { machine, operation, sdk, node, pointer, expressions, others, open }
    }

    /// A field of the request.
    pub(super) fn given(&self, name: &str) -> Given<'a> {
        Given::of(self.node, name)
    }

    /// The place of a field's value or key.
    pub(super) fn place(&self, field: &str, node: &Node) -> Place {
        self.machine.place(&self.pointer.child(field), node)
    }

    /// The expressions that could be read.
    pub(super) fn read(&self) -> impl Iterator<Item = (&Written<'a>, &Expression)> {
        self.expressions.iter().filter_map(|written| Some((written, written.read.as_ref().ok()?)))
    }

    /// The place of a stretch of an expression: exact where the definition spells the text as it is.
    pub(super) fn place_in(&self, written: &Written<'_>, span: Span) -> Place {
        let mut place = self.place(written.kind.parameter(), written.node);
        if let Some(exact) = self.exact(written, span) {
            place.span = exact;
        }
        place
    }

    /// Where a stretch of an expression stands in the document, if the definition spells the text as it is.
    pub(super) fn exact(&self, written: &Written<'_>, span: Span) -> Option<Span> {
        let Span { start, end } = written.node.span;
        let spelled = self.machine.text().get(start..end)?;
        let quote = usize::from(spelled.starts_with(['"', '\'']));
        let inner = spelled.get(quote..spelled.len().checked_sub(quote)?)?;
        (inner == written.text).then(|| {
            let from = start + quote;
            // A fault at the end of the text is shown at its last character.
            let first = if span.start == span.end && span.start > 0 { span.start - 1 } else { span.start };
            Span { start: from + first, end: from + span.end }
        })
    }

    /// What a `#name` stands for, if the request says so in a literal.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let names = self.given("ExpressionAttributeNames").literal()?;
        Some(Given::of(names, name).literal()?.as_str()?.to_owned())
    }

    /// The type of a `:value`, if the request says so in a literal.
    pub(super) fn value_type(&self, name: &str) -> Option<ValueType> {
        let values = self.given("ExpressionAttributeValues").literal()?;
        value_type(Given::of(values, name).literal()?, self.sdk)
    }

    /// The table, if it is one of the stack's.
    pub(super) fn table(&self) -> Option<&'a LoadedTable> {
        let node = match self.given("TableName") {
            Given::Literal(_, node) | Given::Open(node) => node,
            Given::Nothing => return None,
        };
        let tables = &self.machine.stack.tables;
        let found = match substitution(node, self.machine.machine) {
            Some(found) => tables.iter().find(|table| Some(&table.logical_id) == found.logical_id.as_ref()),
            None if is_open(node) => None,
            None => tables.iter().find(|table| Some(table.name.as_str()) == node.as_str()),
        };
        // A key that the template does not spell out is not known.
        found.filter(|table| is_key(&table.key))
    }

    /// What a Query or Scan reads: the table's key, or an index's. `Err` for an index that the table does not have.
    pub(super) fn queried(&self) -> Option<Result<Queried<'a>, &'a Node>> {
        let table = self.table()?;
        match self.given("IndexName") {
            Given::Nothing => Some(Ok((&table.key, None))),
            Given::Open(..) => None,
            Given::Literal(_, node) => {
                match table.indexes.iter().find(|index| Some(index.name.as_str()) == node.as_str()) {
                    Some(index) if is_key(&index.key) => Some(Ok((&index.key, Some(index)))),
                    Some(_) => None,
                    None => Some(Err(node)),
                }
            }
        }
    }

    /// The keys of `ExpressionAttributeNames` or `ExpressionAttributeValues`, with what they are without `.$`. `None` if they are only known
    /// at run time.
    pub(super) fn placeholders(&self, field: &str) -> Option<Vec<(&'a Node, &'a str)>> {
        match self.given(field) {
            Given::Nothing => Some(Vec::new()),
            Given::Open(..) => None,
            Given::Literal(_, node) if node.entries().is_empty() && !node.describe().contains("mapping") => None,
            Given::Literal(_, node) => {
                let names = node.entries().iter().map(|(key, _)| {
                    let text = key.as_str().filter(|text| !text.contains("${"))?;
                    Some((key, text.strip_suffix(".$").unwrap_or(text)))
                });
                names.collect()
            }
        }
    }
}

fn is_key(key: &[TableKey]) -> bool {
    let named = key.iter().all(|element| !element.name.is_empty() && element.name != "null");
    named && key.first().is_some_and(|element| element.key_type == Some(KeyType::Hash)) && key.len() <= 8
}

/// The type of an attribute value, if it is one of a literal type. Optimized calls take a text for `{"S": text}`.
pub(super) fn value_type(node: &Node, sdk: bool) -> Option<ValueType> {
    match node.entries() {
        [(key, _)] => {
            let name = key.as_str()?;
            ValueType::parse(name.strip_suffix(".$").unwrap_or(name))
        }
        _ => (!sdk && node.as_str().is_some() && !is_open(node)).then_some(ValueType::S),
    }
}

/// What all of a request's expressions refer to.
pub(super) fn references<'r>(request: &'r Request<'_, '_>) -> Vec<&'r References> {
    let read = request.read().map(|(_, expression)| expression);
    read.chain(&request.others).map(Expression::references).collect()
}
