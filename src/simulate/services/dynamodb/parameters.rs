//! What Step Functions itself checks of a call before DynamoDB hears of it: which fields there are, and of which type.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

use crate::aws::TableOperation;
use crate::aws::integration::{Call, Style};
use crate::aws::service_model::{Kind, Type};

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Text,
    Flag,
    Number,
    /// A map of texts.
    Names,
    /// A map of attribute values.
    Item,
    /// Anything that is checked by DynamoDB alone.
    Any,
}

use Field::{Any, Flag, Item, Names, Number, Text};

impl Field {
    fn of(model: Type) -> Self {
        match model.kind() {
            Kind::Text | Kind::Enum(_) => Text,
            Kind::Boolean => Flag,
            Kind::Integer | Kind::Number => Number,
            Kind::Map(value) => match value.kind() {
                Kind::Text => Names,
                Kind::Structure(_) | Kind::Union(_) if value.member("NULL").is_some() => Item,
                _ => Any,
            },
            _ => Any,
        }
    }
}

/// The one field without which Step Functions does not even ask DynamoDB.
const TABLE: &str = "TableName";

/// The fields of the operations on items, each with what it holds. Those of other calls are DynamoDB's to check.
static FIELDS: LazyLock<HashMap<&'static str, Vec<(String, Field)>>> = LazyLock::new(|| {
    let fields = |operation: TableOperation| {
        let Some(Kind::Structure(members)) =
            Call::named(Style::Sdk, "dynamodb", operation.action())?.parameters().map(Type::kind)
        else {
            return None;
        };
        let fields = members.into_iter().map(|member| (member.native.into_owned(), Field::of(member.of)));
        Some((operation.action(), fields.collect()))
    };
    TableOperation::ALL.into_iter().filter_map(fields).collect()
});

/// Values nest at most this deep before they are refused unread.
const MAX_DEPTH: usize = 100;

/// What is wrong with the arguments of a call, in Step Functions' words.
pub(super) fn faults(action: &str, arguments: &Value) -> Vec<String> {
    let Some(known) = FIELDS.get(action) else { return Vec::new() };
    let mut faults = Vec::new();
    for (name, value) in arguments.as_object().into_iter().flatten() {
        match known.iter().find(|(field, _)| field == name) {
            None => faults.push(format!("The field \"{name}\" is not supported by Step Functions")),
            Some((_, field)) => check(name, *field, value, &mut faults),
        }
    }
    if known.iter().any(|(field, _)| field == TABLE) && arguments.get(TABLE).is_none() {
        faults.push(format!("The field \"{TABLE}\" is required but was missing"));
    }
    faults
}

fn check(name: &str, field: Field, value: &Value, faults: &mut Vec<String>) {
    let mut expect = |fits: bool, kind: &str| {
        if !fits && !value.is_null() {
            faults.push(format!("The value for the field '{name}' must be a {kind}"));
        }
    };
    match field {
        Text => expect(value.is_string(), "STRING"),
        Flag => expect(value.is_boolean(), "BOOLEAN"),
        Number => expect(value.is_number(), "NUMBER"),
        Names => {
            for (name, value) in value.as_object().into_iter().flatten() {
                check(name, Text, value, faults);
            }
        }
        Item => {
            for value in value.as_object().into_iter().flatten().map(|(_, value)| value) {
                check_value(value, MAX_DEPTH, faults);
            }
        }
        Any => {}
    }
}

fn check_value(value: &Value, depth: usize, faults: &mut Vec<String>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for (kind, value) in value.as_object().into_iter().flatten() {
        match (kind.as_str(), value) {
            ("S" | "N" | "B", value) => check(kind, Text, value, faults),
            ("BOOL" | "NULL", value) => check(kind, Flag, value, faults),
            ("M", Value::Object(item)) => item.values().for_each(|value| check_value(value, depth, faults)),
            ("L", Value::Array(values)) => values.iter().for_each(|value| check_value(value, depth, faults)),
            ("SS" | "NS" | "BS", Value::Array(values)) => {
                values.iter().for_each(|value| check(kind, Text, value, faults))
            }
            _ => {}
        }
    }
}

/// Whether a value nests deeper than any reader here follows.
pub(super) fn too_deep(value: &Value) -> bool {
    let mut level: Vec<&Value> = vec![value];
    for _ in 0..MAX_DEPTH {
        level = level
            .into_iter()
            .flat_map(|value| -> Box<dyn Iterator<Item = &Value>> {
                match value {
                    Value::Array(values) => Box::new(values.iter()),
                    Value::Object(fields) => Box::new(fields.values()),
                    _ => Box::new(std::iter::empty()),
                }
            })
            .collect();
        if level.is_empty() {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn faults_are_in_the_words_of_step_functions() {
        let cases = [
            ("putItem", json!({"TableName": "t", "Item": {"a": {"N": "5"}}}), vec![]),
            (
                "putItem",
                json!({"TableName": "t", "Item": {"a": {"N": 5}, "b": {"M": {"c": {"L": [{"S": true}]}}}}}),
                vec!["The value for the field 'N' must be a STRING", "The value for the field 'S' must be a STRING"],
            ),
            ("putItem", json!({"TableName": "t", "Item": null}), vec![]),
            (
                "getItem",
                json!({"tableName": "t", "Key": {}}),
                vec![
                    "The field \"tableName\" is not supported by Step Functions",
                    "The field \"TableName\" is required but was missing",
                ],
            ),
            (
                "query",
                json!({"TableName": "t", "Limit": "1", "ConsistentRead": "true"}),
                vec![
                    "The value for the field 'Limit' must be a NUMBER",
                    "The value for the field 'ConsistentRead' must be a BOOLEAN",
                ],
            ),
            ("executeStatement", json!({"Whatever": 1}), vec![]),
        ];
        for (action, arguments, expected) in cases {
            assert_eq!(faults(action, &arguments), expected, "{action} {arguments}");
        }
    }

    #[test]
    fn fields_are_those_of_the_model() {
        let fields = |action: &str| FIELDS[action].iter().cloned().collect::<HashMap<_, _>>();
        let (put, query, batch) = (fields("putItem"), fields("query"), fields("batchWriteItem"));
        assert_eq!((put["Item"], put["Expected"], put["ReturnValues"]), (Item, Any, Text));
        assert_eq!((put["ExpressionAttributeNames"], put["ExpressionAttributeValues"]), (Names, Item));
        assert_eq!((query["ScanIndexForward"], query["Limit"], query["KeyConditions"]), (Flag, Number, Any));
        assert_eq!((query["ExclusiveStartKey"], batch["RequestItems"], batch.get(TABLE)), (Item, Any, None));
    }

    #[test]
    fn depth_is_bounded() {
        let nest = |levels| (0..levels).fold(json!("x"), |inner, _| json!([inner]));
        assert!(!too_deep(&nest(50)));
        assert!(too_deep(&nest(120)));
    }
}
