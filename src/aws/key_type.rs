use serde::Serialize;

/// An attribute's part in the key of a table or an index: the
/// [`KeyType`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_KeySchemaElement.html) of DynamoDB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum KeyType {
    /// The partition key.
    Hash,
    /// The sort key.
    Range,
}

impl KeyType {
    /// How templates and requests spell them.
    pub const WORDS: [&str; 2] = ["HASH", "RANGE"];

    /// The part that a template names so; `None` for any other text.
    pub fn of(text: &str) -> Option<Self> {
        match text {
            "HASH" => Some(Self::Hash),
            "RANGE" => Some(Self::Range),
            _ => None,
        }
    }

    /// The most bytes that the attribute of an item may have: the
    /// [quotas](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys) of DynamoDB.
    pub fn most_bytes(self) -> usize {
        match self {
            Self::Hash => 2048,
            Self::Range => 1024,
        }
    }
}
