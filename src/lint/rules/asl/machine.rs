use crate::lint::rule::rule;
use crate::lint::schema::is_object;
use crate::lint::view::unknown;
use crate::lint::{Findings, MachineView};
use crate::loaded::below;

rule! {
    /// Definition without states
    ///
    /// # What it does
    /// Checks that a definition is a JSON object, that `States` contains at least one state, and that each state is an object.
    ///
    /// Source: [the structure of state machines](https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition, and the deployment fails.
    ///
    /// # Example
    /// ```json
    /// { "StartAt": "Done", "States": {} }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// { "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }
    /// ```
    pub(super) static RULE: "ASL003", "states", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for scope in &machine.scopes {
        if unknown(scope.node) {
            continue;
        }
        if !is_object(scope.node) {
            let message = format!("expected an object with `StartAt` and `States`, found {}", scope.node.describe());
            findings.add(machine.place(&scope.pointer, scope.node), message);
            continue;
        }
        let Some(states) = scope.node.get("States").filter(|states| is_object(states)) else { continue };
        if states.entries().is_empty() {
            findings.add(
                machine.place(&below(&scope.pointer, "States"), states),
                "there are no states: the definition is refused",
            );
        }
    }
    for state in machine.states.iter().filter(|state| !is_object(state.node) && !unknown(state.node)) {
        let message = format!("the state `{}` must be an object, not {}", state.name, state.node.describe());
        findings.add(machine.place(&state.pointer, state.node), message);
    }
}
