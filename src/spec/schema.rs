//! The JSON Schema of the spec: what schemars makes of the types, and what types cannot say.

use serde_json::{Map, Value, json};

use super::{Spec, rules};
use crate::stack::schema_text;

impl Spec {
    /// The JSON Schema of the spec, as text.
    pub fn json_schema() -> String {
        schema_text(schema())
    }
}

/// The JSON Schema of the spec.
pub(super) fn schema() -> Value {
    let mut schema = schemars::schema_for!(Spec).to_value();
    visit(&mut schema, &mut |fields| {
        one_line(fields);
        examples_are_distinct(fields);
    });
    bare_sections(&mut schema);
    rules::add(&mut schema);
    overlays(&mut schema);
    schema
}

/// Calls back for every mapping of a schema.
fn visit(value: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            change(fields);
            fields.values_mut().for_each(|value| visit(value, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, change)),
        _ => {}
    }
}

/// A description is wrapped where its comment is; editors wrap it themselves.
fn one_line(fields: &mut Map<String, Value>) {
    if let Some(Value::String(text)) = fields.get_mut("description") {
        *text = text.replace("\n\n", "\u{0}").replace('\n', " ").replace('\u{0}', "\n\n");
    }
}

/// What a property shows as an example goes before that of its type.
fn examples_are_distinct(fields: &mut Map<String, Value>) {
    if let Some(Value::Array(examples)) = fields.get_mut("examples") {
        let mut seen = Vec::new();
        examples.retain(|example| {
            let new = !seen.contains(example);
            seen.push(example.clone());
            new
        });
    }
}

/// A section that says nothing (`backfill:`) is all defaults, as the reader takes it.
fn bare_sections(schema: &mut Value) {
    let definitions = schema["$defs"].clone();
    let bare = |property: &Value| {
        let target = |property: &Value| {
            let name = property["$ref"].as_str()?.strip_prefix("#/$defs/")?.to_owned();
            definitions.get(name).cloned()
        };
        let all_defaults = |section: &Value| section["type"] == "object" && section.get("required").is_none();
        let section = target(property);
        let alternatives = section.as_ref().and_then(|section| section["anyOf"].as_array());
        let one_of_them = alternatives.is_some_and(|all| all.iter().filter_map(target).any(|one| all_defaults(&one)));
        section.as_ref().is_some_and(|section| all_defaults(section) && section.get("properties").is_some())
            || one_of_them
    };
    visit(schema, &mut |fields| {
        let Some(Value::Object(properties)) = fields.get_mut("properties") else { return };
        for property in properties.values_mut().filter(|property| bare(property)) {
            if let Some(fields) = property.as_object_mut()
                && let Some(section) = fields.shift_remove("$ref")
            {
                fields.shift_insert(0, "anyOf".to_owned(), json!([{ "$ref": section }, { "type": "null" }]));
            }
        }
    });
}

/// An overlay has the keys of the spec, environments excepted.
fn overlays(schema: &mut Value) {
    let keys: Vec<String> =
        schema["properties"].as_object().map(|keys| keys.keys().cloned().collect()).unwrap_or_default();
    if let Some(properties) = schema.pointer_mut("/$defs/Overlay/properties").and_then(Value::as_object_mut) {
        for (at, key) in keys.into_iter().filter(|key| key != super::environments::KEY).enumerate() {
            let same = json!({ "$ref": format!("#/properties/{key}") });
            properties.shift_insert(at, key, same);
        }
    }
}
