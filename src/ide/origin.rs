//! Where the data at a path was made.

use std::collections::BTreeSet;

use crate::outline::{Language, Outline, StateView};
use crate::source::Node;

use super::call::call_of;

/// How many states are looked at.
const MOST: usize = 200;

/// Where what a path leads to comes from, in words: what starts the machine, or the states that made it. Empty where that cannot be told.
pub(super) fn origins(outline: &Outline<'_>, state: &StateView<'_>, path: &str) -> Vec<String> {
    let Some(path) = path.strip_prefix("$.").filter(|_| state.language == Language::JsonPath) else {
        return Vec::new();
    };
    let scope = outline.scope_of(state);
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let Some(first) = scope.names.get(state.name).copied() else { return Vec::new() };
    let mut waiting = vec![first];
    while let Some(at) = waiting.pop() {
        if !seen.insert(at) || seen.len() > MOST {
            continue;
        }
        let name = outline.states[at].name;
        if scope.node.get("StartAt").and_then(Node::as_str) == Some(name) {
            found.insert(start(outline, scope.owner));
        }
        for before in scope.states.iter().filter(|other| leads(&outline.states[**other], name)) {
            let other = &outline.states[*before];
            match made(other, name, path) {
                Made::Here => {
                    let call = call_of(other, outline).map(|call| format!(" (`{}`)", call.name())).unwrap_or_default();
                    found.insert(format!("`{}`{call}", other.name));
                }
                Made::Before => waiting.push(*before),
                Made::Unknown => return Vec::new(),
            }
        }
    }
    found.into_iter().collect()
}

fn start(outline: &Outline<'_>, owner: Option<usize>) -> String {
    if let Some(owner) = owner {
        return format!("what `{}` gives it", outline.states[owner].name);
    }
    let machine = outline.machine.logical_id.as_ref();
    let starts =
        outline.stack.rules.iter().filter(|rule| {
            machine.is_some() && rule.targets.iter().any(|target| target.logical_id.as_ref() == machine)
        });
    let rules: Vec<String> = starts.map(|rule| format!("`{}`", rule.logical_id)).collect();
    match rules.is_empty() {
        true => "the input of the execution".to_owned(),
        false => format!("the event of {}", rules.join(", ")),
    }
}

/// Whether one state may follow another.
fn leads(state: &StateView<'_>, to: &str) -> bool {
    let is = |node: Option<&Node>| node.and_then(Node::as_str) == Some(to);
    let any = |list: &str| state.get(list).map_or(&[][..], Node::items).iter().any(|one| is(one.get("Next")));
    is(state.get("Next")) || is(state.get("Default")) || any("Choices") || any("Catch")
}

enum Made {
    Here,
    Before,
    Unknown,
}

/// Whether a state makes what a path behind it leads to.
fn made(state: &StateView<'_>, next: &str, path: &str) -> Made {
    if state.language != Language::JsonPath || state.get("OutputPath").is_some() || state.get("InputPath").is_some() {
        return Made::Unknown;
    }
    // A catcher puts the error in its own place.
    let caught = state.get("Catch").map_or(&[][..], Node::items).iter();
    let catcher = caught.rev().find(|one| one.get("Next").and_then(Node::as_str) == Some(next));
    if let Some(catcher) = catcher.filter(|_| state.get("Next").and_then(Node::as_str) != Some(next)) {
        return within(catcher.get("ResultPath"), path);
    }
    match state.state_type {
        Some("Task" | "Parallel" | "Map") => within(state.get("ResultPath"), path),
        Some("Pass") if state.get("Result").is_some() || state.get("Parameters").is_some() => {
            within(state.get("ResultPath"), path)
        }
        Some("Pass" | "Choice" | "Wait") => Made::Before,
        _ => Made::Unknown,
    }
}

/// Whether a path lies in what a `ResultPath` writes.
fn within(result: Option<&Node>, path: &str) -> Made {
    let Some(result) = result else { return Made::Here };
    match result.as_str() {
        None => Made::Before,
        Some("$") => Made::Here,
        Some(text) => match text.strip_prefix("$.") {
            Some(place)
                if path == place || path.strip_prefix(place).is_some_and(|rest| rest.starts_with(['.', '['])) =>
            {
                Made::Here
            }
            Some(place) if place.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')) => Made::Here,
            Some(_) => Made::Before,
            None => Made::Unknown,
        },
    }
}
