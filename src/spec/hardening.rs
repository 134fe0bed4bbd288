//! What is chosen about the safety of what a stack holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bounded::Bounded;
use crate::stack::Deferred;

/// A number of days.
pub type Days = Bounded<1, 3650>;

/// How a bucket encrypts its objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketEncryptionSpec {
    /// Which keys it uses.
    #[serde(rename = "type")]
    pub kind: BucketEncryptionType,
}

/// Which keys a bucket uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum BucketEncryptionType {
    /// S3's own keys.
    #[serde(rename = "SSE-S3")]
    S3,
    /// The stack's own key in KMS.
    #[serde(rename = "SSE-KMS")]
    Kms,
}

/// Which key encrypts, if not the service's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Encryption {
    /// The stack's own key in KMS.
    #[serde(rename = "KMS")]
    Kms,
}

/// Logs of every access to the bucket, in a separate bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AccessLogsSpec {
    /// How many days the logs are kept.
    pub retention_days: Deferred<Days>,
}

impl Default for AccessLogsSpec {
    fn default() -> Self {
        Self { retention_days: Bounded::known::<365>().into() }
    }
}

/// What the bucket deletes automatically.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LifecycleSpec {
    /// After how many days the parts of an incomplete upload are deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = [7]))]
    pub abort_incomplete_uploads_days: Option<Days>,
    /// After how many days an old version is deleted, counted from the newer one. Only versioned buckets have old versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = [90]))]
    pub expire_old_versions_days: Option<Days>,
}
