use serde::Serialize;

pub use crate::aws::KeyType;
use crate::dynamodb::{AttributeType, KeyAttribute, KeySchema};
use crate::name::{AttributeName, IndexName, TableName};
use crate::stack::{Deferred, EncryptionKey, Handle, Tag, Value};

/// [`AWS::DynamoDB::Table`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Table {
    attribute_definitions: Vec<AttributeDefinition>,
    billing_mode: BillingMode,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_protection_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    global_secondary_indexes: Vec<GlobalSecondaryIndex>,
    key_schema: Vec<KeySchemaElement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    point_in_time_recovery_specification: Option<PointInTimeRecovery>,
    #[serde(rename = "SSESpecification", default, skip_serializing_if = "Option::is_none")]
    sse_specification: Option<SseSpecification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table_name: Option<Deferred<TableName>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_to_live_specification: Option<TimeToLiveSpecification>,
}

/// When DynamoDB removes an item by itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TimeToLiveSpecification {
    /// The attribute that holds the time: a number, in seconds since the epoch.
    pub attribute_name: AttributeName,
    /// Whether it does.
    pub enabled: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct PointInTimeRecovery {
    point_in_time_recovery_enabled: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct SseSpecification {
    #[serde(rename = "KMSMasterKeyId")]
    kms_master_key_id: Value,
    #[serde(rename = "SSEEnabled")]
    sse_enabled: bool,
    #[serde(rename = "SSEType")]
    sse_type: String,
}

/// A [global secondary index](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html): the same items under
/// another key, which need not be theirs alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GlobalSecondaryIndex {
    index_name: IndexName,
    key_schema: Vec<KeySchemaElement>,
    projection: Projection,
}

/// What an index holds of an item.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Projection {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    non_key_attributes: Vec<AttributeName>,
    projection_type: ProjectionType,
}

impl Projection {
    /// All attributes, so that a Query of the index needs nothing from the table.
    pub fn all() -> Self {
        Self { non_key_attributes: Vec::new(), projection_type: ProjectionType::All }
    }

    /// The keys of the index and of the table.
    pub fn keys_only() -> Self {
        Self { non_key_attributes: Vec::new(), projection_type: ProjectionType::KeysOnly }
    }

    /// The keys, and these attributes.
    pub fn include(attributes: Vec<AttributeName>) -> Self {
        Self { non_key_attributes: attributes, projection_type: ProjectionType::Include }
    }
}

/// Which attributes an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProjectionType {
    /// All of them, so that a Query of the index needs nothing from the table.
    All,
    /// The keys of the index and of the table.
    KeysOnly,
    /// The keys, and some others.
    Include,
}

/// A key attribute and its type.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AttributeDefinition {
    /// The attribute, which is part of the key of the table or of an index.
    pub attribute_name: AttributeName,
    /// The type of the attribute: `S`, `N` or `B`.
    pub attribute_type: AttributeType,
}

/// A key attribute and its part in the key.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeySchemaElement {
    /// The attribute that is this part of the key.
    pub attribute_name: AttributeName,
    /// Its part in the key.
    pub key_type: KeyType,
}

/// How a table's use is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BillingMode {
    /// By request; nothing to plan, nothing to pay while idle.
    PayPerRequest,
}

impl Table {
    /// A table with this key, paid by request. Its attribute definitions are those of the key, no more and no fewer.
    pub fn on_demand(name: Option<Deferred<TableName>>, key: &KeySchema) -> Self {
        Self {
            attribute_definitions: key.attributes().map(AttributeDefinition::of).collect(),
            billing_mode: BillingMode::PayPerRequest,
            deletion_protection_enabled: None,
            global_secondary_indexes: Vec::new(),
            key_schema: KeySchemaElement::of(key),
            point_in_time_recovery_specification: None,
            sse_specification: None,
            table_name: name,
            tags: Vec::new(),
            time_to_live_specification: None,
        }
    }

    /// The same table, in which an item goes when the time that it holds in `attribute` has passed.
    pub fn expiring_at(self, attribute: Option<AttributeName>) -> Self {
        let time_to_live_specification =
            attribute.map(|attribute_name| TimeToLiveSpecification { attribute_name, enabled: true });
        Self { time_to_live_specification, ..self }
    }

    /// The same, which DynamoDB [refuses to delete](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html#WorkingWithTables.Basics.DeletionProtection).
    pub fn protected_from_deletion(self) -> Self {
        Self { deletion_protection_enabled: Some(true), ..self }
    }

    /// The same, which can be set back to [any second](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery.html)
    /// of the last 35 days.
    pub fn recoverable(self) -> Self {
        let recovery = PointInTimeRecovery { point_in_time_recovery_enabled: true };
        Self { point_in_time_recovery_specification: Some(recovery), ..self }
    }

    /// The same, encrypted with a key of the customer's. Whoever uses the table then needs permissions for the key:
    /// [`PolicyDocument::with_key`](crate::stack::PolicyDocument::with_key).
    pub fn encrypted_with(self, key: &EncryptionKey) -> Self {
        let specification =
            SseSpecification { kms_master_key_id: key.arn(), sse_enabled: true, sse_type: "KMS".to_owned() };
        Self { sse_specification: Some(specification), ..self }
    }

    /// The same with these tags.
    pub fn tagged(self, tags: Vec<Tag>) -> Self {
        Self { tags, ..self }
    }

    /// The same, with an index. An attribute that both keys have is defined once.
    pub fn with_index(self, index_name: IndexName, key: &KeySchema) -> Self {
        self.with_index_of(index_name, key, Projection::all())
    }

    /// The same, with an index that holds a part of the items.
    pub fn with_index_of(mut self, index_name: IndexName, key: &KeySchema, projection: Projection) -> Self {
        for definition in key.attributes().map(AttributeDefinition::of) {
            if !self.attribute_definitions.contains(&definition) {
                self.attribute_definitions.push(definition);
            }
        }
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

impl Handle<Table> {
    /// `!GetAtt` of the table's ARN.
    pub fn arn(&self) -> Value {
        self.attribute("Arn")
    }
}
