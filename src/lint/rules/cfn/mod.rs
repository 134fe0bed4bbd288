//! Resources of a template, and how they refer to each other.

mod arn;
mod bucket_events;
mod circle;
mod condition;
mod definition_uri;
mod form;
mod key_schema;
mod known_type;
mod log_group;
mod parameter;
mod placeholder;
mod properties;
mod queue;
mod reference;
mod sam;
mod substitution_given;
mod substitution_used;
mod table;

use crate::lint::LintRule;

pub(super) const RULES: &[&LintRule] = &[
    &definition_uri::RULE,
    &substitution_given::RULE,
    &substitution_used::RULE,
    &reference::RULE,
    &key_schema::RULE,
    &bucket_events::RULE,
    &placeholder::RULE,
    &properties::RULE,
    &sam::RULE,
    &circle::RULE,
    &table::RULE,
    &log_group::RULE,
    &form::RULE,
    &condition::RULE,
    &parameter::RULE,
    &known_type::RULE,
    &arn::RULE,
    &queue::RULE,
];
