//! The events that S3 sends: their kinds, where in them the facts stand, and what each kind holds.

mod schema;

use serde::{Deserialize, Serialize};

use super::{Comparison, EventPattern, PatternError, PatternNode};

pub use schema::{pattern_faults, schema, schemas};

/// The [kinds of event](https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html) that S3 sends to EventBridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DetailType {
    /// An object was written: put, posted, copied, or its multipart upload completed.
    ObjectCreated,
    /// An object was deleted: for good, or by a delete marker, or by a lifecycle rule.
    ObjectDeleted,
    /// Somebody asked for an archived object.
    ObjectRestoreInitiated,
    /// The copy of an archived object is there, for a while.
    ObjectRestoreCompleted,
    /// That copy is gone.
    ObjectRestoreExpired,
    /// A lifecycle rule moved an object to another storage class.
    ObjectStorageClassChanged,
    /// S3 Intelligent-Tiering moved an object to an archive tier.
    ObjectAccessTierChanged,
    /// An object's access control list was set.
    ObjectAclUpdated,
    /// An object's tags were set.
    ObjectTagsAdded,
    /// An object's tags were deleted.
    ObjectTagsDeleted,
}

/// Why an object was created: the event's `reason`, which is the name of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum CreationReason {
    /// `PutObject`, of a whole object.
    PutObject,
    /// A form that a browser sent.
    #[serde(rename = "POST Object")]
    PostObject,
    /// A copy of another object.
    CopyObject,
    /// The end of a multipart upload.
    CompleteMultipartUpload,
}

impl CreationReason {
    /// All reasons of a creation.
    pub const ALL: [Self; 4] = [Self::PutObject, Self::PostObject, Self::CopyObject, Self::CompleteMultipartUpload];

    /// As the event spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PutObject => "PutObject",
            Self::PostObject => "POST Object",
            Self::CopyObject => "CopyObject",
            Self::CompleteMultipartUpload => "CompleteMultipartUpload",
        }
    }
}

/// What became of the bytes of an object that was deleted: the event's `deletion-type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeletionType {
    /// They are gone.
    PermanentlyDeleted,
    /// They are an older version now: the bucket is versioned.
    DeleteMarkerCreated,
}

impl DeletionType {
    /// As the event spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PermanentlyDeleted => "Permanently Deleted",
            Self::DeleteMarkerCreated => "Delete Marker Created",
        }
    }
}

impl DetailType {
    /// All types of events.
    pub const ALL: [Self; 10] = [
        Self::ObjectCreated,
        Self::ObjectDeleted,
        Self::ObjectRestoreInitiated,
        Self::ObjectRestoreCompleted,
        Self::ObjectRestoreExpired,
        Self::ObjectStorageClassChanged,
        Self::ObjectAccessTierChanged,
        Self::ObjectAclUpdated,
        Self::ObjectTagsAdded,
        Self::ObjectTagsDeleted,
    ];

    /// The event's `detail-type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ObjectCreated => "Object Created",
            Self::ObjectDeleted => "Object Deleted",
            Self::ObjectRestoreInitiated => "Object Restore Initiated",
            Self::ObjectRestoreCompleted => "Object Restore Completed",
            Self::ObjectRestoreExpired => "Object Restore Expired",
            Self::ObjectStorageClassChanged => "Object Storage Class Changed",
            Self::ObjectAccessTierChanged => "Object Access Tier Changed",
            Self::ObjectAclUpdated => "Object ACL Updated",
            Self::ObjectTagsAdded => "Object Tags Added",
            Self::ObjectTagsDeleted => "Object Tags Deleted",
        }
    }

    /// The kind with this `detail-type`, if S3 sends it.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The pattern of this kind of event from one bucket.
    pub fn pattern<V: From<String>>(self, bucket: V) -> EventPattern<V> {
        Self::pattern_with(PatternNode::equals(self.as_str().to_owned()), from_bucket(bucket))
    }

    /// The pattern of these kinds of event with this `detail`, which is that [`from_bucket`] and what is added to it.
    ///
    /// # Errors
    /// There are no kinds.
    pub fn pattern_of<V: From<String>>(
        kinds: impl IntoIterator<Item = Self>,
        detail: PatternNode<V>,
    ) -> Result<EventPattern<V>, PatternError> {
        let kinds = kinds.into_iter().map(|kind| Comparison::equals(kind.as_str().to_owned()));
        Ok(Self::pattern_with(PatternNode::one_of(kinds)?, detail))
    }

    fn pattern_with<V: From<String>>(kinds: PatternNode<V>, detail: PatternNode<V>) -> EventPattern<V> {
        let source = PatternNode::equals("aws.s3".to_owned());
        EventPattern::new([("source", source), ("detail-type", kinds), ("detail", detail)])
    }
}

/// The detail of an event from this bucket.
pub fn from_bucket<V>(bucket: V) -> PatternNode<V> {
    PatternNode::field("bucket", PatternNode::field("name", PatternNode::equals(bucket)))
}

/// Where in an S3 event the facts about the object stand, as field names from the top. See the
/// [event message structure](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html).
pub mod field {
    /// The object's key. EventBridge's events hold it as it is; only S3's own notifications encode it.
    pub const KEY: [&str; 3] = ["detail", "object", "key"];
    /// The object's size in bytes, a number.
    pub const SIZE: [&str; 3] = ["detail", "object", "size"];
    /// The object's entity tag.
    pub const ETAG: [&str; 3] = ["detail", "object", "etag"];
    /// The version that was written. Only the events of a versioned bucket have it.
    pub const VERSION_ID: [&str; 3] = ["detail", "object", "version-id"];
    /// Hexadecimal digits that order the created and deleted events of one key.
    pub const SEQUENCER: [&str; 3] = ["detail", "object", "sequencer"];
    /// Who sent the request: an account's id, or an AWS service.
    pub const REQUESTER: [&str; 2] = ["detail", "requester"];
    /// The IP address that the request came from. Only an event that a request caused has it.
    pub const SOURCE_IP_ADDRESS: [&str; 2] = ["detail", "source-ip-address"];
    /// The call that wrote the object: `PutObject`, `CopyObject`, `CompleteMultipartUpload` or `POST Object`.
    pub const REASON: [&str; 2] = ["detail", "reason"];
    /// The region of the bucket. Every event has it.
    pub const REGION: [&str; 1] = ["region"];
    /// The account of the bucket's owner. Every event has it.
    pub const ACCOUNT: [&str; 1] = ["account"];
    /// What the object was moved to.
    pub const DESTINATION_STORAGE_CLASS: [&str; 2] = ["detail", "destination-storage-class"];
    /// The tier that the object was moved to.
    pub const DESTINATION_ACCESS_TIER: [&str; 2] = ["detail", "destination-access-tier"];
    /// Until when the copy of an archived object is there.
    pub const RESTORE_EXPIRY_TIME: [&str; 2] = ["detail", "restore-expiry-time"];
    /// The kind of event.
    pub const DETAIL_TYPE: [&str; 1] = ["detail-type"];
    /// When the event happened, to the second: ISO 8601, UTC.
    pub const TIME: [&str; 1] = ["time"];
}
