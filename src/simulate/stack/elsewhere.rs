//! Tables that the definitions name and the template does not declare. Where the template knows of one, somebody else has made it, and only the
//! calls show its key. A name that stands in calls alone, in a stack with tables of its own, is taken for a mistake, as DynamoDB would take it.

use std::cell::LazyCell;

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::told::Told;
use super::{Machine, Table};
use crate::asl::program::StateKind;
use crate::aws::{TableOperation, table_name};
use crate::loaded::{GivenKey, LoadedStack};
use crate::name::TableName;

/// The types of key attributes.
const TYPES: [&str; 3] = ["S", "N", "B"];

/// A table that is not part of the stack.
#[derive(Debug, Clone, PartialEq)]
pub struct TableElsewhere {
    /// The name of the table, as calls give it.
    pub name: String,
    /// Its key, if it is known: given by the user, or the one that all calls use.
    pub key: Option<GivenKey>,
    /// Whether it is taken to exist: the user gives its key, the template names it in a policy or a parameter, or the stack has no table.
    pub exists: bool,
}

/// The tables that calls name and the stack does not declare.
pub(super) fn tables(stack: &LoadedStack, machines: &[Machine], declared: &[Table]) -> Vec<TableElsewhere> {
    let given = &stack.table_keys;
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
    let told = LazyCell::new(|| Told::of(stack));
    let exists = |name: &str| declared.is_empty() || given.contains_key(name) || told.knows(name);
    elsewhere.map(|(name, key)| TableElsewhere { exists: exists(&name), name, key }).collect()
}

impl TableElsewhere {
    /// The table, as a template would declare it; `None` where it does not exist or has no known key.
    pub(super) fn declared(&self) -> Option<Table> {
        let key = self.key.as_ref().filter(|_| self.exists)?;
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
    use crate::simulate::stack::RunnableStack;

    fn found(states: &Value) -> Vec<(String, Option<String>)> {
        let text = json!({"StartAt": "A", "States": states}).to_string();
        let stack = RunnableStack::new(&LoadedStack::from_text("m.asl.json", text).unwrap()).unwrap();
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

    /// Which of the tables that a template's calls name is taken to exist.
    fn existing(template: &str) -> Vec<(String, bool)> {
        let stack = RunnableStack::new(&LoadedStack::from_text("template.yaml", template).unwrap()).unwrap();
        stack.tables_elsewhere().iter().map(|table| (table.name.clone(), table.exists)).collect()
    }

    #[test]
    fn a_name_in_calls_alone_is_no_table_of_a_stack_with_tables() {
        let template = |table: &str, policies: &str| {
            format!(
                r#"{{
                    "Transform": "AWS::Serverless-2016-10-31",
                    "Parameters": {{"Other": {{"Type": "String", "Default": "of-a-parameter"}}}},
                    "Resources": {{
                        "Files": {{"Type": "AWS::Serverless::SimpleTable", "Properties": {{"TableName": "files"}}}},
                        "M": {{
                            "Type": "AWS::Serverless::StateMachine",
                            "Properties": {{
                                "Policies": [{policies}],
                                "DefinitionSubstitutions": {{"Table": "{table}"}},
                                "Definition": {{
                                    "StartAt": "A",
                                    "States": {{
                                        "A": {{
                                            "Type": "Task",
                                            "Resource": "arn:aws:states:::dynamodb:getItem",
                                            "Parameters": {{"TableName": "{table}", "Key": {{"id": {{"S": "a"}}}}}},
                                            "End": true
                                        }}
                                    }}
                                }}
                            }}
                        }}
                    }}
                }}"#
            )
        };
        let crud = r#"{"DynamoDBCrudPolicy": {"TableName": "of-a-policy"}}"#;
        let statement = r#"{"Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": {"Fn::Sub": "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/of-an-arn/index/*"}}]}"#;
        let policies = format!("{crud}, {statement}");
        let cases = [
            ("files", vec![]),
            ("fiels", vec![("fiels".to_owned(), false)]),
            ("of-an-arn", vec![("of-an-arn".to_owned(), true)]),
            ("of-an", vec![("of-an".to_owned(), false)]),
            ("of-a-policy", vec![("of-a-policy".to_owned(), true)]),
            ("of-a-parameter", vec![("of-a-parameter".to_owned(), true)]),
        ];
        for (table, expected) in cases {
            assert_eq!(existing(&template(table, &policies)), expected, "{table}");
        }
    }
}
