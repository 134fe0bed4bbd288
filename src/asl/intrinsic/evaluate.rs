use std::borrow::Cow;

use rand::Rng;
use serde_json::{Map, Value};

use super::arguments::Arguments;
use super::format::Template;
use super::function::Function;
use super::read::{Intrinsic, Operand};
use super::{array, encoding, math};
use crate::asl::{EvaluationFault, Scope};

/// What a function has against its arguments.
pub(super) type Computed = Result<Value, String>;

impl Intrinsic {
    /// What the call gives. Random numbers and UUIDs are drawn from `random`.
    ///
    /// # Errors
    ///
    /// A path that leads nowhere, or an argument that the function does not take.
    pub fn evaluate(&self, scope: &Scope<'_>, random: &mut dyn Rng) -> Result<Value, EvaluationFault> {
        let mut values = Vec::with_capacity(self.arguments().len());
        for argument in self.arguments() {
            values.push(self.argument(argument, scope, random)?);
        }
        let template = self.arguments().first().and_then(|first| match first {
            Operand::Template(template) => Some(template),
            _ => None,
        });
        let result = match (self.function(), template) {
            (Function::Format, Some(template)) => fill(template, &values),
            (function, _) => call(function, &Arguments(&values), random),
        };
        result.map_err(|problem| self.fault("States.IntrinsicFailure", &problem))
    }

    fn argument<'a>(
        &'a self,
        argument: &'a Operand,
        scope: &Scope<'a>,
        random: &mut dyn Rng,
    ) -> Result<Cow<'a, Value>, EvaluationFault> {
        match argument {
            Operand::Literal(value) => Ok(Cow::Borrowed(value)),
            Operand::Template(_) => Ok(Cow::Owned(Value::Null)),
            Operand::Call(call) => call.evaluate(scope, random).map(Cow::Owned),
            Operand::Path(path) => match scope.select(path) {
                Ok(selected) => Ok(selected.into_cow()),
                Err(_) if !path.is_definite() => Ok(Cow::Owned(Value::Array(Vec::new()))),
                Err(_) => {
                    let place = scope.root(path).unwrap_or(scope.input);
                    let problem = format!(
                        "The JSONPath argument for the field '{path}' could not be found in the input '{place}'"
                    );
                    Err(self.fault("States.Runtime", &problem))
                }
            },
        }
    }

    fn fault(&self, error: &'static str, problem: &str) -> EvaluationFault {
        EvaluationFault { error, cause: format!("The function '{self}' had the following error: {problem}") }
    }
}

pub(super) fn call(function: Function, arguments: &Arguments<'_>, random: &mut dyn Rng) -> Computed {
    match function {
        Function::Array => Ok(arguments.iter().cloned().collect()),
        Function::ArrayPartition => array::partition(arguments),
        Function::ArrayContains => array::contains(arguments),
        Function::ArrayRange => array::range(arguments),
        Function::ArrayGetItem => array::get_item(arguments),
        Function::ArrayLength => arguments.array(0).map(|items| Value::from(items.len())),
        Function::ArrayUnique => array::unique(arguments),
        Function::Base64Encode => encoding::base64_encode(arguments),
        Function::Base64Decode => encoding::base64_decode(arguments),
        Function::Hash => encoding::hash(arguments),
        Function::JsonMerge => merge(arguments),
        Function::JsonToString => Ok(Value::String(arguments.any(0)?.to_string())),
        Function::StringToJson => parse(arguments),
        Function::MathRandom => math::random(arguments, random),
        Function::MathAdd => math::add(arguments),
        Function::StringSplit => split(arguments),
        Function::Uuid => Ok(Value::String(math::uuid(random))),
        Function::Format => {
            let template = arguments.text(0)?;
            let template = Template::parse(template).ok_or("The template has a brace without its other")?;
            let rest: Vec<Cow<'_, Value>> = arguments.iter().skip(1).map(Cow::Borrowed).collect();
            fill_with(&template, &rest)
        }
    }
}

/// Fills a literal template with all but the first of the values, which stands for the template.
fn fill(template: &Template, values: &[Cow<'_, Value>]) -> Computed {
    fill_with(template, values.get(1..).unwrap_or_default())
}

fn fill_with(template: &Template, values: &[Cow<'_, Value>]) -> Computed {
    let text = template.fill(values.iter().map(AsRef::as_ref));
    let problem = || {
        let gaps = template.gaps();
        format!("The number of arguments ({}) does not match the number of occurrences of {{}} ({gaps})", values.len())
    };
    text.map(Value::String).ok_or_else(problem)
}

fn merge(arguments: &Arguments<'_>) -> Computed {
    let (first, second) = (arguments.object(0)?, arguments.object(1)?);
    match arguments.any(2)? {
        Value::Bool(false) => {}
        Value::Bool(true) => return Err("Deep merge is not supported: the third argument has to be false".to_owned()),
        _ => return Err("The third argument has to be a boolean".to_owned()),
    }
    let mut merged: Map<String, Value> = first.clone();
    merged.extend(second.iter().map(|(name, value)| (name.clone(), value.clone())));
    Ok(Value::Object(merged))
}

fn parse(arguments: &Arguments<'_>) -> Computed {
    let text = match arguments.any(0)? {
        Value::Null => return Ok(Value::Null),
        _ => arguments.text(0)?,
    };
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(text).map_err(|error| format!("The text is not valid JSON: {error}"))
}

/// Each character of the delimiter separates; nothing between two of them is left out.
fn split(arguments: &Arguments<'_>) -> Computed {
    let (text, delimiters) = (arguments.text(0)?, arguments.text(1)?);
    let parts = text.split(|c: char| delimiters.contains(c)).filter(|part| !part.is_empty());
    Ok(parts.map(Value::from).collect())
}
