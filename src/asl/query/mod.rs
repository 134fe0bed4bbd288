//! What states of the JSONPath query language are made of: queries, payload templates and the conditions of a Choice. Each
//! is read once from a definition, and evaluated any number of times.

mod comparison;
mod condition;
mod template;
#[cfg(test)]
mod tests;
mod timestamp;

use std::borrow::Cow;
use std::fmt;

use rand::Rng;
use serde_json::Value;

pub(crate) use comparison::{Kind, Operator, Relation, Test};
pub use condition::ChoiceExpression;
pub(crate) use condition::{Node, Operand};
pub use template::Template;
pub use timestamp::Timestamp;

use super::{EvaluationFault, Intrinsic, JsonPath, Scope};
use crate::source::Pointer;

/// Where a reader tells what is wrong: a JSON Pointer from the definition's root, and what is wrong there.
pub type Report<'a> = &'a mut dyn FnMut(Pointer, String);

/// How deep templates and conditions may be.
const MAX_DEPTH: usize = 128;

/// What the value of a field `"name.$"` is, and what `ErrorPath` and `CausePath` hold: a path or a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// A path.
    Path(JsonPath),
    /// A call of an intrinsic function.
    Intrinsic(Intrinsic),
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    ///
    /// What is wrong with the path or the call.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with('$') {
            JsonPath::parse(text).map(Self::Path).map_err(|error| error.to_string())
        } else {
            Intrinsic::parse(text).map(Self::Intrinsic).map_err(|error| error.to_string())
        }
    }

    /// The text that it was read from.
    pub fn source(&self) -> &str {
        match self {
            Self::Path(path) => path.source(),
            Self::Intrinsic(call) => call.source(),
        }
    }

    /// Every path in it.
    pub fn paths(&self) -> Vec<&JsonPath> {
        match self {
            Self::Path(path) => vec![path],
            Self::Intrinsic(call) => call.paths(),
        }
    }

    /// What it gives, for the field of a name such as `value.$` or `ErrorPath`. An indefinite path always gives a list.
    ///
    /// # Errors
    ///
    /// A definite path that leads nowhere, or a call that fails.
    pub fn evaluate<'a>(
        &self,
        field: &str,
        scope: &Scope<'a>,
        random: &mut dyn Rng,
    ) -> Result<Cow<'a, Value>, EvaluationFault> {
        let path = match self {
            Self::Path(path) => path,
            Self::Intrinsic(call) => return call.evaluate(scope, random).map(Cow::Owned),
        };
        match scope.select(path) {
            Ok(selected) => Ok(selected.into_cow()),
            Err(_) if !path.is_definite() => Ok(Cow::Owned(Value::Array(Vec::new()))),
            Err(_) => {
                let place = scope.root(path).unwrap_or(scope.input);
                Err(EvaluationFault::runtime(format!(
                    "The JSONPath '{path}' specified for the field '{field}' could not be found in the input '{place}'"
                )))
            }
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.source())
    }
}

impl<'a> Scope<'a> {
    /// What a path selects, for fields such as `InputPath`, `ItemsPath` and `TimeoutSecondsPath`.
    ///
    /// # Errors
    ///
    /// `States.Runtime`, in the words that those fields have for a path that leads nowhere.
    pub fn value(&self, path: &JsonPath) -> Result<Cow<'a, Value>, EvaluationFault> {
        match self.select(path) {
            Ok(selected) => Ok(selected.into_cow()),
            Err(fault) => Err(EvaluationFault::runtime(fault.in_path(path))),
        }
    }
}
