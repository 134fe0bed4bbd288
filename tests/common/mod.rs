//! What several test files need: the command in an empty directory, and arbitrary valid specs.
#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use bucketbook::name::{AttributeName, BucketName, IndexName, KeyPrefix, StackName, StateMachineName, TableName};
use bucketbook::spec::{
    ApiSpec, BackfillSpec, ChangeEffect, DeletedEffect, Enrichment, EventAttribute, Flow, IndexProjection, IndexSpec,
    ItemsPerBatch, Layout, MaxConcurrency, QueryLanguage, Spec, ToleratedFailurePercentage, WorkflowType,
};
use proptest::prelude::*;

/// An empty directory, and the command in it.
pub(crate) struct Workspace {
    directory: tempfile::TempDir,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    /// A directory with a spec that chooses nothing.
    pub(crate) fn with_spec() -> Self {
        let workspace = Self::new();
        workspace.write("bucketbook.yaml", "table: {}\n");
        workspace
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.directory.path().join(relative)
    }

    pub(crate) fn write(&self, relative: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap()
    }

    /// `bucketbook ARGUMENTS`, in this directory, without colours.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bucketbook"));
        command
            .current_dir(self.directory.path())
            .args(arguments)
            .env_remove("CLICOLOR_FORCE")
            .timeout(std::time::Duration::from_secs(60));
        command
    }

    /// Runs it, and gives exit code, output and error output.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
    }

    /// Every file below this directory with its bytes and the time it was last written.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
        let mut found = Vec::new();
        collect(self.directory.path(), &mut found);
        found.sort();
        found
    }
}

fn collect(directory: &Path, found: &mut Vec<(PathBuf, Vec<u8>, std::time::SystemTime)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), found);
        } else if entry.file_type().unwrap().is_file() {
            let modified = entry.metadata().unwrap().modified().unwrap();
            found.push((entry.path(), fs::read(entry.path()).unwrap(), modified));
        }
    }
}

/// Texts of which some are names, weighted towards what YAML and JSON find significant.
fn attribute_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Z][a-zA-Z0-9_]{0,12}",
        1 => prop::sample::select(vec!["name", "size ", "Timestamp", "null", "on", "2010-09-09", "$.x", "a.b", "#", "States.UUID()"]).prop_map(str::to_owned),
        2 => "[\\-:#?!&*{}\\[\\]'\"\\\\|>%@`, a$]{1,8}",
        1 => any::<String>(),
    ]
}

fn attribute() -> impl Strategy<Value = AttributeName> {
    attribute_text().prop_filter_map("no attribute name", |text| AttributeName::parse(text).ok())
}

fn backfill() -> impl Strategy<Value = BackfillSpec> {
    let prefix = attribute_text().prop_filter_map("no key prefix", |text| KeyPrefix::parse(text).ok());
    (prop::option::of(prefix), 1..=1000u32, 1..=10_000u32, 0..=100u32).prop_map(
        |(prefix, batch, concurrency, tolerated)| BackfillSpec {
            prefix,
            items_per_batch: ItemsPerBatch::new(batch).unwrap(),
            max_concurrency: MaxConcurrency::new(concurrency).unwrap(),
            tolerated_failure_percentage: ToleratedFailurePercentage::new(tolerated).unwrap(),
        },
    )
}

/// What records hold, besides what they always do.
fn attributes() -> impl Strategy<Value = (Option<Vec<EventAttribute>>, Vec<Enrichment>)> {
    use Enrichment::{Checksum, ContentType, Encryption, Metadata, StorageClass, Tags};
    use EventAttribute::{
        Account, Etag, Extension, Prefix, Reason, Region, Requester, Sequencer, Size, SourceIpAddress, VersionId,
    };
    let of_event =
        vec![Account, Etag, Extension, Prefix, Reason, Region, Requester, Sequencer, Size, SourceIpAddress, VersionId];
    let of_s3 = vec![Checksum, ContentType, Encryption, Metadata, StorageClass, Tags];
    let chosen = prop::option::of(prop::sample::subsequence(of_event, 0..=11).prop_shuffle());
    let asked = prop_oneof![3 => Just(Vec::new()), 1 => prop::sample::subsequence(of_s3, 1..=6).prop_shuffle()];
    (chosen, asked)
}

/// An index of what every record holds.
fn indexes(file_name: &AttributeName, last_modified: &AttributeName, which: u8) -> Vec<IndexSpec> {
    let sequencer = AttributeName::parse("sequencer").unwrap();
    let index = |name: &str, partition: &AttributeName, sort: Option<&AttributeName>, projection| IndexSpec {
        name: IndexName::parse(name).unwrap(),
        partition: partition.clone(),
        sort: sort.cloned(),
        projection,
    };
    let all = [
        index("by-time", last_modified, None, IndexProjection::KeysOnly),
        index("by-name", file_name, Some(&sequencer), IndexProjection::All),
        index("by-sequencer", &sequencer, Some(file_name), IndexProjection::default()),
    ];
    all.into_iter().enumerate().filter(|(bit, _)| which & (1 << bit) != 0).map(|(_, index)| index).collect()
}

