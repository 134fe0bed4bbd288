//! What a state machine's role may do, against what its workflow does.

mod missing;
mod trust;
mod unused;
mod wildcard;

use crate::lint::Rule;

pub(super) const RULES: &[&Rule] = &[&missing::RULE, &unused::RULE, &wildcard::RULE, &trust::RULE];
