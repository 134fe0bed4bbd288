//! The resources of a template: one file a service, the types named after CloudFormation's. Properties are written in the order of
//! the documentation, which is the alphabet's.

mod api_gateway;
mod cloudwatch;
mod dynamodb;
mod http_api;
mod iam;
mod kms;
mod lambda;
mod logs;
mod s3;
mod s3_hardening;
mod sns;
mod sqs;
mod step_functions;
mod tag;

use serde::Serialize;

pub use api_gateway::{AccessLogSetting, Auth, MethodSetting, ServerlessApi, UsagePlan};
pub use cloudwatch::{Alarm, Dashboard, Dimension, Metric, Statistic};
pub use dynamodb::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    Table, TimeToLiveSpecification,
};
pub use http_api::{HttpApi, HttpApiAuth, JwtAuthorizer, RouteSettings};
pub use iam::{InlinePolicy, Policy, Role};
pub use kms::{EncryptionKey, Key};
pub use lambda::{Environment, FunctionEvent, FunctionLogging, HttpApiRoute, Permission, ServerlessFunction};
pub use logs::LogGroup;
pub use s3::{Bucket, EventBridgeConfiguration, NotificationConfiguration, VersioningConfiguration, VersioningStatus};
pub use s3_hardening::{
    BucketEncryption, BucketPolicy, LifecycleConfiguration, LoggingConfiguration, OwnershipControls,
    PublicAccessBlockConfiguration,
};
pub use sns::{Subscription, Topic, TopicPolicy};
pub use sqs::{Queue, QueuePolicy};
pub use step_functions::{
    CloudWatchLogsLogGroup, DeadLetterConfig, Event, EventBridgeRule, LogDestination, LogLevel, Logging, RetryPolicy,
    ServerlessStateMachine, Tracing,
};
pub use tag::Tag;

pub use crate::aws::states::WorkflowType;

/// A resource of a template: what it is, and what CloudFormation does with it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Resource {
    /// Its type and properties.
    #[serde(flatten)]
    pub kind: ResourceKind,
    /// What becomes of it when the stack is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_policy: Option<DeletionPolicy>,
    /// What becomes of it when an update replaces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_replace_policy: Option<DeletionPolicy>,
    /// What other tools are told about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// What other tools are told about a resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metadata {
    checkov: Checkov,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Checkov {
    skip: Vec<Skip>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Skip {
    id: String,
    comment: String,
}

impl Metadata {
    /// [Checkov](https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html) is to leave this check out, and why.
    pub fn skip(id: &str, comment: &str) -> Self {
        Self { checkov: Checkov { skip: Vec::new() } }.and_skip(id, comment)
    }

    /// The same, and another check.
    pub fn and_skip(mut self, id: &str, comment: &str) -> Self {
        self.checkov.skip.push(Skip { id: id.to_owned(), comment: comment.to_owned() });
        self
    }
}

/// What becomes of a resource that is no longer in its stack. See
/// [`DeletionPolicy`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum DeletionPolicy {
    /// It stays, with all that is in it.
    Retain,
}

/// A resource's type, and its properties.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "Type", content = "Properties")]
pub enum ResourceKind {
    /// A bucket.
    #[serde(rename = "AWS::S3::Bucket")]
    Bucket(Bucket),
    /// A table.
    #[serde(rename = "AWS::DynamoDB::Table")]
    Table(Table),
    /// An alarm.
    #[serde(rename = "AWS::CloudWatch::Alarm")]
    Alarm(Alarm),
    /// A dashboard.
    #[serde(rename = "AWS::CloudWatch::Dashboard")]
    Dashboard(Dashboard),
    /// A topic.
    #[serde(rename = "AWS::SNS::Topic")]
    Topic(Topic),
    /// Who may do what with topics.
    #[serde(rename = "AWS::SNS::TopicPolicy")]
    TopicPolicy(TopicPolicy),
    /// Who may do what with a bucket.
    #[serde(rename = "AWS::S3::BucketPolicy")]
    BucketPolicy(BucketPolicy),
    /// A key.
    #[serde(rename = "AWS::KMS::Key")]
    Key(Key),
    /// A log group.
    #[serde(rename = "AWS::Logs::LogGroup")]
    LogGroup(LogGroup),
    /// A queue.
    #[serde(rename = "AWS::SQS::Queue")]
    Queue(Queue),
    /// Who may do what with queues.
    #[serde(rename = "AWS::SQS::QueuePolicy")]
    QueuePolicy(QueuePolicy),
    /// A REST API.
    #[serde(rename = "AWS::Serverless::Api")]
    Api(ServerlessApi),
    /// An HTTP API.
    #[serde(rename = "AWS::Serverless::HttpApi")]
    HttpApi(HttpApi),
    /// A function and its role.
    #[serde(rename = "AWS::Serverless::Function")]
    Function(ServerlessFunction),
    /// Who may call a function.
    #[serde(rename = "AWS::Lambda::Permission")]
    Permission(Permission),
    /// A state machine, its role, and the rules that start it.
    #[serde(rename = "AWS::Serverless::StateMachine")]
    StateMachine(ServerlessStateMachine),
    /// A role.
    #[serde(rename = "AWS::IAM::Role")]
    Role(Role),
    /// What roles may do.
    #[serde(rename = "AWS::IAM::Policy")]
    Policy(Policy),
}

impl Resource {
    /// A resource that outlives its stack: one that holds what cannot be made again.
    pub fn retained(kind: impl Into<ResourceKind>) -> Self {
        let retain = Some(DeletionPolicy::Retain);
        Self { kind: kind.into(), deletion_policy: retain, update_replace_policy: retain, metadata: None }
    }
}

impl<K: Into<ResourceKind>> From<K> for Resource {
    fn from(kind: K) -> Self {
        Self { kind: kind.into(), deletion_policy: None, update_replace_policy: None, metadata: None }
    }
}

/// Each type of properties is one kind of resource.
macro_rules! resource_kinds {
    ($($kind:ident($properties:ty)),* $(,)?) => {$(
        impl From<$properties> for ResourceKind {
            fn from(properties: $properties) -> Self {
                Self::$kind(properties)
            }
        }
    )*};
}
resource_kinds!(
    Bucket(Bucket),
    Table(Table),
    Alarm(Alarm),
    Dashboard(Dashboard),
    Topic(Topic),
    TopicPolicy(TopicPolicy),
    BucketPolicy(BucketPolicy),
    Key(Key),
    LogGroup(LogGroup),
    Queue(Queue),
    QueuePolicy(QueuePolicy),
    StateMachine(ServerlessStateMachine),
    Role(Role),
    Policy(Policy),
    Api(ServerlessApi),
    HttpApi(HttpApi),
    Function(ServerlessFunction),
    Permission(Permission),
);
