//! What a state's fields are worked out with, in either language.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::failure::name;
use super::jsonata::{self, Patience, Sight};
use super::random::{self, SharedRandom};
use super::variables::VariableScope;
use super::{Failure, Timestamp, payload};
use crate::asl::program::{Dynamic, PathOrNull, State, Template};
use crate::asl::query::Query;
use crate::asl::{EvaluationFault, JsonPath, ResultPathFault, Scope, query};

/// A state and all that its fields can see besides its data.
pub(super) struct Scene<'a> {
    pub(super) state: &'a State,
    pub(super) context: &'a Value,
    pub(super) variables: &'a VariableScope,
    pub(super) now: Timestamp,
    pub(super) random: &'a SharedRandom,
    pub(super) patience: &'a Patience,
}

/// The values that a template can see: in JSONPath `$` is one of them, in JSONata they are fields of `$states`.
#[derive(Clone, Copy)]
pub(super) struct Data<'a> {
    pub(super) input: &'a Value,
    pub(super) result: Option<&'a Value>,
    pub(super) error_output: Option<&'a Value>,
    /// What `$` is in JSONPath.
    pub(super) root: &'a Value,
}

impl<'a> Data<'a> {
    /// Before there is a result.
    pub(super) fn input(input: &'a Value) -> Self {
        Self { input, result: None, error_output: None, root: input }
    }

    /// With a result.
    pub(super) fn result(input: &'a Value, result: &'a Value) -> Self {
        Self { input, result: Some(result), error_output: None, root: result }
    }

    /// With a caught error.
    pub(super) fn error(input: &'a Value, error_output: &'a Value) -> Self {
        Self { input, result: None, error_output: Some(error_output), root: error_output }
    }
}

impl From<EvaluationFault> for Failure {
    fn from(fault: EvaluationFault) -> Self {
        if fault.error == name::RUNTIME { Self::runtime(fault.cause) } else { Self::located(fault.error, fault.cause) }
    }
}

