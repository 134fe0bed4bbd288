//! What a call does to the items of tables: how they are before it, and afterwards.

use serde_json::{Map, Value};

use super::ServiceCall;
use super::dynamodb::DynamoDb;

/// An item that a call writes, or tries to.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenItem {
    /// The name of the table.
    pub table: String,
    /// Its key, in DynamoDB's form.
    pub key: Value,
    /// The item before the call; `None` where there was none.
    pub before: Option<Value>,
    /// The item afterwards; `None` where there is none.
    pub after: Option<Value>,
}

/// The items that a call of DynamoDB is going to write, as they are now. Of a write by PartiQL none is known.
pub(super) fn about_to_be(dynamodb: &DynamoDb, call: &ServiceCall<'_>) -> Vec<WrittenItem> {
    if call.resource.service() != Some("dynamodb") {
        return Vec::new();
    }
    let (arguments, mut found) = (call.arguments, Vec::new());
    let mut note = |table: &Value, key: Option<Value>| {
        if let (Some(table), Some(key)) = (table.as_str(), key) {
            let table = table.rsplit('/').next().unwrap_or(table).to_owned();
            let before = dynamodb.item(&table, &key);
            found.push(WrittenItem { table, key, after: before.clone(), before });
        }
    };
    let of_item = |table: &Value, item: &Value| key_of(dynamodb, table.as_str()?, item);
    match call.resource.action().unwrap_or_default() {
        "putItem" => note(&arguments["TableName"], of_item(&arguments["TableName"], &arguments["Item"])),
        "updateItem" | "deleteItem" => note(&arguments["TableName"], typed_key(&arguments["Key"])),
        "batchWriteItem" => {
            for (table, requests) in arguments["RequestItems"].as_object().into_iter().flatten() {
                let table = Value::from(table.as_str());
                for request in requests.as_array().into_iter().flatten() {
                    note(&table, of_item(&table, &request["PutRequest"]["Item"]));
                    note(&table, typed_key(&request["DeleteRequest"]["Key"]));
                }
            }
        }
        "transactWriteItems" => {
            for item in arguments["TransactItems"].as_array().into_iter().flatten() {
                let put = &item["Put"];
                note(&put["TableName"], of_item(&put["TableName"], &put["Item"]));
                for one in [&item["Update"], &item["Delete"]] {
                    note(&one["TableName"], typed_key(&one["Key"]));
                }
            }
        }
        _ => {}
    }
    found
}

/// Reads the items once more.
pub(super) fn look_again(dynamodb: &DynamoDb, items: &mut [WrittenItem]) {
    for item in items {
        item.after = dynamodb.item(&item.table, &item.key);
    }
}

/// The key of an item, by the schema of its table.
fn key_of(dynamodb: &DynamoDb, table: &str, item: &Value) -> Option<Value> {
    let table = table.rsplit('/').next().unwrap_or(table);
    let schema = dynamodb.key_schema(table)?;
    let names = schema.as_array()?.iter().filter_map(|key| key["AttributeName"].as_str());
    let key: Option<Map<String, Value>> = names.map(|name| Some((name.to_owned(), item.get(name)?.clone()))).collect();
    typed_key(&Value::Object(key?))
}

/// A key with types: a plain text is a string, as the optimized integration takes it.
fn typed_key(key: &Value) -> Option<Value> {
    let typed = key.as_object()?.iter().map(|(name, value)| match value {
        Value::String(_) => (name.clone(), serde_json::json!({ "S": value })),
        other => (name.clone(), other.clone()),
    });
    Some(Value::Object(typed.collect()))
}
