//! What an evaluation may take: Step Functions' own limits on memory and depth, and the words for their being reached.

use std::cell::Cell;
use std::rc::Rc;

use jsonata_core::evaluator::EvaluatorError;
use jsonata_core::value::JValue;

/// How many bytes a value may hold, a number counted as 8 and a character as 1. AWS takes `[1..873782]` and no more, and a text of 2^22
/// characters but not of 2^23 (measured on AWS, floci-io/floci#2737, August 2026).
pub(super) const MAX_BYTES: usize = 6_990_256;

/// How many numbers fit into that.
pub(super) const MAX_SEQUENCE: usize = MAX_BYTES / 8;

/// How many numbers `$range` gives at most (measured on AWS, floci-io/floci#2790, August 2026).
pub(super) const MAX_RANGE: usize = 360_145;

/// How deep an evaluation may go: AWS takes `1+1+...+1` of 100 terms and no more (floci-io/floci#2737).
pub(super) const MAX_DEPTH: usize = 100;

/// How many bytes of texts and sequences an evaluation may make in all, which is a limit of ours: AWS gives back what is no longer held.
const MAX_MADE: usize = 20 * MAX_BYTES;

/// What AWS says, behind a colon, where an evaluation takes too much.
const MEMORY: &str = "Expression evaluation memory limit exceeded: Check for excessive memory usage";
const DEPTH: &str =
    "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive.";
const TIME: &str = "Expression evaluation timeout: Check for infinite loop";

/// The bytes that the evaluation made so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Made(Rc<Cell<usize>>);

impl Made {
    /// Takes note of bytes that are about to be made.
    pub(super) fn add(&self, bytes: usize) -> Result<(), EvaluatorError> {
        let made = self.0.get().saturating_add(bytes);
        self.0.set(made);
        if bytes > MAX_BYTES || made > MAX_MADE { Err(memory()) } else { Ok(()) }
    }
}

/// The error of an evaluation that takes too much memory.
pub(super) fn memory() -> EvaluatorError {
    EvaluatorError::EvaluationError(MEMORY.to_owned())
}

/// The error of an evaluation that goes too deep.
pub(super) fn depth() -> EvaluatorError {
    EvaluatorError::EvaluationError(DEPTH.to_owned())
}

/// What is put between the sentence about the expression and the message: AWS ends the sentence before a message with a code.
pub(super) fn worded(message: &str) -> (&'static str, &str) {
    match message.split(':').next().unwrap_or_default() {
        // The evaluator's own limits: depth, time, length of a sequence, and that it was told to stop.
        "D1011" | "U1001" => (": ", DEPTH),
        "D1012" => (": ", TIME),
        "D2014" | "D2015" | "U1003" => (": ", MEMORY),
        _ if [MEMORY, DEPTH, TIME].contains(&message) => (": ", message),
        // The reference implementation does not name the function that is none.
        _ if message.starts_with("T1006: Attempted to invoke a non-function") => {
            (". ", "T1006: Attempted to invoke a non-function")
        }
        _ => (". ", message),
    }
}

/// Whether a message says that an evaluation ran for too long.
pub(super) fn is_timeout(message: &str) -> bool {
    message.starts_with("D1012") || message == TIME
}

/// Whether a value, written out, would be larger than any may be. One that has the same part in many places can be.
pub(super) fn is_too_large(value: &JValue) -> bool {
    left(value, MAX_BYTES).is_none()
}

/// How many of these bytes a value leaves; nothing, if it takes more.
fn left(value: &JValue, bytes: usize) -> Option<usize> {
    let bytes = bytes.checked_sub(1)?;
    match value {
        JValue::String(text) => bytes.checked_sub(text.len()),
        JValue::Array(_) => value.as_array()?.iter().try_fold(bytes, |bytes, value| left(value, bytes)),
        JValue::Object(_) => value
            .as_object()?
            .iter()
            .try_fold(bytes, |bytes, (name, value)| left(value, bytes.checked_sub(name.len())?)),
        JValue::Number(_) => bytes.checked_sub(7),
        _ => Some(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_in_many_places_count_each_time() {
        let mut value = JValue::string("x");
        for _ in 0..18 {
            value = JValue::array(vec![value.clone(), value]);
        }
        assert!(!is_too_large(&value));
        for _ in 0..40 {
            value = JValue::array(vec![value.clone(), value]);
        }
        assert!(is_too_large(&value));
        assert!(!is_too_large(&JValue::string("x".repeat(MAX_BYTES - 1))));
        assert!(is_too_large(&JValue::string("x".repeat(MAX_BYTES))));
    }
}
