use std::borrow::Cow;

use serde_json::{Map, Number, Value};

/// The values of a call's arguments, and what functions ask of them.
pub(super) struct Arguments<'a>(pub(super) &'a [Cow<'a, Value>]);

impl<'a> Arguments<'a> {
    pub(super) fn iter(&self) -> impl Iterator<Item = &'a Value> {
        self.0.iter().map(AsRef::as_ref)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn any(&self, at: usize) -> Result<&'a Value, String> {
        self.0.get(at).map(AsRef::as_ref).ok_or_else(|| format!("The argument {} is missing", at + 1))
    }

    pub(super) fn text(&self, at: usize) -> Result<&'a str, String> {
        self.any(at)?.as_str().ok_or_else(|| self.mistyped(at, "a string"))
    }

    pub(super) fn array(&self, at: usize) -> Result<&'a [Value], String> {
        self.any(at)?.as_array().map(Vec::as_slice).ok_or_else(|| self.mistyped(at, "an array"))
    }

    pub(super) fn object(&self, at: usize) -> Result<&'a Map<String, Value>, String> {
        self.any(at)?.as_object().ok_or_else(|| self.mistyped(at, "a JSON object"))
    }

    /// An integer; a number with a fraction is rounded, ties upwards as by Java.
    pub(super) fn integer(&self, at: usize) -> Result<i64, String> {
        let number = self.any(at)?.as_number().ok_or_else(|| self.mistyped(at, "a number"))?;
        rounded(number).ok_or_else(|| self.mistyped(at, "an integer in range"))
    }

    fn mistyped(&self, at: usize, expected: &str) -> String {
        let value = self.0.get(at).map(ToString::to_string).unwrap_or_default();
        format!("The argument {} has to be {expected}, but was: {value}", at + 1)
    }
}

fn rounded(number: &Number) -> Option<i64> {
    if let Some(integer) = number.as_i64() {
        return Some(integer);
    }
    let float = (number.as_f64()? + 0.5).floor();
    (float.abs() < 9e15).then_some(float as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_round_upwards() {
        for (text, expected) in [
            ("1.49", Some(1)),
            ("1.5", Some(2)),
            ("-1.49", Some(-1)),
            ("-1.5", Some(-1)),
            ("-1.51", Some(-2)),
            ("7", Some(7)),
            ("1e300", None),
            ("18446744073709551615", None),
        ] {
            assert_eq!(rounded(&text.parse().unwrap()), expected, "{text}");
        }
    }
}
