//! The words that the policies of roles and of resources have in common.

use serde::Serialize;

/// The version of the policy language.
pub(super) const VERSION: &str = "2012-10-17";

/// Whether a statement allows or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever allows it elsewhere.
    Deny,
}

/// How a condition [compares](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Operator {
    /// The same ARN.
    ArnEquals,
    /// An ARN of this form, with `*` and `?`.
    ArnLike,
    /// `true` or `false`.
    Bool,
    /// The same text.
    StringEquals,
}
