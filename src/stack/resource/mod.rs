//! The resources of a template: one file a service, the types named after CloudFormation's. Properties are written in the order of
//! the documentation, which is the alphabet's.

mod api_gateway;
mod dynamodb;
mod http_api;
mod iam;
mod lambda;
mod logs;
mod s3;
mod step_functions;

use serde::{Deserialize, Serialize};

pub use api_gateway::{AccessLogSetting, Auth, MethodSetting, ServerlessApi, UsagePlan};
pub use dynamodb::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    Table,
};
pub use http_api::{HttpApi, HttpApiAuth, RouteSettings};
pub use iam::{Policy, Principal, Role, TrustPolicy, TrustStatement};
pub use lambda::{Environment, FunctionEvent, HttpApiRoute, ServerlessFunction};
pub use logs::LogGroup;
pub use s3::{Bucket, EventBridgeConfiguration, NotificationConfiguration, VersioningConfiguration, VersioningStatus};
pub use step_functions::{Event, EventBridgeRule, ServerlessStateMachine, WorkflowType};

/// A resource of a template: what it is, and what CloudFormation does with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Resource {
    /// Its type and properties.
    #[serde(flatten)]
    pub kind: ResourceKind,
    /// What becomes of it when the stack is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion_policy: Option<DeletionPolicy>,
    /// What becomes of it when an update replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_replace_policy: Option<DeletionPolicy>,
}

/// What becomes of a resource that is no longer in its stack. See
/// [`DeletionPolicy`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeletionPolicy {
    /// It stays, with all that is in it.
    Retain,
}

/// A resource's type, and its properties.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "Type", content = "Properties")]
pub enum ResourceKind {
    /// A bucket.
    #[serde(rename = "AWS::S3::Bucket")]
    Bucket(Bucket),
    /// A table.
    #[serde(rename = "AWS::DynamoDB::Table")]
    Table(Table),
    /// A role.
    #[serde(rename = "AWS::IAM::Role")]
    Role(Role),
    /// A log group.
    #[serde(rename = "AWS::Logs::LogGroup")]
    LogGroup(LogGroup),
    /// A REST API.
    #[serde(rename = "AWS::Serverless::Api")]
    Api(ServerlessApi),
    /// An HTTP API.
    #[serde(rename = "AWS::Serverless::HttpApi")]
    HttpApi(HttpApi),
    /// A function and its role.
    #[serde(rename = "AWS::Serverless::Function")]
    Function(ServerlessFunction),
    /// A state machine, its role, and the rules that start it.
    #[serde(rename = "AWS::Serverless::StateMachine")]
    StateMachine(ServerlessStateMachine),
}

impl Resource {
    /// A resource that outlives its stack: one that holds what cannot be made again.
    pub fn retained(kind: impl Into<ResourceKind>) -> Self {
        let retain = Some(DeletionPolicy::Retain);
        Self { kind: kind.into(), deletion_policy: retain, update_replace_policy: retain }
    }
}

impl<K: Into<ResourceKind>> From<K> for Resource {
    fn from(kind: K) -> Self {
        Self { kind: kind.into(), deletion_policy: None, update_replace_policy: None }
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
    Role(Role),
    LogGroup(LogGroup),
    Api(ServerlessApi),
    HttpApi(HttpApi),
    Function(ServerlessFunction),
    StateMachine(ServerlessStateMachine),
);
