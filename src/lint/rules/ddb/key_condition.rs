use super::request::{Request, Written};
use crate::aws::{Finds, KeyType, TableOperation};
use crate::dynamodb::grammar::{Expression, KeyConditionFault, KeyTerm};
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::TableKey;
use crate::source::Node;

rule! {
    /// Key condition that does not match the table or index
    ///
    /// # What it does
    /// Checks a Query against the table in the same template: the index exists, the key condition compares the partition key with
    /// `=` and otherwise only the sort key, and the values have the types of the key attributes.
    ///
    /// Source: [key conditions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html).
    ///
    /// # Why is this bad
    /// DynamoDB refuses every call: `Query condition missed key schema element`.
    ///
    /// # Example
    /// ```json
    /// "KeyConditionExpression": "lastModified = :lastModified"
    /// ```
    /// for a table whose partition key is `fileName`.
    ///
    /// # Use instead
    /// ```json
    /// "KeyConditionExpression": "fileName = :fileName AND lastModified = :lastModified"
    /// ```
    pub(super) static RULE: "DDB309", "key-condition", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine) {
        if request.operation.finds() != Finds::Items {
            continue;
        }
        no_condition(&request, state, findings);
        match request.queried() {
            None => {}
            Some(Err(node)) => no_index(&request, node, findings),
            Some(Ok((key, index))) => {
                let table = request.table().map_or("", |table| table.logical_id.as_str());
                let queried = match index {
                    Some(index) => format!("the index `{}`", index.name),
                    None => format!("the table `{table}`"),
                };
                against(&request, key, &queried, findings);
            }
        }
    }
}

/// An index that the table does not have.
fn no_index(request: &Request<'_, '_>, node: &Node, findings: &mut Findings<'_>) {
    let Some(table) = request.table() else { return };
    let name = node.as_str().unwrap_or_default();
    let message = format!("`{}` has no index `{name}`: DynamoDB refuses each call", table.logical_id);
    let finding = findings.add(request.place("IndexName", node), message);
    if let Some(near) = nearest(name, table.indexes.iter().map(|index| index.name.as_str())) {
        finding.help(format!("did you mean `{near}`?"));
    }
}

/// Holds the key conditions of a request against a key.
fn against(request: &Request<'_, '_>, key: &[TableKey], queried: &str, findings: &mut Findings<'_>) {
    let (sort, partition): (Vec<&TableKey>, Vec<&TableKey>) =
        key.iter().partition(|key| key.key_type == Some(KeyType::Range));
    let [sort, partition] = [sort, partition].map(|keys| keys.iter().map(|key| key.name.as_str()).collect::<Vec<_>>());
    if partition.is_empty() {
        return;
    }
    let key = [&*partition, &*sort].concat().join("` and `");
    for (written, expression) in request.read() {
        let Expression::KeyCondition(condition) = expression else { continue };
        for (fault, span) in condition.check(&partition, &sort, |name| request.attribute(name)) {
            let rest = match fault {
                KeyConditionFault::NotInKey(_) => "; other attributes belong in a FilterExpression",
                _ => "",
            };
            findings
                .add(request.place_in(written, span), format!("{fault}: DynamoDB refuses each call"))
                .help(format!("the key of {queried} is `{key}`{rest}"));
        }
        condition.terms.iter().for_each(|term| types(request, written, term, findings));
    }
}

/// The types of the values that a key attribute is compared with.
fn types(request: &Request<'_, '_>, written: &Written<'_>, term: &KeyTerm, findings: &mut Findings<'_>) {
    let Some(name) = term.attribute(|name| request.attribute(name)) else { return };
    let expected = request.table().and_then(|table| table.attribute_type(&name));
    let Some(expected) = expected.filter(|expected| matches!(*expected, "S" | "N" | "B")) else { return };
    for value in &term.values {
        let found = request.value_type(&value.name).filter(|found| found.as_str() != expected && found.is_key());
        let Some(found) = found else { continue };
        let message = format!(
            "the key attribute `{name}` has type {expected}, but `{}` has type {found}: DynamoDB refuses each call",
            value.name
        );
        findings.add(request.place_in(written, value.span), message);
    }
}

/// A Query says which partition it reads.
fn no_condition(request: &Request<'_, '_>, state: &StateView<'_>, findings: &mut Findings<'_>) {
    let given = ["KeyConditionExpression", "KeyConditions"].iter().any(|field| request.given(field).is_there());
    if request.operation == TableOperation::Query && !given {
        let key = state.entry("Parameters").or_else(|| state.entry("Arguments")).map_or(state.key, |(key, _)| key);
        let place = request.machine.place(&request.pointer, key);
        findings
            .add(place, "a Query without a `KeyConditionExpression`: DynamoDB refuses each call")
            .help("a Scan reads the whole table");
    }
}
