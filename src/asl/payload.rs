use indexmap::IndexMap;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;
use std::fmt;
use thiserror::Error;

use super::{IntrinsicFunction, JsonataExpression, ReferencePath};
use crate::name::AttributeName;

/// The suffix of a field's name that makes its value a path. It is written here, and only here.
const SUFFIX: &str = ".$";

/// A [payload template](https://states-language.net/spec.html#payload-template): JSON in which some fields are filled in
/// when the state runs.
///
/// ```
/// use bucketbook::asl::{PayloadTemplate, ReferencePath, RunTimeValue};
/// let key = RunTimeValue::from(ReferencePath::input().field("detail").field("object").field("key"));
/// let template = PayloadTemplate::object([("S", key)]);
/// assert_eq!(serde_json::to_string(&template).unwrap(), r#"{"S.$":"$.detail.object.key"}"#);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum PayloadTemplate {
    /// A value that is the same in every execution.
    Literal(Literal),
    /// A text that CloudFormation puts in when the stack is deployed.
    Substitution(SubstitutionName),
    /// A value that JSONata works out when the state runs. Only a [`JsonataTemplate`](super::JsonataTemplate) is read with these.
    Expression(JsonataExpression),
    /// Fields. Only here can a value be taken from the input: `.$` is a suffix of field names.
    Object(IndexMap<String, Field>),
    /// Elements.
    Array(Vec<PayloadTemplate>),
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Field {
    /// Known when the definition is written.
    Template(PayloadTemplate),
    /// Known when the state runs.
    RunTime(RunTimeValue),
}

/// A value that is found out when the state runs.
#[derive(Debug, Clone, PartialEq)]
pub enum RunTimeValue {
    /// Taken from the input or the context object.
    Path(ReferencePath),
    /// Made by a function.
    Intrinsic(IntrinsicFunction),
}

/// A text, number, boolean or null in a payload template.
///
/// A text that reads like a path is refused: the author meant the value at that path, and would get those very letters in
/// every execution.
///
/// ```
/// use bucketbook::asl::Literal;
/// let error = Literal::text("$.detail.object.key").unwrap_err();
/// assert_eq!(error.to_string(), "`$.detail.object.key` as a literal would be stored as that very text; \
///     to take the value from the input, make it a ReferencePath");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Literal(Value);

/// Why a text is no literal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LiteralError {
    /// It looks like a path or a function.
    #[error(
        "`{0}` as a literal would be stored as that very text; to take the value from the input, make it a ReferencePath"
    )]
    ReadsLikePath(String),
    /// It has a `${...}` in it.
    #[error(
        "`{0}` as a literal would be changed by CloudFormation's substitution; name the substitution with SubstitutionName"
    )]
    HoldsSubstitution(String),
}

impl Literal {
    /// A text.
    ///
    /// # Errors
    /// The text would be taken for something else, by a reader (a path) or by CloudFormation (a substitution).
    pub fn text(text: impl Into<String>) -> Result<Self, LiteralError> {
        let text = text.into();
        if text.starts_with("$.") || text.starts_with("$$.") || text.starts_with("$[") || text.starts_with("States.") {
            Err(LiteralError::ReadsLikePath(text))
        } else if text.contains("${") {
            Err(LiteralError::HoldsSubstitution(text))
        } else {
            Ok(Self(Value::String(text)))
        }
    }

    /// A literal that is a whole number.
    pub fn number(number: i64) -> Self {
        Self(number.into())
    }

    /// The JSON that is written into the definition, with `.$` where a field is a path.
    pub fn value(&self) -> &Value {
        &self.0
    }
}

/// The name of a [definition substitution](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html#sam-statemachine-definitionsubstitutions):
/// letters and digits, written `${Name}` in the definition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SubstitutionName(String);

impl SubstitutionName {
    /// The name, if it is letters, digits and underscores only.
    pub fn parse(name: &str) -> Option<Self> {
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        plain.then(|| Self(name.to_owned()))
    }

    /// The name, without `${}`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SubstitutionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${{{}}}", self.0)
    }
}

