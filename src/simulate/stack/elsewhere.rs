//! Tables that the definitions name and the template does not declare: somebody else has made them, so only the calls show their keys.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::{Machine, Table};
use crate::asl::program::StateKind;
use crate::aws::{TableOperation, table_name};
use crate::loaded::GivenKey;
use crate::name::TableName;

/// The types of key attributes.
const TYPES: [&str; 3] = ["S", "N", "B"];

/// A table that is not part of the stack.
#[derive(Debug, Clone, PartialEq)]
pub struct TableElsewhere {
    /// Its name.
    pub name: String,
    /// Its key, if it is known: given by the user, or the one that all calls use.
    pub key: Option<GivenKey>,
}

/// The tables that calls name and the stack does not declare. `given` holds the keys that the user gives.
pub(super) fn tables(
    machines: &[Machine],
    declared: &[Table],
    given: &IndexMap<String, GivenKey>,
) -> Vec<TableElsewhere> {
    let mut found: IndexMap<String, Option<GivenKey>> = IndexMap::new();
    let mut disputed = Vec::new();
    for (name, key) in machines.iter().flat_map(named) {
        let known = found.entry(name.clone()).or_default();
        match (&*known, key) {
            (None, Some(key)) => *known = Some(key),
            (Some(known), Some(key)) if !known.has_attributes_of(&key) => disputed.push(name),
            _ => {}
        }
    }
    disputed.iter().for_each(|name| _ = found.insert(name.clone(), None));
    found.extend(given.iter().map(|(name, key)| (name.clone(), Some(key.clone()))));
    let is_declared = |name: &str| declared.iter().any(|table| table.name == name);
    let elsewhere = found.into_iter().filter(|(name, _)| !is_declared(name));
    elsewhere.map(|(name, key)| TableElsewhere { name, key }).collect()
}

impl TableElsewhere {
    /// The table, as a template would declare it.
    pub(super) fn declared(&self) -> Option<Table> {
        let key = self.key.as_ref()?;
        let parts = || std::iter::once(&key.partition).chain(&key.sort);
        let attributes = parts().map(|(name, kind)| json!({"AttributeName": name, "AttributeType": kind}));
        let schema =
            parts().zip(["HASH", "RANGE"]).map(|((name, _), part)| json!({"AttributeName": name, "KeyType": part}));
        let properties = json!({
            "AttributeDefinitions": attributes.collect::<Vec<_>>(),
            "KeySchema": schema.collect::<Vec<_>>(),
        });
        Some(Table { logical_id: self.name.clone(), name: self.name.clone(), simple: false, properties })
    }
}

/// The tables that the calls of a machine name, each with the key that the call gives, if it gives one.
fn named(machine: &Machine) -> Vec<(String, Option<GivenKey>)> {
    let mut found = Vec::new();
    for (_, state) in machine.program.states() {
        let StateKind::Task(task) = &state.kind else { continue };
        let operation = task.resource.action().filter(|_| task.resource.service() == Some("dynamodb"));
        let Some(operation) = operation.and_then(TableOperation::of) else { continue };
        let fields = ["Parameters", "Arguments"].into_iter();
        let arguments =
            fields.filter_map(|name| machine.definition.pointer(&format!("{}/{name}", state.pointer))).next();
        let Some(arguments) = arguments else { continue };
        let of_call = arguments["TableName"].as_str().map(|name| (name, None));
        let of_items = operation.requests(arguments).into_iter().filter_map(|request| {
            // An item has more attributes than its key.
            let key = Some(request.item).filter(|_| request.operation != TableOperation::PutItem);
            Some((request.table?, key.and_then(key_of)))
        });
        let all = of_call.into_iter().chain(of_items).filter(|(name, _)| is_name(name));
        found.extend(all.map(|(name, key)| (table_name(name).to_owned(), key)));
    }
    found
}

/// Whether a text is the name of a table: expressions that make one are not, and DynamoDB refuses other names.
fn is_name(text: &str) -> bool {
    TableName::parse(table_name(text)).is_ok()
}

/// The key that a call gives, whose partition key usually comes first.
fn key_of(key: &Value) -> Option<GivenKey> {
    let mut attributes = key.as_object()?.iter().map(|(name, value)| {
        let name = name.strip_suffix(".$").unwrap_or(name);
        let kind = match value {
            Value::Object(value) => value.keys().next()?.strip_suffix(".$").unwrap_or(value.keys().next()?).to_owned(),
            // The optimized integration takes a plain text for a string.
            _ => "S".to_owned(),
        };
        TYPES.contains(&kind.as_str()).then(|| (name.to_owned(), kind))
    });
    let (partition, sort) = (attributes.next()??, attributes.next());
    match (sort, attributes.next()) {
        (None, _) => Some(GivenKey { partition, sort: None }),
        (Some(Some(sort)), None) => Some(GivenKey { partition, sort: Some(sort) }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loaded::LoadedStack;
    use crate::simulate::stack::LocalStack;

    fn found(states: &Value) -> Vec<(String, Option<String>)> {
        let text = json!({"StartAt": "A", "States": states}).to_string();
        let stack = LocalStack::new(&LoadedStack::from_text("m.asl.json", text).unwrap()).unwrap();
        stack
            .tables_elsewhere()
            .iter()
            .map(|table| (table.name.clone(), table.key.as_ref().map(ToString::to_string)))
            .collect()
    }

    fn task(action: &str, arguments: &Value) -> Value {
        json!({"Type": "Task", "Resource": format!("arn:aws:states:::{action}"), "Parameters": arguments, "Next": "B"})
    }

    #[test]
    fn calls_show_the_keys_of_tables() {
        let end = json!({"Type": "Succeed"});
        let cases = [
            (task("dynamodb:getItem", &json!({"TableName": "files", "Key": {"id.$": "$.id"}})), Some("id")),
            (
                task(
                    "dynamodb:getItem",
                    &json!({"TableName": "arn:aws:dynamodb:eu-central-1:123456789012:table/files", "Key": {"id": {"N.$": "$.id"}}}),
                ),
                Some("id:N"),
            ),
            (
                task(
                    "aws-sdk:dynamodb:transactWriteItems",
                    &json!({"TransactItems": [{"Delete": {"TableName": "files", "Key": {"pk": {"S": "a"}, "sk": {"N": "1"}}}}]}),
                ),
                Some("pk,sk:N"),
            ),
            (task("dynamodb:putItem", &json!({"TableName": "files", "Item": {"id": {"S": "a"}}})), None),
            (task("aws-sdk:dynamodb:query", &json!({"TableName": "files"})), None),
            (task("dynamodb:getItem", &json!({"TableName": "files", "Key.$": "$.key"})), None),
        ];
        for (state, key) in cases {
            assert_eq!(
                found(&json!({"A": state, "B": end})),
                [("files".to_owned(), key.map(str::to_owned))],
                "{state}"
            );
        }
        let other = task("dynamodb:getItem", &json!({"TableName": "files", "Key": {"name": {"S": "a"}}}));
        let mut twice = task("dynamodb:getItem", &json!({"TableName": "files", "Key": {"id": {"S": "a"}}}));
        twice["Next"] = "C".into();
        assert_eq!(
            found(&json!({"A": twice, "C": other, "B": end})),
            [("files".to_owned(), None)],
            "calls that disagree"
        );
        assert_eq!(
            found(&json!({"A": task("dynamodb:getItem", &json!({"TableName.$": "$.t", "Key": {}})), "B": end})),
            []
        );
    }
}
