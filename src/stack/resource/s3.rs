use serde::{Deserialize, Serialize};

use crate::name::BucketName;

/// [`AWS::S3::Bucket`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Bucket {
    /// Its name; without one CloudFormation picks a free one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket_name: Option<BucketName>,
    /// Where its events go.
    pub notification_configuration: NotificationConfiguration,
    /// Whether it keeps the versions of its objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versioning_configuration: Option<VersioningConfiguration>,
}

/// Where a bucket's events go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct NotificationConfiguration {
    /// To EventBridge.
    pub event_bridge_configuration: EventBridgeConfiguration,
}

/// Whether a bucket sends its events to EventBridge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct EventBridgeConfiguration {
    /// It does.
    pub event_bridge_enabled: bool,
}

/// Whether a bucket keeps the versions of its objects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct VersioningConfiguration {
    /// Whether it does.
    pub status: VersioningStatus,
}

/// The state of a bucket's versioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum VersioningStatus {
    /// Versions are kept, and events carry their ids.
    Enabled,
}

impl Bucket {
    /// A bucket that sends its events to EventBridge.
    pub fn sending_events(name: Option<BucketName>, versioned: bool) -> Self {
        Self {
            bucket_name: name,
            notification_configuration: NotificationConfiguration {
                event_bridge_configuration: EventBridgeConfiguration { event_bridge_enabled: true },
            },
            versioning_configuration: versioned
                .then_some(VersioningConfiguration { status: VersioningStatus::Enabled }),
        }
    }
}
