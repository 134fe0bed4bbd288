use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

/// How an expression begins and ends within a text. It is written here, and only here.
const OPEN: &str = "{%";
const CLOSE: &str = "%}";

/// A [JSONata expression](https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html), such as
/// `$states.input.Key`, without the `{% %}` that it is written in.
///
/// ```
/// use bucketbook::asl::Expression;
/// let key = Expression::new("$states.input.Key");
/// assert_eq!(serde_json::to_string(&key).unwrap(), r#""{% $states.input.Key %}""#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression(String);

impl Expression {
    /// An expression in JSONata's own syntax.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A field of the state's input, or a text where the input has no such field.
    ///
    /// ```
    /// use bucketbook::asl::Expression;
    /// let prefix = Expression::input_field_or("prefix", "50%} of ${it}");
    /// assert_eq!(prefix.as_str(),
    ///     r#"$exists($states.input.prefix) ? $states.input.prefix : "50\u0025} of \u0024{it}""#);
    /// ```
    pub fn input_field_or(field: &str, otherwise: &str) -> Self {
        Self(format!("$exists($states.input.{field}) ? $states.input.{field} : {}", quoted(otherwise)))
    }

    /// The expression, without `{% %}`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The expression in a text that is one.
    fn from_written(text: &str) -> Option<Self> {
        Some(Self(text.strip_prefix(OPEN)?.strip_suffix(CLOSE)?.trim().to_owned()))
    }
}

/// A text as an expression writes it. JSONata takes JSON's escapes; two characters are escaped that mean something
/// around the expression: `%`, which could end it, and `$`, which could begin one of CloudFormation's substitutions.
fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace('%', "\\u0025").replace('$', "\\u0024")
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{OPEN} {} {CLOSE}", self.0)
    }
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_written(&text).ok_or_else(|| de::Error::custom(format!("`{text}` is not in {OPEN} {CLOSE}")))
    }
}

/// What a JSONata state gives out: its `Output`. Every leaf is computed, or says nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Output {
    /// A value that is found out when the state runs.
    Expression(Expression),
    /// Fields.
    Object(IndexMap<String, Output>),
    /// A number: `0`, the shortest output there is, where nobody reads it.
    Number(i64),
}

impl Output {
    /// An object with these fields.
    pub fn object<const N: usize>(fields: [(&str, Self); N]) -> Self {
        Self::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

impl From<Expression> for Output {
    fn from(expression: Expression) -> Self {
        Self::Expression(expression)
    }
}

/// The `QueryLanguage` of a state that computes with JSONata in a definition whose other states have paths. See
/// [query languages](https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#transforming-data-query-language).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum QueryLanguage {
    #[default]
    #[serde(rename = "JSONata")]
    Jsonata,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let time = Expression::new("$fromMillis(1000 * $states.input.LastModified)");
        let output = Output::object([("time", time.into()), ("nothing", Output::Number(0))]);
        let text = serde_json::to_string(&output).unwrap();
        assert_eq!(text, r#"{"time":"{% $fromMillis(1000 * $states.input.LastModified) %}","nothing":0}"#);
        assert_eq!(serde_json::from_str::<Output>(&text).unwrap(), output);
        assert!(serde_json::from_str::<Expression>(r#""$.time""#).is_err());
    }

    proptest! {
        #[test]
        fn any_text_can_stand_in_an_expression(text in "[\\s\\S]{0,12}|[%{}$\"'\\\\]{0,12}") {
            let written = quoted(&text);
            prop_assert!(!written.contains(['%', '$']), "{}", written);
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
