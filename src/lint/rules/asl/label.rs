use std::collections::HashSet;

use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::view::unknown;
use crate::lint::{Findings, MachineView};

rule! {
    /// Invalid or duplicate `Label`
    ///
    /// # What it does
    /// Checks that no two Map states have the same `Label`, and that a label contains no white space, brackets, wildcards or other
    /// special characters.
    ///
    /// Source: [the Map state](https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html).
    ///
    /// # Why is this bad
    /// The label becomes part of the ARN of a Map Run. Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// "Label": "All files"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Label": "AllFiles"
    /// ```
    pub(super) static RULE: "ASL039", "label", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let mut seen = HashSet::new();
    for state in machine.states.iter().filter(|state| state.is(StateType::Map)) {
        let Some(node) = state.get("Label").filter(|node| !unknown(node)) else { continue };
        let Some(label) = node.as_str() else { continue };
        let place = || machine.place(&state.pointer_to("Label"), node);
        let wrong =
            label.chars().find(|c| c.is_whitespace() || c.is_control() || "?*<>{}[]:;,\\|^~$#%&`\"".contains(*c));
        if let Some(wrong) = wrong {
            findings
                .add(place(), format!("a `Label` cannot hold `{}`: the definition is refused", wrong.escape_default()));
        }
        if !seen.insert(label) {
            findings.add(place(), format!("there is another Map with the label `{label}`: the definition is refused"));
        }
    }
}
