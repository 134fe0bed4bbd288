//! The states that a scenario names.

use crate::source::{Node, Span};

use super::page::tree;

/// Where a scenario names a state: in the path that is expected, in the calls, in what goes wrong. Just the name, and whether it is a whole
/// scalar without quotes.
pub fn states_named(text: &str, name: &str) -> Vec<(Span, bool)> {
    let Some(root) = tree(text) else { return Vec::new() };
    let mut found = Vec::new();
    let then = root.get("then");
    let path = then.and_then(|then| then.get("path")).map_or(&[][..], Node::items).iter();
    let calls = then.and_then(|then| then.get("calls")).map_or(&[][..], Node::items).iter();
    for node in path.chain(calls.filter_map(|call| call.get("state"))).filter(|node| node.as_str() == Some(name)) {
        let spelled = text.get(node.span.start..node.span.end).unwrap_or_default();
        found.extend(spelled.find(name).map(|at| (part(node, at, name), spelled.trim_end() == name)));
    }
    faults(root.get("when"), text, name, &mut found);
    found
}

/// The faults of steps, and of those that happen together: `throttle NAME twice`.
fn faults(steps: Option<&Node>, text: &str, name: &str, found: &mut Vec<(Span, bool)>) {
    for step in steps.map_or(&[][..], Node::items) {
        faults(step.get("together"), text, name, found);
        let Some(node) = step.get("fault").filter(|node| node.as_str().is_some()) else { continue };
        let spelled = text.get(node.span.start..node.span.end).unwrap_or_default();
        let is_word = |at: usize| {
            let behind = spelled[at + name.len()..].chars().next();
            spelled[..at].ends_with(' ')
                && behind.is_none_or(|c| c == ' ' || c == '"' || c == '\'' || c.is_whitespace())
        };
        let at = spelled.match_indices(name).map(|(at, _)| at).find(|at| is_word(*at));
        found.extend(at.map(|at| (part(node, at, name), false)));
    }
}

fn part(node: &Node, at: usize, name: &str) -> Span {
    let start = node.span.start + at;
    Span { start, end: start + name.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_found_where_a_scenario_names_them() {
        let text = "when:\n  - put: Put\n  - fault: throttle Put twice\n  - together: [{fault: 'lose Put once'}]\nthen:\n  path: [Query, Put, \"Put\"]\n  calls: [{state: Put}, {call: Put}]\n";
        let found = states_named(text, "Put");
        assert!(found.iter().all(|(span, _)| &text[span.start..span.end] == "Put"));
        assert_eq!(found.iter().filter(|(_, bare)| *bare).count(), 2);
        assert_eq!(found.len(), 5, "{found:?}");
    }
}
