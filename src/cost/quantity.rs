//! Numbers as people write them: `1M`, `10k`, `2.5M`, `1_000_000`; shares as `0.2` or `20%`.

use std::str::FromStr;

use thiserror::Error;

use super::Decimal;

/// A whole number of things: events, objects, requests, bytes.
///
/// ```
/// use bucketbook::cost::Quantity;
/// assert_eq!("2.5M".parse::<Quantity>().unwrap().get(), 2_500_000);
/// assert!("2.5".parse::<Quantity>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(u64);

/// A part of the whole, from 0 to 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share(Decimal);

/// A text that is no quantity.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoQuantity {
    /// It has other characters.
    #[error("expected a number, such as 250000, 250k, 1M or 2.5M")]
    NoNumber,
    /// It has a fraction.
    #[error("expected a whole number, such as 250000, 250k or 1M")]
    Fraction,
    /// It is beyond what is counted with.
    #[error("the maximum is 1000T")]
    TooLarge,
}

/// A text that is no share.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected a share from 0 to 1, or a percentage: 0.2, 20%")]
pub struct NoShare;

/// The most that is counted with.
const MOST: u64 = 1_000_000_000_000_000;

impl Quantity {
    /// A quantity of this many.
    pub fn new(number: u64) -> Self {
        Self(number.min(MOST))
    }

    /// The quantity as a whole number.
    pub fn get(self) -> u64 {
        self.0
    }

    /// The number, to calculate with.
    pub fn decimal(self) -> Decimal {
        Decimal::from(self.0)
    }
}

impl FromStr for Quantity {
    type Err = NoQuantity;

    fn from_str(text: &str) -> Result<Self, NoQuantity> {
        let text = text.trim();
        let factor = match text.chars().next_back() {
            Some('k' | 'K') => 1_000,
            Some('m' | 'M') => 1_000_000,
            Some('g' | 'G' | 'b' | 'B') => 1_000_000_000,
            Some('t' | 'T') => 1_000_000_000_000,
            _ => 1,
        };
        let digits = if factor == 1 { text } else { text.get(..text.len() - 1).unwrap_or_default() };
        let digits: String = digits.trim().chars().filter(|c| !matches!(c, '_' | ',')).collect();
        // An exponent is read by hand, because a huge one makes a huge number.
        let (digits, power) = digits.split_once(['e', 'E']).unwrap_or((&digits, "0"));
        let power: u32 = power.parse().map_err(|_| NoQuantity::NoNumber)?;
        let power = 10_u64.checked_pow(power).filter(|power| *power <= MOST).ok_or(NoQuantity::TooLarge)?;
        let number: Decimal = digits.parse().map_err(|_| NoQuantity::NoNumber)?;
        let number = number * Decimal::from(factor) * Decimal::from(power);
        if number > Decimal::from(MOST) {
            return Err(NoQuantity::TooLarge);
        }
        number.to_string().parse().map(Self).map_err(|_| NoQuantity::Fraction)
    }
}

impl Share {
    /// The share of 0 %.
    pub fn none() -> Self {
        Self(Decimal::zero())
    }

    /// The share of this many percent.
    pub fn percent(percent: u64) -> Self {
        Self(Decimal::from(percent.min(100)).over(&Decimal::from(100)))
    }

    /// The share as a part of 1.
    pub fn decimal(&self) -> Decimal {
        self.0.clone()
    }
}

impl FromStr for Share {
    type Err = NoShare;

    fn from_str(text: &str) -> Result<Self, NoShare> {
        let text = text.trim();
        let share = match text.strip_suffix('%') {
            Some(percent) => percent.trim().parse::<Decimal>().map_err(|_| NoShare)?.over(&Decimal::from(100)),
            None => text.parse().map_err(|_| NoShare)?,
        };
        if share > Decimal::one() { Err(NoShare) } else { Ok(Self(share)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities() {
        for (text, number) in [
            ("0", Ok(0)),
            ("7", Ok(7)),
            ("1M", Ok(1_000_000)),
            ("10k", Ok(10_000)),
            ("2.5M", Ok(2_500_000)),
            ("1_000_000", Ok(1_000_000)),
            ("1,000", Ok(1_000)),
            ("1.5B", Ok(1_500_000_000)),
            ("1000T", Ok(MOST)),
            ("1e6", Ok(1_000_000)),
            ("2.5E6", Ok(2_500_000)),
            ("1e16", Err(NoQuantity::TooLarge)),
            ("1e999999999999", Err(NoQuantity::NoNumber)),
            ("5e-1", Err(NoQuantity::NoNumber)),
            ("1001T", Err(NoQuantity::TooLarge)),
            ("0.5", Err(NoQuantity::Fraction)),
            ("1.2345k", Err(NoQuantity::Fraction)),
            ("", Err(NoQuantity::NoNumber)),
            ("M", Err(NoQuantity::NoNumber)),
            ("-5", Err(NoQuantity::NoNumber)),
            ("a million", Err(NoQuantity::NoNumber)),
            ("5ü", Err(NoQuantity::NoNumber)),
        ] {
            assert_eq!(text.parse::<Quantity>().map(Quantity::get), number, "{text}");
        }
    }

    #[test]
    fn shares() {
        for (text, share) in [("0.2", "0.2"), ("20%", "0.2"), ("1", "1"), ("0", "0"), ("12.5 %", "0.125")] {
            assert_eq!(text.parse::<Share>().unwrap().decimal().to_string(), share, "{text}");
        }
        for text in ["", "2", "101%", "-1%", "half"] {
            assert_eq!(text.parse::<Share>(), Err(NoShare), "{text}");
        }
    }
}
