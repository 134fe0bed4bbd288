use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What becomes of a record when S3 sends an event. What was created is always recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EventsSpec {
    /// What becomes of the record of an object that was deleted.
    pub deleted: DeletedEffect,
    /// With `deleted: mark` in the layout `latest`: how many days a mark stays before DynamoDB removes it.
    #[schemars(range(min = 1, max = 3650))]
    #[serde(deserialize_with = "days")]
    pub mark_days: u32,
}

/// What becomes of the record of an object that was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeletedEffect {
    /// Nothing: the record stays.
    #[default]
    Ignore,
    /// It becomes a mark: `deletedAt`, which an event that comes late cannot undo. The mark goes after `mark_days`.
    Mark,
    /// It goes at once. An event of the object's creation that comes after that brings it back.
    Remove,
}

impl Default for EventsSpec {
    fn default() -> Self {
        Self { deleted: DeletedEffect::default(), mark_days: 30 }
    }
}

/// A number of days that makes sense for a mark.
fn days<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let days = u32::deserialize(deserializer)?;
    if (1..=3650).contains(&days) {
        Ok(days)
    } else {
        Err(serde::de::Error::custom(format!("a mark stays 1 to 3650 days, not {days}")))
    }
}
