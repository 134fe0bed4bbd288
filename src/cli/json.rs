use std::path::Path;

use serde_json::Value;

use crate::source::{Fault, Limits, Source, parse_json};

use super::failure::Failure;

/// The value of an argument that is JSON, or `@` and the name of a file of it.
pub(super) fn argument(flag: &str, text: &str) -> Result<Value, Failure> {
    let source = match text.strip_prefix('@') {
        Some(path) => Source::read_up_to(Path::new(path), 4 << 20).map_err(Failure::spec)?,
        None => Source::new(flag, text),
    };
    value(&source)
}

/// The value of a JSON text; where it is not JSON, the place is shown.
pub(super) fn value(source: &Source) -> Result<Value, Failure> {
    serde_json::from_str(&source.text).map_err(|error| {
        let fault = parse_json(&source.text, Limits::TEMPLATE).faults.into_iter().next();
        Failure::spec((source.clone(), fault.unwrap_or_else(|| Fault::new(format!("not JSON: {error}")))))
    })
}
