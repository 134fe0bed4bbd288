mod build;

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Literal, PayloadTemplate};
pub use build::Jsonata;

/// A [JSONata](https://docs.jsonata.org) expression, written between `{%` and `%}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct JsonataExpression(String);

impl JsonataExpression {
    /// An expression, without the delimiters, as somebody wrote it. What is made here is made by [`Jsonata`].
    pub(super) fn new(expression: impl Into<String>) -> Self {
        Self(expression.into())
    }

    /// The whole input of the state.
    pub fn input() -> Self {
        Jsonata::input().into()
    }

    /// The expression, without the delimiters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text as an expression writes it. JSONata takes JSON's escapes; two characters are escaped that mean something
/// around the expression: `%`, which could end it, and `$`, which could begin one of CloudFormation's substitutions.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('%', "\\u0025").replace('$', "\\u0024")
}

impl fmt::Display for JsonataExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{% {} %}}", self.0)
    }
}

impl Serialize for JsonataExpression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// JSON in which some texts are JSONata expressions: what `Arguments`, `Output` and `Assign` hold.
///
/// It is a payload template whose run-time values are expressions; they need no suffix on the field's name.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonataTemplate(PayloadTemplate);

impl JsonataTemplate {
    /// A template whose run-time values are expressions.
    pub fn new(template: PayloadTemplate) -> Self {
        Self(template)
    }

    /// An object with these fields.
    pub fn object<'a>(fields: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        Self(PayloadTemplate::object(fields.into_iter().map(|(name, Self(template))| (name, template))))
    }

    /// The template whose strings may hold JSONata between `{%` and `%}`.
    pub fn template(&self) -> &PayloadTemplate {
        &self.0
    }
}

impl From<JsonataExpression> for JsonataTemplate {
    fn from(expression: JsonataExpression) -> Self {
        Self(PayloadTemplate::Expression(expression))
    }
}

impl From<Literal> for JsonataTemplate {
    fn from(literal: Literal) -> Self {
        Self(literal.into())
    }
}

impl Serialize for JsonataTemplate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_can_stand_in_an_expression(text in "[\\s\\S]{0,12}|[%{}$\"'\\\\]{0,12}") {
            let written = quoted(&text);
            prop_assert!(!written.contains(['%', '$']), "{}", written);
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
