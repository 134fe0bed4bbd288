//! JSONata as Step Functions runs it.

use std::sync::{Arc, Mutex};

mod bounds;
mod checks;
mod convert;
mod functions;
mod guard;
mod patience;
mod wording;

pub(super) use convert::number_to_json;
use jsonata_core::evaluator::{CancelToken, Context, Evaluator, EvaluatorError, EvaluatorOptions};
use jsonata_core::value::JValue;
pub(super) use patience::Patience;
use serde_json::{Map, Value};

use bounds::Made;

use super::memory::Watched;
use super::random::{self, SharedRandom};
use super::{ExecutionOptions, Failure, Timestamp};
use crate::asl::Variables;
use crate::asl::program::{Expression, JsonataTemplate};

/// After how many milliseconds of real time an evaluation is given up. AWS gives one second
/// ([JSONata in Step Functions](https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html), 2026); a machine that is busy
/// with other things gets more.
const TIMEOUT_MS: u64 = 3_000;

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
    pub(super) patience: &'a Patience,
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
        let thrown = |error: EvaluatorError| {
            let message = wording::reworded(error.message(), expression.tree());
            let (before, message) = bounds::worded(&message);
            if bounds::is_timeout(message) {
                self.patience.lose();
            }
            Failure::evaluation(format!("{} threw an error during evaluation{before}{message}", about()))
        };
        let value = self.evaluate(expression).map_err(thrown)?;
        if bounds::is_too_large(&value) {
            return Err(thrown(bounds::memory()));
        }
        convert::to_json(&value)
            .ok_or_else(|| Failure::evaluation(format!("{} returned nothing (undefined).", about())))
    }

    fn evaluate(&self, expression: &Expression) -> Result<JValue, EvaluatorError> {
        let mut context = Context::new();
        context.bind("states".to_owned(), self.states(expression));
        let mut hidden = Vec::new();
        for name in expression.names() {
            if let Some(value) = self.variables.variable(name) {
                context.bind(name.clone(), convert::to_jsonata(value));
                hidden.extend(checks::arity(name).map(|_| name.clone()));
            }
        }
        // A variable that has a function's name hides it, which is rare enough to be looked at anew each time.
        let own = if hidden.is_empty() { None } else { guard::guarded(expression.tree(), hidden.clone()) };
        let tree = match hidden.is_empty() {
            true => expression.prepared(|tree| guard::guarded(tree, Vec::new())),
            false => own.as_ref(),
        };
        let watched = Watched::begin();
        let cancel = watched.as_ref().map(Watched::token);
        let mut evaluator = evaluator(context, expression, (self.random, self.now), cancel)?;
        evaluator.evaluate(tree.ok_or_else(bounds::depth)?, &JValue::Undefined)
    }

    /// `$states`, as far as the expression looks at it.
    fn states(&self, expression: &Expression) -> JValue {
        let uses = expression.uses();
        let input = uses.input.then(|| match (self.input, expression.input_fields()) {
            (Value::Object(input), Some(fields)) => convert::fields_to_jsonata(input, fields),
            (input, _) => convert::to_jsonata(input),
        });
        let parts = [
            ("result", self.result.filter(|_| uses.result)),
            ("errorOutput", self.error_output.filter(|_| uses.error_output)),
            ("context", uses.context.then_some(self.context)),
        ];
        let parts = parts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), convert::to_jsonata(value?))));
        JValue::object(input.map(|input| ("input".to_owned(), input)).into_iter().chain(parts).collect())
    }
}

/// What evaluates an expression within the bounds that Step Functions sets.
fn evaluator(
    context: Context,
    expression: &Expression,
    (random, now): (&SharedRandom, Timestamp),
    cancel: Option<CancelToken>,
) -> Result<Evaluator, EvaluatorError> {
    let options = EvaluatorOptions {
        timeout_ms: Some(TIMEOUT_MS),
        max_stack_depth: Some(bounds::MAX_DEPTH),
        max_sequence_length: Some(bounds::MAX_SEQUENCE),
        cancel,
    };
    let mut evaluator = Evaluator::with_options(context, options);
    functions::register(&mut evaluator, expression.names(), random, now)?;
    checks::register(&mut evaluator, &Made::default())?;
    Ok(evaluator)
}

/// The value of an expression as Step Functions works it out, but with a context value, which the reference implementation takes and a state
/// does not have. Nothing, where the expression gives nothing.
///
/// # Errors
///
/// What the expression throws, beginning with its code.
pub fn evaluate(
    source: &str,
    context_value: Option<&Value>,
    bindings: &Map<String, Value>,
) -> Result<Option<Value>, String> {
    let expression = Expression::parse(&format!("{{% {source} %}}"))?;
    let mut context = Context::new();
    for (name, value) in bindings {
        context.bind(name.clone(), convert::to_jsonata(value));
    }
    let random = Arc::new(Mutex::new(random::seeded(0)));
    let now = ExecutionOptions::default().start_time;
    let data = context_value.map_or(JValue::Undefined, convert::to_jsonata);
    let tree = guard::guarded(expression.tree(), bindings.keys().cloned().collect());
    let result = evaluator(context, &expression, (&random, now), None)
        .and_then(|mut evaluator| evaluator.evaluate(&tree.ok_or_else(bounds::depth)?, &data));
    match result {
        Ok(value) if bounds::is_too_large(&value) => Err(bounds::memory().message().to_owned()),
        Ok(value) => Ok(convert::to_json(&value)),
        Err(error) => Err(error.message().to_owned()),
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