impl PayloadTemplate {
    /// An object with these fields.
    pub fn object<K: Into<String>, F: Into<Field>>(fields: impl IntoIterator<Item = (K, F)>) -> Self {
        Self::Object(fields.into_iter().map(|(key, field)| (key.into(), field.into())).collect())
    }

    /// The field `name`, if this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Field> {
        match self {
            Self::Object(fields) => fields.get(name),
            _ => None,
        }
    }

    /// The substitutions that it asks for.
    pub fn substitutions(&self) -> Vec<&SubstitutionName> {
        match self {
            Self::Literal(_) | Self::Expression(_) => Vec::new(),
            Self::Substitution(name) => vec![name],
            Self::Array(items) => items.iter().flat_map(Self::substitutions).collect(),
            Self::Object(fields) => fields
                .values()
                .flat_map(|field| match field {
                    Field::Template(template) => template.substitutions(),
                    Field::RunTime(_) => Vec::new(),
                })
                .collect(),
        }
    }
}

/// An attribute's name is that very text, whatever it looks like.
impl From<&AttributeName> for Literal {
    fn from(name: &AttributeName) -> Self {
        Self(Value::String(name.to_string()))
    }
}

impl From<Literal> for PayloadTemplate {
    fn from(literal: Literal) -> Self {
        Self::Literal(literal)
    }
}

impl<T: Into<PayloadTemplate>> From<T> for Field {
    fn from(template: T) -> Self {
        Self::Template(template.into())
    }
}

impl From<RunTimeValue> for Field {
    fn from(value: RunTimeValue) -> Self {
        Self::RunTime(value)
    }
}

impl From<ReferencePath> for RunTimeValue {
    fn from(path: ReferencePath) -> Self {
        Self::Path(path)
    }
}

impl From<IntrinsicFunction> for RunTimeValue {
    fn from(function: IntrinsicFunction) -> Self {
        Self::Intrinsic(function)
    }
}

impl fmt::Display for RunTimeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.fmt(f),
            Self::Intrinsic(function) => function.fmt(f),
        }
    }
}

impl Serialize for PayloadTemplate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Literal(Literal(value)) => value.serialize(serializer),
            Self::Substitution(name) => serializer.collect_str(name),
            Self::Expression(expression) => expression.serialize(serializer),
            Self::Array(items) => items.serialize(serializer),
            Self::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, field) in fields {
                    match field {
                        Field::Template(template) => map.serialize_entry(name, template)?,
                        Field::RunTime(value) => {
                            map.serialize_entry(&format!("{name}{SUFFIX}"), &value.to_string())?;
                        }
                    }
                }
                map.end()
            }
        }
    }
}

impl From<JsonataExpression> for PayloadTemplate {
    fn from(expression: JsonataExpression) -> Self {
        Self::Expression(expression)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_run_time_values_get_the_suffix() {
        let size = IntrinsicFunction::number_as_text(ReferencePath::input().field("size"));
        let template = PayloadTemplate::object::<_, Field>([
            ("TableName", PayloadTemplate::Substitution(SubstitutionName::parse("TableName").unwrap()).into()),
            ("Limit", Literal::number(1).into()),
            ("N", RunTimeValue::from(size).into()),
        ]);
        let text = serde_json::to_string(&template).unwrap();
        assert_eq!(text, r#"{"TableName":"${TableName}","Limit":1,"N.$":"States.Format('{}', $.size)"}"#);
    }

    #[test]
    fn literals_that_would_be_misread_are_refused() {
        for text in ["$.time", "$$.Execution.Id", "$['a']", "States.UUID()"] {
            assert_eq!(Literal::text(text), Err(LiteralError::ReadsLikePath(text.to_owned())));
        }
        assert!(matches!(Literal::text("a${TableName}"), Err(LiteralError::HoldsSubstitution(_))));
        for text in ["", "$", "COUNT", "costs $5", "<<TABLE_NAME>>"] {
            assert!(Literal::text(text).is_ok(), "{text}");
        }
    }
}
