use super::{EventPattern, PatternError, PatternNode};

/// The [kinds of event](https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html) that S3 sends to EventBridge
/// and this catalogue records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetailType {
    /// An object was written: put, posted, copied, or its multipart upload completed.
    ObjectCreated,
    /// An object was deleted: for good, or by a delete marker, or by a lifecycle rule.
    ObjectDeleted,
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
    /// The event's `detail-type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ObjectCreated => "Object Created",
            Self::ObjectDeleted => "Object Deleted",
        }
    }

    /// The pattern of this kind of event from one bucket.
    pub fn pattern<V: From<String>>(self, bucket: V) -> EventPattern<V> {
        self.with_detail(from_bucket(bucket))
    }

    /// The pattern of this kind of event from one bucket, with a field that the event's detail must have as well.
    ///
    /// # Errors
    /// The field is `bucket`, which the pattern has already.
    pub fn pattern_where<V: From<String>>(
        self,
        bucket: V,
        field: &str,
        node: PatternNode<V>,
    ) -> Result<EventPattern<V>, PatternError> {
        Ok(self.with_detail(from_bucket(bucket).and(field, node)?))
    }

    fn with_detail<V: From<String>>(self, detail: PatternNode<V>) -> EventPattern<V> {
        let text = |text: &str| PatternNode::equals(text.to_owned());
        EventPattern::new([("source", text("aws.s3")), ("detail-type", text(self.as_str())), ("detail", detail)])
    }
}

/// The detail of an event from this bucket.
fn from_bucket<V>(bucket: V) -> PatternNode<V> {
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
    /// When the event happened, to the second: ISO 8601, UTC.
    pub const TIME: [&str; 1] = ["time"];
}
