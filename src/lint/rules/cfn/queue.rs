use crate::aws::ResourceType;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedStack, LoadedTemplate};
use crate::source::{Kind, Node};

rule! {
    /// Dead-letter queue that SQS refuses
    ///
    /// # What it does
    /// Checks the `RedrivePolicy` of queues: `maxReceiveCount` is between 1 and 1,000, and the dead-letter queue of a FIFO queue is a FIFO
    /// queue, that of a standard queue a standard queue.
    ///
    /// Source: [dead-letter queues](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html).
    ///
    /// # Why is this bad
    /// SQS refuses the queue, and the deployment fails.
    ///
    /// # Example
    /// ```yaml
    /// Files:
    ///   Type: AWS::SQS::Queue
    ///   Properties: {FifoQueue: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt Lost.Arn, maxReceiveCount: 3}}
    /// Lost:
    ///   Type: AWS::SQS::Queue
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Files:
    ///   Type: AWS::SQS::Queue
    ///   Properties: {FifoQueue: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt Lost.Arn, maxReceiveCount: 3}}
    /// Lost:
    ///   Type: AWS::SQS::Queue
    ///   Properties: {FifoQueue: true}
    /// ```
    pub(super) static RULE: "CFN418", "redrive-policy", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    let Some(template) = stack.template.as_ref().filter(|template| !template.other_transforms) else { return };
    for (id, resource) in &template.resources {
        if ResourceType::of(&resource.resource_type) != Some(ResourceType::SqsQueue) {
            continue;
        }
        let policy = template.properties(id).and_then(|properties| properties.get("RedrivePolicy"));
        let Some(policy) = policy.filter(|policy| Call::of(policy).is_none()) else { continue };
        if let Some(count) = policy.get("maxReceiveCount")
            && let Kind::Integer(number) = count.kind
            && !(1..=1000).contains(&number)
        {
            let place = template.place(id, "/RedrivePolicy/maxReceiveCount", count);
            let message = format!("`maxReceiveCount` must be between 1 and 1,000, not {number}: SQS refuses the queue");
            findings.add(place, message);
        }
        let Some(target) = policy.get("deadLetterTargetArn") else { continue };
        let Some((other, _)) = Call::of(target).and_then(|call| call.attribute()) else { continue };
        if let (Some(fifo), Some(other_fifo)) = (is_fifo(template, id), is_fifo(template, other))
            && fifo != other_fifo
        {
            let kind = |fifo: bool| if fifo { "a FIFO queue" } else { "a standard queue" };
            let place = template.place(id, "/RedrivePolicy/deadLetterTargetArn", target);
            let message = format!(
                "`{id}` is {}, and its dead-letter queue `{other}` is {}: SQS refuses the queue",
                kind(fifo),
                kind(other_fifo)
            );
            findings.add(place, message);
        }
    }
}

/// Whether a queue of the template is FIFO, if the template says so itself.
fn is_fifo(template: &LoadedTemplate, id: &str) -> Option<bool> {
    let resource = template.resources.get(id)?;
    if ResourceType::of(&resource.resource_type) != Some(ResourceType::SqsQueue) {
        return None;
    }
    let Some(properties) = template.properties(id) else { return Some(false) };
    if Call::of(properties).is_some() {
        return None;
    }
    match properties.get("FifoQueue").map(|node: &Node| (&node.kind, node.as_str())) {
        None => Some(false),
        Some((Kind::Bool(fifo), _)) => Some(*fifo),
        Some((_, Some("true"))) => Some(true),
        Some((_, Some("false"))) => Some(false),
        Some(_) => None,
    }
}
