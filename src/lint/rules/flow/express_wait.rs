use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::MachineType;
use crate::source::Kind;

rule! {
    /// Wait longer than an Express workflow can run
    ///
    /// # What it does
    /// Reports `Wait` states of more than 300 seconds in Express workflows, and in what a distributed Map runs as Express child
    /// workflows.
    ///
    /// # Why is this bad
    /// An Express execution times out after five minutes
    /// ([quotas](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html)), so every execution that reaches this
    /// state fails.
    ///
    /// # Example
    /// ```json
    /// "Pause": { "Type": "Wait", "Seconds": 600, "End": true }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Pause": { "Type": "Wait", "Seconds": 60, "End": true }
    /// ```
    pub(super) static RULE: "FLOW108", "express-wait", Error = State(check);
}

/// How many seconds an execution of an Express workflow may take.
const LONGEST: i64 = 300;

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    if machine.scope_of(state).machine_type != MachineType::Express || !state.is(StateType::Wait) {
        return;
    }
    let Some(node) = state.get("Seconds") else { return };
    if matches!(node.kind, Kind::Integer(seconds) if seconds > LONGEST) {
        let message = "this Wait never ends: an execution of an Express workflow times out after 300 seconds";
        findings
            .add(machine.place(&state.pointer_to("Seconds"), node), message)
            .help("wait for less than 300 seconds, or make the workflow STANDARD");
    }
}
