//! The promise as a model: what happens to objects, and what the table has to say afterwards.
#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::collections::BTreeMap;

use bucketbook::source::Source;
use bucketbook::spec::{DeletedEffect, Document, EventAttribute, Layout};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// Something that happened to an object, as S3 tells it.
#[derive(Debug, Clone)]
pub(crate) struct Happening {
    key: &'static str,
    time: &'static str,
    sequencer: &'static str,
    /// The size of what was uploaded; nothing where the object was deleted.
    size: Option<u64>,
}

const fn uploaded(key: &'static str, time: &'static str, sequencer: &'static str, size: u64) -> Happening {
    Happening { key, time, sequencer, size: Some(size) }
}

const fn deleted(key: &'static str, time: &'static str, sequencer: &'static str) -> Happening {
    Happening { key, time, sequencer, size: None }
}

/// A new file, a second and a third upload (two of them within one second), and keys that no format likes.
const UPLOADS: [Happening; 12] = [
    uploaded("photos/cat.jpg", "2024-05-01T10:00:00Z", "0062E99A88DC407460", 1),
    uploaded("photos/cat.jpg", "2024-05-01T10:00:07Z", "0062E99A88DC407461", 22),
    uploaded("photos/cat.jpg", "2024-05-01T10:00:07Z", "0062E99A88DC40746100", 333),
    uploaded("photos/cat.jpg", "2024-05-01T10:00:09Z", "0062E99A88DC4074AF", 0),
    uploaded("a b+c/ü 日本.txt", "2024-05-01T10:00:00Z", "A0", 5_368_709_120),
    uploaded("it's \"quoted\" \\ back", "2024-05-01T10:00:00Z", "A0", 7),
    uploaded("$.detail.object.size", "2024-05-01T10:00:00Z", "A0", 8),
    uploaded("{} ${TableName} States.UUID()", "2024-05-01T10:00:00Z", "A0", 9),
    uploaded("photos/v1.2/", "2024-05-01T10:00:00Z", "A0", 10),
    uploaded("home/.profile", "2024-05-01T10:00:00Z", "A0", 11),
    uploaded("/archive.tar.gz", "2024-05-01T10:00:00Z", "A0", 12),
    uploaded("ends//with a dot.", "2024-05-01T10:00:00Z", "A0", 13),
];

/// Deletions, for the stacks that record them: one that was undone by a later upload, one for good, one of an unknown file.
const DELETIONS: [Happening; 3] = [
    deleted("photos/cat.jpg", "2024-05-01T10:00:08Z", "0062E99A88DC4074A0"),
    deleted("it's \"quoted\" \\ back", "2024-05-01T10:00:02Z", "B0"),
    deleted("never seen", "2024-05-01T10:00:02Z", "B0"),
];

impl Happening {
    pub(crate) fn event(&self, versioned: bool) -> Value {
        let mut object = json!({ "key": self.key, "sequencer": self.sequencer });
        let mut detail = json!({
            "version": "0", "bucket": {"name": "@bucket"}, "request-id": "N4N7GDK58NMKJ12R",
        });
        if self.says_who() {
            detail["requester"] = json!("123456789012");
            detail["source-ip-address"] = json!("1.2.3.4");
        }
        if versioned {
            object["version-id"] = json!(format!("version-{}", self.sequencer));
        }
        match self.size {
            Some(size) => {
                object["size"] = json!(size);
                object["etag"] = json!(format!("etag-{size}"));
                if self.says_who() {
                    detail["reason"] = json!("PutObject");
                }
            }
            None => {
                detail["reason"] = json!("DeleteObject");
                detail["deletion-type"] =
                    json!(if versioned { "Delete Marker Created" } else { "Permanently Deleted" });
            }
        }
        detail["object"] = object;
        let kind = if self.size.is_some() { "Object Created" } else { "Object Deleted" };
        json!({
            "version": "0", "id": "17793124-05d4-b198-2fde-7ededc63b103", "detail-type": kind, "source": "aws.s3",
            "account": "123456789012", "time": self.time, "region": "us-east-1", "resources": ["arn:aws:s3:::@bucket"],
            "detail": detail,
        })
    }

    /// Whether the event has the fields that an event may lack. Of several uploads of a key, some have them and some do not.
    fn says_who(&self) -> bool {
        self.size.is_some_and(|size| size % 2 == 1)
    }

    /// What a record holds of an upload by choice.
    fn chosen(&self, attribute: EventAttribute, size: u64) -> Option<(&'static str, Value)> {
        let who = |value: &str| self.says_who().then(|| json!(value));
        let last = self.key.rsplit('/').next().unwrap();
        let (name, value) = match attribute {
            EventAttribute::Size => ("size", Some(json!(size))),
            EventAttribute::Etag => ("etag", Some(json!(format!("etag-{size}")))),
            EventAttribute::VersionId | EventAttribute::Sequencer => return None,
            EventAttribute::Requester => ("requester", who("123456789012")),
            EventAttribute::SourceIpAddress => ("sourceIpAddress", who("1.2.3.4")),
            EventAttribute::Reason => ("reason", who("PutObject")),
            EventAttribute::Region => ("region", Some(json!("us-east-1"))),
            EventAttribute::Account => ("account", Some(json!("123456789012"))),
            EventAttribute::Prefix => {
                ("prefix", self.key.rsplit_once('/').map(|(prefix, _)| json!(format!("{prefix}/"))))
            }
            EventAttribute::Extension => {
                let extension = last.rsplit_once('.').filter(|(stem, end)| !stem.is_empty() && !end.is_empty());
                ("extension", extension.map(|(_, extension)| json!(extension)))
            }
        };
        value.map(|value| (name, value))
    }

