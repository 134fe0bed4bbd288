//! Rules, their patterns, and the events that these wait for.

mod pattern;

use crate::lint::Rule;

pub(super) const RULES: &[&Rule] = &[&pattern::RULE];
