use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What happens to a record when S3 sends an event. Creations are always recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EventsSpec {
    /// What happens to the record of a deleted object.
    pub deleted: DeletedEffect,
    /// How many days the mark of a deleted object stays, with `deleted: mark` in the layout `latest`. Then DynamoDB removes it.
    #[schemars(range(min = 1, max = 3650))]
    #[serde(deserialize_with = "days")]
    pub mark_days: u32,
    /// Whether `storageClass` is recorded when a lifecycle rule moves an object to another storage class.
    #[serde(skip_serializing_if = "ChangeEffect::is_ignore")]
    pub storage_class: ChangeEffect,
    /// Whether `accessTier` is recorded when Intelligent-Tiering moves an object to an archive tier.
    #[serde(skip_serializing_if = "ChangeEffect::is_ignore")]
    pub access_tier: ChangeEffect,
    /// Whether `restoreStatus` and `restoreExpiresAt` are recorded when the restore of an archived object is initiated, is
    /// completed or expires.
    #[serde(skip_serializing_if = "ChangeEffect::is_ignore")]
    pub restore: ChangeEffect,
    /// Whether `tagsStatus` and `tagsChangedAt` are recorded when tags of an object are added or deleted. The events do not contain
    /// the tags.
    #[serde(skip_serializing_if = "ChangeEffect::is_ignore")]
    pub tags: ChangeEffect,
    /// Whether `aclUpdatedAt` and `aclUpdatedBy` are recorded when the access control list of an object is set. The events do not
    /// contain the list.
    #[serde(skip_serializing_if = "ChangeEffect::is_ignore")]
    pub acl: ChangeEffect,
}

/// What happens to the record of an object that was changed, but neither created nor deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangeEffect {
    /// Nothing: no rule matches the events.
    #[default]
    Ignore,
    /// The record contains what the newest of these events says. In the layout `history`, each event has a record.
    Record,
}

impl ChangeEffect {
    fn is_ignore(&self) -> bool {
        *self == Self::Ignore
    }
}

/// What happens to the record of a deleted object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeletedEffect {
    /// Nothing: the record stays.
    #[default]
    Ignore,
    /// It becomes a mark with `deletedAt`, which a late event cannot undo. The mark expires after `mark_days`.
    Mark,
    /// It is removed at once. A late creation event is rejected by asking S3 whether the object exists.
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

/// A valid number of days for a mark.
fn days<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let days = u32::deserialize(deserializer)?;
    if (1..=3650).contains(&days) {
        Ok(days)
    } else {
        Err(serde::de::Error::custom(format!("a mark is kept for 1 to 3650 days, not {days}")))
    }
}
