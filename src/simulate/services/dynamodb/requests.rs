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

impl Plain for PutItemRequest {
    fn plain(arguments: &Value) -> Option<Self> {
        let mut request = Self::default();
        for (name, value) in arguments.as_object()? {
            match name.as_str() {
                "TableName" => request.table_name = text(value)?,
                "Item" => request.item = plain_item(value)?,
                "ConditionExpression" => request.condition_expression = Some(text(value)?),
                "ExpressionAttributeNames" => request.expression_attribute_names = Some(names(value)?),
                "ExpressionAttributeValues" => request.expression_attribute_values = Some(values(value)?),
                "ReturnValues" => request.return_values = Some(one_of(value, &["NONE", "ALL_OLD"])?),
                _ => return None,
            }
        }
        let complete = !request.table_name.is_empty() && !request.item.is_empty();
        complete.then_some(request)
    }
}

impl Plain for UpdateItemRequest {
    fn plain(arguments: &Value) -> Option<Self> {
        const RETURNED: [&str; 5] = ["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"];
        let mut request = Self::default();
        for (name, value) in arguments.as_object()? {
            match name.as_str() {
                "TableName" => request.table_name = text(value)?,
                "Key" => request.key = plain_item(value)?,
                "UpdateExpression" => request.update_expression = Some(text(value)?),
                "ConditionExpression" => request.condition_expression = Some(text(value)?),
                "ExpressionAttributeNames" => request.expression_attribute_names = Some(names(value)?),
                "ExpressionAttributeValues" => request.expression_attribute_values = Some(values(value)?),
                "ReturnValues" => request.return_values = Some(one_of(value, &RETURNED)?),
                _ => return None,
            }
        }
        let complete = !request.table_name.is_empty() && !request.key.is_empty();
        complete.then_some(request)
    }
}

impl Plain for DeleteItemRequest {
    fn plain(arguments: &Value) -> Option<Self> {
        let mut request = Self::default();
        for (name, value) in arguments.as_object()? {
            match name.as_str() {
                "TableName" => request.table_name = text(value)?,
                "Key" => request.key = plain_item(value)?,
                "ConditionExpression" => request.condition_expression = Some(text(value)?),
                "ExpressionAttributeNames" => request.expression_attribute_names = Some(names(value)?),
                "ExpressionAttributeValues" => request.expression_attribute_values = Some(values(value)?),
                "ReturnValues" => request.return_values = Some(one_of(value, &["NONE", "ALL_OLD"])?),
                _ => return None,
            }
        }
        let complete = !request.table_name.is_empty() && !request.key.is_empty();
        complete.then_some(request)
    }
}

impl Plain for GetItemRequest {
    fn plain(arguments: &Value) -> Option<Self> {
        let mut request = Self::default();
        for (name, value) in arguments.as_object()? {
            match name.as_str() {
                "TableName" => request.table_name = text(value)?,
                "Key" => request.key = plain_item(value)?,
                "ConsistentRead" => request.consistent_read = Some(value.as_bool()?),
                "ProjectionExpression" => request.projection_expression = Some(text(value)?),
                "ExpressionAttributeNames" => request.expression_attribute_names = Some(names(value)?),
                _ => return None,
            }
        }
        let complete = !request.table_name.is_empty() && !request.key.is_empty();
        complete.then_some(request)
    }
}

impl Plain for QueryRequest {
    fn plain(arguments: &Value) -> Option<Self> {
        let mut request = Self { scan_index_forward: true, ..Self::default() };
        for (name, value) in arguments.as_object()? {
            match name.as_str() {
                "TableName" => request.table_name = text(value)?,
                "IndexName" => request.index_name = Some(text(value)?),
                "KeyConditionExpression" => request.key_condition_expression = Some(text(value)?),
                "FilterExpression" => request.filter_expression = Some(text(value)?),
                "ProjectionExpression" => request.projection_expression = Some(text(value)?),
                "ExpressionAttributeNames" => request.expression_attribute_names = Some(names(value)?),
                "ExpressionAttributeValues" => request.expression_attribute_values = Some(values(value)?),
                "ConsistentRead" => request.consistent_read = Some(value.as_bool()?),
                "ScanIndexForward" => request.scan_index_forward = value.as_bool()?,
                "Limit" => request.limit = Some(usize::try_from(value.as_u64().filter(|limit| *limit > 0)?).ok()?),
                "Select" => request.select = Some(one_of(value, &["COUNT", "ALL_ATTRIBUTES"])?),
                _ => return None,
            }
        }
        let complete = !request.table_name.is_empty() && request.key_condition_expression.is_some();
        complete.then_some(request)
    }
}
