//! What is chosen about the safety of what a stack holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bounded::Bounded;
use crate::stack::Deferred;

/// A number of days.
pub type Days = Bounded<1, 3650>;

/// How a bucket encrypts what is put into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketEncryptionSpec {
    /// Whose keys it takes.
    #[serde(rename = "type")]
    pub kind: BucketEncryptionType,
}

/// Whose keys a bucket takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum BucketEncryptionType {
    /// S3's own.
    #[serde(rename = "SSE-S3")]
    S3,
    /// The stack's own key in KMS.
    #[serde(rename = "SSE-KMS")]
    Kms,
}

/// Whose keys encrypt, where the service's own are not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Encryption {
    /// The stack's own key in KMS.
    #[serde(rename = "KMS")]
    Kms,
}

/// Logs of every access to the bucket, in a bucket of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AccessLogsSpec {
    /// For how many days the logs are kept.
    pub retention_days: Deferred<Days>,
}

impl Default for AccessLogsSpec {
    fn default() -> Self {
        Self { retention_days: Bounded::known::<365>().into() }
    }
}

/// What the bucket removes by itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LifecycleSpec {
    /// After how many days the parts of an upload go that was never completed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = [7]))]
    pub abort_incomplete_uploads_days: Option<Days>,
    /// How many days after a newer version came an old one goes. Only a bucket with versions has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = [90]))]
    pub expire_old_versions_days: Option<Days>,
}
