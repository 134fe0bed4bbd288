//! Pages of YAML that a JSON Schema describes: `bucketbook.yaml`, scenarios.

use serde_json::Value;

use crate::source::{Node, Span, below};

use super::cursor::cursor;
use super::hover::Hover;
use super::proposals::{Completion, CompletionKind};
use super::spot;

/// What may be typed at a byte of a page. `root` is its tree, as far as it can be read, and `names` gives the names that a schema does not
/// know, for the way to a value or to a mapping.
pub fn page_completions(
    schema: &Value,
    text: &str,
    offset: usize,
    root: Option<&Node>,
    names: &dyn Fn(&[&str]) -> Vec<String>,
) -> Vec<Completion> {
    let cursor = cursor(text, offset, false);
    let path: Vec<&str> = cursor.path.iter().map(String::as_str).collect();
    let pointer = path.iter().fold(String::new(), |pointer, token| below(&pointer, token));
    let here = root.and_then(|root| root.pointer(&pointer));
    // The key that is being typed is not there yet.
    let has = |name: &str| name != cursor.typed && here.is_some_and(|here| here.get(name).is_some());
    let mut found: Vec<Completion> = Vec::new();
    let mut add = |label: &str, kind, detail: String, insert: String| {
        if !found.iter().any(|one: &Completion| one.label == label) {
            found.push(Completion { label: label.to_owned(), kind, detail, insert, span: cursor.span });
        }
    };
    let key = |name: &str| if cursor.has_value { name.to_owned() } else { format!("{name}: ") };
    // An item of a list may become a plain value as well.
    let takes_value = !cursor.on_key || path.last().is_some_and(|token| token.parse::<usize>().is_ok());
    for name in names(&path) {
        match cursor.on_key && !has(&name) {
            true if is_mapping(schema, &cursor.path) => {
                add(&name, CompletionKind::Reference, String::new(), key(&name))
            }
            _ if takes_value => add(&name, CompletionKind::Reference, String::new(), name.clone()),
            _ => {}
        }
    }
    for schema in at(schema, schema, &cursor.path) {
        if cursor.on_key {
            for (name, of) in schema["properties"].as_object().into_iter().flatten().filter(|(name, _)| !has(name)) {
                add(name, CompletionKind::Field, first_line(of).to_owned(), key(name));
            }
        }
        if !takes_value {
            continue;
        }
        for (value, words) in values(schema) {
            add(&value, CompletionKind::Value, words, value.clone());
        }
        if schema["type"] == "boolean" {
            ["true", "false"]
                .iter()
                .for_each(|word| add(word, CompletionKind::Value, String::new(), (*word).to_owned()));
        }
    }
    found
}

/// Whether a place takes a mapping.
fn is_mapping(root: &Value, path: &[String]) -> bool {
    at(root, root, path).iter().any(|schema| schema["type"] == "object")
}

/// What the key or value at a byte of a page is for.
pub fn page_hover(schema: &Value, root: &Node, offset: usize) -> Option<Hover> {
    let (pointer, span) = key_at(root, offset)?;
    let path = spot::path_of(&pointer);
    let of = at(schema, schema, &path);
    let described = of.iter().find_map(|one| one["description"].as_str())?;
    let mut text = format!("**{}**\n\n{described}", path.join("."));
    let values: Vec<String> = of.iter().flat_map(|one| values(one)).map(|(value, _)| format!("`{value}`")).collect();
    if !values.is_empty() {
        text.push_str(&format!("\n\n{}", values.join(", ")));
    }
    if let Some(default) = of.iter().find_map(|one| one.get("default")) {
        text.push_str(&format!("\n\nBy default `{default}`."));
    }
    Some(Hover { text, span })
}

/// The key that a byte is in or about: its pointer, and where it stands.
pub fn key_at(root: &Node, offset: usize) -> Option<(String, Span)> {
    let (trail, _) = spot::trail(root, offset);
    let step = trail.iter().rev().find(|step| step.key.is_some())?;
    Some((step.pointer.clone(), step.key?.span))
}

/// The schemas of a place: several where it may be one thing or another.
fn at<'s>(root: &'s Value, schema: &'s Value, path: &[String]) -> Vec<&'s Value> {
    let mut found = expanded(root, schema, 8);
    for token in path {
        let next = found.iter().flat_map(|one| {
            let named = one["properties"].get(token.as_str());
            let each = one.get("additionalProperties").filter(|each| each.is_object() && named.is_none());
            let item = one.get("items").filter(|_| token.parse::<usize>().is_ok());
            named.into_iter().chain(each).chain(item)
        });
        found = next.flat_map(|one| expanded(root, one, 8)).collect();
    }
    found
}

/// A schema with what it refers to and what it may be instead.
fn expanded<'s>(root: &'s Value, schema: &'s Value, depth: usize) -> Vec<&'s Value> {
    let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
    let mut found = vec![schema];
    let named = schema["$ref"].as_str().and_then(|name| root.pointer(name.strip_prefix('#')?));
    let others = ["anyOf", "oneOf", "allOf"].iter().flat_map(|key| schema[*key].as_array().into_iter().flatten());
    for other in named.into_iter().chain(others) {
        found.extend(expanded(root, other, depth));
    }
    found
}

/// The values that a schema lists, with what each means.
fn values(schema: &Value) -> Vec<(String, String)> {
    let listed = schema["enum"].as_array().into_iter().flatten().filter_map(|value| value.as_str());
    let one = schema["const"].as_str().map(|value| (value.to_owned(), first_line(schema).to_owned()));
    listed.map(|value| (value.to_owned(), String::new())).chain(one).collect()
}

fn first_line(schema: &Value) -> &str {
    schema["description"].as_str().and_then(|text| text.lines().next()).unwrap_or_default()
}
