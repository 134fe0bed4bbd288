use crate::aws::integration::{Pattern, Resource};
use crate::aws::states::{ProcessorMode, StateType};
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::MachineType;

rule! {
    /// Feature not available in Express workflows
    ///
    /// # What it does
    /// Reports features that Express workflows do not support: tasks that wait for a job (`.sync`) or for a callback
    /// (`.waitForTaskToken`), activities, and distributed Maps. The rule also covers what a distributed Map runs as Express child
    /// workflows.
    ///
    /// Source: [workflow types](https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition: an Express workflow runs for at most five minutes and cannot wait for a job or a
    /// callback.
    ///
    /// # Example
    /// ```json
    /// "Run": { "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync", "End": true }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Run": { "Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "End": true }
    /// ```
    pub(super) static RULE: "ASL019", "express", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    if machine.scope_of(state).machine_type != MachineType::Express {
        return;
    }
    let distributed = || {
        let processor = ["ItemProcessor", "Iterator"].into_iter().find_map(|field| Some((field, state.get(field)?)))?;
        let mode = processor.1.get("ProcessorConfig")?.get("Mode")?;
        (mode.as_str() == Some(ProcessorMode::Distributed.as_str())).then_some((processor.0, mode))
    };
    if let Some((field, mode)) = distributed().filter(|_| state.is(StateType::Map)) {
        let pointer = format!("{}/ProcessorConfig/Mode", state.pointer_to(field));
        findings
            .add(
                machine.place(&pointer, mode),
                "an Express workflow cannot have a distributed Map: the definition is refused",
            )
            .help("make the workflow STANDARD, or the Map INLINE");
    }
    let Some(node) = state.get("Resource").filter(|_| state.is(StateType::Task)) else { return };
    let Some(what) = node.as_str().and_then(waits) else { return };
    findings
        .add(
            machine.place(&state.pointer_to("Resource"), node),
            format!("an Express workflow cannot {what}: the definition is refused"),
        )
        .help("make the workflow STANDARD, or call without waiting");
}

/// What a task waits for.
fn waits(resource: &str) -> Option<&'static str> {
    let resource: Resource = resource.parse().ok()?;
    match resource.pattern() {
        Pattern::WaitForTaskToken => Some("wait for a callback (`.waitForTaskToken`)"),
        Pattern::Sync | Pattern::Sync2 => Some("wait for a job (`.sync`)"),
        Pattern::RequestResponse if matches!(resource, Resource::Activity { .. }) => Some("use an activity"),
        Pattern::RequestResponse => None,
    }
}
