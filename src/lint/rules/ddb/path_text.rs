use super::request::Request;
use crate::lint::rule::rule;
use crate::lint::task::is_open;
use crate::lint::{Findings, Fix, Language, MachineView, StateView};
use crate::source::{Kind, Node};
use crate::stack::load::below;

rule! {
    /// An attribute that is given the text of a path
    ///
    /// # What it does
    /// Looks for attribute values that are texts such as `$.detail.object.key` under a key without `.$`.
    ///
    /// # Why is this bad
    /// Only under a key that ends in `.$` is a path evaluated. Here each execution writes, or looks for, the same text: `$.detail.object.key`.
    /// Nothing fails, and the table holds one item.
    ///
    /// # Example
    /// ```json
    /// "fileName": { "S": "$.detail.object.key" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "fileName": { "S.$": "$.detail.object.key" }
    /// ```
    pub(super) static RULE: "DDB311", "path-as-text", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    if state.language != Language::JsonPath {
        return;
    }
    for request in Request::all(state, machine) {
        for field in ["Item", "Key", "ExpressionAttributeValues"] {
            let Some(node) = request.given(field).literal() else { continue };
            look(machine, node, &below(&request.pointer, field), findings);
        }
    }
}

/// Looks at everything below a value.
fn look(machine: &MachineView<'_>, root: &Node, pointer: &str, findings: &mut Findings<'_>) {
    let mut rest = vec![(root, pointer.to_owned())];
    while let Some((node, pointer)) = rest.pop() {
        for (key, value) in node.entries() {
            let Some(name) = key.as_str() else { continue };
            let pointer = below(&pointer, name);
            match &value.kind {
                Kind::String(text) if !name.ends_with(".$") && is_path(text) && !is_open(value) => {
                    said(machine, key, value, text, &pointer, findings);
                }
                Kind::Mapping(_) | Kind::Sequence(_) => rest.push((value, pointer)),
                _ => {}
            }
        }
        rest.extend(node.items().iter().enumerate().map(|(at, item)| (item, format!("{pointer}/{at}"))));
    }
}

fn said(machine: &MachineView<'_>, key: &Node, value: &Node, text: &str, pointer: &str, findings: &mut Findings<'_>) {
    let shown: String = text.chars().take(60).collect();
    let name = key.as_str().unwrap_or_default();
    let message = format!("this is the text `{shown}`, the same in each execution, and not what the path finds");
    let fix = Fix::rename(machine.definition.document, machine.text(), key, &format!("{name}.$"));
    findings.add(machine.place(pointer, value), message).help(format!("write `\"{name}.$\": \"{shown}\"`")).fix(fix);
}

/// Whether a text can only be meant as a path: `$.a`, `$$.a`, `$['a']`; a price such as `$5` is none.
fn is_path(text: &str) -> bool {
    let rest = text.strip_prefix("$$").or_else(|| text.strip_prefix('$'));
    rest.is_some_and(|rest| {
        let name = rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '_'));
        let one_word = !text.contains(char::is_whitespace);
        one_word && (name || rest.starts_with("['"))
    })
}
