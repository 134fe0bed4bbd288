//! DynamoDB: expressions, what they refer to, and keys.

mod attribute_value;
mod computed;
mod expiry;
mod expression;
mod key;
mod key_condition;
mod key_size;
mod operand_type;
mod options;
mod paths;
mod placeholders;
mod request;
mod reserved_word;
mod return_values;

use crate::lint::LintRule;

pub(super) const RULES: &[&LintRule] = &[
    &expression::RULE,
    &placeholders::UNDECLARED,
    &placeholders::UNUSED,
    &reserved_word::RULE,
    &paths::OVERLAP,
    &operand_type::RULE,
    &key::RULE,
    &paths::KEY_UPDATE,
    &key_condition::RULE,
    &attribute_value::RULE,
    &return_values::RULE,
    &options::FILTER,
    &options::EXCLUSIVE,
    &expiry::RULE,
    &key_size::RULE,
];
