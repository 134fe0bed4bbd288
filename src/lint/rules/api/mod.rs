//! Calls of services: which there are, and what they take.

mod api_integration;
mod copy_source;
mod error_prefix;
mod fifo_message;
mod parameters;
mod resource;
mod wrong_resource;

use crate::lint::LintRule;

pub(super) const RULES: &[&LintRule] = &[
    &resource::RULE,
    &parameters::MISSING,
    &parameters::UNKNOWN,
    &parameters::TYPE,
    &parameters::VALUE,
    &error_prefix::RULE,
    &copy_source::RULE,
    &wrong_resource::RULE,
    &fifo_message::RULE,
    &api_integration::RULE,
];
