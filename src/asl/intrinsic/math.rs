use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use super::arguments::Arguments;
use super::evaluate::Computed;

/// `States.MathAdd`: the sum of two numbers.
pub(super) fn add(arguments: &Arguments<'_>) -> Computed {
    let (left, right) = (arguments.integer(0)?, arguments.integer(1)?);
    left.checked_add(right).map(Value::from).ok_or_else(|| "The sum is out of range".to_owned())
}

/// `States.MathRandom`: from the first, included, to the second, excluded. With a seed, always the same.
pub(super) fn random(arguments: &Arguments<'_>, random: &mut dyn Rng) -> Computed {
    let (start, end) = (arguments.integer(0)?, arguments.integer(1)?);
    if start >= end {
        return Err(format!("The start number {start} has to be less than the end number {end}"));
    }
    let number = if arguments.len() > 2 {
        ChaCha8Rng::seed_from_u64(arguments.integer(2)? as u64).random_range(start..end)
    } else {
        random.random_range(start..end)
    };
    Ok(Value::from(number))
}

/// A UUID of version 4, which is random.
pub(super) fn uuid(random: &mut dyn Rng) -> String {
    let bits = (u128::from(random.next_u64()) << 64) | u128::from(random.next_u64());
    uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string()
}
