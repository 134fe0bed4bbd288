use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A whole number from `MIN` to `MAX`, the bounds that the service sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Bounded<const MIN: u32, const MAX: u32>(u32);

/// A number outside its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("expected a whole number from {min} to {max}, found the number {number}")]
pub struct OutOfRange {
    number: u32,
    min: u32,
    max: u32,
}

impl<const MIN: u32, const MAX: u32> Bounded<MIN, MAX> {
    /// A number that is known to lie within the bounds: the build fails where it does not.
    pub const fn known<const NUMBER: u32>() -> Self {
        const { assert!(MIN <= NUMBER && NUMBER <= MAX) };
        Self(NUMBER)
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl<const MIN: u32, const MAX: u32> TryFrom<u32> for Bounded<MIN, MAX> {
    type Error = OutOfRange;

    fn try_from(number: u32) -> Result<Self, OutOfRange> {
        let within = (MIN..=MAX).contains(&number);
        if within { Ok(Self(number)) } else { Err(OutOfRange { number, min: MIN, max: MAX }) }
    }
}

impl<const MIN: u32, const MAX: u32> From<Bounded<MIN, MAX>> for u32 {
    fn from(number: Bounded<MIN, MAX>) -> Self {
        number.0
    }
}

impl<const MIN: u32, const MAX: u32> JsonSchema for Bounded<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("From{MIN}To{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
}

/// For how many days CloudWatch keeps logs: one of the
/// [numbers that it knows](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct LogRetention(u32);

const LOG_RETENTIONS: [u32; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// A number of days that CloudWatch does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("CloudWatch Logs does not support a retention of {days} days\nthe nearest value is {nearest}")]
pub struct NoLogRetention {
    days: u32,
    nearest: u32,
}

fn nearest(days: u32) -> u32 {
    LOG_RETENTIONS.into_iter().min_by_key(|known| known.abs_diff(days)).unwrap_or_default()
}

impl LogRetention {
    /// A month.
    pub const MONTH: Self = Self(30);

    /// The number of days.
    pub fn days(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for LogRetention {
    type Error = NoLogRetention;

    fn try_from(days: u32) -> Result<Self, NoLogRetention> {
        if LOG_RETENTIONS.contains(&days) {
            Ok(Self(days))
        } else {
            Err(NoLogRetention { days, nearest: nearest(days) })
        }
    }
}

impl From<LogRetention> for u32 {
    fn from(retention: LogRetention) -> Self {
        retention.0
    }
}

impl JsonSchema for LogRetention {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "LogRetention".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "integer", "enum": LOG_RETENTIONS })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_outside_say_what_is_inside() {
        let refused = Bounded::<60, 86_400>::try_from(59).unwrap_err();
        assert_eq!(refused.to_string(), "expected a whole number from 60 to 86400, found the number 59");
        assert_eq!(Bounded::<60, 86_400>::try_from(60).unwrap().get(), 60);
        let refused = LogRetention::try_from(360).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "CloudWatch Logs does not support a retention of 360 days\nthe nearest value is 365"
        );
    }
}
