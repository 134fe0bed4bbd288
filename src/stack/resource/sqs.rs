use serde::{Deserialize, Serialize};

use crate::stack::{Handle, ResourcePolicy, Value};

/// [`AWS::SQS::Queue`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Queue {
    message_retention_period: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sqs_managed_sse_enabled: Option<bool>,
}

/// [`AWS::SQS::QueuePolicy`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html):
/// who may do what with queues.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct QueuePolicy {
    /// The policy.
    pub policy_document: ResourcePolicy,
    /// The URLs of the queues.
    pub queues: Vec<Value>,
}

impl Queue {
    /// A queue that SQS encrypts with keys of its own, and that keeps messages for this many seconds.
    pub fn encrypted(message_retention_period: u32) -> Self {
        Self { message_retention_period, sqs_managed_sse_enabled: Some(true) }
    }
}

impl Handle<Queue> {
    /// `!GetAtt` of the queue's ARN. `!Ref` is its URL.
    pub fn arn(&self) -> Value {
        self.attribute("Arn")
    }
}
