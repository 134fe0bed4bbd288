//! Rules, their patterns, and the events that these wait for.

mod bucket_name;
mod bus;
mod event_loop;
mod never_matches;
mod pattern;
mod pipe_input;
mod schedule;
mod target_input;

use crate::lint::LintRule;

pub(super) const RULES: &[&LintRule] = &[
    &pattern::RULE,
    &never_matches::RULE,
    &bucket_name::RULE,
    &bus::RULE,
    &target_input::RULE,
    &event_loop::RULE,
    &schedule::RULE,
    &pipe_input::RULE,
];
