use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::name::KeyPrefix;

/// A second state machine, started by hand, that records the objects that were in the bucket before the stack.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BackfillSpec {
    /// Only objects whose keys begin with this are recorded. By default, all objects. The input of an execution can override it:
    /// `{"prefix": "photos/2024/"}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<KeyPrefix>,
    /// The maximum number of objects per child workflow.
    pub items_per_batch: ItemsPerBatch,
    /// The maximum number of concurrent child workflows. Each writes up to ten records at a time.
    pub max_concurrency: MaxConcurrency,
    /// The percentage of the listing that may fail before the run fails.
    pub tolerated_failure_percentage: ToleratedFailurePercentage,
}

/// Reads a whole number between two limits, and says what they are where it finds another.
struct Within {
    min: u32,
    max: u32,
}

impl Visitor<'_> for Within {
    type Value = u32;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from {} to {}", self.min, self.max)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u32, E> {
        let fits = u32::try_from(number).ok().filter(|number| (self.min..=self.max).contains(number));
        fits.ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<u32, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::invalid_value(Unexpected::Signed(number), &self)),
        }
    }
}

/// A setting that is a number: its limits, and what holds where nothing was chosen.
macro_rules! number {
    ($(#[$doc:meta])* $name:ident = $default:literal, $min:literal to $max:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        pub struct $name(u32);

        impl $name {
            /// The smallest.
            pub const MIN: u32 = $min;
            /// The largest.
            pub const MAX: u32 = $max;

            /// The number as a setting, if it is within the limits.
            pub fn new(number: u32) -> Option<Self> {
                (Self::MIN..=Self::MAX).contains(&number).then_some(Self(number))
            }

            /// The number.
            pub fn get(self) -> u32 {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self($default)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_u64(Within { min: Self::MIN, max: Self::MAX }).map(Self)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "integer", "minimum": Self::MIN, "maximum": Self::MAX })
            }
        }
    };
}

number! {
    /// How many objects one child workflow records. A thousand entries of a listing come near the 256 KiB that a child's
    /// input can have.
    ItemsPerBatch = 500, 1 to 1000
}

number! {
    /// How many child workflows run at a time: up to the
    /// [10,000](https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html) that Step Functions runs.
    /// Ten of them make the 4,000 writes a second that a new on-demand table takes.
    MaxConcurrency = 10, 1 to 10_000
}

number! {
    /// How much of the listing may fail, in percent. With none, a run that succeeded has recorded everything.
    ToleratedFailurePercentage = 0, 0 to 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_limits() {
        for (number, fits) in [(0, false), (1, true), (1000, true), (1001, false)] {
            assert_eq!(ItemsPerBatch::new(number).is_some(), fits, "{number}");
            assert_eq!(serde_json::from_str::<ItemsPerBatch>(&number.to_string()).is_ok(), fits, "{number}");
        }
        assert!(ToleratedFailurePercentage::new(0).is_some() && ToleratedFailurePercentage::new(101).is_none());
    }

    #[test]
    fn what_holds_where_nothing_was_chosen() {
        let spec: BackfillSpec = serde_json::from_str("{}").unwrap();
        let numbers = (spec.items_per_batch.get(), spec.max_concurrency.get(), spec.tolerated_failure_percentage.get());
        assert_eq!((spec.prefix, numbers), (None, (500, 10, 0)));
    }
}
