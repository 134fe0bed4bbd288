//! The size of JSON, as the service counts it.

use std::io::{self, Write};

use serde_json::Value;

/// How many bytes a payload may have: 256 KiB, the
/// [quota](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html) of a task's, state's or execution's data.
pub const MAX_PAYLOAD_BYTES: usize = 256 * 1024;

/// Whether a value written as JSON has more bytes than that.
pub(super) fn is_too_large(value: &Value) -> bool {
    // Most payloads are far from it, which is known without writing them.
    if at_most(value, MAX_PAYLOAD_BYTES).is_some() {
        return false;
    }
    let mut left = Left(MAX_PAYLOAD_BYTES);
    serde_json::to_writer(&mut left, value).is_err()
}

/// What is left of so many bytes after a value, if every character took as many as any may; nothing, if that is too many.
fn at_most(value: &Value, room: usize) -> Option<usize> {
    // A character below the space is written as `\u0000`, and a number takes no more than its longest form.
    const PER_BYTE: usize = 6;
    const NUMBER: usize = 32;
    match value {
        Value::Null | Value::Bool(_) => room.checked_sub(6),
        Value::Number(_) => room.checked_sub(NUMBER),
        Value::String(text) => room.checked_sub(text.len() * PER_BYTE + 3),
        Value::Array(values) => values.iter().try_fold(room.checked_sub(3)?, |room, value| at_most(value, room)),
        Value::Object(fields) => fields.iter().try_fold(room.checked_sub(3)?, |room, (name, value)| {
            at_most(value, room.checked_sub(name.len() * PER_BYTE + 4)?)
        }),
    }
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
        assert!(!is_too_large(&Value::from(vec!["a"; MAX_PAYLOAD_BYTES / 4 - 1])));
    }
}
