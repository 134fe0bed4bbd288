//! [Velocity](https://velocity.apache.org/engine/1.7/user-guide.html), the language of API Gateway's mapping templates: references, `#set`, `#if`,
//! `#foreach` and the methods of Java that templates call. What is not known here is refused by name; nothing is guessed.

mod ast;
mod evaluate;
mod lexer;
mod method;
mod parse;
#[cfg(test)]
mod tests;

use serde_json::Value;
use thiserror::Error;

pub use evaluate::{Host, render};

/// A template, parsed.
#[derive(Debug, Clone, PartialEq)]
pub struct Template(Vec<ast::Block>);

/// Why a template cannot be parsed or evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct VelocityFault {
    /// The line of the template, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl VelocityFault {
    fn at(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// The line and the reason, if it is not valid Velocity or uses a directive that is not supported here.
    pub fn parse(text: &str) -> Result<Self, VelocityFault> {
        parse::template(text).map(Self)
    }
}

/// A value as it stands in a text: objects and lists as JSON.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "null".to_owned(),
        other => other.to_string(),
    }
}
