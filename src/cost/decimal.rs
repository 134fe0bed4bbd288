use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};
use std::str::FromStr;

use bigdecimal::{BigDecimal, RoundingMode, Zero};
use serde::{Serialize, Serializer};
use thiserror::Error;

/// A decimal number, exact: sums and products lose nothing. Only [`Decimal::over`] rounds, in the 36th place.
///
/// In JSON it is the number that is nearest to it, so nothing like `0.30000000000000004` comes out.
///
/// ```
/// use bucketbook::cost::Decimal;
/// let third: Decimal = "0.1".parse().unwrap();
/// assert_eq!((third.clone() + third.clone() + third).to_string(), "0.3");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(BigDecimal);

/// A text that is no decimal number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a number: expected digits, with one point at most")]
pub struct NoDecimal(String);

/// How many places of a quotient are kept: enough for bytes in GB (2^-30) to be exact.
const PLACES: i64 = 36;

/// The most characters of a number.
const LONGEST: usize = 40;

impl Decimal {
    /// The number 0.
    pub fn zero() -> Self {
        Self(BigDecimal::zero())
    }

    /// The number 1.
    pub fn one() -> Self {
        Self::from(1)
    }

    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// The quotient, rounded half up in the 36th place; by nothing it is nothing.
    #[must_use]
    pub fn over(&self, divisor: &Self) -> Self {
        if divisor.is_zero() {
            return Self::zero();
        }
        Self((&self.0 / &divisor.0).with_scale_round(PLACES, RoundingMode::HalfUp).normalized())
    }

    /// Rounded half up to so many places.
    #[must_use]
    pub fn round(&self, places: i64) -> Self {
        Self(self.0.with_scale_round(places, RoundingMode::HalfUp))
    }

    /// Rounded up to a whole number of steps: 150 in steps of 100 is 200.
    #[must_use]
    pub fn up_to(&self, step: u64) -> Self {
        let steps = self.over(&Self::from(step));
        Self(steps.0.with_scale_round(0, RoundingMode::Ceiling)) * Self::from(step)
    }

    /// With so many places and commas between thousands: `1,234.50`.
    pub fn grouped(&self, places: i64) -> String {
        let text = self.round(places).0.to_plain_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{grouped}{point}{fraction}")
    }

    /// As an amount of money, to the cent; `<0.01` where it is less and not nothing.
    pub fn money(&self) -> String {
        let cents = self.round(2);
        if cents.is_zero() && !self.is_zero() { "<0.01".to_owned() } else { cents.grouped(2) }
    }
}

impl From<u64> for Decimal {
    fn from(number: u64) -> Self {
        Self(BigDecimal::from(number))
    }
}

impl FromStr for Decimal {
    type Err = NoDecimal;

    fn from_str(text: &str) -> Result<Self, NoDecimal> {
        let refused = || NoDecimal(text.chars().take(LONGEST).collect());
        let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let sound = digits && text.bytes().any(|byte| byte.is_ascii_digit()) && text.matches('.').count() < 2;
        if !sound || text.len() > LONGEST {
            return Err(refused());
        }
        BigDecimal::from_str(text).map(|number| Self(number.normalized())).map_err(|_| refused())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.normalized().to_plain_string())
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.to_string();
        match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(whole), _) => serializer.serialize_i64(whole),
            (_, Ok(number)) => serializer.serialize_f64(number),
            _ => serializer.serialize_str(&text),
        }
    }
}

impl Add for Decimal {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Decimal {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Decimal {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul for Decimal {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }
}

impl Mul<&Decimal> for &Decimal {
    type Output = Decimal;

    fn mul(self, other: &Decimal) -> Decimal {
        Decimal(&self.0 * &other.0)
    }
}

impl Sum for Decimal {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::zero(), |sum, number| sum + number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn money_is_rounded_half_up() {
        for (text, money) in [
            ("0", "0.00"),
            ("0.005", "0.01"),
            ("0.0049", "<0.01"),
            ("1.005", "1.01"),
            ("1234567.895", "1,234,567.90"),
            ("100", "100.00"),
        ] {
            assert_eq!(number(text).money(), money, "{text}");
        }
    }

    #[test]
    fn numbers_are_told_as_numbers() {
        for (text, json) in [("25", "25"), ("0.3", "0.3"), ("0.0000001425", "1.425e-7"), ("2.50", "2.5")] {
            assert_eq!(serde_json::to_string(&number(text)).unwrap(), json);
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in ["", ".", "1e9", "-1", "1.2.3", "one", &"9".repeat(41)] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    #[test]
    fn quotients_and_steps() {
        assert_eq!(number("1").over(&number("3")).to_string(), "0.333333333333333333333333333333333333");
        assert_eq!(number("1").over(&Decimal::zero()), Decimal::zero());
        assert_eq!(number("150").up_to(100), number("200"));
        assert_eq!(number("200").up_to(100), number("200"));
        assert_eq!(number("0").up_to(100), number("0"));
    }
}
