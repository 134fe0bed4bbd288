//! What S3 is asked about an object that no event tells, and the attributes that take its answers.

use super::attributes::Described;
use super::event_value::{EventValue, OptionalValue, Place, text_if_any};
use crate::asl::Jsonata;
use crate::dynamodb::AttributeValue;
use crate::spec::{DeletedEffect, Enrichment, Layout, Spec};

/// The fields of a state's input that hold S3's answers.
pub(super) const HEAD: &str = "headObject";
pub(super) const TAGGING: &str = "objectTagging";

const CONTENT_TYPE: Place = &[HEAD, "ContentType"];
const METADATA: Place = &[HEAD, "Metadata"];
const STORAGE_CLASS: Place = &[HEAD, "StorageClass"];
const ENCRYPTION: Place = &[HEAD, "ServerSideEncryption"];
const TAGS: Place = &[TAGGING, "TagSet"];

/// What S3 is asked about an object.
#[derive(Debug, Clone)]
pub(super) struct Questions {
    wanted: Vec<Enrichment>,
    /// Whether the event names the version to ask about.
    pub(super) by_version: bool,
    /// Whether an execution has nothing to write where the object is gone.
    pub(super) ends_when_gone: bool,
    /// Whether a newer event's record replaces what is written for this one. Otherwise only an answer counts that is the very upload's.
    pub(super) replaced: bool,
}

impl Questions {
    /// What is asked when an event tells of an object.
    ///
    /// An object that is gone was deleted after the event. Where deletions have a rule of their own, in the layout `latest`, an
    /// event that is newer has come or will come, and the execution ends. Elsewhere nothing else will tell of this
    /// event, so its record is written, with what the event says. A version can be deleted without such an event.
    pub(super) fn by_event(spec: &Spec) -> Option<Self> {
        let followed = spec.events.deleted != DeletedEffect::Ignore && !spec.bucket.versioned;
        Self::of(spec, spec.bucket.versioned, followed && spec.table.layout == Layout::Latest)
    }

    /// What is asked when a listing tells of one. It names no version, and of an object that is gone it has nothing to say.
    pub(super) fn by_listing(spec: &Spec) -> Option<Self> {
        Self::of(spec, false, true)
    }

    fn of(spec: &Spec, by_version: bool, ends_when_gone: bool) -> Option<Self> {
        let replaced = spec.table.layout == Layout::Latest;
        (!spec.enrich.is_empty()).then(|| Self { wanted: spec.enrich.clone(), by_version, ends_when_gone, replaced })
    }

    /// The fields of a state's input that say that the tags which may be in it do not count.
    pub(super) fn no_tags(&self) -> Jsonata {
        Jsonata::object(self.has(Enrichment::Tags).then(|| (TAGGING, Jsonata::object([]))))
    }

    /// Whether this is asked for.
    pub(super) fn has(&self, wanted: Enrichment) -> bool {
        self.wanted.contains(&wanted)
    }

    /// Whether the object's own facts are asked for. Besides, they say which upload the tags were of, which counts where a record
    /// stays as it is.
    pub(super) fn has_head(&self) -> bool {
        let of_object = self.wanted.iter().any(|wanted| *wanted != Enrichment::Tags);
        of_object || !(self.by_version || self.replaced)
    }
}

/// Every attribute that S3 is asked for, in the order in which a record lists them.
pub(super) fn attributes(spec: &Spec) -> Vec<Described> {
    let map = |value| AttributeValue::M(EventValue::Optional(value));
    let checksum = AttributeValue::S(EventValue::Optional(OptionalValue::Checksum(&[HEAD])));
    let all = [
        (Enrichment::ContentType, "contentType", "the object's media type", text_if_any(CONTENT_TYPE)),
        (Enrichment::Metadata, "metadata", "the object's metadata", map(OptionalValue::Texts(METADATA))),
        (Enrichment::StorageClass, "storageClass", "the object's storage class", text_if_any(STORAGE_CLASS)),
        (Enrichment::Checksum, "checksum", "the object's checksum", checksum),
        (Enrichment::Encryption, "encryption", "how the object is encrypted", text_if_any(ENCRYPTION)),
        (Enrichment::Tags, "tags", "the object's tags", map(OptionalValue::Pairs(TAGS))),
    ];
    let chosen = all.into_iter().filter(|(wanted, ..)| spec.enrich.contains(wanted));
    chosen.map(|(_, name, holds, value)| Described { name, holds, value }).collect()
}
