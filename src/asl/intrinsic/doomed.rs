use std::borrow::Cow;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::arguments::Arguments;
use super::evaluate::call;
use super::function::Function;
use super::read::{Intrinsic, Operand};

impl Intrinsic {
    /// Why the call fails each time, whatever its paths lead to: its constants are none that the function takes. `None` if it may go well.
    ///
    /// ```
    /// use bucketbook::asl::Intrinsic;
    ///
    /// let call: Intrinsic = "States.Hash($.key, 'SHA1')".parse().unwrap();
    /// assert_eq!(call.doomed().unwrap(), "Invalid hashing algorithm: SHA1");
    /// let call: Intrinsic = "States.Hash($.key, 'SHA-1')".parse().unwrap();
    /// assert_eq!(call.doomed(), None);
    /// ```
    pub fn doomed(&self) -> Option<String> {
        let within = self.arguments().iter().find_map(|argument| match argument {
            Operand::Call(call) => call.doomed(),
            _ => None,
        });
        if within.is_some() || self.function() == Function::Format {
            return within;
        }
        let known: Vec<Option<Value>> = self.arguments().iter().map(constant).collect();
        if self.function() == Function::ArrayGetItem
            && let Some(Some(index)) = known.get(1)
            && index.as_i64().is_some_and(|index| index < 0)
        {
            return Some(format!("The index {index} is out of bounds for every array"));
        }
        let taken = known.into_iter().enumerate().map(|(at, value)| value.or_else(|| sample(self.function(), at)));
        let values: Vec<Cow<'_, Value>> = taken.map(|value| value.map(Cow::Owned)).collect::<Option<_>>()?;
        call(self.function(), &Arguments(&values), &mut ChaCha8Rng::seed_from_u64(0)).err()
    }
}

/// What an argument is, if that is known.
fn constant(argument: &Operand) -> Option<Value> {
    match argument {
        Operand::Literal(value) => Some(value.clone()),
        Operand::Call(inner) => {
            let drawn = matches!(inner.function(), Function::Uuid | Function::MathRandom | Function::Format);
            let values = inner.arguments().iter().map(|argument| constant(argument).map(Cow::Owned));
            let values: Vec<Cow<'_, Value>> = values.collect::<Option<_>>().filter(|_| !drawn)?;
            call(inner.function(), &Arguments(&values), &mut ChaCha8Rng::seed_from_u64(0)).ok()
        }
        Operand::Template(_) | Operand::Path(_) => None,
    }
}

/// A value that an unknown argument may have, and with which a function fails for its other arguments alone.
fn sample(function: Function, at: usize) -> Option<Value> {
    match (function, at) {
        (Function::Hash, 0) => Some(json!("x")),
        (Function::ArrayPartition, 0) => Some(json!([])),
        (Function::JsonMerge, 0 | 1) => Some(json!({})),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_fails_with_every_value_is_doomed() {
        for (text, doomed) in [
            ("States.Hash($.a, 'SHA1')", true),
            ("States.Hash($.a, 'SHA-256')", false),
            ("States.Hash($.a, $.b)", false),
            ("States.ArrayRange(1, 1000, 1)", false),
            ("States.ArrayRange(1, 1001, 1)", true),
            ("States.ArrayRange(1, 9, 0)", true),
            ("States.ArrayRange($.a, 5000, 1)", false),
            ("States.ArrayPartition($.a, 0)", true),
            ("States.ArrayPartition($.a, 2)", false),
            ("States.ArrayGetItem($.a, -1)", true),
            ("States.ArrayGetItem($.a, 10)", false),
            ("States.ArrayGetItem(States.Array(1, 2), 2)", true),
            ("States.MathRandom(5, 1)", true),
            ("States.MathRandom(1, 5)", false),
            ("States.MathRandom($.a, 5)", false),
            ("States.Base64Decode('?')", true),
            ("States.StringToJson('{')", true),
            ("States.JsonMerge($.a, $.b, true)", true),
            ("States.JsonMerge($.a, $.b, false)", false),
            ("States.Format('{} {}', $.a, States.Hash($.b, 'MD4'))", true),
            ("States.UUID()", false),
        ] {
            let call: Intrinsic = text.parse().unwrap();
            assert_eq!(call.doomed().is_some(), doomed, "{text} {:?}", call.doomed());
        }
    }
}
