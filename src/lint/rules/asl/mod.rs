//! The language of definitions, as AWS accepts it.

mod assign_name;
mod bare_names;
mod choice_next;
mod choice_operator;
mod choice_value;
mod context;
mod credentials;
mod distributed;
mod dollar_key;
mod duplicate_key;
mod error_name;
mod exclusive;
mod express;
mod intrinsic;
mod invalid_json;
mod jsonata;
mod jsonata_name;
mod label;
pub(crate) mod lexer;
mod machine;
mod missing_field;
mod next_or_end;
mod no_end;
pub(crate) mod operators;
mod pass_result;
mod path;
mod paths;
mod query_language;
mod range;
mod resource;
mod result_path;
mod size;
mod state_name;
mod state_type;
mod states_all;
mod target;
mod task_token;
mod templates;
mod timestamp;
mod transitions;
mod unknown_field;
mod unreachable;
mod variable;
mod wrong_type;

use crate::lint::LintRule;

pub(super) const RULES: &[&LintRule] = &[
    &invalid_json::RULE,
    &duplicate_key::RULE,
    &machine::RULE,
    &state_type::RULE,
    &unknown_field::RULE,
    &query_language::RULE,
    &missing_field::RULE,
    &wrong_type::RULE,
    &range::RULE,
    &target::RULE,
    &unreachable::RULE,
    &no_end::RULE,
    &next_or_end::RULE,
    &state_name::RULE,
    &exclusive::RULE,
    &states_all::RULE,
    &error_name::RULE,
    &express::RULE,
    &path::RULE,
    &result_path::RULE,
    &intrinsic::RULE,
    &context::RULE,
    &choice_operator::RULE,
    &choice_value::RULE,
    &choice_next::RULE,
    &timestamp::RULE,
    &distributed::RULE,
    &jsonata::RULE,
    &jsonata_name::RULE,
    &size::RULE,
    &resource::RULE,
    &dollar_key::RULE,
    &pass_result::RULE,
    &assign_name::RULE,
    &label::RULE,
    &task_token::RULE,
    &variable::RULE,
    &credentials::RULE,
];
