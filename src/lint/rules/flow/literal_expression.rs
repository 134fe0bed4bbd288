use super::severity;
use crate::lint::flow::Extent;
use crate::lint::rule::rule;
use crate::lint::view::{Language, unknown};
use crate::lint::{Findings, Fix, MachineView, StateView};
use crate::source::{Kind, Node, Span};
use crate::stack::load::below;

rule! {
    /// An expression that is taken for a text
    ///
    /// # What it does
    /// In states of the JSONata language, reports texts that read what the state knows (`$states.input...`) without `{%` and `%}`
    /// around them. ASL033 is the same for paths.
    ///
    /// # Why is this bad
    /// Nothing fails. The service is given the text itself: every execution succeeds, and the table holds one row whose key is
    /// `$states.input.detail.object.key`.
    ///
    /// # Example
    /// ```json
    /// "fileName": { "S": "$states.input.detail.object.key" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "fileName": { "S": "{% $states.input.detail.object.key %}" }
    /// ```
    pub(super) static RULE: "FLOW107", "literal-expression", Error = State(check);
}

/// The fields that hold templates.
const TEMPLATES: [&str; 8] =
    ["Arguments", "Output", "Assign", "Items", "ItemSelector", "ItemBatcher", "ItemReader", "ResultWriter"];

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    if state.language != Language::Jsonata {
        return;
    }
    for field in TEMPLATES {
        let Some(node) = state.get(field) else { continue };
        let mut rest = vec![(node, state.pointer_to(field))];
        while let Some((node, pointer)) = rest.pop() {
            match &node.kind {
                Kind::Mapping(entries) => {
                    let inner = entries.iter().rev().filter_map(|(key, value)| Some((key.as_str()?, value)));
                    rest.extend(inner.map(|(name, value)| (value, below(&pointer, name))));
                }
                Kind::Sequence(items) => {
                    rest.extend(items.iter().enumerate().rev().map(|(at, item)| (item, format!("{pointer}/{at}"))));
                }
                Kind::String(text) if !unknown(node) && is_expression(text) => {
                    let said = format!("this is the text `{text}`, not what that expression gives");
                    let finding = findings.add(machine.place(&pointer, node), said);
                    finding.severity(severity(machine, Extent::Always));
                    finding
                        .help(format!("`{{% {text} %}}` makes it an expression"))
                        .fix(delimited(machine, node, text));
                }
                _ => {}
            }
        }
    }
}

/// Whether a text is surely meant as an expression.
fn is_expression(text: &str) -> bool {
    let name = text.strip_prefix("$states.").and_then(|rest| rest.split('.').next());
    name.is_some_and(|name| matches!(name, "input" | "result" | "errorOutput" | "context"))
        && !text.contains(char::is_whitespace)
}

/// The text between its delimiters, where it is spelled as it is.
fn delimited(machine: &MachineView<'_>, node: &Node, text: &str) -> Option<Fix> {
    let spelled = machine.text().get(node.span.start..node.span.end)?;
    let is_plain = spelled.len() == text.len() + 2 && spelled.get(1..=text.len()) == Some(text);
    let span = Span { start: node.span.start + 1, end: node.span.end.checked_sub(1)? };
    is_plain.then(|| Fix::replace(machine.definition.document, span, format!("{{% {text} %}}")))
}
