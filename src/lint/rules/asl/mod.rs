//! The language of definitions, as AWS accepts it.

mod state_type;

use crate::lint::Rule;

pub(super) const RULES: &[&Rule] = &[&state_type::RULE];
