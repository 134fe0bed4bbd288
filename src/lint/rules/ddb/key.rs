use super::request::{Request, value_type};
use crate::aws::Finds;
use crate::lint::rule::rule;
use crate::lint::task::Given;
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::{LoadedTable, TableKey, below};
use crate::source::{Kind, Node};

rule! {
    /// Key that does not match the table
    ///
    /// # What it does
    /// Checks the `Key` of a request, or the key attributes of its `Item`, against the table in the same template: all key
    /// attributes are present with the right type, those of the indexes too where an item has them, none is empty, and `Key` contains
    /// no other attributes.
    ///
    /// Source: [PutItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html).
    ///
    /// # Why is this bad
    /// DynamoDB refuses every call: `The provided key element does not match the schema`.
    ///
    /// # Example
    /// ```json
    /// "Key": { "fileName": { "S.$": "$.detail.object.key" } }
    /// ```
    /// for a table whose key is `fileName` and `lastModified`.
    ///
    /// # Use instead
    /// ```json
    /// "Key": { "fileName": { "S.$": "$.detail.object.key" }, "lastModified": { "S.$": "$.time" } }
    /// ```
    pub(super) static RULE: "DDB307", "table-key", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine) {
        let Finds::Item(field) = request.operation.finds() else { continue };
        let (Some(table), Given::Literal(key, node)) = (request.table(), request.given(field)) else { continue };
        // Names that are only known when the stack is deployed may be any.
        if !matches!(node.kind, Kind::Mapping(_))
            || node.entries().iter().any(|(key, _)| key.as_str().is_none_or(|k| k.contains("${")))
        {
            continue;
        }
        missing(&request, field, key, node, table, findings);
        for (name, value) in node.entries() {
            given(&request, field, name, value, table, findings);
        }
    }
}

/// Says which attributes of the table's key are not given.
fn missing(
    request: &Request<'_, '_>,
    field: &str,
    key: &Node,
    node: &Node,
    table: &LoadedTable,
    findings: &mut Findings<'_>,
) {
    let all: Vec<&str> = table.key.iter().map(|element| element.name.as_str()).collect();
    for name in all.iter().filter(|name| !Given::of(node, name).is_there()) {
        let keyed = format!("`{}` is keyed on `{}`", table.logical_id, all.join("` and `"));
        let message = format!("`{field}` lacks `{name}`: {keyed}, so DynamoDB refuses each call");
        findings.add(request.place(field, key), message);
    }
}

/// Says what is wrong with an attribute that is given: it is not in the key, or of another type.
fn given(
    request: &Request<'_, '_>,
    field: &str,
    key: &Node,
    value: &Node,
    table: &LoadedTable,
    findings: &mut Findings<'_>,
) {
    let Some(text) = key.as_str() else { return };
    let name = text.strip_suffix(".$").unwrap_or(text);
    let place = |node: &Node| request.machine.place(&below(&below(&request.pointer, field), text), node);
    let of_index = |element: &TableKey| element.name == name;
    let indexed = table.indexes.iter().find(|index| index.key.iter().any(of_index)).map(|index| index.name.as_str());
    let of_table = table.key.iter().any(|element| element.name == name);
    if !of_table && (field == "Key" || indexed.is_none()) {
        if field == "Key" {
            let message =
                format!("`{name}` is not a key attribute of `{}`, so DynamoDB refuses each call", table.logical_id);
            findings.add(place(key), message);
        }
        return;
    }
    if text != name {
        return;
    }
    let whose = match indexed.filter(|_| !of_table) {
        Some(index) => format!("the key attribute `{name}` of the index `{index}`"),
        None => format!("the key attribute `{name}` of `{}`", table.logical_id),
    };
    if let [(kind, empty)] = value.entries()
        && matches!(kind.as_str(), Some("S" | "s" | "B" | "b"))
        && empty.as_str() == Some("")
    {
        findings.add(place(value), format!("{whose} is empty: DynamoDB refuses each call"));
        return;
    }
    let (Some(expected), Some(found)) = (table.attribute_type(name), value_type(value, request.sdk)) else { return };
    if matches!(expected, "S" | "N" | "B") && found.as_str() != expected {
        let message =
            format!("{whose} has type {expected}, but the request passes {found}: DynamoDB refuses each call");
        findings.add(place(value), message);
    }
}
