use serde::{Deserialize, Serialize};

/// The [type of an attribute](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeDefinition.html)
/// that can be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttributeType {
    /// String.
    S,
    /// Number.
    N,
}

/// An [attribute's value](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html) and its type.
#[derive(Debug, Clone, PartialEq)]
pub enum AttributeValue<V> {
    /// A string.
    S(V),
    /// A number, which the API takes as a text.
    N(V),
}

impl<V> AttributeValue<V> {
    /// Its type.
    pub fn attribute_type(&self) -> AttributeType {
        match self {
            Self::S(_) => AttributeType::S,
            Self::N(_) => AttributeType::N,
        }
    }

    /// The value without its type.
    pub fn value(&self) -> &V {
        match self {
            Self::S(value) | Self::N(value) => value,
        }
    }
}

impl AttributeType {
    /// As the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
        }
    }
}
