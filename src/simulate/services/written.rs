//! What a call does to the items of tables: how they are before it, and afterwards.

use serde_json::{Map, Value};

use super::ServiceCall;
use super::dynamodb::DynamoDb;
use crate::aws::{ItemRequest, TableOperation};

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
    let operation = call.resource.action().and_then(TableOperation::of);
    let requests = operation.map(|operation| operation.requests(call.arguments)).unwrap_or_default();
    requests.into_iter().filter(|request| request.operation.writes()).filter_map(|of| item(dynamodb, &of)).collect()
}

/// The item that a request writes, as it is now.
fn item(dynamodb: &DynamoDb, request: &ItemRequest<'_>) -> Option<WrittenItem> {
    let table = request.table?;
    let table = table.rsplit('/').next().unwrap_or(table);
    let key = match request.operation {
        TableOperation::PutItem => key_of(dynamodb, table, request.item),
        _ => typed_key(request.item),
    }?;
    let before = dynamodb.item(table, &key);
    Some(WrittenItem { table: table.to_owned(), key, after: before.clone(), before })
}

/// Reads the items once more.
pub(super) fn look_again(dynamodb: &DynamoDb, items: &mut [WrittenItem]) {
    for item in items {
        item.after = dynamodb.item(&item.table, &item.key);
    }
}

/// The key of an item, by the schema of its table.
fn key_of(dynamodb: &DynamoDb, table: &str, item: &Value) -> Option<Value> {
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
