//! [JSONPath](https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html) as Step Functions
//! runs it: the dialect of the [Jayway](https://github.com/json-path/JsonPath) implementation, with the roots `$` (the
//! input), `$$` (the context object) and `$name` (a variable).
//!
//! A path is parsed once and then evaluated any number of times. A definite path borrows what it finds.

mod evaluate;
mod filter;
mod function;
mod number;
mod parse;
mod predicate;
mod scope;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

pub use evaluate::{PathFault, Selected};
pub(crate) use number::compare as compare_numbers;
pub use scope::{NoVariables, Scope, Variables};
pub use write::ResultPathFault;

use filter::Predicate;
use function::PathFunction;

/// A JSONPath, parsed.
///
/// ```
/// use bucketbook::asl::JsonPath;
/// use serde_json::json;
///
/// let path: JsonPath = "$.files[?(@.size > 10)].key".parse().unwrap();
/// let input = json!({"files": [{"key": "a", "size": 5}, {"key": "b", "size": 50}]});
/// assert_eq!(path.evaluate(&input).unwrap().into_value(), json!(["b"]));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct JsonPath {
    source: String,
    root: Root,
    steps: Vec<Step>,
}

/// Where a path starts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Root {
    /// `$`: the state's input, or its result, as the field that has the path says.
    Input,
    /// `$$`: the context object.
    Context,
    /// `$name`: a variable.
    Variable(String),
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// `.name` or `['name']`.
    Name(String),
    /// `['a', 'b']`.
    Names(Vec<String>),
    /// `[3]`, or `[-1]` from the end.
    Index(i64),
    /// `[0, 2]`.
    Indices(Vec<i64>),
    /// `[1:3]`. A third number is taken and, as by Jayway, not heeded.
    Slice { from: Option<i64>, to: Option<i64>, step: Option<i64> },
    /// `.*` or `[*]`.
    Wildcard,
    /// `[?(@.a > 1)]`.
    Filter(Predicate),
    /// `..`: the next step, from every value below.
    Scan,
    /// `.length()`.
    Function(PathFunction),
}

/// Why a text is not a JSONPath.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a JSONPath: {expected} was expected at character {position}")]
pub struct JsonPathError {
    /// The text that is not a JSONPath, as it was given.
    pub text: String,
    /// Where it stops being one, in characters from 1.
    pub position: usize,
    /// What could have stood there.
    pub expected: &'static str,
}

impl JsonPath {
    /// Reads a path.
    ///
    /// # Errors
    ///
    /// Where the text stops being one.
    pub fn parse(text: &str) -> Result<Self, JsonPathError> {
        parse::path(text)
    }

    /// The text that it was parsed from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Where the path starts: at the input, the context object or a variable.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// What it goes through, from its root.
    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether it is the root and nothing else.
    pub fn is_root(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether it leads to one value at most. Any other path gives a list.
    pub fn is_definite(&self) -> bool {
        if matches!(self.steps.last(), Some(Step::Function(_))) {
            return true;
        }
        let last = self.steps.len().saturating_sub(1);
        self.steps.iter().enumerate().all(|(at, step)| step.is_definite(at == last))
    }

    /// Whether it is a [reference path](https://states-language.net/spec.html#ref-paths): names and indices only.
    pub fn is_reference(&self) -> bool {
        self.steps.iter().all(|step| matches!(step, Step::Name(_) | Step::Index(0..)))
    }

    /// The names that a reference path goes through up to its first index or other step: what is known of the shape
    /// that it needs, without looking at data.
    pub fn leading_names(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map_while(|step| match step {
            Step::Name(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

impl Step {
    /// Whether it leads to one value at most. Several names are merged into one object where they stand last.
    fn is_definite(&self, last: bool) -> bool {
        match self {
            Self::Name(_) | Self::Index(_) | Self::Function(_) => true,
            Self::Names(_) => last,
            _ => false,
        }
    }
}

impl FromStr for JsonPath {
    type Err = JsonPathError;

    fn from_str(text: &str) -> Result<Self, JsonPathError> {
        Self::parse(text)
    }
}

/// A path is shown as it was written.
impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

/// A step in the brackets that causes of failures have it in.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |f: &mut fmt::Formatter<'_>, items: &mut dyn Iterator<Item = String>| {
            write!(f, "[{}]", items.collect::<Vec<_>>().join(","))
        };
        let bound = |bound: &Option<i64>| bound.map(|number| number.to_string()).unwrap_or_default();
        match self {
            Self::Name(name) => write!(f, "['{name}']"),
            Self::Names(names) => listed(f, &mut names.iter().map(|name| format!("'{name}'"))),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Indices(indices) => listed(f, &mut indices.iter().map(i64::to_string)),
            Self::Slice { from, to, .. } => write!(f, "[{}:{}]", bound(from), bound(to)),
            Self::Wildcard => f.write_str("[*]"),
            Self::Filter(_) => f.write_str("[?]"),
            Self::Scan => f.write_str(".."),
            Self::Function(function) => write!(f, ".{}()", function.name()),
        }
    }
}
