use serde::Serialize;

use crate::stack::{Deferred, Handle, Tag, Value};

/// [`AWS::Logs::LogGroup`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LogGroup {
    /// The ARN of the key that encrypts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<Value>,
    /// The name of the log group.
    pub log_group_name: Value,
    /// For how many days events are kept: without it, for ever.
    pub retention_in_days: Deferred<u32>,
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
}

impl Handle<LogGroup> {
    /// `!GetAtt` of the ARN, with the `:*` at its end that means the streams in the group, as Step Functions wants it.
    pub fn arn(&self) -> Value {
        self.attribute("Arn")
    }
}
