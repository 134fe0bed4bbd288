use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{PolicyDocument, Value};
use crate::dynamodb::{AttributeType, KeySchema};
use crate::eventbridge::EventPattern;
use crate::name::{AttributeName, BucketName, StateMachineName, TableName};

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

/// [`AWS::DynamoDB::Table`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Table {
    attribute_definitions: Vec<AttributeDefinition>,
    billing_mode: BillingMode,
    key_schema: Vec<KeySchemaElement>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    table_name: Option<TableName>,
}

/// A key attribute and its type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct AttributeDefinition {
    /// Its name.
    pub attribute_name: AttributeName,
    /// Its type.
    pub attribute_type: AttributeType,
}

/// A key attribute and its part in the key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct KeySchemaElement {
    /// Its name.
    pub attribute_name: AttributeName,
    /// Its part in the key.
    pub key_type: KeyType,
}

/// An attribute's part in a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum KeyType {
    /// The partition key.
    Hash,
    /// The sort key.
    Range,
}

/// How a table's use is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BillingMode {
    /// By request; nothing to plan, nothing to pay while idle.
    PayPerRequest,
}

impl Table {
    /// A table with this key, paid by request. Its attribute definitions are those of the key, no more and no fewer.
    pub fn on_demand(name: Option<TableName>, key: &KeySchema) -> Self {
        let types = [KeyType::Hash, KeyType::Range];
        Self {
            attribute_definitions: key
                .attributes()
                .map(|attribute| AttributeDefinition {
                    attribute_name: attribute.name.clone(),
                    attribute_type: attribute.attribute_type,
                })
                .collect(),
            billing_mode: BillingMode::PayPerRequest,
            key_schema: key
                .attributes()
                .zip(types)
                .map(|(attribute, key_type)| KeySchemaElement { attribute_name: attribute.name.clone(), key_type })
                .collect(),
            table_name: name,
        }
    }
}

/// [`AWS::Serverless::StateMachine`](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ServerlessStateMachine {
    /// What is put in place of each `${Name}` of the definition.
    pub definition_substitutions: IndexMap<String, Value>,
    /// Where the definition is, from the template.
    pub definition_uri: String,
    /// What starts it.
    pub events: IndexMap<String, Event>,
    /// Its name; without one CloudFormation makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<StateMachineName>,
    /// What its role may do.
    pub policies: Vec<PolicyDocument>,
    /// Which kind of workflow it is.
    #[serde(rename = "Type")]
    pub workflow_type: WorkflowType,
}

/// The two [kinds of workflow](https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "UPPERCASE")]
#[value(rename_all = "UPPER")]
pub enum WorkflowType {
    /// Every execution is kept for 90 days, to be looked at; paid by state transition.
    #[default]
    Standard,
    /// Executions are only seen in logs; paid by request and duration, a small part of the price.
    Express,
}

/// What starts a state machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "Type", content = "Properties", deny_unknown_fields)]
pub enum Event {
    /// Events that match a pattern.
    EventBridgeRule(EventBridgeRule),
}

/// An [EventBridge rule](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-statemachine-statemachineeventbridgerule.html)
/// that starts the state machine it belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct EventBridgeRule {
    /// The events that start it.
    pub pattern: EventPattern<Value>,
}
