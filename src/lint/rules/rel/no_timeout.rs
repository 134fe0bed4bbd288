use crate::aws::integration::Pattern;
use crate::lint::rule::rule;
use crate::lint::task::ServiceTask;
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::MachineType;

rule! {
    /// Wait without a timeout
    ///
    /// # What it does
    /// Reports tasks that wait for a job (`.sync`) or a callback (`.waitForTaskToken`) and set neither `TimeoutSeconds` nor
    /// `HeartbeatSeconds`, in state machines without a `TimeoutSeconds`. Off by default, because some jobs do take a year.
    ///
    /// Source: [best practices](https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html).
    ///
    /// # Why is this bad
    /// If the answer is lost, the execution waits for up to a year, and nobody notices.
    ///
    /// # Example
    /// ```json
    /// "Ask": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Ask": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 86400 }
    /// ```
    pub(super) static RULE: "REL706", "no-timeout", Info, off = State(check);
}

/// What ends a wait.
const ENDS: [&str; 4] = ["TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"];

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    // An Express workflow ends after five minutes at the latest.
    if machine.scope_of(state).machine_type == MachineType::Express {
        return;
    }
    let Some(task) = ServiceTask::of(state, machine).filter(|task| task.call.pattern() != Pattern::RequestResponse)
    else {
        return;
    };
    let whole = machine.definition.root.get("TimeoutSeconds").is_some();
    if whole || ENDS.iter().any(|field| state.get(field).is_some()) {
        return;
    }
    let what = if task.call.pattern() == Pattern::WaitForTaskToken { "for an answer" } else { "for a job" };
    findings
        .add(
            machine.place(&state.pointer, state.key),
            format!("`{}` waits {what}, for up to a year without an answer", state.name),
        )
        .help("add `TimeoutSeconds`, or `HeartbeatSeconds` if the worker sends heartbeats");
}
