//! What Step Functions itself checks of a call before DynamoDB hears of it: which fields there are, and of which type.

use serde_json::Value;

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

type Fields = &'static [(&'static str, Field)];

const WRITE: Fields = &[
    ("TableName", Text),
    ("ConditionExpression", Text),
    ("ExpressionAttributeNames", Names),
    ("ExpressionAttributeValues", Item),
    ("ReturnValues", Text),
    ("ReturnConsumedCapacity", Text),
    ("ReturnItemCollectionMetrics", Text),
    ("ReturnValuesOnConditionCheckFailure", Text),
    ("ConditionalOperator", Text),
    ("Expected", Any),
];

const READ: Fields = &[
    ("TableName", Text),
    ("ConsistentRead", Flag),
    ("ProjectionExpression", Text),
    ("ExpressionAttributeNames", Names),
    ("ReturnConsumedCapacity", Text),
    ("AttributesToGet", Any),
];

const LIST: Fields = &[
    ("ExpressionAttributeValues", Item),
    ("FilterExpression", Text),
    ("IndexName", Text),
    ("Limit", Number),
    ("Select", Text),
    ("ExclusiveStartKey", Item),
    ("ConditionalOperator", Text),
];

const BATCH: Fields = &[
    ("RequestItems", Any),
    ("TransactItems", Any),
    ("ReturnConsumedCapacity", Text),
    ("ReturnItemCollectionMetrics", Text),
    ("ClientRequestToken", Text),
];

/// The fields of a call, or nothing for calls whose fields are not listed here.
fn fields(action: &str) -> Option<[Fields; 3]> {
    Some(match action {
        "putItem" => [WRITE, &[("Item", Item)], &[]],
        "updateItem" => [WRITE, &[("Key", Item), ("UpdateExpression", Text), ("AttributeUpdates", Any)], &[]],
        "deleteItem" => [WRITE, &[("Key", Item)], &[]],
        "getItem" => [READ, &[("Key", Item)], &[]],
        "query" => [
            READ,
            LIST,
            &[
                ("KeyConditionExpression", Text),
                ("ScanIndexForward", Flag),
                ("KeyConditions", Any),
                ("QueryFilter", Any),
            ],
        ],
        "scan" => [READ, LIST, &[("Segment", Number), ("TotalSegments", Number), ("ScanFilter", Any)]],
        "batchGetItem" | "batchWriteItem" | "transactGetItems" | "transactWriteItems" => [BATCH, &[], &[]],
        _ => return None,
    })
}

/// Values nest at most this deep before they are refused unread.
const MAX_DEPTH: usize = 100;

/// What is wrong with the arguments of a call, in Step Functions' words.
pub(super) fn faults(action: &str, arguments: &Value) -> Vec<String> {
    let Some(known) = fields(action) else { return Vec::new() };
    let mut faults = Vec::new();
    for (name, value) in arguments.as_object().into_iter().flatten() {
        match known.iter().copied().flatten().find(|(field, _)| field == name) {
            None => faults.push(format!("The field \"{name}\" is not supported by Step Functions")),
            Some((_, field)) => check(name, *field, value, &mut faults),
        }
    }
    let required = if known[0] == BATCH { &[][..] } else { &["TableName"][..] };
    for name in required.iter().filter(|name| arguments.get(name).is_none()) {
        faults.push(format!("The field \"{name}\" is required but was missing"));
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
    fn depth_is_bounded() {
        let nest = |levels| (0..levels).fold(json!("x"), |inner, _| json!([inner]));
        assert!(!too_deep(&nest(50)));
        assert!(too_deep(&nest(120)));
    }
}
