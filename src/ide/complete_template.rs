//! What may be typed in a template.

use std::collections::BTreeSet;

use crate::aws::ResourceType;
use crate::aws::cloudformation::{self, Pseudo};
use crate::aws::policy;
use crate::aws::resource_schema::Kind;
use crate::eventbridge::s3;
use crate::eventbridge::{Field, OPERATORS, Shape};
use crate::loaded::{LoadedStack, LoadedTemplate, placeholders};
use crate::permissions::permissions;

use super::complete::{CompletionKind, Proposals};
use super::property::{schema_at, words};

pub(super) fn propose(stack: &LoadedStack, document: usize, found: &mut Proposals) {
    let template = stack.template.as_ref().filter(|template| template.document == document);
    let path: Vec<String> = found.cursor.path.clone();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let Some(template) = template else { return };
    if references(template, &path, found) {
        return;
    }
    // An item of a list belongs to the list's field.
    let field = path.iter().copied().rfind(|token| token.parse::<usize>().is_err()).unwrap_or_default();
    if matches!(field, "Action" | "NotAction") && found.takes_value() {
        return actions(stack, found);
    }
    if let Some(at) = path.iter().position(|token| ["EventPattern", "Pattern"].contains(token)) {
        return pattern(&path[at + 1..], found);
    }
    if let ["Resources", id, "Properties", rest @ ..] = path.as_slice() {
        properties(stack, template, id, rest, found);
        if matches!(rest, [.., "Statement"] | [.., "Statement", _]) && found.cursor.on_key {
            policy::ELEMENTS.iter().for_each(|name| found.key(name, ""));
        }
        if field == "Effect" && found.takes_value() {
            policy::EFFECTS.iter().for_each(|value| found.text(value, CompletionKind::Value, ""));
        }
        return;
    }
    outside(found);
}

/// What refers to something that the template declares. Whether the place asks for such a thing.
fn references(template: &LoadedTemplate, path: &[&str], found: &mut Proposals) -> bool {
    let typed = found.cursor.typed.clone();
    if let Some(from) = typed.rfind("${").filter(|from| !typed[*from..].contains('}')) {
        for (name, detail) in names(template).into_iter().chain(attributes(template)) {
            found.part(&name, CompletionKind::Reference, detail, format!("${{{name}}}"), from);
        }
        return true;
    }
    let field = path.iter().copied().rfind(|token| token.parse::<usize>().is_err()).unwrap_or_default();
    let asks = found.cursor.tag.clone().unwrap_or_else(|| field.to_owned());
    let all = match asks.as_str() {
        _ if !found.takes_value() => return false,
        "Ref" | "DependsOn" => names(template),
        "GetAtt" | "Fn::GetAtt" => attributes(template),
        "Condition" if matches!(path, ["Resources" | "Outputs", _, "Condition"]) => conditions(template),
        _ => return false,
    };
    all.into_iter().for_each(|(name, detail)| found.text(&name, CompletionKind::Reference, detail));
    true
}

fn conditions(template: &LoadedTemplate) -> Vec<(String, String)> {
    let entries = template.root.get("Conditions").map_or(&[][..], |section| section.entries());
    entries.iter().filter_map(|(key, _)| Some((key.as_str()?.to_owned(), String::new()))).collect()
}

/// The parts of a template that are no properties.
pub(super) fn outside(found: &mut Proposals) {
    let path: Vec<String> = found.cursor.path.clone();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let keys: &[&str] = match path.as_slice() {
        [] => &cloudformation::SECTIONS,
        ["Resources", _] => &cloudformation::OF_RESOURCES,
        ["Parameters", _] => &cloudformation::OF_PARAMETERS,
        ["Outputs", _] => &cloudformation::OF_OUTPUTS,
        _ => &[],
    };
    if found.cursor.on_key {
        return keys.iter().for_each(|name| found.key(name, ""));
    }
    let values: Vec<&str> = match path.as_slice() {
        ["Transform"] | ["Transform", _] => cloudformation::TRANSFORMS.to_vec(),
        ["AWSTemplateFormatVersion"] => vec![cloudformation::FORMAT_VERSION],
        ["Resources", _, "Type"] => ResourceType::ALL.iter().map(|one| one.as_str()).collect(),
        ["Resources", _, "DeletionPolicy"] => cloudformation::DELETION_POLICIES.to_vec(),
        ["Resources", _, "UpdateReplacePolicy"] => cloudformation::UPDATE_REPLACE_POLICIES.to_vec(),
        ["Parameters", _, "Type"] => cloudformation::PARAMETER_TYPES.to_vec(),
        _ => Vec::new(),
    };
    values.iter().for_each(|value| found.text(value, CompletionKind::Value, ""));
}

