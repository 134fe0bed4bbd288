use super::retry::is_retried;
use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// Task without `Retry`
    ///
    /// # What it does
    /// Looks for Task states without `Retry`, unless a Map or Parallel state around them has one. Off by default: whether an
    /// execution may fail is a matter of what it is for.
    ///
    /// Source: [error handling](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html).
    ///
    /// # Why is this bad
    /// Services are throttled, and fail for a second, as a matter of course. Without `Retry` the first such moment ends the
    /// execution, and what it had to do is not done.
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
    let message = format!("`{}` is not retried: a moment's trouble of the service ends the execution", state.name);
    findings
        .add(machine.place(&state.pointer, state.key), message)
        .help("`Retry` with a backoff, for errors that pass; AWS's own list is in the documentation of each service");
}