impl<'a> Scene<'a> {
    fn scope<'v>(&self, root: &'v Value) -> Scope<'v>
    where
        'a: 'v,
    {
        Scope { input: root, context: self.context, variables: self.variables }
    }

    pub(super) fn sight<'v>(&self, data: Data<'v>) -> Sight<'v>
    where
        'a: 'v,
    {
        Sight {
            input: data.input,
            result: data.result,
            error_output: data.error_output,
            context: self.context,
            variables: self.variables,
            now: self.now,
            random: self.random,
            patience: self.patience,
        }
    }

    /// What a field such as `InputPath` leaves of a value.
    pub(super) fn path<'v>(&self, path: &PathOrNull, root: &'v Value) -> Result<Cow<'v, Value>, Failure>
    where
        'a: 'v,
    {
        match path {
            PathOrNull::Absent => Ok(Cow::Borrowed(root)),
            PathOrNull::Null => Ok(Cow::Owned(Value::Object(Map::new()))),
            PathOrNull::Path(path) => self.select(path, root),
        }
    }

    /// What a path that has to lead somewhere leads to.
    pub(super) fn select<'v>(&self, path: &JsonPath, root: &'v Value) -> Result<Cow<'v, Value>, Failure>
    where
        'a: 'v,
    {
        let selected = self.scope(root).select(path);
        selected.map(|selected| selected.into_cow()).map_err(|fault| Failure::runtime(fault.in_path(path)))
    }

    /// The value of a template. `field` is what causes call it.
    pub(super) fn template(&self, template: &Template, field: &str, data: Data<'_>) -> Result<Value, Failure> {
        match template {
            Template::JsonPath(template) => {
                let random = &mut *random::lock(self.random);
                Ok(template.evaluate(&self.scope(data.root), random)?)
            }
            Template::Jsonata(template) => self.sight(data).template(template, field),
        }
    }

    /// Whether a rule of a Choice holds.
    pub(super) fn holds(&self, condition: &query::ChoiceExpression, input: &Value) -> Result<bool, Failure> {
        Ok(condition.holds(&self.scope(input))?)
    }

    /// The value of a query, such as `ErrorPath`.
    pub(super) fn query(&self, query: &Query, field: &str, root: &Value) -> Result<Value, Failure> {
        let scope = self.scope(root);
        Ok(query.evaluate(field, &scope, &mut *random::lock(self.random))?.into_owned())
    }

    /// The value of a field that may be given in several ways, of whatever type it turns out to be, and how it is called.
    pub(super) fn dynamic<T: Clone + Into<Value>>(
        &self,
        dynamic: &Dynamic<T>,
        field: &str,
        data: Data<'_>,
    ) -> Result<Value, Failure> {
        match dynamic {
            Dynamic::Literal(value) => Ok(value.clone().into()),
            Dynamic::Path(Query::Path(path)) => Ok(self.select(path, data.root)?.into_owned()),
            Dynamic::Path(query) => self.query(query, field, data.root),
            Dynamic::Expression(expression) => self.sight(data).expression(expression, field),
            Dynamic::Unknown(written) => {
                Err(Failure::runtime(format!("{field} is not known before the deployment: {written}")))
            }
        }
    }

    /// The value of a field that is a number.
    pub(super) fn number(&self, dynamic: &Dynamic<f64>, field: &str, data: Data<'_>) -> Result<f64, Failure> {
        if let Dynamic::Literal(number) = dynamic {
            return Ok(*number);
        }
        let value = self.dynamic(dynamic, field, data)?;
        value.as_f64().ok_or_else(|| self.wrong_type(dynamic, field, "number", "integer", &value))
    }

    /// The failure of a field whose value is of the wrong type.
    pub(super) fn wrong_type<T>(
        &self,
        dynamic: &Dynamic<T>,
        field: &str,
        expected: &str,
        kind: &str,
        value: &Value,
    ) -> Failure {
        match dynamic {
            Dynamic::Expression(expression) => jsonata::wrong_type(expression.source(), field, expected, value),
            Dynamic::Path(query) => {
                let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                Failure::runtime(format!(
                    "The {field}Path field refers to value \"{shown}\" which is not a valid {kind}: {}",
                    query.source()
                ))
            }
            Dynamic::Literal(_) | Dynamic::Unknown(_) => {
                Failure::runtime(format!("{field} has to be a {expected}, and is {value}"))
            }
        }
    }

    /// Puts a result into the input, as `ResultPath` says.
    pub(super) fn result_path(&self, path: &PathOrNull, input: Value, result: Value) -> Result<Value, Failure> {
        match path {
            PathOrNull::Absent => Ok(result),
            PathOrNull::Null => Ok(input),
            PathOrNull::Path(path) if path.is_root() => Ok(result),
            PathOrNull::Path(path) => {
                let mut output = input;
                path.set(&mut output, result)
                    .map_err(|fault| Failure::located(ResultPathFault::ERROR, fault.to_string()))?;
                Ok(output)
            }
        }
    }

    /// What `OutputPath` leaves of an output.
    pub(super) fn output_path(&self, output: Value) -> Result<Value, Failure> {
        match self.state.data.output_path() {
            PathOrNull::Absent => Ok(output),
            path => {
                let left = self.path(path, &output)?;
                if let Cow::Borrowed(left) = left
                    && std::ptr::eq(left, &output)
                {
                    return Ok(output);
                }
                Ok(left.into_owned())
            }
        }
    }

    /// The variables that an `Assign` sets: all worked out before any is set.
    pub(super) fn assign(
        &self,
        template: Option<&Template>,
        data: Data<'_>,
    ) -> Result<Option<Map<String, Value>>, Failure> {
        let Some(template) = template else { return Ok(None) };
        match self.template(template, "Assign", data)? {
            Value::Object(values) => {
                for value in values.values() {
                    payload::check(value).map_err(|excess| Failure::excess(excess, &self.state.name))?;
                }
                Ok(Some(values))
            }
            other => Err(match template {
                Template::Jsonata(_) => jsonata::wrong_type("", "Assign", "object", &other),
                Template::JsonPath(_) => Failure::runtime("Assign has to be an object".to_owned()),
            }),
        }
    }
}
