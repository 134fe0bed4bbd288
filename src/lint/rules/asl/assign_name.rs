use crate::lint::rule::rule;
use crate::lint::view::unknown;
use crate::lint::{Findings, Language, MachineView, StateView};
use crate::loaded::below;
use crate::source::{Node, Pointer};

rule! {
    /// Invalid variable name
    ///
    /// # What it does
    /// Checks variable names in `Assign`: at most 80 letters, digits and underscores, starting with a letter. `states` is reserved.
    ///
    /// Source: [variables](https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// "Assign": { "file-name.$": "$.detail.object.key" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Assign": { "fileName.$": "$.detail.object.key" }
    /// ```
    pub(super) static RULE: "ASL037", "variable-name", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let mut judge = |node: Option<&Node>, pointer: Pointer| {
        for (key, _) in node.map_or(&[][..], Node::entries) {
            let Some(written) = key.as_str().filter(|_| !unknown(key)) else { continue };
            let name = match state.language {
                Language::JsonPath => written.strip_suffix(".$").unwrap_or(written),
                _ => written,
            };
            if let Some(problem) = problem(name) {
                findings.add(
                    machine.place(&below(&pointer, written), key),
                    format!("{problem}: the definition is refused"),
                );
            }
        }
    };
    judge(state.get("Assign"), state.pointer_to("Assign"));
    for list in ["Catch", "Choices"] {
        for (at, item) in state.get(list).map_or(&[][..], Node::items).iter().enumerate() {
            judge(item.get("Assign"), state.pointer_to(list).index(at).child("Assign"));
        }
    }
}

fn problem(name: &str) -> Option<String> {
    let mut letters = name.chars();
    let starts = letters.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let goes_on = letters.all(|c| c.is_alphanumeric() || c == '_' || (!c.is_ascii() && !c.is_whitespace()));
    if name == "states" {
        Some("`states` is reserved and cannot be the name of a variable".to_owned())
    } else if !starts || !goes_on {
        Some(format!("`{}` cannot be the name of a variable", name.chars().take(60).collect::<String>()))
    } else if name.chars().count() > 80 {
        Some("the name of a variable has at most 80 characters".to_owned())
    } else {
        None
    }
}
