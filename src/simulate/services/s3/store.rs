use std::collections::{BTreeMap, BTreeSet, VecDeque};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};

use crate::eventbridge::DeletionType;
use crate::simulate::Timestamp;
use crate::simulate::s3_events::{Change, Sequencers, What};
use crate::simulate::services::answer::Ids;

use super::upload::{Checksum, StorageClass};

/// Buckets and their objects.
#[derive(Debug, Clone)]
pub struct S3 {
    pub(super) buckets: BTreeMap<String, Bucket>,
    sequencers: Sequencers,
    changes: Option<VecDeque<Change>>,
}

/// A bucket with its objects and their versions.
#[derive(Debug, Default, Clone)]
pub(super) struct Bucket {
    /// The objects by key, in the order in which S3 lists them: of each, the current version.
    pub(super) objects: BTreeMap<String, Object>,
    /// Whether it keeps versions. They have ids, and deleting an object leaves a marker.
    pub(super) versioned: bool,
    /// What each key holds, if the bucket keeps versions: the oldest first.
    pub(super) versions: BTreeMap<String, Vec<Version>>,
    /// The versions that were deleted for good, by key and id: an event that comes late does not bring them back.
    deleted: BTreeSet<(String, String)>,
    /// Of the keys of a bucket without versions, the sequencer of what happened last.
    last: BTreeMap<String, String>,
}

/// A version of an object, or a delete marker.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Version {
    /// Its id: `null` for what was written while versioning was suspended.
    pub(super) id: String,
    /// Where it stands among the versions of its key.
    sequencer: String,
    /// When it was made.
    pub(super) at: Timestamp,
    /// The object; a delete marker has none.
    pub(super) object: Option<Object>,
}

/// A version or a delete marker, as a listing tells of it.
#[derive(Debug)]
pub(super) struct ListedVersion<'a> {
    pub(super) key: &'a str,
    pub(super) id: &'a str,
    pub(super) at: Timestamp,
    /// A delete marker has none.
    pub(super) object: Option<&'a Object>,
    pub(super) current: bool,
}

/// The id of what is written while versioning is suspended.
pub(super) const NULL_VERSION: &str = "null";

impl Bucket {
    /// Adds a version or a marker where its sequencer puts it, and takes the place of one with the same id.
    fn add(&mut self, key: &str, version: Version) {
        if self.deleted.contains(&(key.to_owned(), version.id.clone())) {
            return;
        }
        let versions = self.versions.entry(key.to_owned()).or_default();
        versions.retain(|other| other.id != version.id);
        let at = versions.partition_point(|other| other.sequencer < version.sequencer);
        versions.insert(at, version);
        self.settle(key);
    }

    /// Deletes a version for good. Whether it was there is given back.
    fn remove(&mut self, key: &str, id: &str) -> bool {
        if id != NULL_VERSION {
            self.deleted.insert((key.to_owned(), id.to_owned()));
        }
        let Some(versions) = self.versions.get_mut(key) else { return false };
        let before = versions.len();
        versions.retain(|version| version.id != id);
        let removed = versions.len() < before;
        if versions.is_empty() {
            self.versions.remove(key);
        }
        self.settle(key);
        removed
    }

    /// The newest version of a key is the current one, unless it is a delete marker.
    fn settle(&mut self, key: &str) {
        match self.versions.get(key).and_then(|versions| versions.last()).and_then(|version| version.object.clone()) {
            Some(object) => {
                self.objects.insert(key.to_owned(), object);
            }
            None => {
                self.objects.remove(key);
            }
        }
    }

    /// Every version and marker of the keys with a prefix, in the order of S3's listing.
    pub(super) fn versions_of(&self, prefix: &str) -> impl Iterator<Item = ListedVersion<'_>> {
        let kept = self.versions.range(prefix.to_owned()..).take_while(move |(key, _)| key.starts_with(prefix));
        let kept = kept.flat_map(|(key, versions)| {
            let newest_first = versions.iter().rev().enumerate();
            newest_first.map(|(at, one)| ListedVersion {
                key,
                id: &one.id,
                at: one.at,
                object: one.object.as_ref(),
                current: at == 0,
            })
        });
        let only = self.objects.range(prefix.to_owned()..).take_while(move |(key, _)| key.starts_with(prefix));
        let only = only.filter(|_| !self.versioned).map(|(key, object)| ListedVersion {
            key,
            id: NULL_VERSION,
            at: object.last_modified,
            object: Some(object),
            current: true,
        });
        kept.chain(only)
    }

    /// Whether this is the newest that happened to a key of a bucket without versions, which it then is from now on.
    fn is_newest(&mut self, key: &str, sequencer: &str) -> bool {
        if self.last.get(key).is_some_and(|last| last.as_str() >= sequencer) {
            return false;
        }
        self.last.insert(key.to_owned(), sequencer.to_owned());
        true
    }
}

