use serde::{Deserialize, Serialize};

use crate::dynamodb::{AttributeType, KeyAttribute, KeySchema};
use crate::name::{AttributeName, IndexName, TableName};

/// [`AWS::DynamoDB::Table`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Table {
    attribute_definitions: Vec<AttributeDefinition>,
    billing_mode: BillingMode,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    global_secondary_indexes: Vec<GlobalSecondaryIndex>,
    key_schema: Vec<KeySchemaElement>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    table_name: Option<TableName>,
}

/// A [global secondary index](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html): the same items under
/// another key, which need not be theirs alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct GlobalSecondaryIndex {
    index_name: IndexName,
    key_schema: Vec<KeySchemaElement>,
    projection: Projection,
}

/// What an index holds of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Projection {
    projection_type: ProjectionType,
}

/// Which attributes an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProjectionType {
    /// All of them, so that a Query of the index needs nothing from the table.
    All,
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
        Self {
            attribute_definitions: key.attributes().map(AttributeDefinition::of).collect(),
            billing_mode: BillingMode::PayPerRequest,
            global_secondary_indexes: Vec::new(),
            key_schema: KeySchemaElement::of(key),
            table_name: name,
        }
    }

    /// The same, with an index. An attribute that both keys have is defined once.
    pub fn with_index(mut self, index_name: IndexName, key: &KeySchema) -> Self {
        for definition in key.attributes().map(AttributeDefinition::of) {
            if !self.attribute_definitions.contains(&definition) {
                self.attribute_definitions.push(definition);
            }
        }
        let projection = Projection { projection_type: ProjectionType::All };
        let key_schema = KeySchemaElement::of(key);
        self.global_secondary_indexes.push(GlobalSecondaryIndex { index_name, key_schema, projection });
        self
    }
}

impl AttributeDefinition {
    fn of(attribute: &KeyAttribute) -> Self {
        Self { attribute_name: attribute.name.clone(), attribute_type: attribute.attribute_type }
    }
}

impl KeySchemaElement {
    fn of(key: &KeySchema) -> Vec<Self> {
        let types = [KeyType::Hash, KeyType::Range];
        let element =
            |(attribute, key_type): (&KeyAttribute, _)| Self { attribute_name: attribute.name.clone(), key_type };
        key.attributes().zip(types).map(element).collect()
    }
}
