//! What may be typed in the properties of a resource.

use std::collections::BTreeSet;

use crate::aws::KeyType;
use crate::aws::resource_schema::{Kind, Schema};
use crate::loaded::{LoadedStack, LoadedTemplate, definitions_below, placeholders};
use crate::source::Node;

use super::property::{schema_at, words};
use super::proposals::{CompletionKind, Proposals};

/// The functions that give a plain value.
const FUNCTIONS: [&str; 8] = ["GetAtt", "Sub", "If", "Join", "Select", "FindInMap", "ImportValue", "Split"];

/// The properties of a resource, and their values.
pub(super) fn properties(
    stack: &LoadedStack,
    template: &LoadedTemplate,
    id: &str,
    rest: &[&str],
    found: &mut Proposals,
) {
    if rest == ["DefinitionSubstitutions"] && found.cursor.on_key {
        return substitutions(stack, id, found);
    }
    // What has its properties by its type: the events of SAM.
    if let Some(around) = rest.split_last().and_then(|(last, around)| (*last == "Type").then_some(around))
        && let Some(around) = schema_at(template, id, around)
    {
        around.by_type.keys().for_each(|name| found.text(name, CompletionKind::Value, ""));
    }
    if found.takes_value() {
        attribute_names(template, id, rest, found);
        if matches!(rest, [.., "KeySchema", _, "KeyType"]) {
            KeyType::WORDS.iter().for_each(|word| found.text(word, CompletionKind::Value, ""));
        }
        if rest == ["DefinitionUri"] {
            definitions_below(&found.path).iter().for_each(|name| found.text(name, CompletionKind::Reference, ""));
        }
    }
    let here = rest.iter().fold(template.properties(id), |node, token| match token.parse::<usize>() {
        Ok(at) => node?.items().get(at),
        Err(_) => node?.get(token),
    });
    let at = schema_at(template, id, rest);
    if found.cursor.on_key {
        at.into_iter().for_each(|at| keys(at, here, found));
        // A mapping in the place of a plain value is a function.
        if at.is_none_or(takes_plain)
            && !rest.contains(&"Policies")
            && here.is_none_or(|here| here.entries().len() <= 1)
        {
            found.key("Ref", "function");
            FUNCTIONS.iter().for_each(|name| found.key(&format!("Fn::{name}"), "function"));
        }
    }
    if let Some(at) = at.filter(|_| found.takes_value()) {
        for value in at.values.iter().filter_map(|value| value.as_str()) {
            found.text(value, CompletionKind::Value, "");
        }
        if at.kinds == [Kind::Boolean] {
            ["true", "false"].iter().for_each(|value| found.word(value));
        }
    }
}

/// The properties that a mapping does not have yet, those first that it must have.
fn keys(of: &Schema, here: Option<&Node>, found: &mut Proposals) {
    let typed = found.cursor.typed.clone();
    let has = |name: &str| name != typed && here.is_some_and(|here| here.get(name).is_some());
    let mut names: Vec<&String> = of.properties.keys().filter(|name| !has(name)).collect();
    names.sort_by_key(|name| !of.required.contains(name));
    for name in names {
        let words = of.properties.get(name).map(words).unwrap_or_default();
        let demand = if of.required.contains(name) { ", required" } else { "" };
        found.key(name, format!("{words}{demand}"));
    }
    if !of.by_type.is_empty() {
        ["Type", "Properties"].iter().filter(|name| !has(name)).for_each(|name| found.key(name, "required"));
    }
}

/// Whether a schema takes no mapping.
fn takes_plain(of: &Schema) -> bool {
    of.properties.is_empty() && of.by_type.is_empty() && !of.kinds.contains(&Kind::Object)
}

/// The names that the definition asks for and nobody gives.
fn substitutions(stack: &LoadedStack, id: &str, found: &mut Proposals) {
    let Some(machine) = stack.machines.iter().find(|one| one.logical_id.as_deref() == Some(id)) else { return };
    let Some(definition) = &machine.definition else { return };
    let Some(document) = stack.documents.get(definition.document) else { return };
    for placeholder in placeholders(&document.source.text) {
        if !machine.substitutions.contains_key(placeholder.name) {
            found.key(placeholder.name, "the definition asks for it");
        }
    }
}

/// The attributes of a table: a key takes those that are defined, and a definition those that a key takes.
fn attribute_names(template: &LoadedTemplate, id: &str, rest: &[&str], found: &mut Proposals) {
    let Some(properties) = template.properties(id) else { return };
    let defined = || names_in(properties.get("AttributeDefinitions"));
    let names: BTreeSet<String> = match rest {
        [.., "KeySchema", _, "AttributeName"] => defined(),
        ["AttributeDefinitions", _, "AttributeName"] => {
            let indexes = ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"].into_iter();
            let indexes = indexes.flat_map(|name| properties.get(name).map_or(&[][..], Node::items));
            let keys = indexes.map(|index| index.get("KeySchema")).chain([properties.get("KeySchema")]);
            keys.flat_map(names_in).collect::<BTreeSet<_>>().difference(&defined()).cloned().collect()
        }
        _ => return,
    };
    names.iter().for_each(|name| found.text(name, CompletionKind::Reference, "attribute"));
}

fn names_in(list: Option<&Node>) -> BTreeSet<String> {
    let items = list.map_or(&[][..], Node::items).iter();
    items
        .filter_map(|item| item.get("AttributeName")?.as_str().map(str::to_owned))
        .filter(|name| !name.is_empty())
        .collect()
}
