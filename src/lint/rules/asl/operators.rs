//! The [operators of choice rules](https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html), and what they
//! compare with.

/// What an operator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compares {
    Text,
    Number,
    Boolean,
    Timestamp,
    Path,
    /// Other rules.
    Rules,
}

/// Every comparison operator, and what it compares.
pub(super) const OPERATORS: [(&str, Compares); 42] = [
    ("And", Compares::Rules),
    ("Or", Compares::Rules),
    ("Not", Compares::Rules),
    ("StringEquals", Compares::Text),
    ("StringEqualsPath", Compares::Path),
    ("StringLessThan", Compares::Text),
    ("StringLessThanPath", Compares::Path),
    ("StringGreaterThan", Compares::Text),
    ("StringGreaterThanPath", Compares::Path),
    ("StringLessThanEquals", Compares::Text),
    ("StringLessThanEqualsPath", Compares::Path),
    ("StringGreaterThanEquals", Compares::Text),
    ("StringGreaterThanEqualsPath", Compares::Path),
    ("StringMatches", Compares::Text),
    ("NumericEquals", Compares::Number),
    ("NumericEqualsPath", Compares::Path),
    ("NumericLessThan", Compares::Number),
    ("NumericLessThanPath", Compares::Path),
    ("NumericGreaterThan", Compares::Number),
    ("NumericGreaterThanPath", Compares::Path),
    ("NumericLessThanEquals", Compares::Number),
    ("NumericLessThanEqualsPath", Compares::Path),
    ("NumericGreaterThanEquals", Compares::Number),
    ("NumericGreaterThanEqualsPath", Compares::Path),
    ("BooleanEquals", Compares::Boolean),
    ("BooleanEqualsPath", Compares::Path),
    ("TimestampEquals", Compares::Timestamp),
    ("TimestampEqualsPath", Compares::Path),
    ("TimestampLessThan", Compares::Timestamp),
    ("TimestampLessThanPath", Compares::Path),
    ("TimestampGreaterThan", Compares::Timestamp),
    ("TimestampGreaterThanPath", Compares::Path),
    ("TimestampLessThanEquals", Compares::Timestamp),
    ("TimestampLessThanEqualsPath", Compares::Path),
    ("TimestampGreaterThanEquals", Compares::Timestamp),
    ("TimestampGreaterThanEqualsPath", Compares::Path),
    ("IsNull", Compares::Boolean),
    ("IsPresent", Compares::Boolean),
    ("IsNumeric", Compares::Boolean),
    ("IsString", Compares::Boolean),
    ("IsBoolean", Compares::Boolean),
    ("IsTimestamp", Compares::Boolean),
];

/// The names of the comparison operators.
pub(crate) fn operators() -> impl Iterator<Item = &'static str> {
    OPERATORS.iter().map(|(name, _)| *name)
}

/// What an operator takes, if it is one.
pub(super) fn operand(name: &str) -> Option<Compares> {
    OPERATORS.iter().find(|(operator, _)| *operator == name).map(|(_, compares)| *compares)
}
