use serde::{Deserialize, Serialize};

use crate::dynamodb::{AttributeType, KeySchema};
use crate::name::{AttributeName, TableName};

/// [`AWS::DynamoDB::Table`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Table {
    attribute_definitions: Vec<AttributeDefinition>,
    billing_mode: BillingMode,
    key_schema: Vec<KeySchemaElement>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    table_name: Option<TableName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_to_live_specification: Option<TimeToLiveSpecification>,
}

/// When DynamoDB removes an item by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TimeToLiveSpecification {
    /// The attribute that holds the time: a number, in seconds since the epoch.
    pub attribute_name: AttributeName,
    /// Whether it does.
    pub enabled: bool,
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
            time_to_live_specification: None,
        }
    }

    /// The same table, in which an item goes when the time that it holds in `attribute` has passed.
    pub fn expiring_at(self, attribute: Option<AttributeName>) -> Self {
        let time_to_live_specification =
            attribute.map(|attribute_name| TimeToLiveSpecification { attribute_name, enabled: true });
        Self { time_to_live_specification, ..self }
    }
}