fn names(template: &LoadedTemplate) -> Vec<(String, String)> {
    let entries = |section: &str| template.root.get(section).map_or(&[][..], |section| section.entries()).iter();
    let of = |section: &'static str| {
        entries(section).filter_map(|(key, value)| {
            let detail = value.get("Type").and_then(|node| node.as_str()).unwrap_or_default();
            Some((key.as_str()?.to_owned(), detail.to_owned()))
        })
    };
    let pseudo = Pseudo::WORDS.iter().map(|name| ((*name).to_owned(), String::new()));
    of("Parameters").chain(of("Resources")).chain(pseudo).collect()
}

fn attributes(template: &LoadedTemplate) -> Vec<(String, String)> {
    let resources = template.resources.values().filter_map(|one| Some((one, ResourceType::of(&one.resource_type)?)));
    let each = resources.flat_map(|(one, kind)| {
        kind.attributes().iter().map(move |name| (format!("{}.{name}", one.logical_id), one.resource_type.clone()))
    });
    each.collect()
}

/// What the stack's machines need.
fn actions(stack: &LoadedStack, found: &mut Proposals) {
    let needs: BTreeSet<(String, String)> = permissions(stack)
        .into_iter()
        .flat_map(|machine| machine.needs)
        .map(|need| {
            let states: Vec<&str> = need.states.iter().map(|(state, _)| state.as_str()).collect();
            (need.action, if states.is_empty() { String::new() } else { format!("for {}", states.join(", ")) })
        })
        .collect();
    needs.into_iter().for_each(|(action, detail)| found.text(&action, CompletionKind::Value, detail));
}

/// The parts of an event pattern: what S3's events have.
fn pattern(path: &[&str], found: &mut Proposals) {
    let names: Vec<&str> = path.iter().copied().filter(|token| token.parse::<usize>().is_err()).collect();
    if found.cursor.on_key && path.last().is_some_and(|token| token.parse::<usize>().is_ok()) {
        OPERATORS.iter().for_each(|name| found.key(name, "comparison"));
        if !found.takes_value() {
            return;
        }
    }
    if names.is_empty() && found.cursor.on_key {
        let members = ["source", "detail-type", "detail", "account", "region", "resources"];
        members.iter().for_each(|name| found.key(name, ""));
        return;
    }
    if names == ["source"] {
        found.text("aws.s3", CompletionKind::Value, "");
        return;
    }
    for schema in s3::schemas() {
        let mut fields = &schema.fields;
        let mut last: Option<&Field> = None;
        for name in &names {
            last = fields.get(*name);
            match last.map(|field| &field.shape) {
                Some(Shape::Object(inner)) => fields = inner,
                Some(_) => {}
                None => break,
            }
        }
        match last.map(|field| &field.shape) {
            Some(Shape::Object(inner)) if found.cursor.on_key && !found.takes_value() => {
                inner.keys().for_each(|name| found.key(name, schema.name));
            }
            Some(Shape::OneOf(values)) => {
                values.iter().for_each(|value| found.text(value, CompletionKind::Value, schema.name));
            }
            _ => {}
        }
    }
}

fn properties(stack: &LoadedStack, template: &LoadedTemplate, id: &str, rest: &[&str], found: &mut Proposals) {
    if rest == ["DefinitionSubstitutions"] && found.cursor.on_key {
        return substitutions(stack, id, found);
    }
    // What has its properties by its type: the events of SAM.
    if let Some(around) = rest.split_last().and_then(|(last, around)| (*last == "Type").then_some(around))
        && let Some(around) = schema_at(template, id, around)
    {
        around.by_type.keys().for_each(|name| found.text(name, CompletionKind::Value, ""));
    }
    let Some(at) = schema_at(template, id, rest) else { return };
    if found.cursor.on_key {
        let mut names: Vec<&String> = at.properties.keys().collect();
        names.sort_by_key(|name| !at.required.contains(name));
        for name in names {
            let words = at.properties.get(name).map(words).unwrap_or_default();
            let demand = if at.required.contains(name) { ", required" } else { "" };
            found.key(name, format!("{words}{demand}"));
        }
        if !at.by_type.is_empty() {
            ["Type", "Properties"].iter().for_each(|name| found.key(name, "required"));
        }
    }
    if found.takes_value() {
        for value in at.values.iter().filter_map(|value| value.as_str()) {
            found.text(value, CompletionKind::Value, "");
        }
        if at.kinds == [Kind::Boolean] {
            ["true", "false"].iter().for_each(|value| found.word(value));
        }
    }
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
