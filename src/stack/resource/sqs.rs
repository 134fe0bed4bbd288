use serde::Serialize;

use crate::stack::{EncryptionKey, Handle, ResourcePolicy, Tag, Value};

/// [`AWS::SQS::Queue`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Queue {
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_master_key_id: Option<Value>,
    message_retention_period: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    sqs_managed_sse_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
}

/// [`AWS::SQS::QueuePolicy`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html):
/// who may do what with queues.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct QueuePolicy {
    /// The policy.
    pub policy_document: ResourcePolicy,
    /// The URLs of the queues.
    pub queues: Vec<Value>,
}

impl Queue {
    /// A queue that keeps messages for this many seconds, encrypted with a key of the customer's or, without one, with keys
    /// of SQS's own.
    pub fn encrypted(message_retention_period: u32, key: Option<&EncryptionKey>, tags: Vec<Tag>) -> Self {
        Self {
            kms_master_key_id: key.map(EncryptionKey::arn),
            message_retention_period,
            sqs_managed_sse_enabled: key.is_none().then_some(true),
            tags,
        }
    }
}

impl Handle<Queue> {
    /// `!GetAtt` of the queue's name.
    pub fn queue_name(&self) -> Value {
        self.attribute("QueueName")
    }

    /// `!GetAtt` of the queue's ARN. `!Ref` is its URL.
    pub fn arn(&self) -> Value {
        self.attribute("Arn")
    }
}
