use crate::aws::states::StateType;
use crate::lint::near::nearest;
use crate::lint::rule::rule;

use crate::lint::view::unknown;
use crate::lint::{Findings, Fix, MachineView, StateView};

rule! {
    /// Unknown state type
    ///
    /// # What it does
    /// Checks that every state has a `Type`, and that it is exactly `Task`, `Pass`, `Choice`, `Wait`, `Succeed`, `Fail`, `Parallel`
    /// or `Map`.
    ///
    /// Source: [workflow states](https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition, and the deployment fails.
    ///
    /// # Example
    /// ```json
    /// "Put": { "Type": "task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Put": { "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true }
    /// ```
    pub(super) static RULE: "ASL004", "state-type", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(node) = state.get("Type") else {
        if !unknown(state.node) {
            let message = format!("the state `{}` has no `Type`: the definition is refused", state.name);
            findings
                .add(machine.place(&state.pointer, state.key), message)
                .help(format!("one of {}", StateType::WORDS.join(", ")));
        }
        return;
    };
    if unknown(node) || node.as_str().is_some_and(|text| StateType::of(text).is_some()) {
        return;
    }
    let place = machine.place(&state.pointer_to("Type"), node);
    let Some(text) = node.as_str() else {
        findings.add(place, format!("the `Type` of `{}` must be a string, not {}", state.name, node.describe()));
        return;
    };
    let shown: String = text.chars().take(60).collect();
    let finding = findings.add(place, format!("unknown state type `{shown}`: the definition is refused"));
    match nearest(text, StateType::WORDS.iter().copied()) {
        Some(name) => finding.help(format!("did you mean `{name}`?")).fix(Fix::rename(
            machine.definition.document,
            machine.text(),
            node,
            name,
        )),
        None => finding.help(format!("one of {}", StateType::WORDS.join(", "))),
    };
}
