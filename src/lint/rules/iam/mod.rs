//! What a state machine's role may do, against what its workflow does.

mod glob;
mod granted;
mod managed;
mod missing;
mod needed;
pub(in crate::lint) mod permissions;
mod sam;
mod trust;
mod unused;
mod wildcard;

use crate::lint::Rule;

pub(super) const RULES: &[&Rule] = &[&missing::RULE, &unused::RULE, &wildcard::RULE, &trust::RULE];
