//! Routes: which objects' events go where.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::{Flow, WorkflowType, section};
pub use crate::eventbridge::CreationReason;
use crate::name::{KeyPrefix, KeySuffix, KeyWildcard, RouteName, StateMachineName, TableName};
use crate::stack::Deferred;

/// A separate rule and state machine for some objects of the bucket, for each kind of event that is recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteSpec {
    /// The prefix of the names of its resources: `Photos`.
    pub name: RouteName,
    /// Only objects whose keys begin with this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<KeyPrefix>,
    /// Only objects whose keys end with this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<KeySuffix>,
    /// Only objects whose keys match this pattern, instead of a prefix and a suffix: `*/raw/*.jpg`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wildcard: Option<KeyWildcard>,
    /// Only uploads of this size. Deletions and changes have no size in their events, so all of them match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<SizeRange>,
    /// Only uploads by one of these calls. By default, all uploads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("examples" = [["PutObject", "CompleteMultipartUpload"]]))]
    pub reasons: Vec<CreationReason>,
    /// Only uploads that match this event pattern, instead of the filters above. The source, the kind of event and the bucket are
    /// added to it. For deletions and changes, only the part about the key is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<RawPattern>,
    /// A separate table. By default, the stack's.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "section::present")]
    #[schemars(with = "RouteTableSpec")]
    pub table: Option<RouteTableSpec>,
    /// Settings of its state machine that differ from `state_machine`.
    #[serde(default, skip_serializing_if = "RouteStateMachineSpec::is_default")]
    pub state_machine: RouteStateMachineSpec,
}

/// A separate table of a route. It has the layout, the attributes and the hardening of the stack's table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RouteTableSpec {
    /// The table's name. By default, CloudFormation generates one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Deferred<TableName>>,
}

/// Settings of a route's state machine that differ from `state_machine`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RouteStateMachineSpec {
    /// The name of the state machine for uploads. By default, CloudFormation generates one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Deferred<StateMachineName>>,
    /// The workflow type. By default, that of `state_machine.type`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub workflow_type: Option<WorkflowType>,
    /// How an event becomes a record. By default, that of `state_machine.flow`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<Flow>,
}

impl RouteStateMachineSpec {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// A range of sizes in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Sizes", into = "Sizes")]
#[schemars(with = "Sizes")]
pub struct SizeRange {
    min: Option<u64>,
    max: Option<u64>,
}

/// A range of sizes: `min`, `max` or both.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Sizes {
    /// The smallest size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 9_007_199_254_740_991_u64), extend("examples" = [1]))]
    min: Option<u64>,
    /// The largest size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 9_007_199_254_740_991_u64), extend("examples" = [1_048_576]))]
    max: Option<u64>,
}

impl SizeRange {
    /// The largest number that EventBridge compares exactly.
    const MAX: u64 = (1 << 53) - 1;

    /// The smallest and the largest.
    pub fn bounds(self) -> (Option<u64>, Option<u64>) {
        (self.min, self.max)
    }
}

impl TryFrom<Sizes> for SizeRange {
    type Error = String;

    fn try_from(Sizes { min, max }: Sizes) -> Result<Self, String> {
        match (min, max) {
            (None, None) => {
                Err("a range of sizes needs `min`, `max` or both\nfor example {min: 1, max: 1048576}".to_owned())
            }
            (Some(low), Some(high)) if low > high => {
                Err(format!("no size is at least {low} and at most {high}\nthe range includes `min` and `max`"))
            }
            _ if min.max(max) > Some(Self::MAX) => {
                Err(format!("EventBridge cannot compare numbers above {}\nno object is that large", Self::MAX))
            }
            _ => Ok(Self { min, max }),
        }
    }
}

impl From<SizeRange> for Sizes {
    fn from(SizeRange { min, max }: SizeRange) -> Self {
        Self { min, max }
    }
}

/// An event pattern as EventBridge takes it, in YAML.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct RawPattern(Map<String, Value>);

impl RawPattern {
    /// Its fields.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl From<Map<String, Value>> for RawPattern {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

impl<'de> Deserialize<'de> for RawPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self)
    }
}

impl JsonSchema for RawPattern {
    fn schema_name() -> Cow<'static, str> {
        "EventPattern".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "An event pattern; see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html",
            "minProperties": 1,
            "examples": [{ "detail": { "object": { "key": [{ "prefix": "photos/" }] } } }],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_make_a_range() {
        for (text, refused) in [
            (r#"{"min": 1}"#, None),
            (r#"{"min": 5, "max": 5}"#, None),
            ("{}", Some("a range of sizes needs `min`, `max` or both")),
            (r#"{"min": 6, "max": 5}"#, Some("no size is at least 6 and at most 5")),
            (r#"{"max": 9007199254740992}"#, Some("EventBridge cannot compare numbers above 9007199254740991")),
        ] {
            let read = serde_json::from_str::<SizeRange>(text).map_err(|error| error.to_string());
            assert_eq!(
                read.err().map(|error| error.lines().next().unwrap().to_owned()),
                refused.map(str::to_owned),
                "{text}"
            );
        }
    }
}