    /// The record that says this; nothing where no record is to say it.
    fn row(&self, variant: &Variant) -> Option<Value> {
        let mut row = json!({ "sequencer": self.sequencer });
        row[&variant.file_name] = json!(self.key);
        if variant.history {
            row[&variant.last_modified] = json!(format!("{}#{}", self.time, self.sequencer));
            row["eventTime"] = json!(self.time);
        }
        match (self.size, variant.deleted) {
            (Some(size), _) => {
                for (name, value) in variant.attributes.iter().filter_map(|attribute| self.chosen(*attribute, size)) {
                    row[name] = value;
                }
                if !variant.history {
                    row[&variant.last_modified] = json!(self.time);
                }
                if variant.versioned && variant.attributes.contains(&EventAttribute::VersionId) {
                    row["versionId"] = json!(format!("version-{}", self.sequencer));
                }
            }
            (None, DeletedEffect::Mark) => {
                row["deletedAt"] = json!(self.time);
                if !variant.history {
                    // 2024-05-01T10:00:00Z is 1714557600, and every deletion is in the ten seconds after it.
                    let second: u64 = self.time["2024-05-01T10:00:".len()..].trim_end_matches('Z').parse().unwrap();
                    row["expiresAt"] = json!(1_714_557_600 + second + 30 * 24 * 60 * 60);
                }
            }
            (None, _) => return None,
        }
        if variant.api && self.size.is_some() {
            let folder = self.key.split_once('/').map_or("top".to_owned(), |(folder, _)| format!("in:{folder}"));
            row["folder"] = json!(folder);
        }
        Some(row)
    }
}

/// What the promise depends on.
pub(crate) struct Variant {
    history: bool,
    pub(crate) versioned: bool,
    pub(crate) deleted: DeletedEffect,
    api: bool,
    pub(crate) attributes: Vec<EventAttribute>,
    /// Whether a record is not written, or goes again, where S3 does not know the object, because the deletion has an event of its own.
    pub(crate) asks_for_objects: bool,
    /// Whether records hold more than their events say, because S3 is asked.
    pub(crate) enriched: bool,
    pub(crate) existing: Option<String>,
    /// Whether the stack rests on what only an account has: a table that exists already, or what another stack exports.
    pub(crate) elsewhere: bool,
    file_name: String,
    last_modified: String,
}

impl Variant {
    pub(crate) fn of(spec: &str) -> Self {
        let imports = spec.contains("ImportValue");
        let spec = Document::parse(Source::new("spec", spec)).unwrap().spec;
        Self {
            elsewhere: imports || spec.table.existing.is_some(),
            history: spec.table.layout == Layout::History,
            versioned: spec.bucket.versioned,
            deleted: spec.events.deleted,
            api: spec.api.is_some(),
            asks_for_objects: spec.table.layout == Layout::Latest
                && match spec.events.deleted {
                    DeletedEffect::Ignore => false,
                    DeletedEffect::Remove => true,
                    DeletedEffect::Mark => spec.bucket.versioned || !spec.enrich.is_empty(),
                },
            enriched: !spec.enrich.is_empty(),
            attributes: spec
                .attributes
                .unwrap_or_else(|| vec![EventAttribute::Size, EventAttribute::Etag, EventAttribute::VersionId]),
            existing: spec.bucket.existing.as_ref().and_then(|name| name.known()).map(ToString::to_string),
            file_name: spec.table.attribute_names.file_name.to_string(),
            last_modified: spec.table.attribute_names.last_modified.to_string(),
        }
    }

    /// Everything that happens to the objects of this variant's bucket, in order.
    fn happenings(&self) -> Vec<Happening> {
        let mut all = UPLOADS.to_vec();
        if self.deleted != DeletedEffect::Ignore {
            all.extend(DELETIONS);
        }
        all.sort_by_key(|happening| (happening.time, happening.sequencer));
        all
    }

    /// What the table must hold, by the promise alone: for `latest` what happened last to each key, for `history` everything.
    pub(crate) fn promised(&self) -> Vec<Value> {
        let mut rows: BTreeMap<(&str, &str), Happening> = BTreeMap::new();
        for happening in self.happenings() {
            let id = (happening.key, if self.history { happening.sequencer } else { "" });
            let newest = rows.entry(id).or_insert_with(|| happening.clone());
            if happening.sequencer > newest.sequencer {
                *newest = happening;
            }
        }
        rows.values().filter_map(|happening| happening.row(self)).collect()
    }

    /// The orders in which the events are delivered.
    pub(crate) fn deliveries(&self, runner: &mut TestRunner) -> Vec<Vec<Happening>> {
        let in_order = self.happenings();
        let backwards = in_order.iter().rev().chain(&in_order).cloned().collect();
        let again = prop::collection::vec(prop::sample::select(in_order.clone()), 0..4);
        let shuffled = again.prop_map(|again| [self.happenings(), again].concat()).prop_shuffle();
        let mut shuffled = || shuffled.new_tree(runner).unwrap().current();
        vec![in_order, backwards, shuffled(), shuffled()]
    }
}
