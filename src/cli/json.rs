use serde_json::Value;

use crate::source::{Fault, Limits, Source, parse_json};

use super::failure::Failure;

/// The value of a JSON text; where it is not JSON, the place is shown.
pub(super) fn value(source: &Source) -> Result<Value, Failure> {
    serde_json::from_str(&source.text).map_err(|error| {
        let fault = parse_json(&source.text, Limits::TEMPLATE).faults.into_iter().next();
        Failure::spec((source.clone(), fault.unwrap_or_else(|| Fault::new(format!("not JSON: {error}")))))
    })
}
