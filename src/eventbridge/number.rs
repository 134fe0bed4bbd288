//! Numbers as EventBridge compares them: as 64-bit floating point numbers, whatever their spelling, but only those that
//! survive the conversion. `9007199254740993` does not (it would become `...992`), so nothing is more or less than it.

use thiserror::Error;

/// A number that can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Comparable(u64);

impl Comparable {
    /// The least and the greatest of them: those of a 64-bit floating point number.
    pub(super) const MIN: Self = Self::ordered(f64::MIN);
    pub(super) const MAX: Self = Self::ordered(f64::MAX);

    /// The number that a JSON literal spells, if it can be compared.
    pub(super) fn parse(literal: &str) -> Option<Self> {
        let decimal = Decimal::parse(literal)?;
        let float: f64 = literal.parse().ok()?;
        (float.is_finite() && decimal == Decimal::shortest(float)?).then(|| Self::ordered(float + 0.0))
    }

    /// Bits that are ordered as the numbers are: those of a negative number are turned round, and all are below those of
    /// the positive ones.
    const fn ordered(float: f64) -> Self {
        let bits = float.to_bits();
        Self(if bits >> 63 == 0 { bits | 1 << 63 } else { !bits })
    }
}

/// A decimal number in its one form: `0.digits * 10^exponent`, no zero at either end of the digits.
#[derive(Debug, PartialEq)]
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn parse(literal: &str) -> Option<Self> {
        let (mantissa, power) = literal.split_once(['e', 'E']).unwrap_or((literal, "0"));
        let power = i64::from(power.parse::<i32>().ok()?);
        let (negative, mantissa) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        if significant.is_empty() {
            return Some(Self { negative: false, digits: String::new(), exponent: 0 });
        }
        let leading_zeros = i64::try_from(all.len() - significant.len()).ok()?;
        let exponent = i64::try_from(whole.len()).ok()? - leading_zeros + power;
        Some(Self { negative, digits: significant.trim_end_matches('0').to_owned(), exponent })
    }

    /// The decimal that a floating point number is shown as: the shortest one that reads back, or, where one digit is
    /// enough, the nearest of two.
    fn shortest(float: f64) -> Option<Self> {
        let shortest = Self::parse(&format!("{float:e}"))?;
        let two_digits = format!("{float:.1e}");
        if shortest.digits.len() == 1 && two_digits.parse() == Ok(float) {
            return Self::parse(&two_digits);
        }
        Some(shortest)
    }
}

/// What `numeric` asks of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct NumberRange {
    pub(super) low: Comparable,
    pub(super) low_excluded: bool,
    pub(super) high: Comparable,
    pub(super) high_excluded: bool,
}

/// No number is in the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Bottom must be less than top")]
pub struct EmptyRange;

impl NumberRange {
    /// The numbers between two others.
    pub(super) fn new(
        (low, low_excluded): (Comparable, bool),
        (high, high_excluded): (Comparable, bool),
    ) -> Result<Self, EmptyRange> {
        if low >= high {
            return Err(EmptyRange);
        }
        Ok(Self { low, low_excluded, high, high_excluded })
    }

    pub(super) fn contains(&self, number: Comparable) -> bool {
        let above = if self.low_excluded { number > self.low } else { number >= self.low };
        let below = if self.high_excluded { number < self.high } else { number <= self.high };
        above && below
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_number_are_equal() {
        for (a, b) in [
            ("300", "3.0e2"),
            ("300", "300.00"),
            ("0.3e3", "30E+1"),
            ("0", "-0.0"),
            ("0e5", "0"),
            ("1e-7", "0.0000001"),
        ] {
            assert_eq!(Comparable::parse(a).unwrap(), Comparable::parse(b).unwrap(), "{a} {b}");
        }
    }

    #[test]
    fn what_a_float_cannot_hold_is_not_compared() {
        for literal in [
            "9007199254740993",
            "1e309",
            "-1e400",
            "1e-400",
            "0.1234567890123456789",
            "12345678901234567890123",
            "1e99999999999",
        ] {
            assert_eq!(Comparable::parse(literal), None, "{literal}");
        }
        for literal in ["9007199254740992", "1.7976931348623157e308", "0.30000000000000004", "1e-320", "4.9e-324"] {
            assert!(Comparable::parse(literal).is_some(), "{literal}");
        }
    }

    proptest! {
        #[test]
        fn order_is_that_of_the_numbers(a in any::<i32>(), b in any::<f32>()) {
            let (x, y) = (f64::from(a), f64::from(b));
            let (p, q) = (Comparable::parse(&a.to_string()).unwrap(), Comparable::parse(&format!("{y:e}")).unwrap());
            prop_assert_eq!(p.cmp(&q), x.partial_cmp(&y).unwrap());
        }
    }
}
