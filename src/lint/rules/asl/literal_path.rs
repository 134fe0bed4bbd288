use super::templates::{leaves, templates};
use crate::asl::{Function, Intrinsic, JsonPath};
use crate::diagnostic::Severity;
use crate::lint::rule::rule;
use crate::lint::{Findings, Fix, MachineView, StateView};
use crate::source::{Node, Span};

rule! {
    /// A constant that was meant to be a path
    ///
    /// # What it does
    /// Looks in payload templates for values that are written like a path or an intrinsic function, in a field whose name does
    /// not end in `.$`.
    ///
    /// # Why is this bad
    /// Nothing fails: the text itself, `$.detail.object.key`, is what the service gets. A table then holds one item whose key is
    /// that text, whatever was uploaded. In a call of DynamoDB this is an error, elsewhere a warning.
    ///
    /// # Example
    /// ```json
    /// "Key": { "fileName": { "S": "$.detail.object.key" } }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Key": { "fileName": { "S.$": "$.detail.object.key" } }
    /// ```
    pub(super) static RULE: "ASL033", "literal-path", Warning = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let dynamodb = state.get("Resource").and_then(Node::as_str).is_some_and(|resource| resource.contains(":dynamodb:"));
    templates(state, |_, node, pointer| {
        leaves(node, pointer, &mut |key, value, pointer| {
            let (Some(key), Some(text)) = (key, value.as_str()) else { return };
            let Some(what) = looks_like(text).filter(|_| !key.as_str().unwrap_or_default().ends_with(".$")) else {
                return;
            };
            let name: String = key.as_str().unwrap_or_default().chars().take(60).collect();
            let message =
                format!("this is the text `{}`, not what that {what} gives", text.chars().take(60).collect::<String>());
            let finding = findings.add(machine.place(pointer, value), message);
            finding.help(format!("`{name}.$` makes it a {what}")).fix(dollar(machine, key));
            if dynamodb {
                finding.severity(Severity::Error);
            }
        });
    });
}

fn looks_like(text: &str) -> Option<&'static str> {
    let path = (text.starts_with("$.") || text.starts_with("$$.") || text.starts_with("$["))
        && text.len() > 2
        && !text.contains(char::is_whitespace)
        && JsonPath::parse(text).is_ok();
    if path {
        return Some("path");
    }
    let call = Function::ALL
        .iter()
        .any(|function| text.strip_prefix(function.name()).is_some_and(|rest| rest.starts_with('(')));
    (call && Intrinsic::parse(text).is_ok()).then_some("function")
}

/// Puts `.$` at the end of a key.
fn dollar(machine: &MachineView<'_>, key: &Node) -> Option<Fix> {
    let text = machine.text();
    let name = key.as_str()?;
    let spelled = text.get(key.span.start..key.span.end)?;
    let end = match spelled.as_bytes().first()? {
        b'"' | b'\'' => key.span.end.checked_sub(1)?,
        _ => key.span.end,
    };
    (text.get(end.checked_sub(name.len())?..end) == Some(name))
        .then(|| Fix::replace(machine.definition.document, Span { start: end, end }, ".$"))
}
