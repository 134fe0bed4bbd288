//! The functions that Step Functions adds to JSONata, and those whose answers must not depend on the real world.

use std::sync::Arc;

use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::value::JValue;
use rand::RngExt;

use super::super::Timestamp;
use super::super::random::{self, SharedRandom};
use super::convert::to_jsonata;

type Answer = Result<JValue, EvaluatorError>;

/// Makes the functions of these names known.
pub(super) fn register(
    evaluator: &mut Evaluator,
    names: &[String],
    random: &SharedRandom,
    now: Timestamp,
) -> Result<(), EvaluatorError> {
    for name in names {
        let random = Arc::clone(random);
        match name.as_str() {
            "partition" => evaluator.register_fn("partition", partition)?,
            "range" => evaluator.register_fn("range", range)?,
            "hash" => evaluator.register_fn("hash", hash)?,
            "parse" => evaluator.register_fn("parse", parse)?,
            "uuid" => evaluator.register_fn("uuid", move |_: &[JValue]| {
                Ok(JValue::string(random::uuid(&mut random::lock(&random))))
            })?,
            "random" => {
                evaluator.register_fn_override("random", move |arguments: &[JValue]| {
                    Ok(JValue::Number(match arguments.first().and_then(JValue::as_f64) {
                        Some(seed) => random::seeded(seed.to_bits()).random::<f64>(),
                        None => random::lock(&random).random::<f64>(),
                    }))
                })?;
            }
            "millis" => {
                evaluator
                    .register_fn_override("millis", move |_: &[JValue]| Ok(JValue::Number(now.millis() as f64)))?;
            }
            "now" => evaluator.register_fn_override("now", move |arguments: &[JValue]| format_now(now, arguments))?,
            "eval" => evaluator
                .register_fn_override("eval", |_: &[JValue]| failed("T1006: Attempted to invoke a non-function"))?,
            _ => {}
        }
    }
    Ok(())
}

fn failed(message: impl Into<String>) -> Answer {
    Err(EvaluatorError::EvaluationError(message.into()))
}

/// `$partition(array, size)`: the array in pieces of this size.
fn partition(arguments: &[JValue]) -> Answer {
    let (Some(array), Some(size)) = (arguments.first(), arguments.get(1).and_then(JValue::as_f64)) else {
        return failed("T0410: Argument of function partition does not match function signature");
    };
    if array.is_undefined() {
        return Ok(JValue::Undefined);
    }
    if size < 1.0 {
        return failed("D3100: The second argument of function partition must be a positive number");
    }
    let items = array.as_array().cloned().unwrap_or_else(|| vec![array.clone()]);
    Ok(JValue::array(items.chunks(size as usize).map(|chunk| JValue::array(chunk.to_vec())).collect()))
}

/// How many numbers a range may hold. (Step Functions gives at most 1,000 for its intrinsic function.)
const MAX_RANGE: usize = 100_000;

/// `$range(start, end, step)`: numbers from the first up to the second.
fn range(arguments: &[JValue]) -> Answer {
    let numbers: Vec<f64> = arguments.iter().filter_map(JValue::as_f64).collect();
    let [start, end, step] = numbers[..] else {
        return failed("T0410: Argument of function range does not match function signature");
    };
    if step == 0.0 || !step.is_finite() {
        return failed("D3100: The third argument of function range must not be zero");
    }
    let (step, start, end) = (step.trunc(), start.trunc(), end.trunc());
    let count = ((end - start) / step).floor() + 1.0;
    if count > MAX_RANGE as f64 {
        return failed("D2014: The size of the sequence allocated by the range must not exceed 1e5");
    }
    let count = count.max(0.0) as usize;
    Ok(JValue::array((0..count).map(|at| JValue::Number(start + step * at as f64)).collect()))
}

/// `$hash(text, algorithm)`: the digest of a text.
fn hash(arguments: &[JValue]) -> Answer {
    let (Some(content), Some(algorithm)) = (arguments.first(), arguments.get(1).and_then(JValue::as_str)) else {
        return failed("T0410: Argument of function hash does not match function signature");
    };
    let text = match content.as_str() {
        Some(text) => text.to_owned(),
        None => content.to_json_string().unwrap_or_default(),
    };
    match super::super::digest::hex(&text, algorithm) {
        Some(digest) => Ok(JValue::string(digest)),
        None => failed(format!("D3100: `{algorithm}` is no hashing algorithm")),
    }
}

/// `$parse(text)`: the value of a JSON text.
fn parse(arguments: &[JValue]) -> Answer {
    match arguments.first() {
        None | Some(JValue::Undefined) => Ok(JValue::Undefined),
        Some(value) => match serde_json::from_str(value.as_str().unwrap_or_default()) {
            Ok(parsed) => Ok(to_jsonata(&parsed)),
            Err(error) => failed(format!("D3120: Syntax error in expression passed to function parse: {error}")),
        },
    }
}

/// `$now(picture, timezone)`, by the virtual clock.
fn format_now(now: Timestamp, arguments: &[JValue]) -> Answer {
    if arguments.first().is_none_or(JValue::is_undefined) {
        return Ok(JValue::string(now.to_string()));
    }
    let mut evaluator = Evaluator::new();
    let mut call = format!("$fromMillis({}", now.millis());
    for argument in arguments.iter().take(2) {
        call.push(',');
        call.push_str(&argument.to_json_string().unwrap_or_default());
    }
    call.push(')');
    let tree = jsonata_core::parser::parse(&call).map_err(|e| EvaluatorError::EvaluationError(e.display_message()))?;
    evaluator.evaluate(&tree, &JValue::Undefined)
}
