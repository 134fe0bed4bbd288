//! What a state machine's role may do, against what its workflow does.

mod api_role;
mod grants;
mod missing;
mod policy_document;
mod rule_role;
mod service_access;
mod trust;
mod unused;
mod wildcard;

use crate::lint::LintRule;

pub(super) const RULES: &[&LintRule] = &[
    &missing::RULE,
    &unused::RULE,
    &wildcard::RULE,
    &trust::RULE,
    &rule_role::RULE,
    &service_access::RULE,
    &api_role::RULE,
    &policy_document::RULE,
];
