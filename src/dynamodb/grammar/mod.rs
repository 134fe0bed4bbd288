//! The [expression languages](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html) of DynamoDB, as
//! texts: parsed with the place of every fault, and checked against what a request declares.
//!
//! [`parse`] reads a parameter's text into an [`Expression`]; each part of it knows its [`Span`](crate::source::Span) in the text,
//! and what the expression refers to is gathered on the way ([`References`]). The checks are pure functions: [`declarations`] for
//! `#names` and `:values`, [`reserved_words`], [`overlaps`] and [`key_updates`] for updates, [`KeyCondition::check`]
//! against a key, [`operand_types()`] against the values that a request gives.
//!
//! ```
//! use bucketbook::dynamodb::grammar::{ExpressionKind, parse};
//! let error = parse(ExpressionKind::Update, "set lastModified : lastModified").unwrap_err();
//! assert_eq!(error.to_string(), "Invalid UpdateExpression: Syntax error; token: \":\", near: \"lastModified : lastModified\"");
//! assert_eq!(error.expected(), Some("`=` and the value"));
//! assert_eq!(error.span.start, 17);
//! ```

mod ast;
mod condition;
mod cursor;
mod error;
mod key_condition;
mod lexer;
mod operand_types;
mod references;
mod update;
mod value_type;

pub use ast::{
    Assignment, Clause, Comparator, ConditionExpression, DocumentPath, Element, Operand, Predicate, SetOperand,
    SetValue, Test, UpdateExpression, ValueRef,
};
pub use error::{ExpressionError, ExpressionFault};
pub use key_condition::{KeyCondition, KeyConditionFault, KeyTerm};
pub use operand_types::{TypeFault, operand_types};
pub use references::{
    Declarations, Overlap, Reference, References, Undeclared, declarations, key_updates, overlaps, reserved_words,
};
pub use value_type::ValueType;

use cursor::Cursor;

/// How long an expression may be, in bytes.
pub const MAX_BYTES: usize = 4096;
/// How many operators and functions an expression may have.
pub const MAX_OPERATORS: usize = 300;
/// How deep parentheses, `NOT` and functions may be nested here: deeper than anybody writes, and safe for any stack.
pub const MAX_DEPTH: usize = 64;
/// How many levels a document path may have.
pub const MAX_PATH_DEPTH: usize = 32;
/// How many operands `IN` may have.
pub const MAX_IN: usize = 100;

/// The kinds of expression, which are also the parameters that hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExpressionKind {
    /// What the item that a write meets must be.
    Condition,
    /// Which of the items found are given back.
    Filter,
    /// Which keys a Query finds.
    KeyCondition,
    /// Which attributes are given back.
    Projection,
    /// What an update does.
    Update,
}

impl ExpressionKind {
    /// All kinds of expressions.
    pub const ALL: [Self; 5] = [Self::Condition, Self::Filter, Self::KeyCondition, Self::Projection, Self::Update];

    /// The request's parameter: `UpdateExpression`.
    pub fn parameter(self) -> &'static str {
        match self {
            Self::Condition => "ConditionExpression",
            Self::Filter => "FilterExpression",
            Self::KeyCondition => "KeyConditionExpression",
            Self::Projection => "ProjectionExpression",
            Self::Update => "UpdateExpression",
        }
    }
}

/// An expression of any kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A condition or a filter.
    Condition(ConditionExpression),
    /// A key condition.
    KeyCondition(KeyCondition),
    /// A projection: its paths, and what they refer to.
    Projection(Vec<DocumentPath>, References),
    /// An update.
    Update(UpdateExpression),
}

impl Expression {
    /// What it refers to.
    pub fn references(&self) -> &References {
        match self {
            Self::Condition(condition) => &condition.references,
            Self::KeyCondition(condition) => &condition.references,
            Self::Projection(_, references) => references,
            Self::Update(update) => &update.references,
        }
    }
}

/// Reads an expression.
///
/// # Errors
/// DynamoDB would refuse it, whatever the request's names and values are.
pub fn parse(kind: ExpressionKind, text: &str) -> Result<Expression, ExpressionError> {
    let mut cursor = Cursor::new(kind, text)?;
    let expression = match kind {
        ExpressionKind::Condition | ExpressionKind::Filter => {
            let predicate = condition::predicate(&mut cursor)?;
            Expression::Condition(ConditionExpression { predicate, references: cursor.finish()? })
        }
        ExpressionKind::KeyCondition => {
            let predicate = condition::predicate(&mut cursor)?;
            let references = cursor.finish()?;
            Expression::KeyCondition(key_condition::from_predicate(predicate, references)?)
        }
        ExpressionKind::Projection => {
            let mut paths = vec![cursor.path()?];
            while cursor.take(",") {
                paths.push(cursor.path()?);
            }
            Expression::Projection(paths, cursor.finish()?)
        }
        ExpressionKind::Update => {
            let clauses = update::clauses(&mut cursor)?;
            Expression::Update(UpdateExpression { clauses, references: cursor.finish()? })
        }
    };
    Ok(expression)
}

#[cfg(test)]
mod tests;
