use super::request::{Operation, Request};
use crate::dynamodb::grammar::{Expression, KeyConditionFault};
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// A key condition that does not fit its table or index
    ///
    /// # What it does
    /// Checks a Query against the table of the same template: the index is there, the key condition is on the partition key by `=` and
    /// on nothing but the sort key besides, and the values have the types of the key.
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
        if request.operation != Operation::Query && request.operation != Operation::Scan {
            continue;
        }
        no_condition(&request, state, findings);
        let (key, index) = match request.queried() {
            None => continue,
            Some(Err(node)) => {
                let table = request.table().map_or("", |table| table.logical_id.as_str());
                let name = node.as_str().unwrap_or_default();
                let message = format!("`{table}` has no index `{name}`: DynamoDB refuses each call");
                let finding = findings.add(request.place("IndexName", node), message);
                let indexes = request.table().map_or(&[][..], |table| &table.indexes).iter();
                if let Some(near) = crate::lint::near::nearest(name, indexes.map(|index| index.name.as_str())) {
                    finding.help(format!("did you mean `{near}`?"));
                }
                continue;
            }
            Some(Ok(found)) => found,
        };
        let table = request.table();
        let names: Vec<&str> = key.iter().map(|element| element.name.as_str()).collect();
        let [hash, range @ ..] = names.as_slice() else { continue };
        let queried = match (index, table) {
            (Some(index), _) => format!("the index `{}`", index.name),
            (None, table) => format!("the table `{}`", table.map_or("", |table| table.logical_id.as_str())),
        };
        for (written, expression) in request.read() {
            let Expression::KeyCondition(condition) = expression else { continue };
            for (fault, span) in condition.check(hash, range.first().copied(), |name| request.attribute(name)) {
                let message = format!("{fault}: DynamoDB refuses each call");
                let finding = findings.add(request.place_in(written, span), message);
                finding.help(format!("the key of {queried} is `{}`", names.join("` and `")));
                if let KeyConditionFault::NotInKey(_) = fault {
                    finding.help(format!(
                        "the key of {queried} is `{}`; other attributes belong in a FilterExpression",
                        names.join("` and `")
                    ));
                }
            }
            for term in &condition.terms {
                let Some(name) = term.attribute(|name| request.attribute(name)) else { continue };
                let Some(expected) = table.and_then(|table| table.attribute_type(&name)) else { continue };
                for value in &term.values {
                    let found =
                        request.value_type(&value.name).filter(|found| found.as_str() != expected && found.is_key());
                    let Some(found) = found.filter(|_| matches!(expected, "S" | "N" | "B")) else { continue };
                    let message = format!(
                        "the key attribute `{name}` is of type {expected}, and `{}` is of type {found}: DynamoDB refuses each call",
                        value.name
                    );
                    findings.add(request.place_in(written, value.span), message);
                }
            }
        }
    }
}

/// A Query says which partition it reads.
fn no_condition(request: &Request<'_, '_>, state: &StateView<'_>, findings: &mut Findings<'_>) {
    let given = ["KeyConditionExpression", "KeyConditions"].iter().any(|field| request.given(field).is_there());
    if request.operation == Operation::Query && !given {
        let key = state.entry("Parameters").or_else(|| state.entry("Arguments")).map_or(state.key, |(key, _)| key);
        let place = request.machine.place(&request.pointer, key);
        findings
            .add(place, "a Query without a `KeyConditionExpression`: DynamoDB refuses each call")
            .help("a Scan reads the whole table");
    }
}