/// The stems of the names that attributes of changes have.
const CHANGES: [&str; 5] = ["storageClass", "accessTier", "restore", "tags", "acl"];

/// Any valid spec, with any changes recorded, of a bucket that the stack makes or one that exists.
pub(crate) fn spec() -> impl Strategy<Value = Spec> {
    (spec_without_changes(), any::<[bool; 5]>(), prop::bool::weighted(0.2)).prop_map(
        |(mut spec, recorded, existing)| {
            let effect = |index: usize| if recorded[index] { ChangeEffect::Record } else { ChangeEffect::Ignore };
            let names = &spec.table.attribute_names;
            let taken = |name: &AttributeName| CHANGES.iter().any(|stem| name.as_str().starts_with(stem));
            // What is removed at once leaves nothing to hold changes against.
            if spec.events.deleted != DeletedEffect::Remove && !taken(&names.file_name) && !taken(&names.last_modified)
            {
                spec.events.storage_class = effect(0);
                spec.events.access_tier = effect(1);
                spec.events.restore = effect(2);
                spec.events.tags = effect(3);
                spec.events.acl = effect(4);
            }
            if existing {
                spec.bucket.existing = spec.bucket.name.take();
            }
            spec
        },
    )
}

fn spec_without_changes() -> impl Strategy<Value = Spec> {
    let bucket =
        "[a-z0-9]([a-z0-9-]|\\.){1,20}[a-z0-9]".prop_filter_map("no bucket name", |text| BucketName::parse(text).ok());
    let table = "[a-zA-Z0-9_.-]{3,20}".prop_filter_map("no table name", |text| TableName::parse(text).ok());
    let machine = "[a-zA-Z0-9é日😀!().=+@'_-]{1,20}"
        .prop_filter_map("no state machine name", |text| StateMachineName::parse(text).ok());
    let stack = "[a-zA-Z][a-zA-Z0-9-]{0,20}".prop_map(|text| StackName::parse(text).unwrap());
    let choices =
        (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), 0..3, prop::bool::weighted(0.2));
    let names = (attribute(), attribute()).prop_filter("names differ", |(a, b)| {
        let taken = [
            "size",
            "etag",
            "sequencer",
            "versionId",
            "eventTime",
            "deletedAt",
            "expiresAt",
            "folder",
            "requester",
            "sourceIpAddress",
            "reason",
            "region",
            "account",
            "prefix",
            "extension",
            "contentType",
            "metadata",
            "storageClass",
            "checksum",
            "encryption",
            "tags",
        ];
        a != b && !taken.contains(&a.as_str()) && !taken.contains(&b.as_str())
    });
    (
        prop::option::of(bucket),
        prop::option::of(table),
        prop::option::of(machine),
        stack,
        choices,
        names,
        prop::option::of(backfill()),
        (attributes(), prop_oneof![2 => Just(0u8), 1 => 1..8u8]),
    )
        .prop_map(
            |(
                bucket,
                table,
                machine,
                stack,
                (versioned, history, express, upsert, jsonata, deleted, api),
                (file_name, last_modified),
                backfill,
                ((attributes, enrich), which),
            )| {
                let mut spec = Spec { backfill, attributes, enrich, ..Spec::default() };
                spec.indexes = indexes(&file_name, &last_modified, which);
                spec.stack.name = stack;
                spec.bucket.name = bucket.map(Into::into);
                // Only of a version does S3 tell a history what it can keep.
                spec.bucket.versioned = versioned || (history && !spec.enrich.is_empty());
                spec.table.name = table.map(Into::into);
                spec.table.layout = if history { Layout::History } else { Layout::Latest };
                spec.table.attribute_names.file_name = file_name;
                spec.table.attribute_names.last_modified = last_modified;
                // The templates of an API take no other names.
                let names = &spec.table.attribute_names;
                let letters = names.file_name.as_str().chars().chain(names.last_modified.as_str().chars());
                let plain = letters.into_iter().all(|c| c.is_ascii_alphanumeric() || c == '_');
                spec.api = (api && plain).then(ApiSpec::default);
                spec.state_machine.name = machine.map(Into::into);
                spec.events.deleted = match deleted {
                    0 => DeletedEffect::Ignore,
                    2 if !history && spec.backfill.is_none() => DeletedEffect::Remove,
                    _ => DeletedEffect::Mark,
                };
                spec.state_machine.flow = if upsert { Flow::Upsert } else { Flow::QueryThenWrite };
                spec.state_machine.query_language =
                    if jsonata { QueryLanguage::Jsonata } else { QueryLanguage::JsonPath };
                spec.state_machine.workflow_type = if express { WorkflowType::Express } else { WorkflowType::Standard };
                spec
            },
        )
}
