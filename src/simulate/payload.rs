//! The size of JSON, as the service counts it.

use std::io::{self, Write};

use serde_json::Value;

/// How many bytes a payload may have: 256 KiB, the
/// [quota](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html) of a task's, state's or execution's data.
pub const MAX_PAYLOAD_BYTES: usize = 256 * 1024;

/// Whether a value written as JSON has more bytes than that.
pub(super) fn is_too_large(value: &Value) -> bool {
    // Most payloads are small values, and a few small parts need no counting.
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => return false,
        Value::String(text) if text.len() < MAX_PAYLOAD_BYTES / 8 => return false,
        Value::Array(values) if values.is_empty() => return false,
        _ => {}
    }
    let mut left = Left(MAX_PAYLOAD_BYTES);
    serde_json::to_writer(&mut left, value).is_err()
}

/// Counts what is written, and refuses more than there is room for.
struct Left(usize);

impl Write for Left {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_counted_with_quotes() {
        assert!(!is_too_large(&Value::from("a".repeat(MAX_PAYLOAD_BYTES - 2))));
        assert!(is_too_large(&Value::from("a".repeat(MAX_PAYLOAD_BYTES - 1))));
        assert!(is_too_large(&Value::from("ä".repeat(MAX_PAYLOAD_BYTES / 2))));
        assert!(is_too_large(&Value::from(vec!["a"; MAX_PAYLOAD_BYTES / 4])));
    }
}
