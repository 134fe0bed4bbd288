//! What stands at a place of a template, in words.

use std::collections::BTreeSet;

use crate::aws::ResourceType;
use crate::eventbridge::s3;
use crate::loaded::{Call, LoadedStack, LoadedTemplate};
use crate::outline::Outline;
use crate::permissions::{MachinePermissions, Verdict};
use crate::source::{Node, Span};

use super::occurrences::{Named, Occurrence};
use super::property::{schema_at, words};
use super::spot::{Spot, path_of};

/// What is known of a place in a template: a text, and what it is about.
pub(super) fn in_template(stack: &LoadedStack, spot: &Spot<'_>, named: Option<Occurrence>) -> Option<(String, Span)> {
    let template = stack.template.as_ref().filter(|template| template.document == spot.document)?;
    if let Some(Occurrence { named, span, .. }) = named {
        let text = match &named {
            Named::Logical { name } => resource(stack, template, name)?,
            Named::Substitution { name, .. } => {
                let machine = stack.machines.iter().find(|machine| machine.substitutions.contains_key(name))?;
                let one = machine.substitutions.get(name)?;
                format!("`${{{name}}}` of `{}` = `{}`", machine.name, one.value.to_string().trim_matches('"'))
            }
            _ => return None,
        };
        return Some((text, span));
    }
    if let Some(found) = attribute(stack, spot) {
        return Some(found);
    }
    let path = spot.path();
    let is_pattern = |token: &String| token == "EventPattern" || token == "Pattern";
    if let Some(at) = path.iter().position(is_pattern).filter(|_| path.first().is_some_and(|one| one == "Resources")) {
        let step = spot.trail.iter().find(|step| path_of(&step.pointer).len() == at + 1)?;
        let kinds = matched(&crate::loaded::value(step.value));
        let text = match kinds.as_slice() {
            [] => "No event of S3 matches this pattern.".to_owned(),
            kinds => format!("Events of S3 that may match: {}.", kinds.join(", ")),
        };
        return Some((text, step.key?.span));
    }
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let last = spot.last();
    match path.as_slice() {
        [.., "Action" | "NotAction"] | [.., "Action" | "NotAction", _] if !spot.on_key => {
            Some((needed(stack, last.value.as_str()?), last.value.span))
        }
        ["Resources", id, "Type"] => Some((resource(stack, template, id)?, last.value.span)),
        ["Resources", id, "Properties", rest @ ..] if spot.on_key => {
            let (name, around) = rest.split_last()?;
            let of = &template.resources.get(*id)?.resource_type;
            let schema = schema_at(template, id, rest)?;
            let required = schema_at(template, id, around).is_some_and(|of| of.required.iter().any(|one| one == name));
            let demand = if required { ", required" } else { "" };
            let text = format!("`{name}` of `{of}`: {}{demand}", words(schema));
            Some((text, last.key?.span))
        }
        _ => None,
    }
}

/// What a function that refers to something gives, where no resource's name stands under the cursor.
fn attribute(stack: &LoadedStack, spot: &Spot<'_>) -> Option<(String, Span)> {
    let nodes = spot.trail.iter().rev().map(|step| step.value);
    let (node, call) = nodes.filter_map(|node| Some((node, Call::of(node)?))).find(|(_, call)| call.is_reference())?;
    let value = stack.resolver()?.value(node);
    let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let text = match (call.name, call.attribute()) {
        ("GetAtt", Some((id, attribute))) => format!("`{attribute}` of `{id}`, such as `{shown}`"),
        _ => format!("A value such as `{shown}`"),
    };
    Some((text, node.span))
}

