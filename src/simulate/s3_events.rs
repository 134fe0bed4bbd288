//! What happens to a bucket's objects, as EventBridge is told of it.

use crate::loaded::stand_in::{ACCOUNT, REGION};
use serde_json::{Value, json};

use super::Timestamp;
use super::services::Ids;
use crate::eventbridge::{DeletionType, DetailType};

/// An object was written or deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The name of the bucket that sends the event.
    pub bucket: String,
    /// The object's key, as it is: EventBridge's events do not encode it.
    pub key: String,
    /// When.
    pub at: Timestamp,
    /// The version that was written, or the delete marker's, in a bucket that keeps versions.
    pub version_id: Option<String>,
    /// Hexadecimal digits that order the changes of a key.
    pub sequencer: String,
    /// Which of the two, and what comes with it.
    pub what: What,
}

/// What happened to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It was written.
    Created {
        /// Its size in bytes.
        size: u64,
        /// Its entity tag, without quotes.
        etag: String,
        /// By which call: `PutObject`, `POST Object`, `CopyObject`, `CompleteMultipartUpload`.
        reason: &'static str,
    },
    /// It was deleted.
    Deleted {
        /// What became of its bytes.
        deletion: DeletionType,
    },
}

/// The account and the Region of the bucket: what an event says besides the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The number of the account, 12 digits.
    pub account: String,
    /// The region: `eu-west-1`.
    pub region: String,
}

impl Default for Origin {
    fn default() -> Self {
        Self { account: ACCOUNT.to_owned(), region: REGION.to_owned() }
    }
}

impl Origin {
    /// Puts into an event what EventBridge puts into every event, where it does not say so itself.
    pub(crate) fn complete(&self, event: &mut Value, id: String, at: Timestamp) {
        let Some(fields) = event.as_object_mut() else { return };
        let usual = [
            ("version", json!("0")),
            ("id", json!(id)),
            ("account", json!(self.account)),
            ("time", json!(at.to_the_second())),
            ("region", json!(self.region)),
            ("resources", json!([])),
        ];
        for (name, value) in usual {
            fields.entry(name).or_insert(value);
        }
    }
}

/// The entity tag of a delete marker, that of no bytes.
const NO_BYTES: &str = "d41d8cd98f00b204e9800998ecf8427e";

impl Change {
    /// The change that an event of S3 tells of; nothing if it tells of none, or lacks what that takes.
    pub fn of_event(event: &Value) -> Option<Self> {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
        if text("/source") != Some("aws.s3") {
            return None;
        }
        let what = match DetailType::parse(text("/detail-type")?)? {
            DetailType::ObjectCreated => What::Created {
                size: event.pointer("/detail/object/size").and_then(Value::as_u64)?,
                etag: text("/detail/object/etag")?.to_owned(),
                reason: "PutObject",
            },
            DetailType::ObjectDeleted => {
                let known = [DeletionType::PermanentlyDeleted, DeletionType::DeleteMarkerCreated];
                let named = text("/detail/deletion-type")?;
                What::Deleted { deletion: known.into_iter().find(|known| known.as_str() == named)? }
            }
            _ => return None,
        };
        Some(Self {
            bucket: text("/detail/bucket/name")?.to_owned(),
            key: text("/detail/object/key")?.to_owned(),
            at: text("/time").and_then(Timestamp::parse)?,
            version_id: text("/detail/object/version-id").map(str::to_owned),
            sequencer: text("/detail/object/sequencer")?.to_owned(),
            what,
        })
    }

    /// The kind of event that tells of this.
    pub fn detail_type(&self) -> DetailType {
        match self.what {
            What::Created { .. } => DetailType::ObjectCreated,
            What::Deleted { .. } => DetailType::ObjectDeleted,
        }
    }

    /// The event, whole, as a rule's target gets it:
    /// [EventBridge events of S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html).
    pub fn event(&self, origin: &Origin, ids: &mut Ids) -> Value {
        let Origin { account, region } = origin;
        json!({
            "version": "0",
            "id": ids.uuid(),
            "detail-type": self.detail_type().as_str(),
            "source": "aws.s3",
            "account": account,
            "time": self.at.to_the_second(),
            "region": region,
            "resources": [format!("arn:aws:s3:::{}", self.bucket)],
            "detail": self.detail(account, ids),
        })
    }

