use super::retry::is_retried;
use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// Task without `Retry`
    ///
    /// # What it does
    /// Reports Task states without `Retry`, unless an enclosing Map or Parallel state has one. Off by default, because some
    /// executions may fail.
    ///
    /// Source: [error handling](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html).
    ///
    /// # Why is this bad
    /// Throttling and short service faults are normal. Without `Retry`, the first one ends the execution, and its work is left
    /// undone.
    ///
    /// # Example
    /// ```json
    /// "Put": { "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Put": {
    ///   "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true,
    ///   "Retry": [{ "ErrorEquals": ["States.TaskFailed"], "BackoffRate": 2, "JitterStrategy": "FULL" }]
    /// }
    /// ```
    pub(super) static RULE: "REL701", "task-without-retry", Info, off = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    if !state.is(StateType::Task) || is_retried(state, machine) {
        return;
    }
    let message = format!("`{}` has no `Retry`: a brief service fault ends the execution", state.name);
    findings
        .add(machine.place(&state.pointer, state.key), message)
        .help("add a `Retry` with backoff for transient errors; the documentation of each service lists them");
}