/// An object: the newest version of what is under a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// The contents, or what stands for contents that nobody gave.
    pub body: Body,
    /// Its entity tag, without the quotes that HTTP puts around it.
    pub etag: String,
    /// When it was written.
    pub last_modified: Timestamp,
    /// The `Content-Type` that S3 answers with.
    pub content_type: String,
    /// What its owner says of it.
    pub metadata: BTreeMap<String, String>,
    /// The object's tags, by their keys.
    pub tags: BTreeMap<String, String>,
    /// The storage class, as in events and listings.
    pub storage_class: StorageClass,
    /// The checksum that S3 keeps of it, and tells whoever asks for one.
    pub checksum: Option<Checksum>,
    /// Its version, in a bucket that keeps versions.
    pub version_id: Option<String>,
}

/// What an object holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A number of bytes that nobody here has seen: a listing told of them.
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
            storage_class: StorageClass::default(),
            checksum: None,
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
    /// Gives a version of an object other tags; the current one, if none is named.
    pub(super) fn tag(&mut self, bucket: &str, key: &str, version: Option<&str>, tags: BTreeMap<String, String>) {
        let Some(bucket) = self.buckets.get_mut(bucket) else { return };
        let versions = bucket.versions.get_mut(key).into_iter().flatten().rev();
        let kept = versions.filter(|one| version.is_none_or(|id| one.id == id)).find_map(|one| one.object.as_mut());
        if let Some(object) = kept {
            object.tags = tags;
            bucket.settle(key);
        } else if let Some(object) = bucket.objects.get_mut(key) {
            object.tags = tags;
        }
    }

    /// S3 without buckets.
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
        match &change.version_id {
            Some(id) => home.add(key, version(id, &change, Some(object))),
            None => {
                home.last.insert(key.to_owned(), change.sequencer.clone());
                home.objects.insert(key.to_owned(), object);
            }
        }
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
        match &change.version_id {
            Some(id) => home.add(key, version(id, &change, None)),
            None => {
                home.last.insert(key.to_owned(), change.sequencer.clone());
            }
        }
        Some(self.tell(change))
    }

    /// Deletes a version of an object, or a delete marker, for good. Deleting what is not there is no change.
    pub fn delete_version(&mut self, bucket: &str, key: &str, id: &str, now: Timestamp) -> Option<Change> {
        let home = self.buckets.get_mut(bucket)?;
        if !home.remove(key, id) {
            return None;
        }
        let change = Change {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            at: now,
            version_id: Some(id.to_owned()),
            sequencer: self.sequencers.next(now),
            what: What::Deleted { deletion: DeletionType::PermanentlyDeleted },
        };
        Some(self.tell(change))
    }

    /// Makes true what an event says that came from elsewhere: the object was written, or deleted. What is newer than the event stays, and the
    /// event of a change that was made here changes nothing.
    pub fn happened(&mut self, change: &Change) {
        let home = self.buckets.entry(change.bucket.clone()).or_default();
        home.versioned |= change.version_id.is_some();
        let key = change.key.as_str();
        let object = match &change.what {
            What::Created { size, etag, .. } => {
                let mut object = Object::new(Body::Unseen(*size), change.at);
                etag.clone_into(&mut object.etag);
                object.version_id.clone_from(&change.version_id);
                Some(object)
            }
            What::Deleted { .. } => None,
        };
        if home.versioned {
            let id = change.version_id.as_deref().unwrap_or(NULL_VERSION);
            let known = home.versions.get(key).is_some_and(|versions| {
                versions.iter().any(|other| other.id == id && other.sequencer >= change.sequencer)
            });
            match change.what {
                What::Deleted { deletion: DeletionType::PermanentlyDeleted } => {
                    home.remove(key, id);
                }
                _ if known => {}
                _ => home.add(key, version(id, change, object)),
            }
        } else if home.is_newest(key, &change.sequencer) {
            match object {
                Some(object) => home.objects.insert(key.to_owned(), object),
                None => home.objects.remove(key),
            };
        }
    }

    /// A version of an object; without an id, the current one.
    pub(super) fn version(&self, bucket: &str, key: &str, id: Option<&str>) -> Option<&Object> {
        let home = self.buckets.get(bucket)?;
        match id {
            Some(id) if home.versioned => {
                home.versions.get(key)?.iter().find(|version| version.id == id)?.object.as_ref()
            }
            Some(id) if id != NULL_VERSION => None,
            _ => home.objects.get(key),
        }
    }

    /// Whether a version is a delete marker.
    pub(super) fn is_marker(&self, bucket: &str, key: &str, id: &str) -> bool {
        let versions = self.buckets.get(bucket).and_then(|bucket| bucket.versions.get(key));
        versions.is_some_and(|versions| versions.iter().any(|version| version.id == id && version.object.is_none()))
    }

    /// The current version of an object.
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

fn version(id: &str, change: &Change, object: Option<Object>) -> Version {
    Version { id: id.to_owned(), sequencer: change.sequencer.clone(), at: change.at, object }
}
