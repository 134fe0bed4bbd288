//! What the tests of several files share.

use super::{KeyAttribute, KeySchema, Parameter};
use crate::name::AttributeName;

pub(super) fn name(text: &str) -> AttributeName {
    AttributeName::parse(text).unwrap()
}

/// A table that is keyed on `name`.
pub(super) fn schema() -> KeySchema {
    KeySchema::hash(KeyAttribute::string(name("name")))
}

/// The text of a parameter.
pub(super) fn text<'a, V>(parameters: &'a [(&'static str, Parameter<V>)], key: &str) -> &'a str {
    match parameters.iter().find(|(name, _)| *name == key) {
        Some((_, Parameter::Text(text))) => text,
        _ => panic!("no text {key}"),
    }
}
