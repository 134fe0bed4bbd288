use thiserror::Error;

use crate::name::{AttributeName, IndexName};

/// Why an index cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IndexError {
    /// There are more of them than a table can have.
    #[error("a table has at most {max} indexes, and there are {count}")]
    TooMany {
        /// How many there are, that of the API among them.
        count: usize,
        /// How many there can be.
        max: usize,
    },
    /// Another index has the name.
    #[error("there are two indexes `{0}`")]
    Twice(IndexName),
    /// No record holds the attribute.
    #[error("records have no attribute `{0}`")]
    NoSuchAttribute(AttributeName),
    /// The attribute is a map.
    #[error("the attribute `{0}` is a map, and a key is a string or a number")]
    NoKey(AttributeName),
    /// Partition and sort key are the same attribute.
    #[error("`partition` and `sort` are the same attribute `{0}`")]
    SortedByPartition(AttributeName),
    /// A projection includes nothing, an attribute twice, or one that is in the index anyway.
    #[error("the projection includes {0}")]
    Projection(String),
}
