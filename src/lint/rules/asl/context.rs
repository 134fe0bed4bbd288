use super::paths::{of_context, reads};
use crate::aws::context::{ContextField, ITEM, OBJECTS};
use crate::aws::states::StateType;
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::view::unknown;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// Unknown field of the context object
    ///
    /// # What it does
    /// Checks paths that begin with `$$` against the fields of the [context
    /// object](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html). `Task.Token` exists only in tasks
    /// with `.waitForTaskToken`, and `Map.Item` only in and below a Map state.
    ///
    /// # Why is this bad
    /// The field does not exist, and the execution fails in this state.
    ///
    /// # Example
    /// ```json
    /// "Parameters": { "execution.$": "$$.Execution.ID" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Parameters": { "execution.$": "$$.Execution.Id" }
    /// ```
    pub(super) static RULE: "ASL023", "context-object", Warning = State(check);
}

/// The first name on a path into the context object that is not there, and what was meant.
pub(super) fn wrong<'a>(names: &[&'a str]) -> Option<(&'a str, Option<&'static str>)> {
    let (first, rest) = names.split_first()?;
    let Some((_, fields)) = OBJECTS.iter().find(|(name, _)| name == first) else {
        return Some((first, nearest(first, OBJECTS.map(|(name, _)| name))));
    };
    let (second, rest) = rest.split_first()?;
    unlike(second, fields).or_else(|| unlike(rest.first().filter(|_| *first == "Map")?, &ITEM))
}

/// A name that no field has, and what was meant.
fn unlike<'a>(name: &'a str, fields: &[ContextField]) -> Option<(&'a str, Option<&'static str>)> {
    let known = || fields.iter().map(|field| field.name);
    (!known().any(|known| known == name)).then(|| (name, nearest(name, known())))
}

/// What of the context object is there in other states only.
pub(super) fn absent(names: &[&str], state: &StateView<'_>, machine: &MachineView<'_>) -> Option<&'static str> {
    match names {
        ["Task", ..] if !may_have_token(state) => Some("only a task with `.waitForTaskToken` has a task token"),
        ["Map", ..] if !is_in_map(state, machine) => Some("only a Map state has items"),
        _ => None,
    }
}

/// Whether a state is one that waits for a callback, or may be.
fn may_have_token(state: &StateView<'_>) -> bool {
    match state.known_type() {
        None => true,
        Some(StateType::Task) => state.get("Resource").is_none_or(|node| {
            // Whether a job of `.sync` and an activity have one is not documented.
            let waits = |text: &str| {
                [".waitForTaskToken", ".sync", ".sync:2"].iter().any(|suffix| text.ends_with(suffix))
                    || text.contains(":activity:")
            };
            unknown(node) || node.as_str().is_none_or(waits)
        }),
        Some(_) => false,
    }
}

/// Whether a state is a Map, or within one.
fn is_in_map(state: &StateView<'_>, machine: &MachineView<'_>) -> bool {
    let mut state = state;
    loop {
        if state.known_type().is_none_or(|kind| kind == StateType::Map) {
            return true;
        }
        match machine.scope_of(state).owner.and_then(|owner| machine.states.get(owner)) {
            Some(owner) => state = owner,
            None => return false,
        }
    }
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for read in reads(state).into_iter().filter(|read| !read.asked) {
        for path in read.paths().into_iter().filter(|path| of_context(path)) {
            let names: Vec<&str> = path.leading_names().collect();
            if let Some(why) = absent(&names, state, machine) {
                let message = format!("{why}: the execution fails in this state");
                findings.add(machine.place(&read.pointer, read.node), message);
                continue;
            }
            let Some((name, near)) = wrong(&names) else { continue };
            let shown: String = name.chars().take(60).collect();
            let message = format!("the context object has no `{shown}` here: the execution fails in this state");
            let finding = findings.add(machine.place(&read.pointer, read.node), message);
            if let Some(near) = near {
                finding.help(format!("did you mean `{near}`?"));
            }
        }
    }
}
