//! What may be typed in a template.

use crate::aws::ResourceType;
use crate::aws::cloudformation::{self, Pseudo};
use crate::aws::resource_schema;
use crate::loaded::{LoadedStack, LoadedTemplate, below};
use crate::source::Node;

use super::complete_pattern::pattern;
use super::complete_policy::{actions, statement};
use super::complete_properties::properties;
use super::proposals::{CompletionKind, Proposals};

pub(super) fn propose(stack: &LoadedStack, document: usize, found: &mut Proposals) {
    let template = stack.template.as_ref().filter(|template| template.document == document);
    let path: Vec<String> = found.cursor.path.clone();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let Some(template) = template else { return };
    if found.cursor.in_tag {
        return tags(found);
    }
    if references(template, &path, found) {
        return;
    }
    // An item of a list belongs to the list's field.
    let field = path.iter().copied().rfind(|token| token.parse::<usize>().is_err()).unwrap_or_default();
    if matches!(field, "Action" | "NotAction") && found.takes_value() {
        return actions(stack, found);
    }
    if let Some(at) = path.iter().position(|token| ["EventPattern", "Pattern"].contains(token)) {
        return pattern(stack, &path[at + 1..], found);
    }
    if let ["Resources", id, "Properties", rest @ ..] = path.as_slice() {
        statement(stack, rest, found);
        return properties(stack, template, id, rest, found);
    }
    outside(Some(&template.root), found);
}

/// The functions that have a short form: a tag that is being typed.
fn tags(found: &mut Proposals) {
    let begun = found.cursor.tag.as_ref().map_or(0, String::len) + 1;
    found.cursor.span.start = found.cursor.span.start.saturating_sub(begun);
    for name in cloudformation::SHORT_FORMS {
        found.raw(&format!("!{name}"), "", format!("!{name} "));
    }
}

/// The names for `${` in a text that `Fn::Sub` fills in; `from` is where that begins.
pub(super) fn in_sub(template: &LoadedTemplate, from: usize, found: &mut Proposals) {
    for (name, detail) in names(template).into_iter().chain(attributes(template)) {
        found.part(&name, CompletionKind::Reference, detail, format!("${{{name}}}"), from);
    }
}

/// What refers to something that the template declares. Whether the place asks for such a thing.
fn references(template: &LoadedTemplate, path: &[&str], found: &mut Proposals) -> bool {
    let typed = found.cursor.typed.clone();
    if let Some(from) = typed.rfind("${").filter(|from| !typed[*from..].contains('}')) {
        in_sub(template, from, found);
        return true;
    }
    let field = path.iter().copied().rfind(|token| token.parse::<usize>().is_err()).unwrap_or_default();
    let asks = found.cursor.tag.clone().unwrap_or_else(|| field.to_owned());
    let all = match asks.as_str() {
        _ if !found.takes_value() => return false,
        "Ref" => names(template),
        "DependsOn" => section(template, "Resources"),
        "Fn::GetAtt" if !matches!(path, [.., "Fn::GetAtt"]) => parts_of_get_att(template, path),
        "GetAtt" | "Fn::GetAtt" => attributes(template),
        "Condition" if found.cursor.tag.is_some() => conditions(template),
        "Fn::If" if matches!(path, [.., "0"]) => conditions(template),
        "Condition" if matches!(path, ["Resources" | "Outputs", _, "Condition"]) => conditions(template),
        _ => return false,
    };
    all.into_iter().for_each(|(name, detail)| found.text(&name, CompletionKind::Reference, detail));
    true
}

/// The two items of a `Fn::GetAtt` that is written as a list.
fn parts_of_get_att(template: &LoadedTemplate, path: &[&str]) -> Vec<(String, String)> {
    let [around @ .., at] = path else { return Vec::new() };
    let list = around.iter().fold(String::new(), |pointer, token| below(&pointer, token));
    let named = template.root.pointer(&list).and_then(|list| list.items().first()?.as_str());
    let of = |name: &(String, String)| {
        let (id, attribute) = name.0.split_once('.')?;
        match *at {
            "0" => Some((id.to_owned(), name.1.clone())),
            _ => (named == Some(id)).then(|| (attribute.to_owned(), name.1.clone())),
        }
    };
    attributes(template).iter().filter_map(of).collect()
}

