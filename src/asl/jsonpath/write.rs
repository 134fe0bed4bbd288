use crate::aws::states::error;
use serde_json::{Map, Value};
use thiserror::Error;

use super::{JsonPath, Step};

/// Why a `ResultPath` cannot be written to: the error `States.ResultPathMatchFailure` and its cause.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("Unable to apply step \"{step}\" to input {input}")]
pub struct ResultPathFault {
    step: String,
    input: String,
}

impl ResultPathFault {
    /// The name of the error with which the state fails.
    pub const ERROR: &'static str = error::RESULT_PATH_MATCH_FAILURE;
}

impl JsonPath {
    /// Writes a value where the path leads, in what a `ResultPath` applies to. Objects that are not there on the way
    /// are made.
    ///
    /// # Errors
    ///
    /// The path goes into what is neither an object nor absent, or beyond the elements of an array. `input` is as it was.
    pub fn set(&self, input: &mut Value, value: Value) -> Result<(), ResultPathFault> {
        if let Some(fault) = self.misfit(input) {
            return Err(fault);
        }
        let mut place = input;
        for step in &self.steps {
            let next = match step {
                Step::Name(name) => {
                    if place.is_null() {
                        *place = Value::Object(Map::new());
                    }
                    place.as_object_mut().map(|fields| fields.entry(name.as_str()).or_insert(Value::Null))
                }
                Step::Index(index) => {
                    let at = usize::try_from(*index).unwrap_or(usize::MAX);
                    place.as_array_mut().and_then(|items| items.get_mut(at))
                }
                _ => None,
            };
            let Some(next) = next else { return Ok(()) };
            place = next;
        }
        *place = value;
        Ok(())
    }

    /// Whether [`set`](Self::set) can write into a value.
    pub fn fits(&self, input: &Value) -> bool {
        self.misfit(input).is_none()
    }

    /// The first step that can be neither taken nor made.
    fn misfit(&self, input: &Value) -> Option<ResultPathFault> {
        let mut place = Some(input);
        for step in &self.steps {
            let next = match (step, place) {
                (Step::Name(name), Some(Value::Object(fields))) => Some(fields.get(name)),
                (Step::Name(_), None | Some(Value::Null)) => Some(None),
                (Step::Index(index), Some(Value::Array(items))) => {
                    usize::try_from(*index).ok().and_then(|at| items.get(at)).map(Some)
                }
                _ => None,
            };
            let Some(next) = next else {
                let step = match step {
                    Step::Name(name) => name.clone(),
                    other => other.to_string(),
                };
                return Some(ResultPathFault { step, input: place.unwrap_or(&Value::Null).to_string() });
            };
            place = next;
        }
        None
    }
}
