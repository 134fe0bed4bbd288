//! JSONata as Step Functions runs it.

mod convert;
mod functions;

use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions};
use jsonata_core::value::JValue;
use serde_json::Value;

use super::random::SharedRandom;
use super::{Failure, Timestamp};
use crate::asl::Variables;
use crate::asl::program::{Expression, JsonataTemplate};

/// How deep an evaluation may go. A call of a function within a function takes about three.
const MAX_STACK_DEPTH: usize = 6_000;

/// How long a sequence may be.
const MAX_SEQUENCE: usize = 1_000_000;

/// After how many milliseconds of real time an evaluation is given up: only one that never ends takes as long.
const TIMEOUT_MS: u64 = 10_000;

/// What an expression sees: `$states`, variables, and the time.
#[derive(Clone, Copy)]
pub(super) struct Sight<'a> {
    pub(super) input: &'a Value,
    pub(super) result: Option<&'a Value>,
    pub(super) error_output: Option<&'a Value>,
    pub(super) context: &'a Value,
    pub(super) variables: &'a dyn Variables,
    pub(super) now: Timestamp,
    pub(super) random: &'a SharedRandom,
}

impl Sight<'_> {
    /// The value of a template. `field` is what causes call it: `Output`.
    pub(super) fn template(&self, template: &JsonataTemplate, field: &str) -> Result<Value, Failure> {
        match template {
            JsonataTemplate::Literal(value) => Ok(value.clone()),
            JsonataTemplate::Expression(expression) => self.expression(expression, field),
            JsonataTemplate::Array(parts) => {
                let value = |(at, part)| self.template(part, &format!("{field}[{at}]"));
                parts.iter().enumerate().map(value).collect()
            }
            JsonataTemplate::Object(parts) => {
                let value =
                    |(name, part): &(String, _)| Ok((name.clone(), self.template(part, &format!("{field}/{name}"))?));
                parts.iter().map(value).collect()
            }
        }
    }

    /// The value of an expression, which has to have one.
    pub(super) fn expression(&self, expression: &Expression, field: &str) -> Result<Value, Failure> {
        let about = || format!("The JSONata expression '{}' specified for the field '{field}'", expression.source());
        let value = self.evaluate(expression).map_err(|error| {
            Failure::evaluation(format!("{} threw an error during evaluation. {}", about(), error.message()))
        })?;
        convert::to_json(&value)
            .ok_or_else(|| Failure::evaluation(format!("{} returned nothing (undefined).", about())))
    }

    fn evaluate(&self, expression: &Expression) -> Result<JValue, EvaluatorError> {
        let mut context = Context::new();
        context.bind("states".to_owned(), self.states(expression));
        for name in expression.names() {
            if let Some(value) = self.variables.variable(name) {
                context.bind(name.clone(), convert::to_jsonata(value));
            }
        }
        let options = EvaluatorOptions {
            timeout_ms: Some(TIMEOUT_MS),
            max_stack_depth: Some(MAX_STACK_DEPTH),
            max_sequence_length: Some(MAX_SEQUENCE),
            ..EvaluatorOptions::default()
        };
        let mut evaluator = Evaluator::with_options(context, options);
        functions::register(&mut evaluator, expression.names(), self.random, self.now)?;
        evaluator.evaluate(expression.tree(), &JValue::Undefined)
    }

    /// `$states`, as far as the expression looks at it.
    fn states(&self, expression: &Expression) -> JValue {
        let uses = expression.uses();
        let parts = [
            ("input", uses.input.then_some(self.input)),
            ("result", self.result.filter(|_| uses.result)),
            ("errorOutput", self.error_output.filter(|_| uses.error_output)),
            ("context", uses.context.then_some(self.context)),
        ];
        let parts = parts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), convert::to_jsonata(value?))));
        JValue::object(parts.collect())
    }
}

/// A type, as causes name it.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The failure of an expression whose value is of the wrong type.
pub(super) fn wrong_type(source: &str, field: &str, expected: &str, value: &Value) -> Failure {
    Failure::evaluation(format!(
        "The JSONata expression '{source}' specified for the field '{field}' returned an unexpected result type. \
         Expected '{expected}', but was '{}' for value: {value}",
        type_name(value)
    ))
}
