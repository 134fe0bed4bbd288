//! Calls of services: which there are, and what they take.

mod error_prefix;
mod parameters;
mod resource;

use crate::lint::Rule;

pub(super) const RULES: &[&Rule] = &[
    &resource::RULE,
    &parameters::MISSING,
    &parameters::UNKNOWN,
    &parameters::TYPE,
    &parameters::VALUE,
    &error_prefix::RULE,
];
