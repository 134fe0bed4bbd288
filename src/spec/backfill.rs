use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::name::KeyPrefix;

/// A second state machine, started by hand, that records what was in the bucket before the stack was.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BackfillSpec {
    /// Only objects whose keys begin with this are recorded. Without it all are. The input of an execution can name another:
    /// `{"prefix": "photos/2024/"}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<KeyPrefix>,
    /// How many objects one child workflow records, at most.
    pub items_per_batch: ItemsPerBatch,
    /// How many child workflows run at a time, at most. Each writes up to ten records at a time.
    pub max_concurrency: MaxConcurrency,
    /// How much of the listing may fail before the whole run does, in percent.
    pub tolerated_failure_percentage: ToleratedFailurePercentage,
}

/// A setting that is a number: its limits, and what holds where nothing was chosen.
macro_rules! number {
    ($(#[$doc:meta])* $name:ident = $default:literal, $min:literal to $max:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "u32", into = "u32")]
        pub struct $name(u32);

        impl $name {
            /// The smallest.
            pub const MIN: u32 = $min;
            /// The largest.
            pub const MAX: u32 = $max;

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

        impl TryFrom<u32> for $name {
            type Error = String;

            fn try_from(number: u32) -> Result<Self, String> {
                if (Self::MIN..=Self::MAX).contains(&number) {
                    Ok(Self(number))
                } else {
                    Err(format!("{number} is out of range: expected a number from {} to {}", Self::MIN, Self::MAX))
                }
            }
        }

        impl From<$name> for u32 {
            fn from(number: $name) -> u32 {
                number.0
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
            assert_eq!(ItemsPerBatch::try_from(number).is_ok(), fits, "{number}");
        }
        let error = MaxConcurrency::try_from(10_001).unwrap_err();
        assert_eq!(error, "10001 is out of range: expected a number from 1 to 10000");
        assert!(ToleratedFailurePercentage::try_from(0).is_ok() && ToleratedFailurePercentage::try_from(101).is_err());
    }

    #[test]
    fn what_holds_where_nothing_was_chosen() {
        let spec: BackfillSpec = serde_json::from_str("{}").unwrap();
        let numbers = (spec.items_per_batch.get(), spec.max_concurrency.get(), spec.tolerated_failure_percentage.get());
        assert_eq!((spec.prefix, numbers), (None, (500, 10, 0)));
    }
}
