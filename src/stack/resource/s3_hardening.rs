//! What can be set about a bucket's safety. Each type is named after CloudFormation's.

use serde::Serialize;

use crate::stack::{Deferred, ResourcePolicy, Value};

/// [`AWS::S3::BucketPolicy`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BucketPolicy {
    /// The bucket's name.
    pub bucket: Value,
    /// The policy.
    pub policy_document: ResourcePolicy,
}

/// How a bucket [encrypts](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html) what is put into it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BucketEncryption {
    server_side_encryption_configuration: Vec<ServerSideEncryptionRule>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ServerSideEncryptionRule {
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket_key_enabled: Option<bool>,
    server_side_encryption_by_default: ServerSideEncryptionByDefault,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct ServerSideEncryptionByDefault {
    #[serde(rename = "KMSMasterKeyID", default, skip_serializing_if = "Option::is_none")]
    kms_master_key_id: Option<Value>,
    #[serde(rename = "SSEAlgorithm")]
    sse_algorithm: String,
}

impl BucketEncryption {
    /// With keys of S3's own.
    pub fn sse_s3() -> Self {
        Self::rule(None, "AES256", None)
    }

    /// With a key of the customer's. A bucket key saves nearly all calls of KMS.
    pub fn sse_kms(key: Value) -> Self {
        Self::rule(Some(true), "aws:kms", Some(key))
    }

    fn rule(bucket_key_enabled: Option<bool>, sse_algorithm: &str, kms_master_key_id: Option<Value>) -> Self {
        let server_side_encryption_by_default =
            ServerSideEncryptionByDefault { kms_master_key_id, sse_algorithm: sse_algorithm.to_owned() };
        let rule = ServerSideEncryptionRule { bucket_key_enabled, server_side_encryption_by_default };
        Self { server_side_encryption_configuration: vec![rule] }
    }
}

/// What of a bucket can [never be public](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PublicAccessBlockConfiguration {
    block_public_acls: bool,
    block_public_policy: bool,
    ignore_public_acls: bool,
    restrict_public_buckets: bool,
}

impl PublicAccessBlockConfiguration {
    /// Nothing of it can.
    pub fn all() -> Self {
        Self {
            block_public_acls: true,
            block_public_policy: true,
            ignore_public_acls: true,
            restrict_public_buckets: true,
        }
    }
}

/// Where a bucket's [access logs](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html) go.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LoggingConfiguration {
    /// The bucket's name.
    pub destination_bucket_name: Value,
    /// What the keys of the logs begin with.
    pub log_file_prefix: String,
}

/// Who [owns](https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html) what is put into a bucket.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct OwnershipControls {
    rules: Vec<OwnershipControlsRule>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct OwnershipControlsRule {
    object_ownership: String,
}

impl OwnershipControls {
    /// The bucket's owner, always: there are no access control lists.
    pub fn enforced() -> Self {
        Self { rules: vec![OwnershipControlsRule { object_ownership: "BucketOwnerEnforced".to_owned() }] }
    }
}

/// What S3 [removes by itself](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LifecycleConfiguration {
    rules: Vec<LifecycleRule>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct LifecycleRule {
    #[serde(skip_serializing_if = "Option::is_none")]
    abort_incomplete_multipart_upload: Option<AbortIncompleteMultipartUpload>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_in_days: Option<Deferred<u32>>,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    noncurrent_version_expiration: Option<NoncurrentVersionExpiration>,
    status: RuleStatus,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AbortIncompleteMultipartUpload {
    days_after_initiation: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct NoncurrentVersionExpiration {
    noncurrent_days: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
enum RuleStatus {
    Enabled,
}

impl LifecycleConfiguration {
    /// The same, where the parts of uploads that were never completed go after this many days.
    pub fn abort_incomplete_uploads(self, days: u32) -> Self {
        let abort = AbortIncompleteMultipartUpload { days_after_initiation: days };
        self.with("AbortIncompleteUploads", |rule| rule.abort_incomplete_multipart_upload = Some(abort))
    }

    /// The same, where objects go after this many days.
    pub fn expire(self, days: Deferred<u32>) -> Self {
        self.with("Expire", |rule| rule.expiration_in_days = Some(days))
    }

    /// The same, where versions go this many days after a newer one came.
    pub fn expire_old_versions(self, days: u32) -> Self {
        let expiration = NoncurrentVersionExpiration { noncurrent_days: days };
        self.with("ExpireOldVersions", |rule| rule.noncurrent_version_expiration = Some(expiration))
    }

    fn with(mut self, id: &str, set: impl FnOnce(&mut LifecycleRule)) -> Self {
        let mut rule = LifecycleRule {
            abort_incomplete_multipart_upload: None,
            expiration_in_days: None,
            id: id.to_owned(),
            noncurrent_version_expiration: None,
            status: RuleStatus::Enabled,
        };
        set(&mut rule);
        self.rules.push(rule);
        self
    }

    /// Nothing, where there are no rules.
    pub fn if_any(self) -> Option<Self> {
        (!self.rules.is_empty()).then_some(self)
    }
}
