use indexmap::IndexMap;
use serde::Deserialize;

/// A type of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A mapping.
    Object,
    /// A list.
    Array,
}

/// What a value has to be. What is not said is allowed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Schema {
    /// The types that it may have; any, if there are none.
    #[serde(rename = "type")]
    pub kinds: Vec<Kind>,
    /// The schema of each property, by its name.
    pub properties: IndexMap<String, Schema>,
    /// Whether it has no other properties.
    pub closed: bool,
    /// The schema of each value of a mapping with keys of one's own.
    pub each: Option<Box<Schema>>,
    /// The properties that it must have.
    pub required: Vec<String>,
    /// The values that it may have.
    #[serde(rename = "enum")]
    pub values: Vec<serde_json::Value>,
    /// A regular expression that it matches.
    pub pattern: Option<String>,
    /// The least number of characters (`minLength`).
    pub min_length: Option<usize>,
    /// The greatest number of characters (`maxLength`).
    pub max_length: Option<usize>,
    /// The least number (`minimum`).
    pub minimum: Option<f64>,
    /// The greatest number (`maximum`).
    pub maximum: Option<f64>,
    /// The least number of items (`minItems`).
    pub min_items: Option<usize>,
    /// The greatest number of items (`maxItems`).
    pub max_items: Option<usize>,
    /// The schema of each item.
    pub items: Option<Box<Schema>>,
    /// Whether a value is taken as it is: CloudFormation converts `"5"` and 5 into each other, SAM does not.
    pub strict: bool,
    /// Whether a function is refused in its place.
    pub plain: bool,
    /// The schemas of `Properties`, by the text of `Type` beside them.
    pub by_type: IndexMap<String, Schema>,
}
