//! The functions that Step Functions adds to JSONata, and those whose answers must not depend on the real world.

use std::sync::Arc;

use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::value::JValue;
use rand::RngExt;

use super::super::Timestamp;
use super::super::random::{self, SharedRandom};
use super::bounds::{MAX_RANGE, memory};
use super::checks;
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
                    if arguments.first().is_some_and(|seed| !seed.is_undefined() && seed.as_f64().is_none()) {
                        return failed("T0410: Argument 1 of function \"random\" does not match function signature");
                    }
                    Ok(JValue::Number(match arguments.first().and_then(JValue::as_f64) {
                        Some(seed) => seeded_random(seed),
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
            name => {
                if let Some(function) = checks::url_function(name) {
                    evaluator.register_fn_override(name, function)?;
                }
            }
        }
    }
    Ok(())
}

fn failed(message: impl Into<String>) -> Answer {
    Err(EvaluatorError::EvaluationError(message.into()))
}

/// `$partition(array, size)`: the array in pieces of this size, whose fraction is dropped. Nothing, where there are no pieces.
fn partition(arguments: &[JValue]) -> Answer {
    let (Some(array), Some(size)) = (arguments.first(), arguments.get(1).and_then(JValue::as_f64)) else {
        return match arguments.first() {
            None | Some(JValue::Undefined) => Ok(JValue::Undefined),
            _ => failed("T0410: Argument 2 of function \"partition\" does not match function signature"),
        };
    };
    let size = size.trunc();
    if size < 0.0 {
        return failed("D3100: The second argument of function partition must be a positive number");
    }
    let items = match array {
        JValue::Undefined => Vec::new(),
        array => array.as_array().cloned().unwrap_or_else(|| vec![array.clone()]),
    };
    if size == 0.0 || items.is_empty() {
        return Ok(JValue::Undefined);
    }
    Ok(JValue::array(items.chunks(size as usize).map(|chunk| JValue::array(chunk.to_vec())).collect()))
}

/// `$range(start, end, step)`: numbers from the first up to the second. Fractions of its arguments are dropped. Nothing, where the step leads
/// away from the end.
fn range(arguments: &[JValue]) -> Answer {
    let numbers: Vec<f64> = arguments.iter().filter_map(JValue::as_f64).map(f64::trunc).collect();
    let [start, end, step] = numbers[..] else {
        let wrong = arguments.iter().position(|argument| !argument.is_undefined() && argument.as_f64().is_none());
        return match wrong {
            Some(at) => {
                failed(format!("T0410: Argument {} of function \"range\" does not match function signature", at + 1))
            }
            None => Ok(JValue::Undefined),
        };
    };
    if step == 0.0 || !step.is_finite() {
        return failed("D3100: The third argument of function range must not be zero");
    }
    let count = ((end - start) / step).floor() + 1.0;
    if count > MAX_RANGE as f64 {
        return Err(memory());
    }
    if count < 1.0 {
        return Ok(JValue::Undefined);
    }
    // It is a sequence, as JSONata's own functions give: one of a single number is that number.
    Ok(JValue::sequence((0..count as usize).map(|at| JValue::Number(start + step * at as f64)).collect()))
}

/// `$hash(text, algorithm)`: the digest of a text. Nothing, where either is missing.
fn hash(arguments: &[JValue]) -> Answer {
    let given = |at: usize| arguments.get(at).filter(|argument| !argument.is_undefined());
    let (Some(content), Some(algorithm)) = (given(0), given(1)) else { return Ok(JValue::Undefined) };
    let Some(algorithm) = algorithm.as_str() else {
        return failed("T0410: Argument 2 of function \"hash\" does not match function signature");
    };
    let text = match content.as_str() {
        Some(text) => text.to_owned(),
        None => content.to_json_string().unwrap_or_default(),
    };
    match super::super::digest::hex(&text, algorithm) {
        Some(digest) => Ok(JValue::string(digest)),
        None => failed(format!("D3100: `{algorithm}` is not a hashing algorithm")),
    }
}

/// `$random(seed)`: the first number that `java.util.Random` gives for a seed, which is what AWS answers (floci-io/floci#2662, August 2026).
fn seeded_random(seed: f64) -> f64 {
    const MULTIPLIER: u64 = 0x5_DEEC_E66D;
    const MASK: u64 = (1 << 48) - 1;
    let mut state = ((seed as i64 as u64) ^ MULTIPLIER) & MASK;
    let mut bits = |count: u32| {
        state = state.wrapping_mul(MULTIPLIER).wrapping_add(0xB) & MASK;
        state >> (48 - count)
    };
    let (high, low) = (bits(26), bits(27));
    ((high << 27) + low) as f64 / (1_u64 << 53) as f64
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_number_that_java_gives() {
        assert_eq!(seeded_random(42.0), 0.727_563_680_032_868_1);
        assert_eq!(seeded_random(0.0), 0.730_967_787_376_657);
    }

    #[test]
    fn what_makes_no_sense_is_nothing() {
        let number = JValue::Number;
        let array = JValue::array(vec![number(1.0), number(2.0)]);
        for (function, arguments) in [
            (range as fn(&[JValue]) -> Answer, vec![number(1.0), number(2.0)]),
            (range, vec![number(1.0), number(2.0), number(-1.0)]),
            (partition, vec![array.clone(), number(0.5)]),
            (partition, vec![JValue::array(Vec::new()), number(2.0)]),
            (hash, vec![JValue::string("a")]),
        ] {
            assert_eq!(function(&arguments).ok(), Some(JValue::Undefined), "{arguments:?}");
        }
        assert!(partition(&[array, number(-1.0)]).is_err());
        assert_eq!(
            range(&[number(1.7), number(1.9), number(1.0)]).ok().and_then(|v| v.as_array().map(|v| v.len())),
            Some(1)
        );
        assert!(range(&[number(1.0), number(360_146.0), number(1.0)]).is_err());
    }
}
