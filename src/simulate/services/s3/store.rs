use std::collections::{BTreeMap, VecDeque};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};

use crate::eventbridge::DeletionType;
use crate::simulate::Timestamp;
use crate::simulate::s3_events::{Change, Sequencers, What};
use crate::simulate::services::answer::Ids;

/// Buckets and their objects.
#[derive(Debug)]
pub struct S3 {
    pub(super) buckets: BTreeMap<String, Bucket>,
    sequencers: Sequencers,
    changes: Option<VecDeque<Change>>,
}

/// A bucket.
#[derive(Debug, Default)]
pub(super) struct Bucket {
    /// The objects by key, in the order in which S3 lists them.
    pub(super) objects: BTreeMap<String, Object>,
    /// Whether it keeps versions. Only the newest is kept here; the versions have ids, and deleting leaves a marker.
    pub(super) versioned: bool,
}

/// An object: the newest version of what is under a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its bytes.
    pub body: Body,
    /// Its entity tag, without the quotes that HTTP puts around it.
    pub etag: String,
    /// When it was written.
    pub last_modified: Timestamp,
    /// Its media type.
    pub content_type: String,
    /// What its owner says of it.
    pub metadata: BTreeMap<String, String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Its version, in a bucket that keeps versions.
    pub version_id: Option<String>,
}

/// What an object holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// These bytes.
    Bytes(Vec<u8>),
    /// So many bytes that nobody here has seen: a listing told of them.
    Unseen(u64),
}

impl Body {
    /// How many bytes there are.
    pub fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Unseen(size) => *size,
        }
    }

    /// The entity tag that S3 gives such bytes. Of bytes that nobody has seen it is made up from their number.
    pub fn etag(&self) -> String {
        let digest = match self {
            Self::Bytes(bytes) => Md5::digest(bytes),
            Self::Unseen(size) => Md5::digest(size.to_be_bytes()),
        };
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The checksum that S3 gives such bytes.
    pub(super) fn crc32(&self) -> String {
        match self {
            Self::Bytes(bytes) => STANDARD.encode(crc32fast::hash(bytes).to_be_bytes()),
            Self::Unseen(size) => STANDARD.encode(crc32fast::hash(&size.to_be_bytes()).to_be_bytes()),
        }
    }
}

impl Object {
    /// An object of these bytes.
    pub fn new(body: Body, now: Timestamp) -> Self {
        Self {
            etag: body.etag(),
            body,
            last_modified: now,
            content_type: "binary/octet-stream".to_owned(),
            metadata: BTreeMap::new(),
            tags: BTreeMap::new(),
            version_id: None,
        }
    }
}

impl Default for S3 {
    fn default() -> Self {
        Self::new()
    }
}

impl S3 {
    /// No buckets.
    pub fn new() -> Self {
        Self { buckets: BTreeMap::new(), sequencers: Sequencers::default(), changes: None }
    }

    /// Makes a bucket, if it is not there.
    pub fn create_bucket(&mut self, name: &str, versioned: bool) {
        self.buckets.entry(name.to_owned()).or_default().versioned = versioned;
    }

    /// Keeps every [`Change`] from now on until [`take_change`](Self::take_change) takes it: for those who turn them into
    /// events.
    pub fn watch(&mut self) {
        self.changes.get_or_insert_default();
    }

    /// The oldest change that nobody took yet.
    pub fn take_change(&mut self) -> Option<Change> {
        self.changes.as_mut()?.pop_front()
    }

    /// Writes an object, for the `reason` that its event gives (`PutObject`, `CopyObject`, …). The bucket is made if it is
    /// not there.
    pub fn put(&mut self, bucket: &str, key: &str, mut object: Object, reason: &'static str, ids: &mut Ids) -> Change {
        let home = self.buckets.entry(bucket.to_owned()).or_default();
        object.version_id = home.versioned.then(|| ids.letters(32));
        let change = Change {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            at: object.last_modified,
            version_id: object.version_id.clone(),
            sequencer: self.sequencers.next(object.last_modified),
            what: What::Created { size: object.body.size(), etag: object.etag.clone(), reason },
        };
        home.objects.insert(key.to_owned(), object);
        self.tell(change)
    }

    /// Deletes an object. Deleting what is not there is a change all the same in a bucket that keeps versions, and none in
    /// one that does not.
    pub fn delete(&mut self, bucket: &str, key: &str, now: Timestamp, ids: &mut Ids) -> Option<Change> {
        let home = self.buckets.get_mut(bucket)?;
        let was_there = home.objects.remove(key).is_some();
        if !was_there && !home.versioned {
            return None;
        }
        let marker = home.versioned.then(|| ids.letters(32));
        let deletion =
            if marker.is_some() { DeletionType::DeleteMarkerCreated } else { DeletionType::PermanentlyDeleted };
        let change = Change {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            at: now,
            version_id: marker,
            sequencer: self.sequencers.next(now),
            what: What::Deleted { deletion },
        };
        Some(self.tell(change))
    }

    /// An object.
    pub fn object(&self, bucket: &str, key: &str) -> Option<&Object> {
        self.buckets.get(bucket)?.objects.get(key)
    }

    /// The keys of a bucket's objects, in order.
    pub fn keys(&self, bucket: &str) -> impl Iterator<Item = &str> {
        self.buckets.get(bucket).into_iter().flat_map(|bucket| bucket.objects.keys()).map(String::as_str)
    }

    fn tell(&mut self, change: Change) -> Change {
        if let Some(changes) = &mut self.changes {
            changes.push_back(change.clone());
        }
        change
    }
}
