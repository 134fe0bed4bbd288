use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};

const EXPECTED: &str =
    "`step`, the number of an execution, or `throttle`, `lose`, `stale` or `again` and the number of an execution";

/// A turn of a schedule. Executions are numbered from 1, in the order in which they start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Turn {
    /// The next step of `when` happens.
    Step,
    /// An execution goes on until it has made a call, or has ended.
    Go(u64),
    /// The same, and the call is throttled.
    Throttle(u64),
    /// The same, and the answer to the call is lost.
    Lose(u64),
    /// The same, and the call reads what was there before the last call that changed a table.
    Stale(u64),
    /// An execution stops where it is, or has failed, and its input starts a new one: a redrive.
    Again(u64),
}

impl Turn {
    /// Whether something goes wrong in it.
    pub fn is_fault(self) -> bool {
        !matches!(self, Self::Step | Self::Go(_))
    }
}

impl fmt::Display for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step => f.write_str("step"),
            Self::Go(number) => write!(f, "{number}"),
            Self::Throttle(number) => write!(f, "throttle {number}"),
            Self::Lose(number) => write!(f, "lose {number}"),
            Self::Stale(number) => write!(f, "stale {number}"),
            Self::Again(number) => write!(f, "again {number}"),
        }
    }
}

impl FromStr for Turn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}` is not a valid turn: expected {EXPECTED}");
        let number = |text: &str| text.parse().map_err(|_| refused());
        match text.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["step"] => Ok(Self::Step),
            ["throttle", execution] => number(execution).map(Self::Throttle),
            ["lose", execution] => number(execution).map(Self::Lose),
            ["stale", execution] => number(execution).map(Self::Stale),
            ["again", execution] => number(execution).map(Self::Again),
            [execution] => number(execution).map(Self::Go),
            _ => Err(refused()),
        }
    }
}

impl Serialize for Turn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Go(number) => serializer.serialize_u64(*number),
            other => serializer.collect_str(other),
        }
    }
}

impl<'de> Deserialize<'de> for Turn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Turn;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(EXPECTED)
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Turn, E> {
                u64::try_from(number).map(Turn::Go).map_err(|_| E::custom("executions are numbered from 1"))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Turn, E> {
                Ok(Turn::Go(number))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Turn, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for Turn {
    fn schema_name() -> Cow<'static, str> {
        "Turn".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "`step`: the next step of `when` happens. A number: this execution continues until it has made a call or ended; executions are counted from 1 in the order in which they start. `throttle 1`: its call is throttled. `lose 1`: the answer to its call is lost. `stale 1`: its call reads the table as it was before the last change. `again 1`: it is stopped or has failed, and its input starts a new execution.",
            "anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^(step|((throttle|lose|stale|again) )?[0-9]+)$"}],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_read_as_they_are_written() {
        for turn in [Turn::Step, Turn::Go(1), Turn::Throttle(2), Turn::Lose(3), Turn::Again(4), Turn::Stale(5)] {
            assert_eq!(turn.to_string().parse(), Ok(turn));
            assert_eq!(serde_json::from_value::<Turn>(serde_json::to_value(turn).unwrap()).unwrap(), turn);
        }
        for text in ["", "go", "step 1", "lose", "again x", "1 2"] {
            assert!(text.parse::<Turn>().is_err(), "{text}");
        }
    }
}
