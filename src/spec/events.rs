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
    /// What becomes of the record of an object that a lifecycle rule moved to another storage class: `storageClass`.
    #[serde(skip_serializing_if = "ChangeEffect::is_ignore")]
    pub storage_class: ChangeEffect,
    /// What becomes of the record of an object that Intelligent-Tiering moved to an archive tier: `accessTier`.
    #[serde(skip_serializing_if = "ChangeEffect::is_ignore")]
    pub access_tier: ChangeEffect,
    /// What becomes of the record of an archived object whose restore was initiated, was completed, or expired:
    /// `restoreStatus` and `restoreExpiresAt`. The three go together: each makes what the one before said untrue.
    #[serde(skip_serializing_if = "ChangeEffect::is_ignore")]
    pub restore: ChangeEffect,
    /// What becomes of the record of an object whose tags were added or deleted: `tagsStatus` and `tagsChangedAt`. The events
    /// do not tell the tags.
    #[serde(skip_serializing_if = "ChangeEffect::is_ignore")]
    pub tags: ChangeEffect,
    /// What becomes of the record of an object whose access control list was set: `aclUpdatedAt` and `aclUpdatedBy`. The events
    /// do not tell the list.
    #[serde(skip_serializing_if = "ChangeEffect::is_ignore")]
    pub acl: ChangeEffect,
}

/// What becomes of the record of an object that was changed, but neither created nor deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangeEffect {
    /// Nothing: no rule lets the events through.
    #[default]
    Ignore,
    /// The record says what the newest of these events said. In the layout `history` each of them has a record.
    Record,
}

impl ChangeEffect {
    fn is_ignore(&self) -> bool {
        *self == Self::Ignore
    }
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
        let ignore = ChangeEffect::Ignore;
        Self {
            deleted: DeletedEffect::default(),
            mark_days: 30,
            storage_class: ignore,
            access_tier: ignore,
            restore: ignore,
            tags: ignore,
            acl: ignore,
        }
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