    fn detail(&self, requester: &str, ids: &mut Ids) -> Value {
        let mut object = json!({ "key": self.key });
        let (reason, deletion) = match &self.what {
            What::Created { size, etag, reason } => {
                object["size"] = (*size).into();
                object["etag"] = etag.as_str().into();
                (*reason, None)
            }
            What::Deleted { deletion } => {
                if *deletion == DeletionType::DeleteMarkerCreated {
                    object["etag"] = NO_BYTES.into();
                }
                ("DeleteObject", Some(deletion.as_str()))
            }
        };
        if let Some(version) = &self.version_id {
            object["version-id"] = version.as_str().into();
        }
        object["sequencer"] = self.sequencer.as_str().into();
        let mut detail = json!({
            "version": "0",
            "bucket": {"name": self.bucket},
            "object": object,
            "request-id": ids.letters(16),
            "requester": requester,
            "source-ip-address": "203.0.113.10",
            "reason": reason,
        });
        if let Some(deletion) = deletion {
            detail["deletion-type"] = deletion.into();
        }
        detail
    }
}

/// Gives out sequencers: each is greater than all before it, compared as texts, and starts with the time as S3's do.
#[derive(Debug, Clone, Default)]
pub struct Sequencers {
    last: u64,
}

impl Sequencers {
    /// The next one, for a change at this time. Should virtual time go back, sequencers do not.
    pub fn next(&mut self, now: Timestamp) -> String {
        let millis = u64::try_from(now.millis()).unwrap_or(0);
        // 32 bits of seconds and 32 bits of what is between two of them.
        let time = ((millis / 1000) << 32) | (((millis % 1000) << 32) / 1000);
        self.last = time.max(self.last.saturating_add(1));
        format!("00{:016X}", self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(what: What, version_id: Option<&str>) -> Change {
        Change {
            bucket: "photos".to_owned(),
            key: "a b/ü.jpg".to_owned(),
            at: Timestamp::from_millis(1_700_000_000_123),
            version_id: version_id.map(str::to_owned),
            sequencer: Sequencers::default().next(Timestamp::from_millis(1_700_000_000_123)),
            what,
        }
    }

    #[test]
    fn an_event_has_what_the_documentation_says() {
        let created = What::Created { size: 5, etag: "abc".to_owned(), reason: "PutObject" };
        let event = change(created, None).event(&Origin::default(), &mut Ids::seeded(1));
        let again = change(What::Created { size: 5, etag: "abc".to_owned(), reason: "PutObject" }, None)
            .event(&Origin::default(), &mut Ids::seeded(1));
        assert_eq!(event, again);
        assert_eq!(event["time"], "2023-11-14T22:13:20Z");
        assert_eq!(event["resources"], json!(["arn:aws:s3:::photos"]));
        assert_eq!(event["detail-type"], "Object Created");
        let object = json!({"key": "a b/ü.jpg", "size": 5, "etag": "abc", "sequencer": "006553F1001F7CED91"});
        assert_eq!(event["detail"]["object"], object);
        assert_eq!(event["detail"]["reason"], "PutObject");
        assert_eq!(event["detail"].get("deletion-type"), None);
    }

    #[test]
    fn a_deletion_says_what_became_of_the_bytes() {
        let cases = [
            (DeletionType::PermanentlyDeleted, None, "Permanently Deleted", Value::Null),
            (DeletionType::DeleteMarkerCreated, Some("v2"), "Delete Marker Created", json!(NO_BYTES)),
        ];
        for (deletion, version, name, etag) in cases {
            let event = change(What::Deleted { deletion }, version).event(&Origin::default(), &mut Ids::seeded(1));
            assert_eq!(event["detail"]["deletion-type"], name);
            assert_eq!(event["detail"]["object"]["etag"], etag);
            assert_eq!(event["detail"]["object"]["version-id"].as_str(), version);
            assert_eq!(event["detail"]["object"].get("size"), None);
        }
    }

    #[test]
    fn sequencers_grow_whatever_the_clock_does() {
        let mut sequencers = Sequencers::default();
        let times = [1_000, 1_000, 1_001, 5_000, 4_000, -7];
        let given: Vec<String> = times.iter().map(|time| sequencers.next(Timestamp::from_millis(*time))).collect();
        let mut sorted = given.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(given, sorted);
    }
}
