use serde::Serialize;

use super::Tag;
use crate::stack::{Handle, ResourcePolicy, Value};

/// [`AWS::KMS::Key`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html): a key of the
/// customer's own.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Key {
    /// What it is for.
    pub description: String,
    /// Whether KMS makes new key material every year.
    pub enable_key_rotation: bool,
    /// Who may do what with it.
    pub key_policy: ResourcePolicy,
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
}

/// A key that something is encrypted with: one of the stack's own, or one that was there before.
#[derive(Debug, Clone, PartialEq)]
pub struct EncryptionKey(Value);

impl EncryptionKey {
    /// A key that is there already, by its ARN.
    pub fn existing(arn: Value) -> Self {
        Self(arn)
    }

    /// The key's ARN.
    pub fn arn(&self) -> Value {
        self.0.clone()
    }
}

impl From<Handle<Key>> for EncryptionKey {
    fn from(key: Handle<Key>) -> Self {
        Self(key.attribute("Arn"))
    }
}
