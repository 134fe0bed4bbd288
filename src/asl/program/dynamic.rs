use serde_json::Value;

use super::jsonata::Expression;
use crate::asl::query::Query;

/// A field that the definition gives as a value, or says where to find when the state runs.
#[derive(Debug, Clone)]
pub enum Dynamic<T> {
    /// The value.
    Literal(T),
    /// In JSONPath, by a field whose name ends in `Path`: a path, or for `ErrorPath` and `CausePath` an intrinsic function.
    Path(Query),
    /// In JSONata: an expression.
    Expression(Expression),
    /// Only a deployment says what it is. The text is what is written for it: `${Delay}`.
    Unknown(String),
}

/// What such a field can be.
pub(super) trait Literal: Sized {
    const KIND: &str;
    fn read(value: &Value) -> Option<Self>;
}

impl Literal for f64 {
    const KIND: &str = "a number";

    fn read(value: &Value) -> Option<Self> {
        value.as_f64()
    }
}

impl Literal for String {
    const KIND: &str = "a string";

    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

impl Literal for bool {
    const KIND: &str = "true, false or an expression";

    fn read(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl<T> From<T> for Dynamic<T> {
    fn from(value: T) -> Self {
        Self::Literal(value)
    }
}
