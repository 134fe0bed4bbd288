//! Calls of services: which there are, and what they take.

mod parameters;
mod resource;

use crate::lint::Rule;

pub(super) const RULES: &[&Rule] =
    &[&resource::RULE, &parameters::MISSING, &parameters::UNKNOWN, &parameters::TYPE, &parameters::VALUE];
