use super::templates::{leaves, templates, texts};
use crate::diagnostic::Severity;
use crate::lint::rule::rule;
use crate::lint::view::unknown;
use crate::lint::{Findings, Language, MachineView, StateView};
use crate::loaded::below;
use crate::source::{Kind, Node, Visit};

rule! {
    /// Misplaced `.$`
    ///
    /// # What it does
    /// Checks that the value of a payload template field whose name ends in `.$` is a string. Also reports such names in JSONata
    /// states, where `.$` has no meaning.
    ///
    /// Source: [input and output of states](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html).
    ///
    /// # Why is this bad
    /// In a JSONPath state, Step Functions refuses the definition. In a JSONata state, the field is passed on with `.$` in its name
    /// and the path as a constant string.
    ///
    /// # Example
    /// ```json
    /// "Parameters": { "Key.$": { "fileName": { "S": "a" } } }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Parameters": { "Key": { "fileName": { "S": "a" } } }
    /// ```
    pub(super) static RULE: "ASL035", "dollar-key", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    templates(state, |_, node, pointer| {
        leaves(node, pointer, &mut |key, value, pointer| {
            if key.and_then(Node::as_str).is_some_and(|name| name.ends_with(".$"))
                && value.as_str().is_none()
                && !unknown(value)
            {
                let message = format!("expected a path, found {}: the definition is refused", value.describe());
                findings.add(machine.place(pointer, value), message);
            }
        });
        lists_and_objects(machine, node, pointer, findings);
    });
    if state.language == Language::Jsonata {
        texts(state, &mut |field, node, pointer| {
            let name = pointer.rsplit('/').next().unwrap_or_default();
            let path = node.as_str().is_some_and(|text| text.starts_with('$') || text.starts_with("States."));
            if path && name.ends_with(".$") && matches!(field, "Arguments" | "Output" | "Assign" | "ItemSelector") {
                let message = "this state reads with JSONata: the name keeps its `.$`, and the path is a constant";
                findings
                    .add(machine.place(pointer, node), message)
                    .help("write an expression, `{% $states.input... %}`, and the name without `.$`")
                    .severity(Severity::Warning);
            }
        });
    }
}

fn lists_and_objects(machine: &MachineView<'_>, root: &Node, pointer: &str, findings: &mut Findings<'_>) {
    root.visit(pointer, |Visit { key, node, pointer }| {
        if let Some(key) = key.filter(|key| key.as_str().is_some_and(|name| name.ends_with(".$")))
            && matches!(node.kind, Kind::Sequence(_) | Kind::Mapping(_))
        {
            let message = format!("expected a path, found {}: the definition is refused", node.describe());
            findings.add(machine.place(pointer, key), message).help("without `.$` it is a template");
            return false;
        }
        for (key, _) in node.entries() {
            let name = key.as_str().unwrap_or_default();
            if let Some(plain) = name.strip_suffix(".$").filter(|plain| node.get(plain).is_some()) {
                let message =
                    format!("`{plain}` and `{name}` are one field with two values: the definition is refused");
                findings.add(machine.place(&below(pointer, name), key), message).help("remove one of them");
            }
        }
        true
    });
}
