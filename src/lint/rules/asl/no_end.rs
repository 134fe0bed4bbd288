use super::transitions::reachable;
use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};
use crate::source::Kind;

rule! {
    /// No terminal state
    ///
    /// # What it does
    /// Reports definitions and branches without a terminal state: no state has `"End": true`, and there is no Succeed or Fail
    /// state.
    ///
    /// Source: [the Amazon States Language](https://states-language.net/spec.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition: ``Workflow has no terminal state``. An execution would run in a loop until it reaches
    /// the quota of history events.
    ///
    /// # Example
    /// ```json
    /// { "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": 5, "Next": "A" } } }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// { "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": 5, "Next": "B" }, "B": { "Type": "Succeed" } } }
    /// ```
    pub(super) static RULE: "ASL012", "no-terminal-state", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for (index, scope) in machine.scopes.iter().enumerate() {
        let Some(reached) = reachable(machine, index) else { continue };
        let states: Vec<_> = scope.states.iter().map(|state| &machine.states[*state]).collect();
        if states.iter().any(|state| may_end(state)) {
            continue;
        }
        // A state that is lost is said to be, and leading to it may mend this.
        let Some(start) = scope.node.get("StartAt").filter(|_| !reached.contains(&false)) else { continue };
        let pointer = crate::loaded::below(&scope.pointer, "StartAt");
        findings
            .add(machine.place(&pointer, start), "no state ends: the definition is refused")
            .help("one state needs `\"End\": true`, or the type Succeed or Fail");
    }
}

/// Whether a state ends, or something is wrong with it that another rule says.
fn may_end(state: &StateView<'_>) -> bool {
    let ends = state.state_type.is_none() || state.known_type().is_some_and(StateType::is_end);
    let end = state.get("End").is_some_and(|end| end.kind != Kind::Bool(false));
    ends || end || (!state.is(StateType::Choice) && state.get("Next").is_none())
}
