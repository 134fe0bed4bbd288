use super::delivery::started_by;
use crate::lint::rule::rule;
use crate::lint::task::{Given, ServiceTask};
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// Message that is repeated when an event is delivered twice
    ///
    /// # What it does
    /// Reports messages to SQS and SNS without a `MessageDeduplicationId`, in state machines that an EventBridge rule starts. Off
    /// by default, because the receiver may handle duplicates.
    ///
    /// Source: [at-least-once delivery](https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html).
    ///
    /// # Why is this bad
    /// EventBridge delivers an event at least once. An event that is delivered twice starts two executions, which send two
    /// messages.
    ///
    /// # Example
    /// ```json
    /// "Parameters": { "QueueUrl": "${QueueUrl}", "MessageBody.$": "$" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Parameters": { "QueueUrl": "${FifoQueueUrl}", "MessageBody.$": "$", "MessageGroupId.$": "$.source", "MessageDeduplicationId.$": "$.id" }
    /// ```
    pub(super) static RULE: "REL704", "repeated-message", Info, off = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(rule) = started_by(machine) else { return };
    let Some(task) = ServiceTask::of(state, machine) else { return };
    let sends = task.call.is("sqs", "sendMessage") || task.call.is("sns", "publish");
    let Some(parameters) = task.parameters.filter(|_| sends) else { return };
    if parameters.entries().is_empty() || Given::of(parameters, "MessageDeduplicationId").is_there() {
        return;
    }
    findings
        .add(
            machine.place(&state.pointer, state.key),
            format!("`{}` sends a message twice when `{rule}` delivers an event twice, as EventBridge may", state.name),
        )
        .help("use a FIFO queue or topic with the event's id as `MessageDeduplicationId`, or make the receiver handle duplicates");
}
