//! Rules, their patterns, and the events that these wait for.

mod bucket_name;
mod never_matches;
mod pattern;

use crate::lint::Rule;

pub(super) const RULES: &[&Rule] = &[&pattern::RULE, &never_matches::RULE, &bucket_name::RULE];
