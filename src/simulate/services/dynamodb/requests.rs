//! Requests, out of a task's arguments. The calls that file events make are read directly (`plain`); everything else, and
//! everything with a mistake in it, by the engine's own reader ([`read`]).

use std::collections::HashMap;

use dynoxide::DynoxideError;
use dynoxide::actions::{
    delete_item::DeleteItemRequest, get_item::GetItemRequest, put_item::PutItemRequest, query::QueryRequest,
    update_item::UpdateItemRequest,
};
use serde::Deserialize;
use serde_json::Value;

use super::values::{Item, plain_item};
use crate::aws::TableOperation;

/// Reads a request in full.
///
/// # Errors
/// As DynamoDB refuses the request.
pub(super) fn read<'a, T: Deserialize<'a>>(action: &str, arguments: &'a Value) -> Result<T, DynoxideError> {
    T::deserialize(arguments).map_err(|error| {
        let message = error.to_string();
        let marked = |marker: &str| message.strip_prefix(marker).map(str::to_owned);
        if let Some(message) = marked("VALIDATION_REQUEST:") {
            let single_write = TableOperation::of(action).is_some_and(TableOperation::writes_one);
            let envelope = if single_write { "1 validation error detected: " } else { "" };
            DynoxideError::ValidationException(format!("{envelope}{message}"))
        } else if let Some(message) = marked("VALIDATION:").or_else(|| marked("VALIDATION_AS_READ:")) {
            DynoxideError::ValidationException(message)
        } else if let Some(message) = marked("SERIALIZATION:").or_else(|| marked("SERIALIZATION_AS_READ:")) {
            DynoxideError::SerializationException(message)
        } else if message.contains("AttributeValue") {
            let message = message.replace(
                "empty AttributeValue object",
                "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
            );
            DynoxideError::ValidationException(message)
        } else {
            DynoxideError::SerializationException(message)
        }
    })
}

/// A request that needs no second look.
pub(super) trait Plain: Sized {
    /// The request, if its fields are of the plain sort.
    fn plain(arguments: &Value) -> Option<Self>;
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn names(value: &Value) -> Option<HashMap<String, String>> {
    let names = value.as_object().filter(|names| !names.is_empty())?;
    names.iter().map(|(name, attribute)| Some((name.clone(), text(attribute)?))).collect()
}

fn values(value: &Value) -> Option<Item> {
    plain_item(value).filter(|values| !values.is_empty())
}

fn one_of(value: &Value, allowed: &[&str]) -> Option<String> {
    text(value).filter(|text| allowed.contains(&text.as_str()))
}

fn limit(value: &Value) -> Option<usize> {
    usize::try_from(value.as_u64().filter(|limit| *limit > 0)?).ok()
}

/// Reads the fields that a plain request of a type can have: how each is spelled, where it goes, and what reads it. Then what it needs.
macro_rules! plain {
    ($request:ident, $begun:expr, { $($name:literal => $field:ident: $read:expr,)* }, $complete:expr) => {
        impl Plain for $request {
            fn plain(arguments: &Value) -> Option<Self> {
                let mut request: Self = $begun;
                for (name, value) in arguments.as_object()? {
                    match name.as_str() {
                        $($name => request.$field = $read(value)?.into(),)*
                        _ => return None,
                    }
                }
                let complete: fn(&Self) -> bool = $complete;
                (!request.table_name.is_empty() && complete(&request)).then_some(request)
            }
        }
    };
}

plain!(PutItemRequest, Self::default(), {
    "TableName" => table_name: text,
    "Item" => item: plain_item,
    "ConditionExpression" => condition_expression: text,
    "ExpressionAttributeNames" => expression_attribute_names: names,
    "ExpressionAttributeValues" => expression_attribute_values: values,
    "ReturnValues" => return_values: |value| one_of(value, &["NONE", "ALL_OLD"]),
}, |request| !request.item.is_empty());

plain!(UpdateItemRequest, Self::default(), {
    "TableName" => table_name: text,
    "Key" => key: plain_item,
    "UpdateExpression" => update_expression: text,
    "ConditionExpression" => condition_expression: text,
    "ExpressionAttributeNames" => expression_attribute_names: names,
    "ExpressionAttributeValues" => expression_attribute_values: values,
    "ReturnValues" => return_values: |value| one_of(value, &["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"]),
}, |request| !request.key.is_empty());

plain!(DeleteItemRequest, Self::default(), {
    "TableName" => table_name: text,
    "Key" => key: plain_item,
    "ConditionExpression" => condition_expression: text,
    "ExpressionAttributeNames" => expression_attribute_names: names,
    "ExpressionAttributeValues" => expression_attribute_values: values,
    "ReturnValues" => return_values: |value| one_of(value, &["NONE", "ALL_OLD"]),
}, |request| !request.key.is_empty());

plain!(GetItemRequest, Self::default(), {
    "TableName" => table_name: text,
    "Key" => key: plain_item,
    "ConsistentRead" => consistent_read: Value::as_bool,
    "ProjectionExpression" => projection_expression: text,
    "ExpressionAttributeNames" => expression_attribute_names: names,
}, |request| !request.key.is_empty());

plain!(QueryRequest, Self { scan_index_forward: true, ..Self::default() }, {
    "TableName" => table_name: text,
    "IndexName" => index_name: text,
    "KeyConditionExpression" => key_condition_expression: text,
    "FilterExpression" => filter_expression: text,
    "ProjectionExpression" => projection_expression: text,
    "ExpressionAttributeNames" => expression_attribute_names: names,
    "ExpressionAttributeValues" => expression_attribute_values: values,
    "ConsistentRead" => consistent_read: Value::as_bool,
    "ScanIndexForward" => scan_index_forward: Value::as_bool,
    "Limit" => limit: limit,
    "Select" => select: |value| one_of(value, &["COUNT", "ALL_ATTRIBUTES"]),
}, |request| request.key_condition_expression.is_some());
