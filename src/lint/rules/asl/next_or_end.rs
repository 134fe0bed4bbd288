use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};
use crate::source::Kind;

rule! {
    /// Missing or conflicting `Next` and `End`
    ///
    /// # What it does
    /// Checks that every state except Choice, Succeed and Fail has either `Next` or `"End": true`.
    ///
    /// Source: [the Amazon States Language](https://states-language.net/spec.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// "Put": { "Type": "Pass", "Next": "Done", "End": true }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Put": { "Type": "Pass", "Next": "Done" }
    /// ```
    pub(super) static RULE: "ASL013", "next-or-end", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    if !state.known_type().is_some_and(StateType::has_next) {
        return;
    }
    let ends = state.entry("End");
    let end = ends.is_some_and(|(_, value)| value.kind != Kind::Bool(false));
    let next = state.get("Next").is_some();
    if !end && !next {
        findings
            .add(
                machine.place(&state.pointer, state.key),
                format!("the state `{}` leads nowhere: the definition is refused", state.name),
            )
            .help("it needs `Next` or `\"End\": true`");
    }
    if let Some((key, _)) = ends.filter(|_| end && next) {
        let message = format!("the state `{}` has both `Next` and `End`: the definition is refused", state.name);
        findings.add(machine.place(&state.pointer_to("End"), key), message).help("remove one of them");
    }
}
