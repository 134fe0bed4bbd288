use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// An [event pattern](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html): what an event must
/// look like for a rule to send it on. `V` is a text, or what a template can put in place of one.
///
/// An event matches if, for every field of the pattern, it has one of the values listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventPattern<V> {
    fields: IndexMap<String, PatternNode<V>>,
}

/// What a field of an event must be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PatternNode<V> {
    /// One of these values.
    OneOf(Vec<V>),
    /// An object whose fields match.
    Fields(IndexMap<String, PatternNode<V>>),
}

impl<V> PatternNode<V> {
    /// Exactly this value.
    pub fn equals(value: impl Into<V>) -> Self {
        Self::OneOf(vec![value.into()])
    }

    /// An object with this one field.
    pub fn field(name: &str, node: Self) -> Self {
        Self::Fields(IndexMap::from([(name.to_owned(), node)]))
    }
}

impl<V> EventPattern<V> {
    /// A pattern with these fields.
    pub fn new(fields: impl IntoIterator<Item = (&'static str, PatternNode<V>)>) -> Self {
        Self { fields: fields.into_iter().map(|(name, node)| (name.to_owned(), node)).collect() }
    }

    /// Its fields.
    pub fn fields(&self) -> &IndexMap<String, PatternNode<V>> {
        &self.fields
    }
}
