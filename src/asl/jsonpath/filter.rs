use serde_json::Value;

use super::Step;

/// What a filter asks of a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Predicate {
    All(Vec<Predicate>),
    Any(Vec<Predicate>),
    Not(Box<Predicate>),
    /// An operand alone: a path that leads somewhere, or a literal that is not false.
    Holds(Operand),
    Compare(Operand, Operator, Operand),
}

/// Either side of a comparison in a filter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Literal(Value),
    /// `@...`: from the value that is filtered, or `$...`: from the whole.
    Path {
        from_root: bool,
        steps: Vec<Step>,
    },
    Pattern(Pattern),
}

/// A regular expression, as it was written and compiled.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    pub(super) source: String,
    pub(super) regex: regex::Regex,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// How two operands are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    /// `===`: without a conversion.
    Same,
    NotSame,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
    In,
    NotIn,
    Contains,
    SubsetOf,
    AnyOf,
    NoneOf,
    AllOf,
    Size,
    Empty,
    Type,
}

/// The operators, with those first that others begin with.
pub(super) const OPERATORS: [(&str, Operator); 19] = [
    ("===", Operator::Same),
    ("!==", Operator::NotSame),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("=~", Operator::Matches),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("in", Operator::In),
    ("nin", Operator::NotIn),
    ("contains", Operator::Contains),
    ("subsetof", Operator::SubsetOf),
    ("anyof", Operator::AnyOf),
    ("noneof", Operator::NoneOf),
    ("all", Operator::AllOf),
    ("size", Operator::Size),
    ("empty", Operator::Empty),
    ("type", Operator::Type),
];
