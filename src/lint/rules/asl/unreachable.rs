use super::transitions::reachable;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};

rule! {
    /// Unreachable state
    ///
    /// # What it does
    /// Follows `StartAt` and every `Next`, `Default` and `Catch`, and reports states that no transition reaches.
    ///
    /// Source: [the Amazon States Language](https://states-language.net/spec.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition: ``State "X" is not reachable``. Usually a transition that should lead here names
    /// another state.
    ///
    /// # Example
    /// ```json
    /// { "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true }, "B": { "Type": "Pass", "End": true } } }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// { "StartAt": "A", "States": { "A": { "Type": "Pass", "Next": "B" }, "B": { "Type": "Pass", "End": true } } }
    /// ```
    pub(super) static RULE: "ASL011", "unreachable-state", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for index in 0..machine.scopes.len() {
        let Some(reached) = reachable(machine, index) else { continue };
        let states = machine.scopes[index].states.iter().zip(reached);
        for state in states.filter(|(_, reached)| !reached).map(|(state, _)| &machine.states[*state]) {
            let message = format!("no transition leads to the state `{}`: the definition is refused", state.name);
            findings
                .add(machine.place(&state.pointer, state.key), message)
                .help("add a `Next`, `Default` or `Catch` that leads to it, or remove it");
        }
    }
}
