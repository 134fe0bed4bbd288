use indexmap::IndexMap;
use serde::Serialize;

/// What a JSON value looks like: a [schema object](https://spec.openapis.org/oas/v3.0.3.html#schema-object).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Schema {
    #[serde(rename = "$ref", skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<SchemaType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<u32>,
    #[serde(rename = "default", skip_serializing_if = "Option::is_none")]
    default_value: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    properties: IndexMap<String, Schema>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required: Vec<String>,
}

/// The type of a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SchemaType {
    /// Elements.
    Array,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Fields.
    Object,
    /// A text.
    String,
}

impl Schema {
    /// A value of a type.
    pub fn of(kind: SchemaType) -> Self {
        Self { kind: Some(kind), ..Self::default() }
    }

    /// A whole number within bounds, and what holds where none is given.
    pub fn integer(minimum: u32, maximum: u32, default_value: u32) -> Self {
        let (minimum, maximum, default_value) = (Some(minimum), Some(maximum), Some(default_value));
        Self { minimum, maximum, default_value, ..Self::of(SchemaType::Integer) }
    }

    /// A schema among the document's components.
    pub fn component(name: &str) -> Self {
        Self { reference: Some(format!("#/components/schemas/{name}")), ..Self::default() }
    }

    /// A list of these.
    pub fn array(items: Self) -> Self {
        Self { items: Some(Box::new(items)), ..Self::of(SchemaType::Array) }
    }

    /// Fields, of which some are always there.
    pub fn object(properties: IndexMap<String, Self>, required: &[&str]) -> Self {
        let required = required.iter().map(|name| (*name).to_owned()).collect();
        Self { properties, required, ..Self::of(SchemaType::Object) }
    }

    /// The same, with a description.
    pub fn described(self, description: &str) -> Self {
        Self { description: Some(description.to_owned()), ..self }
    }
}
