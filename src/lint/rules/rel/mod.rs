//! What goes wrong now and then: calls that fail for a moment, events that come twice, executions that overlap.

mod access;
mod check_then_act;
mod dead_letters;
mod delivery;
mod express_logs;
mod no_timeout;
mod repeated_message;
mod repeated_write;
mod retry;
mod task_without_retry;
mod throttling;

use crate::lint::LintRule;

pub(super) const RULES: &[&LintRule] = &[
    &task_without_retry::RULE,
    &throttling::RULE,
    &repeated_write::RULE,
    &repeated_message::RULE,
    &check_then_act::RULE,
    &no_timeout::RULE,
    &dead_letters::RULE,
    &express_logs::RULE,
];
