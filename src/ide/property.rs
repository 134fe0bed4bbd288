//! The schema of a property of a resource.

use crate::aws::resource_schema::{self, Kind, Schema};
use crate::loaded::LoadedTemplate;
use crate::source::Node;

/// The schema of the properties of a resource, or of what a way of keys and indices leads to in them.
pub(super) fn schema_at(template: &LoadedTemplate, id: &str, path: &[&str]) -> Option<&'static Schema> {
    let resource = template.resources.get(id)?;
    let mut at: &Schema = resource_schema::find(&resource.resource_type)?;
    let mut node = template.properties(id);
    for token in path {
        let index = token.parse::<usize>().ok();
        let beside = node.and_then(|node| node.get("Type")).and_then(Node::as_str);
        let by_type = beside.filter(|_| *token == "Properties").and_then(|name| at.by_type.get(name));
        at = match index {
            Some(_) => at.items.as_deref()?,
            None => by_type.or_else(|| at.properties.get(*token)).or(at.each.as_deref())?,
        };
        if says_nothing(at) {
            at = namesake(resource_schema::find(&resource.resource_type)?, token).unwrap_or(at);
        }
        node = node.and_then(|node| match index {
            Some(index) => node.items().get(index),
            None => node.get(token),
        });
    }
    Some(at)
}

/// Whether a schema takes anything. Where a property has several forms, as a table's `KeySchema` has, the schemas say nothing of it.
fn says_nothing(schema: &Schema) -> bool {
    schema.kinds.is_empty() && schema.properties.is_empty() && schema.items.is_none() && schema.by_type.is_empty()
}

/// The schema of a property of this name further in, of which more is said: an index has a `KeySchema` as well.
fn namesake<'s>(within: &'s Schema, name: &str) -> Option<&'s Schema> {
    let mut waiting: Vec<&Schema> = vec![within];
    while let Some(schema) = waiting.pop() {
        if let Some(found) = schema.properties.get(name).filter(|found| found.items.is_some()) {
            return Some(found);
        }
        waiting.extend(schema.properties.values().chain(schema.items.as_deref()));
    }
    None
}

/// What a property takes, in a few words: `string`, `PROVISIONED | PAY_PER_REQUEST`.
pub(super) fn words(schema: &Schema) -> String {
    let values: Vec<&str> = schema.values.iter().filter_map(|value| value.as_str()).collect();
    if !values.is_empty() {
        return if values.len() <= 6 { values.join(" | ") } else { format!("one of {} values", values.len()) };
    }
    let kinds = schema.kinds.iter().map(|kind| match kind {
        Kind::String => "string",
        Kind::Integer => "whole number",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::Object => "object",
        Kind::Array => "list",
    });
    let kinds: Vec<&str> = kinds.collect();
    if kinds.is_empty() { "any value".to_owned() } else { kinds.join(" | ") }
}
