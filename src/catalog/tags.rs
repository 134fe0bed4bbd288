//! The tags that a spec gives whatever takes tags.

use indexmap::IndexMap;

use crate::spec::Spec;
use crate::stack::{Tag, Value};

/// The tags of everything that takes a list of them.
pub(super) fn listed(spec: &Spec) -> Vec<Tag> {
    spec.tags.iter().map(|(key, value)| Tag { key: key.to_string(), value: value.text() }).collect()
}

/// The same for what SAM lets take a mapping: state machines, functions and APIs.
pub(super) fn mapped(spec: &Spec) -> IndexMap<String, Value> {
    listed(spec).into_iter().map(|tag| (tag.key, tag.value)).collect()
}
