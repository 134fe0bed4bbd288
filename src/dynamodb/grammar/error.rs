use thiserror::Error;

use super::ExpressionKind;
use crate::source::Span;

/// Why a text is no expression: said as DynamoDB says it, where its words are known.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("Invalid {}: {fault}", kind.parameter())]
pub struct ExpressionError {
    /// The kind of expression that it was to be.
    pub kind: ExpressionKind,
    /// What is wrong.
    pub fault: ExpressionFault,
    /// Where, in the expression's text.
    pub span: Span,
}

/// What can be wrong with an expression by itself.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ExpressionFault {
    /// There is nothing in it.
    #[error("The expression can not be empty;")]
    Empty,
    /// It is longer than [`MAX_BYTES`](super::MAX_BYTES).
    #[error("Expression size has exceeded the maximum allowed size; expression size: {0}")]
    TooLong(usize),
    /// It is nested deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    #[error("The expression is nested more than {0} deep")]
    TooDeep(usize),
    /// It has more operators than [`MAX_OPERATORS`](super::MAX_OPERATORS).
    #[error("The expression contains too many operators; operator count: {0}")]
    TooManyOperators(usize),
    /// A token is not what the grammar has there.
    #[error("Syntax error; token: {}, near: \"{near}\"", if token.is_empty() { "<EOF>".to_owned() } else { format!("\"{token}\"") })]
    Syntax {
        /// The token; empty at the end of the text.
        token: String,
        /// The tokens around it.
        near: String,
        /// What the grammar has there.
        expected: &'static str,
    },
    /// A clause of an update comes again.
    #[error("The \"{0}\" section can only be used once in an update expression;")]
    SectionTwice(&'static str),
    /// No function has this name. Their names are in small letters.
    #[error("Invalid function name; function: {0}")]
    UnknownFunction(String),
    /// A function of one kind of expression stands in another.
    #[error("The function is not allowed in {place}; function: {function}")]
    FunctionNotAllowed {
        /// The function.
        function: String,
        /// Where it stands.
        place: &'static str,
    },
    /// A function has too many or too few operands.
    #[error(
        "Incorrect number of operands for operator or function; operator or function: {function}, number of operands: {given}"
    )]
    OperandCount {
        /// The operator or function.
        function: String,
        /// How many it was given.
        given: usize,
    },
    /// A function that tests an attribute was given something else.
    #[error("Operator or function requires a document path; operator or function: {0}")]
    NeedsPath(String),
    /// Parentheses directly around parentheses.
    #[error("The expression has redundant parentheses;")]
    RedundantParentheses,
    /// Both sides of an operator are one path.
    #[error(
        "The first operand must be distinct from the remaining operands for this operator or function; operator: {operator}, first operand: {operand}"
    )]
    SameOperands {
        /// The operator.
        operator: String,
        /// The path, as DynamoDB writes it.
        operand: String,
    },
    /// A path has more levels than [`MAX_PATH_DEPTH`](super::MAX_PATH_DEPTH).
    #[error("The document path has too many nesting elements; nesting levels: {0}")]
    PathTooDeep(usize),
    /// An index is too large.
    #[error("List index is not within the allowable range; index: [{0}]")]
    Index(String),
    /// An operator that a key condition does not know.
    #[error("Invalid operator used in KeyConditionExpression: {0}")]
    KeyOperator(String),
    /// More than a key has.
    #[error("more conditions than the eight attributes that the key of an index can have")]
    TooManyKeyConditions,
    /// Two conditions on one attribute.
    #[error("KeyConditionExpressions must only contain one condition per key")]
    KeyTwice,
    /// A key is never within another attribute.
    #[error("KeyConditionExpressions cannot have conditions on nested attributes")]
    NestedKey,
}

impl ExpressionError {
    /// What the grammar has where the fault is, if the fault is one of grammar.
    pub fn expected(&self) -> Option<&'static str> {
        match self.fault {
            ExpressionFault::Syntax { expected, .. } => Some(expected),
            _ => None,
        }
    }
}