fn conditions(template: &LoadedTemplate) -> Vec<(String, String)> {
    let entries = template.root.get("Conditions").map_or(&[][..], |section| section.entries());
    entries.iter().filter_map(|(key, _)| Some((key.as_str()?.to_owned(), String::new()))).collect()
}

/// The parts of a template that are no properties.
pub(super) fn outside(root: Option<&Node>, found: &mut Proposals) {
    let path: Vec<String> = found.cursor.path.clone();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let pointer = path.iter().fold(String::new(), |pointer, token| below(&pointer, token));
    let here = root.and_then(|root| root.pointer(&pointer));
    let typed = found.cursor.typed.clone();
    let has = |name: &str| name != typed && here.is_some_and(|here| here.get(name).is_some());
    let keys: &[&str] = match path.as_slice() {
        [] => &cloudformation::SECTIONS,
        ["Resources", _] => &cloudformation::OF_RESOURCES,
        ["Parameters", _] => &cloudformation::OF_PARAMETERS,
        ["Outputs", _] => &cloudformation::OF_OUTPUTS,
        _ => &[],
    };
    if found.cursor.on_key {
        return keys.iter().filter(|name| !has(name)).for_each(|name| found.key(name, ""));
    }
    let values: Vec<&str> = match path.as_slice() {
        ["Transform"] | ["Transform", _] => cloudformation::TRANSFORMS.to_vec(),
        ["AWSTemplateFormatVersion"] => vec![cloudformation::FORMAT_VERSION],
        ["Resources", _, "Type"] => types(),
        ["Resources", _, "DeletionPolicy"] => cloudformation::DELETION_POLICIES.to_vec(),
        ["Resources", _, "UpdateReplacePolicy"] => cloudformation::UPDATE_REPLACE_POLICIES.to_vec(),
        ["Parameters", _, "Type"] => cloudformation::PARAMETER_TYPES.to_vec(),
        _ => Vec::new(),
    };
    values.iter().for_each(|value| found.text(value, CompletionKind::Value, ""));
}

/// The types of resources that are known here, those that this tool is about first.
fn types() -> Vec<&'static str> {
    let mut others: Vec<&str> = resource_schema::types().filter(|name| ResourceType::of(name).is_none()).collect();
    others.sort_unstable();
    ResourceType::ALL.iter().map(|one| one.as_str()).chain(others).collect()
}

fn names(template: &LoadedTemplate) -> Vec<(String, String)> {
    let pseudo = Pseudo::WORDS.iter().map(|name| ((*name).to_owned(), String::new()));
    let declared = ["Parameters", "Resources"].into_iter().flat_map(|name| section(template, name));
    declared.chain(pseudo).collect()
}

/// What a section declares, with the type of each.
fn section(template: &LoadedTemplate, name: &str) -> Vec<(String, String)> {
    let entries = template.root.get(name).map_or(&[][..], |section| section.entries()).iter();
    let each = entries.filter_map(|(key, value)| {
        let detail = value.get("Type").and_then(|node| node.as_str()).unwrap_or_default();
        Some((key.as_str()?.to_owned(), detail.to_owned()))
    });
    each.collect()
}

fn attributes(template: &LoadedTemplate) -> Vec<(String, String)> {
    let resources = template.resources.values().filter_map(|one| Some((one, ResourceType::of(&one.resource_type)?)));
    let each = resources.flat_map(|(one, kind)| {
        kind.attributes().iter().map(move |name| (format!("{}.{name}", one.logical_id), one.resource_type.clone()))
    });
    each.collect()
}
