use serde::Serialize;

use super::{
    BucketEncryption, LifecycleConfiguration, LoggingConfiguration, OwnershipControls, PublicAccessBlockConfiguration,
    Tag,
};
use crate::name::BucketName;
use crate::stack::{Deferred, Handle, Value};

/// [`AWS::S3::Bucket`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Bucket {
    /// How it encrypts what is put into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket_encryption: Option<BucketEncryption>,
    /// Its name; without one CloudFormation picks a free one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket_name: Option<Deferred<BucketName>>,
    /// What S3 removes by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifecycle_configuration: Option<LifecycleConfiguration>,
    /// Where its access logs go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logging_configuration: Option<LoggingConfiguration>,
    /// Where its events go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_configuration: Option<NotificationConfiguration>,
    /// Who owns its objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ownership_controls: Option<OwnershipControls>,
    /// What of it can never be public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_access_block_configuration: Option<PublicAccessBlockConfiguration>,
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Whether it keeps the versions of its objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versioning_configuration: Option<VersioningConfiguration>,
}

/// Where a bucket's events go.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NotificationConfiguration {
    /// To EventBridge.
    pub event_bridge_configuration: EventBridgeConfiguration,
}

/// Whether a bucket sends its events to EventBridge.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EventBridgeConfiguration {
    /// It does.
    pub event_bridge_enabled: bool,
}

/// Whether a bucket keeps the versions of its objects.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct VersioningConfiguration {
    /// Whether it does.
    pub status: VersioningStatus,
}

/// The state of a bucket's versioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum VersioningStatus {
    /// Versions are kept, and events carry their ids.
    Enabled,
}

impl Bucket {
    /// A bucket that sends its events to EventBridge.
    pub fn sending_events(name: Option<Deferred<BucketName>>, versioned: bool) -> Self {
        Self {
            bucket_name: name,
            notification_configuration: Some(NotificationConfiguration {
                event_bridge_configuration: EventBridgeConfiguration { event_bridge_enabled: true },
            }),
            versioning_configuration: versioned
                .then_some(VersioningConfiguration { status: VersioningStatus::Enabled }),
            ..Self::default()
        }
    }
}

impl Handle<Bucket> {
    /// `!GetAtt` of the bucket's ARN.
    pub fn arn(&self) -> Value {
        self.attribute("Arn")
    }
}
