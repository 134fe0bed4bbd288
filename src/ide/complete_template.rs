//! What may be typed in a template.

use std::collections::BTreeSet;

use crate::aws::ResourceType;
use crate::aws::resource_schema::{self, Kind, Schema};
use crate::eventbridge::s3;
use crate::eventbridge::{Field, Shape};
use crate::loaded::{LoadedStack, LoadedTemplate, placeholders};
use crate::permissions::permissions;

use super::complete::{CompletionKind, Proposals};

/// The parameters that every template has, of the
/// [documentation](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html).
const PSEUDO: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// The comparisons of an
/// [event pattern](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
const OPERATORS: [&str; 8] =
    ["anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard"];

pub(super) fn propose(stack: &LoadedStack, document: usize, found: &mut Proposals) {
    let Some(template) = stack.template.as_ref().filter(|template| template.document == document) else { return };
    let path: Vec<String> = found.cursor.path.clone();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let typed = found.cursor.typed.clone();
    let last = path.last().copied().unwrap_or_default();
    if let Some(from) = typed.rfind("${").filter(|from| !typed[*from..].contains('}')) {
        for (name, detail) in names(template).into_iter().chain(attributes(template)) {
            found.part(&name, CompletionKind::Reference, detail, format!("${{{name}}}"), from);
        }
        return;
    }
    match (found.cursor.tag.as_deref().unwrap_or(last), found.cursor.on_key) {
        ("Ref", false) | ("DependsOn", false) => {
            names(template).into_iter().for_each(|(name, detail)| found.text(&name, CompletionKind::Reference, detail));
            return;
        }
        ("GetAtt", false) => {
            let all = attributes(template);
            all.into_iter().for_each(|(name, detail)| found.text(&name, CompletionKind::Reference, detail));
            return;
        }
        ("Action" | "NotAction", false) => return actions(stack, found),
        _ => {}
    }
    if let Some(at) = path.iter().position(|token| ["EventPattern", "Pattern"].contains(token)) {
        return pattern(&path[at + 1..], found);
    }
    match path.as_slice() {
        [] if found.cursor.on_key => {
            let sections = [
                "AWSTemplateFormatVersion",
                "Transform",
                "Description",
                "Metadata",
                "Parameters",
                "Mappings",
                "Conditions",
                "Globals",
                "Resources",
                "Outputs",
            ];
            sections.iter().for_each(|name| found.key(name, ""));
        }
        ["Resources", _] if found.cursor.on_key => {
            let keys =
                ["Type", "Properties", "DependsOn", "Condition", "DeletionPolicy", "UpdateReplacePolicy", "Metadata"];
            keys.iter().for_each(|name| found.key(name, ""));
        }
        ["Resources", _, "Type"] => {
            ResourceType::ALL.iter().for_each(|one| found.text(one.as_str(), CompletionKind::Value, ""));
        }
        ["Resources", id, "Properties", rest @ ..] => properties(stack, template, id, rest, found),
        _ => {}
    }
}

fn names(template: &LoadedTemplate) -> Vec<(String, String)> {
    let entries = |section: &str| template.root.get(section).map_or(&[][..], |section| section.entries()).iter();
    let of = |section: &'static str| {
        entries(section).filter_map(|(key, value)| {
            let detail = value.get("Type").and_then(|node| node.as_str()).unwrap_or_default();
            Some((key.as_str()?.to_owned(), detail.to_owned()))
        })
    };
    let pseudo = PSEUDO.iter().map(|name| ((*name).to_owned(), String::new()));
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
        return;
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
            Some(Shape::Object(inner)) if found.cursor.on_key => {
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
    let Some(resource) = template.resources.get(id) else { return };
    let Some(schema) = resource_schema::find(&resource.resource_type) else { return };
    let mut at: &Schema = schema;
    for token in rest {
        let next = match token.parse::<usize>() {
            Ok(_) => at.items.as_deref(),
            Err(_) => at.properties.get(*token).or(at.each.as_deref()),
        };
        match next {
            Some(next) => at = next,
            None => return,
        }
    }
    if found.cursor.on_key {
        for name in at.properties.keys() {
            found.key(name, if at.required.contains(name) { "required" } else { "" });
        }
        return;
    }
    for value in at.values.iter().filter_map(|value| value.as_str()) {
        found.text(value, CompletionKind::Value, "");
    }
    if at.kinds == [Kind::Boolean] {
        ["true", "false"].iter().for_each(|value| found.word(value));
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
