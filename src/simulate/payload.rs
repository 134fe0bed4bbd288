//! The size of JSON, as the service counts it.

use crate::aws::quota::PAYLOAD_BYTES;
use std::io::{self, Write};

use serde_json::Value;

/// How deep a payload may nest. A loop could wrap its data without end, and what is too deep has no room on the stack.
const MAX_DEPTH: usize = 500;

/// What a payload has too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    /// More bytes than [`PAYLOAD_BYTES`].
    Bytes,
    /// More levels than [`MAX_DEPTH`].
    Levels,
}

/// Whether a value is small enough for a payload.
pub(super) fn check(value: &Value) -> Result<(), Excess> {
    // Most payloads are far from any limit, which is known without writing them.
    if most(value, MAX_DEPTH).ok_or(Excess::Levels)? <= PAYLOAD_BYTES {
        return Ok(());
    }
    let mut left = Left(PAYLOAD_BYTES);
    serde_json::to_writer(&mut left, value).map_err(|_| Excess::Bytes)
}

/// Whether a value surely stays small enough with another put into it, by a path of so many bytes.
pub(super) fn has_room(value: &Value, other: &Value, path: usize) -> bool {
    // No step of a path takes less than two bytes, which is more than the level and the quotes that it adds.
    const PER_STEP: usize = 6;
    let room = PAYLOAD_BYTES.checked_sub(path.saturating_mul(PER_STEP));
    let levels = MAX_DEPTH.saturating_sub(path);
    let left = room.and_then(|room| room.checked_sub(most(value, MAX_DEPTH)?));
    left.and_then(|room| room.checked_sub(most(other, levels)?)).is_some()
}

/// How many bytes a value takes, if every character took as many as any may; `None` if it nests deeper than that.
fn most(value: &Value, depth: usize) -> Option<usize> {
    // A character below the space is written as `\u0000`, and a number takes no more than its longest form.
    const PER_BYTE: usize = 6;
    const NUMBER: usize = 32;
    match value {
        Value::Null | Value::Bool(_) => Some(6),
        Value::Number(_) => Some(NUMBER),
        Value::String(text) => Some(text.len() * PER_BYTE + 3),
        Value::Array(values) => {
            let depth = depth.checked_sub(1)?;
            values.iter().try_fold(3, |sum, value| Some(sum + most(value, depth)?))
        }
        Value::Object(fields) => {
            let depth = depth.checked_sub(1)?;
            let field =
                |sum, (name, value): (&String, &Value)| Some(sum + name.len() * PER_BYTE + 4 + most(value, depth)?);
            fields.iter().try_fold(3, field)
        }
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
    use serde_json::json;

    use super::*;

    #[test]
    fn bytes_are_counted_with_quotes() {
        let cases = [
            (Value::from("a".repeat(PAYLOAD_BYTES - 2)), Ok(())),
            (Value::from("a".repeat(PAYLOAD_BYTES - 1)), Err(Excess::Bytes)),
            (Value::from("ä".repeat(PAYLOAD_BYTES / 2)), Err(Excess::Bytes)),
            (Value::from(vec!["a"; PAYLOAD_BYTES / 4 - 1]), Ok(())),
            (Value::from(vec!["a"; PAYLOAD_BYTES / 4]), Err(Excess::Bytes)),
        ];
        for (value, expected) in cases {
            assert_eq!(check(&value), expected);
        }
    }

    #[test]
    fn room_is_never_promised_where_there_is_none() {
        let input = json!({"a": "x".repeat(1000)});
        let nested = (0..MAX_DEPTH).fold(json!(1), |inner, _| json!([inner]));
        assert!(has_room(&input, &json!({"b": 1}), 3));
        assert!(has_room(&nested, &Value::Null, 0));
        assert!(!has_room(&input, &nested, 3));
        assert!(!has_room(&input, &Value::from("a".repeat(PAYLOAD_BYTES)), 3));
        assert!(!has_room(&json!([nested]), &Value::Null, 0));
    }

    #[test]
    fn levels_are_counted() {
        let nested = |levels: usize, innermost: Value| (0..levels).fold(innermost, |value, _| Value::from(vec![value]));
        assert_eq!(check(&nested(MAX_DEPTH, Value::Null)), Ok(()));
        assert_eq!(check(&nested(MAX_DEPTH + 1, Value::Null)), Err(Excess::Levels));
        assert_eq!(check(&nested(MAX_DEPTH + 1, "a".repeat(PAYLOAD_BYTES).into())), Err(Excess::Levels));
    }
}
