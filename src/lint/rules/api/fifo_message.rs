use crate::lint::rule::rule;
use crate::lint::task::{Given, ServiceTask, is_open, substitution};
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::Call;
use crate::source::{Kind, Node};

rule! {
    /// Message to a FIFO queue without its group
    ///
    /// # What it does
    /// Checks messages to FIFO queues and topics of the same template: they have a `MessageGroupId`, and a `MessageDeduplicationId`
    /// unless the queue or topic takes that from the content (`ContentBasedDeduplication`).
    ///
    /// Sources: [SendMessage](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html),
    /// [Publish](https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
    ///
    /// # Why is this bad
    /// The service refuses every message.
    ///
    /// # Example
    /// ```json
    /// "Parameters": { "QueueUrl": "${FilesQueue}", "MessageBody.$": "$.detail" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Parameters": {
    ///   "QueueUrl": "${FilesQueue}", "MessageBody.$": "$.detail",
    ///   "MessageGroupId.$": "$.detail.bucket.name", "MessageDeduplicationId.$": "$.id"
    /// }
    /// ```
    pub(super) static RULE: "API209", "fifo-message", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(task) = ServiceTask::of(state, machine) else { return };
    let (target, switch) = match (task.call.service(), task.call.action()) {
        ("sqs", "sendMessage") => ("QueueUrl", "FifoQueue"),
        ("sns", "publish") => ("TopicArn", "FifoTopic"),
        _ => return,
    };
    let Some(parameters) = task.parameters.filter(|node| !is_open(node)) else { return };
    let node = match Given::of(parameters, target) {
        Given::Literal(_, node) | Given::Open(node) => node,
        Given::Nothing => return,
    };
    let found = substitution(node, machine.machine).and_then(|found| found.logical_id.as_deref());
    let template = machine.stack.template.as_ref();
    let properties = found.and_then(|id| template?.properties(id)).filter(|node| Call::of(node).is_none());
    let Some((id, properties)) = found.zip(properties) else { return };
    if !is_true(properties.get(switch)) {
        return;
    }
    let there = |name: &str| Given::of(parameters, name).is_there();
    let by_content = properties.get("ContentBasedDeduplication");
    let lacks_id = !there("MessageDeduplicationId") && by_content.is_none_or(|node| node.kind == Kind::Bool(false));
    for (name, lacks) in [("MessageGroupId", !there("MessageGroupId")), ("MessageDeduplicationId", lacks_id)] {
        if lacks {
            let message = format!("`{id}` is FIFO, and this message has no `{name}`: the call fails each time");
            findings.add(machine.place(&task.pointer, parameters), message);
        }
    }
}

fn is_true(node: Option<&Node>) -> bool {
    node.is_some_and(|node| node.kind == Kind::Bool(true) || node.as_str() == Some("true"))
}
