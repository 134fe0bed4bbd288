//! Resources of a template, and how they refer to each other.

mod definition_uri;

use crate::lint::Rule;

pub(super) const RULES: &[&Rule] = &[&definition_uri::RULE];