/// Which states need an action, given as a policy spells it.
fn needed(stack: &LoadedStack, action: &str) -> String {
    let named = |name: &str| match action.split_once('*') {
        Some((start, _)) => name.to_ascii_lowercase().starts_with(&start.to_ascii_lowercase()),
        None => name.eq_ignore_ascii_case(action),
    };
    let mut lines: BTreeSet<String> = BTreeSet::new();
    for (at, machine) in stack.machines.iter().enumerate() {
        let Some(outline) = Outline::new(stack, machine) else { continue };
        for need in MachinePermissions::of(at, &outline).needs.iter().filter(|need| named(&need.action)) {
            let states: Vec<String> = need.states.iter().map(|(state, _)| format!("`{state}`")).collect();
            let states = if states.is_empty() { String::new() } else { format!(" for {}", states.join(", ")) };
            lines.insert(format!("\n- `{}`: `{}`{states}", need.action, machine.name));
        }
    }
    match lines.is_empty() {
        true => format!("`{action}`: no state of the stack's state machines needs it."),
        false => format!("`{action}` is needed by{}", lines.into_iter().collect::<String>()),
    }
}

/// The kinds of event of S3 that a pattern may let through.
fn matched(pattern: &serde_json::Value) -> Vec<&'static str> {
    let source = &pattern["source"];
    let others =
        source.as_array().is_some_and(|all| !all.iter().any(|one| one.as_str().is_none_or(|name| name == "aws.s3")));
    if others {
        return Vec::new();
    }
    let detail: serde_json::Map<String, serde_json::Value> = ["detail-type", "detail"]
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), pattern.get(*key)?.clone())))
        .collect();
    let detail = serde_json::Value::Object(detail);
    let lets = |schema: &&crate::eventbridge::Schema| {
        crate::eventbridge::satisfiable(&detail, std::slice::from_ref(*schema)).is_empty()
    };
    s3::schemas().iter().filter(lets).map(|schema| schema.name).collect()
}

/// A resource or a parameter of the template.
fn resource(stack: &LoadedStack, template: &LoadedTemplate, name: &str) -> Option<String> {
    let Some(resource) = template.resources.get(name) else {
        let parameter = template.section("Parameters", name)?;
        let of = parameter.get("Type").and_then(Node::as_str).unwrap_or("String");
        let default = parameter.get("Default").and_then(Node::as_str).map(|text| format!(", by default `{text}`"));
        return Some(format!("parameter `{name}`: {of}{}", default.unwrap_or_default()));
    };
    let mut text = format!("**{name}** · `{}`", resource.resource_type);
    let resolver = stack.resolver()?;
    if let Some(kind) = ResourceType::of(&resource.resource_type) {
        let gives = if kind.ref_is_arn() { resolver.arn(name) } else { resolver.physical_name(name) };
        text.push_str(&format!(
            "\n\n`Ref` gives {} such as `{gives}`.",
            if kind.ref_is_arn() { "an ARN" } else { "a name" }
        ));
        if !kind.attributes().is_empty() {
            text.push_str(&format!(" `Fn::GetAtt` gives `{}`.", kind.attributes().join("`, `")));
        }
    }
    let machine = stack.machines.iter().position(|machine| machine.logical_id.as_deref() == Some(name));
    if let Some((at, outline)) = machine.and_then(|at| Some((at, Outline::new(stack, &stack.machines[at])?))) {
        text.push_str(&needs(&MachinePermissions::of(at, &outline)));
    }
    Some(text)
}

/// What the role of a machine needs, and why.
fn needs(permissions: &MachinePermissions) -> String {
    let mut lines: BTreeSet<String> = BTreeSet::new();
    for need in &permissions.needs {
        let states: Vec<String> = need.states.iter().map(|(state, _)| format!("`{state}`")).collect();
        let why = if states.is_empty() { String::new() } else { format!(" for {}", states.join(", ")) };
        let verdict = match need.verdict {
            Verdict::Allowed => "",
            Verdict::Unknown => " (whether it has that is not known)",
            Verdict::Missing(_) => " **(missing)**",
        };
        lines.insert(format!("\n- `{}`{why}{verdict}", need.action));
    }
    if lines.is_empty() {
        String::new()
    } else {
        format!("\n\nIts role needs:{}", lines.into_iter().collect::<String>())
    }
}
