//! The names that a page may use: of attributes, tables, state machines, states.

use std::collections::BTreeSet;

use crate::catalog;
use crate::cost;
use crate::loaded::{LoadedStack, placeholders};
use crate::outline::Outline;
use crate::source::{Node, from_node};
use crate::spec::Spec;

use super::adds::left_out;

/// The names for a place of a spec.
pub(super) fn of_spec(root: Option<&Node>, path: &[&str]) -> Vec<String> {
    match path {
        ["indexes", _, "partition" | "sort"] | ["indexes", _, "projection", "INCLUDE", _] => {
            catalog::attributes(&without(root, "/indexes"))
        }
        ["outputs"] => section(&without(root, "/outputs"), "Outputs"),
        ["extra", "Resources", _, "DependsOn"] | ["extra", .., "Ref"] => section(&without(root, "/extra"), "Resources"),
        _ => Vec::new(),
    }
}

/// A spec without the part that is being typed, which may not be sound yet.
fn without(root: Option<&Node>, pointer: &str) -> Spec {
    let rest = root.map(|root| left_out(root, pointer).unwrap_or_else(|| root.clone()));
    rest.and_then(|rest| from_node(&rest).ok()).unwrap_or_default()
}

fn section(spec: &Spec, name: &str) -> Vec<String> {
    let Ok(stack) = cost::loaded(spec) else { return Vec::new() };
    stack.template.as_ref().map(|template| keys(template.root.get(name))).unwrap_or_default()
}

/// The names for a place of a scenario about a stack.
pub(super) fn of_scenario(stack: &LoadedStack, path: &[&str]) -> Vec<String> {
    let table = |id: &str| stack.tables.iter().find(|table| table.logical_id == id || table.name == id);
    let ids = |one: &mut dyn Iterator<Item = &String>| one.cloned().collect();
    match path {
        ["given" | "then", "tables"] | ["when", _, "expire"] => {
            ids(&mut stack.tables.iter().map(|one| &one.logical_id))
        }
        ["given" | "then", "tables", id, _] => table(id).map(attributes).unwrap_or_default(),
        ["given" | "then", "items", _] => match stack.tables.as_slice() {
            [only] => attributes(only),
            _ => Vec::new(),
        },
        [.., "start", "machine"] => machines(stack),
        [.., "put" | "delete", "bucket"] => ids(&mut stack.buckets.iter().map(|one| &one.resource.logical_id)),
        ["then", "path", _] | ["then", "calls", _, "state"] => states(stack),
        ["then", "calls", _, "call"] => calls(stack),
        ["parameters"] => stack.template.as_ref().map(|one| keys(one.root.get("Parameters"))).unwrap_or_default(),
        ["substitutions"] => substitutions(stack),
        _ => Vec::new(),
    }
}

fn keys(node: Option<&Node>) -> Vec<String> {
    let entries = node.map_or(&[][..], Node::entries).iter();
    entries.filter_map(|(key, _)| key.as_str().map(str::to_owned)).collect()
}

fn attributes(table: &crate::loaded::LoadedTable) -> Vec<String> {
    table.attributes.iter().map(|attribute| attribute.name.clone()).collect()
}

fn machines(stack: &LoadedStack) -> Vec<String> {
    stack.machines.iter().map(|machine| machine.logical_id.clone().unwrap_or_else(|| machine.name.clone())).collect()
}

fn outlines(stack: &LoadedStack) -> impl Iterator<Item = Outline<'_>> {
    stack.machines.iter().filter_map(|machine| Outline::new(stack, machine))
}

fn states(stack: &LoadedStack) -> Vec<String> {
    let names: Vec<String> = outlines(stack)
        .flat_map(|outline| outline.states.iter().map(|state| state.name.to_owned()).collect::<Vec<_>>())
        .collect();
    once(names)
}

fn calls(stack: &LoadedStack) -> Vec<String> {
    let names = outlines(stack).flat_map(|outline| {
        let resources = outline.states.iter().filter_map(|state| state.get("Resource")?.as_str());
        resources.map(|resource| crate::aws::integration::called(resource).to_owned()).collect::<Vec<_>>()
    });
    once(names.collect())
}

fn substitutions(stack: &LoadedStack) -> Vec<String> {
    let texts = stack.documents.iter().map(|document| document.source.text.as_str());
    once(texts.flat_map(placeholders).map(|one| one.name.to_owned()).collect())
}

/// Each name once, in order.
fn once(names: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.into_iter().filter(|name| seen.insert(name.clone())).collect()
}
