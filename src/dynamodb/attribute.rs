use serde::Serialize;

/// The [type of an attribute](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html). A
/// [key](super::KeyAttribute) is a string or a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum AttributeType {
    /// String.
    S,
    /// Number.
    N,
    /// Map.
    M,
}

/// An [attribute's value](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html) and its type.
#[derive(Debug, Clone, PartialEq)]
pub enum AttributeValue<V> {
    /// A string.
    S(V),
    /// A number, which the API takes as a text.
    N(V),
    /// A map of attributes, by name. `V` gives the whole of it.
    M(V),
}

impl<V> AttributeValue<V> {
    /// The type as DynamoDB names it: `S`, `N`, `BOOL` and so on.
    pub fn attribute_type(&self) -> AttributeType {
        match self {
            Self::S(_) => AttributeType::S,
            Self::N(_) => AttributeType::N,
            Self::M(_) => AttributeType::M,
        }
    }

    /// The value without its type.
    pub fn value(&self) -> &V {
        match self {
            Self::S(value) | Self::N(value) | Self::M(value) => value,
        }
    }
}

impl AttributeType {
    /// As the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
            Self::M => "M",
        }
    }
}
