//! Routes: which objects' events go where.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::{Flow, WorkflowType, section};
pub use crate::eventbridge::CreationReason;
use crate::name::{KeyPrefix, KeySuffix, KeyWildcard, RouteName, StateMachineName, TableName};
use crate::stack::Deferred;

/// A way from the bucket to a table, for some of its objects: a rule and a state machine of its own for each kind of event
/// that is recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteSpec {
    /// What its resources are named after: `Photos`.
    pub name: RouteName,
    /// Only objects whose keys begin with this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<KeyPrefix>,
    /// Only objects whose keys end with this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<KeySuffix>,
    /// Only objects whose keys look like this, instead of a prefix and a suffix: `*/raw/*.jpg`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wildcard: Option<KeyWildcard>,
    /// Only uploads of this size. Deletions and changes have none, so they are let through whatever it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<SizeRange>,
    /// Only uploads that were made in one of these ways. Without any, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("examples" = [["PutObject", "CompleteMultipartUpload"]]))]
    pub reasons: Vec<CreationReason>,
    /// Only uploads that this event pattern fits, instead of all that is above. The source, the kind of event and the bucket
    /// are added to it. Of deletions and changes only the part about the key is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<RawPattern>,
    /// A table of its own. Without it, the stack's.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "section::present")]
    #[schemars(with = "RouteTableSpec")]
    pub table: Option<RouteTableSpec>,
    /// What is different about its state machine for uploads.
    #[serde(default, skip_serializing_if = "RouteStateMachineSpec::is_default")]
    pub state_machine: RouteStateMachineSpec,
}

/// A table of a route's own. It has the layout and the attributes of the stack's table, and is as safe.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RouteTableSpec {
    /// The table's name. Without one CloudFormation makes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Deferred<TableName>>,
}

/// What is different about a route's state machine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RouteStateMachineSpec {
    /// The name of the one for uploads. Without one CloudFormation makes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Deferred<StateMachineName>>,
    /// Which kind of workflow they are. Without it, as `state_machine.type` says.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub workflow_type: Option<WorkflowType>,
    /// How an event becomes a record. Without it, as `state_machine.flow` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<Flow>,
}

impl RouteStateMachineSpec {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The sizes of some objects, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Sizes", into = "Sizes")]
#[schemars(with = "Sizes")]
pub struct SizeRange {
    min: Option<u64>,
    max: Option<u64>,
}

/// Which sizes: at least one of the two.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Sizes {
    /// The smallest, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 9_007_199_254_740_991_u64), extend("examples" = [1]))]
    min: Option<u64>,
    /// The largest, in bytes.
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
                Err("a range of sizes has a `min`, a `max` or both\nfor example {min: 1, max: 1048576}".to_owned())
            }
            (Some(low), Some(high)) if low > high => {
                Err(format!("no size is at least {low} and at most {high}\n`min` and `max` are both within the range"))
            }
            _ if min.max(max) > Some(Self::MAX) => {
                Err(format!("EventBridge compares no number above {}\nno object is that large", Self::MAX))
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
            ("{}", Some("a range of sizes has a `min`, a `max` or both")),
            (r#"{"min": 6, "max": 5}"#, Some("no size is at least 6 and at most 5")),
            (r#"{"max": 9007199254740992}"#, Some("EventBridge compares no number above 9007199254740991")),
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
