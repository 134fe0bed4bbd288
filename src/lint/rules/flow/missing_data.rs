use super::{field, severity};
use crate::diagnostic::Severity;
use crate::lint::flow::{Extent, Miss, Problem};
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::{Findings, Fix, MachineView};
use crate::source::Node;

rule! {
    /// Path to data that never exists
    ///
    /// # What it does
    /// Follows the data from the state machine's input (the events that match its rule, `--input-schema`, or `--input-example`)
    /// through every state, and reports paths that read data that does not exist on any path to their state. S3 adds fields to its
    /// events over time, so an unknown field of an event is a warning; so is a path within a larger JSONata expression, which goes on
    /// without it.
    ///
    /// Source: [error handling](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html).
    ///
    /// # Why is this bad
    /// Every execution that reaches this state fails with `States.Runtime`, which neither `Retry` nor `Catch` for `States.ALL`
    /// handles; in JSONata, with `States.QueryEvaluationError`.
    ///
    /// # Example
    /// ```json
    /// { "Variable": "$.found.Cuont", "NumericGreaterThan": 0, "Next": "Update" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// { "Variable": "$.found.Count", "NumericGreaterThan": 0, "Next": "Update" }
    /// ```
    pub(super) static RULE: "FLOW101", "missing-data", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for fault in machine.flow() {
        let (within, path, miss) = match &fault.problem {
            Problem::Missing { path, miss } => (false, path, miss),
            Problem::Nothing { path, miss } => (true, path, miss),
            _ => continue,
        };
        if fault.extent != Extent::Always {
            continue;
        }
        let fields = || miss.fields.iter().map(String::as_str);
        let slip = || fields().find(|name| strsim::damerau_levenshtein(name, &miss.wanted) == 1);
        let near = nearest(&miss.wanted, fields()).or_else(slip);
        // What some events have may be read by an expression that does without it.
        if within && miss.new && near.is_none() {
            continue;
        }
        let (place, node) = field(machine, fault);
        let then = match miss.new {
            _ if within => "so this part of the expression gives nothing",
            true => "so every execution that reaches this state fails, unless S3 has added it to its events",
            false => "so every execution that reaches this state fails",
        };
        let finding = findings.add(place, format!("`{path}` does not exist, {then}: {}", said(miss)));
        finding.severity(if miss.new || within { Severity::Warning } else { severity(fault.extent) });
        if let Some(near) = near {
            finding.help(format!("did you mean `{near}`?")).fix(respelled(machine, node, &miss.wanted, near));
        } else if !miss.fields.is_empty() {
            finding.help(format!("available fields: {}", listed(&miss.fields)));
        }
    }
}

/// Why there is nothing.
pub(super) fn said(miss: &Miss) -> String {
    if miss.found == "an object" {
        format!("`{}` has no `{}`", miss.parent, miss.wanted)
    } else {
        format!("`{}` is {}, which has no `{}`", miss.parent, miss.found, miss.wanted)
    }
}

/// The first of the fields that are there.
pub(super) fn listed(fields: &[String]) -> String {
    let shown: Vec<String> = fields.iter().take(8).map(|name| format!("`{name}`")).collect();
    let more = if fields.len() > shown.len() { ", ..." } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// The path with one name spelled as it should be, where the text has that name once.
fn respelled(machine: &MachineView<'_>, node: &Node, wrong: &str, right: &str) -> Option<Fix> {
    let text = machine.text().get(node.span.start..node.span.end)?;
    let plain = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let (at, _) = text.match_indices(wrong).next()?;
    if text.matches(wrong).count() != 1 || !plain(wrong) || !plain(right) {
        return None;
    }
    let start = node.span.start + at;
    let span = crate::source::Span { start, end: start + wrong.len() };
    Some(Fix::replace(machine.definition.document, span, right))
}
