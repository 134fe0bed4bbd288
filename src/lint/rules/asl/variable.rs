use std::collections::HashSet;

use super::lexer::names;
use super::paths::reads;
use super::templates::{expression, texts};
use crate::asl::{JsonPath, Root};
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::has_placeholder;
use crate::source::Node;

rule! {
    /// Variable that is never set
    ///
    /// # What it does
    /// Reports `$name` in paths and expressions if no `Assign` in the definition sets `name`.
    ///
    /// Source: [the Choice state](https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition, or the execution fails in this state. In a path, the usual cause is a `$.name`
    /// without its dot.
    ///
    /// # Example
    /// ```json
    /// "Parameters": { "key.$": "$detail.object.key" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Parameters": { "key.$": "$.detail.object.key" }
    /// ```
    pub(super) static RULE: "ASL041", "unknown-variable", Warning = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(set) = assigned(machine) else { return };
    for state in &machine.states {
        for read in reads(state) {
            if read.field == "ResultPath" && !read.template {
                continue;
            }
            for path in read.paths() {
                if let Some(name) = unset(path, &set) {
                    let finding = findings.add(machine.place(&read.pointer, read.node), never(name));
                    match nearest(name, set.iter().copied()) {
                        Some(near) => finding.help(format!("did you mean `${near}`?")),
                        None => finding.help(format!("`$.{name}` reads it from the state's input")),
                    };
                }
            }
        }
        expressions(state, machine, &set, findings);
    }
}

fn never(name: &str) -> String {
    format!(
        "no `Assign` sets the variable `${}`: the execution fails in this state",
        name.chars().take(60).collect::<String>()
    )
}

fn unset<'a>(path: &'a JsonPath, set: &HashSet<&str>) -> Option<&'a str> {
    match path.root() {
        Root::Variable(name) if !set.contains(name.as_str()) => Some(name),
        _ => None,
    }
}

fn expressions(state: &StateView<'_>, machine: &MachineView<'_>, set: &HashSet<&str>, findings: &mut Findings<'_>) {
    texts(state, &mut |_, node, pointer| {
        let Some(text) = node.as_str().filter(|text| !has_placeholder(text)).and_then(expression) else { return };
        // Names that functions and blocks bind have a scope of their own; whatever is bound anywhere here counts as set.
        if text.contains("function") || text.contains('λ') || jsonata_core::parser::parse(text).is_err() {
            return;
        }
        let names = names(text);
        let bound = |name: &str| {
            names.iter().any(|other| other.set && other.name == name)
                || text.contains(&format!("@${name}"))
                || text.contains(&format!("#${name}"))
        };
        for name in names.iter().filter(|name| !name.called && !name.set && !matches!(name.name, "" | "$" | "states")) {
            // A function that is handed on is a name as well.
            if set.contains(name.name) || bound(name.name) || (name.path.is_empty() && is_argument(text)) {
                continue;
            }
            let finding = findings.add(machine.place(pointer, node), never(name.name));
            if let Some(near) = nearest(name.name, set.iter().copied()) {
                finding.help(format!("did you mean `${near}`?"));
            }
        }
    });
}

/// Whether there are calls that take functions, which need not be called where they are named.
fn is_argument(text: &str) -> bool {
    ["$map", "$filter", "$reduce", "$each", "$sift", "$sort", "$single", "$replace", "~>"]
        .iter()
        .any(|name| text.contains(name))
}

/// The variables that the definition sets anywhere; `None` if that cannot be told.
fn assigned<'a>(machine: &MachineView<'a>) -> Option<HashSet<&'a str>> {
    let mut set = HashSet::new();
    for state in &machine.states {
        let of_lists = ["Catch", "Choices"].into_iter().flat_map(|list| state.get(list).map_or(&[][..], Node::items));
        let nodes = state.get("Assign").into_iter().chain(of_lists.filter_map(|item| item.get("Assign")));
        for node in nodes {
            // What an expression gives has names that are not known here.
            if node.as_str().is_some() {
                return None;
            }
            for (key, _) in node.entries() {
                let name = key.as_str()?;
                set.insert(name.strip_suffix(".$").unwrap_or(name));
            }
        }
    }
    Some(set)
}
