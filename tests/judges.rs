//! What outsiders say of the generated stacks: the validators of AWS and others, the SAM translator, the SAM CLI as users run it,
//! and an AWS mock that deploys the stacks and runs events through them.
//!
//! These tests are ignored unless asked for, because they need tools that `.ci/run` installs; it runs them all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what it expects by failing")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use bucketbook::source::Source;
use bucketbook::spec::{DeletedEffect, Document, Layout};
use common::Workspace;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// Every starter and every option, by the spec that makes it.
const VARIANTS: &[(&str, &str)] = &[
    ("article", include_str!("../templates/article/bucketbook.yaml")),
    ("article, express", "state_machine: {type: EXPRESS}"),
    ("article, versioned", "bucket: {versioned: true}"),
    ("marks", "events: {deleted: mark}"),
    ("marks, upsert, JSONata", "{events: {deleted: mark}, state_machine: {query_language: JSONata, flow: upsert}}"),
    ("marks, history", "{events: {deleted: mark}, table: {layout: history}}"),
    ("removals", "events: {deleted: remove}"),
    ("upsert", "state_machine: {flow: upsert}"),
    ("JSONata", "{state_machine: {query_language: JSONata}, bucket: {versioned: true}}"),
    ("JSONata, history", "{state_machine: {query_language: JSONata}, table: {layout: history}}"),
    ("JSONata, upsert", "state_machine: {query_language: JSONata, flow: upsert, type: EXPRESS}"),
    ("history", include_str!("../templates/history/bucketbook.yaml")),
    ("history, express", "{table: {layout: history}, state_machine: {type: EXPRESS}}"),
    ("history, versioned", "{table: {layout: history}, bucket: {versioned: true}}"),
    (
        "names",
        "{stack: {name: Mine}, bucket: {name: my.bucket-1}, table: {name: my_Table.1}, state_machine: {name: 'Dateien!(1)'}}",
    ),
    ("reserved words", "table: {layout: history, attribute_names: {file_name: name, last_modified: timestamp}}"),
    ("backfill", "backfill: {}"),
    (
        "backfill, history",
        "{table: {layout: history}, bucket: {versioned: true}, backfill: {prefix: 'photos/ü', items_per_batch: 1, max_concurrency: 10000, tolerated_failure_percentage: 100}}",
    ),
    ("logging", "state_machine: {logging: {level: ALL, include_data: true, retention_days: 7}}"),
    ("logging, express", "state_machine: {type: EXPRESS, logging: {}}"),
    ("tracing", "state_machine: {tracing: true}"),
    ("timeout", "state_machine: {timeout_seconds: 300}"),
    ("dead letters", "dead_letters: {max_age_seconds: 3600, max_attempts: 10}"),
    ("history, express, dead letters", "{table: {layout: history}, state_machine: {type: EXPRESS}, dead_letters: {}}"),
    ("block public access", "bucket: {block_public_access: true}"),
    ("bucket encryption", "bucket: {encryption: {type: SSE-S3}}"),
    ("bucket encryption, KMS", "bucket: {encryption: {type: SSE-KMS}}"),
    ("TLS only", "bucket: {tls_only: true}"),
    ("access logs", "bucket: {access_logs: {}}"),
    ("ownership enforced", "bucket: {ownership_enforced: true}"),
    ("lifecycle", "bucket: {lifecycle: {abort_incomplete_uploads_days: 7, expire_old_versions_days: 90}}"),
    ("point in time recovery", "table: {point_in_time_recovery: true}"),
    ("deletion protection", "table: {deletion_protection: true}"),
    ("table encryption", "table: {encryption: KMS}"),
    ("dead letters, encryption", "dead_letters: {encryption: KMS}"),
    ("logging, encryption", "state_machine: {logging: {encryption: KMS}}"),
    ("retain", "{retain: true, table: {encryption: KMS}}"),
    ("tags", "{tags: {team: files, cost centre: '42'}, dead_letters: {}, state_machine: {logging: {}}}"),
    ("alarms", "alarms: {}"),
    ("alarms, mail, dead letters", "{alarms: {email: ops@example.com}, dead_letters: {}}"),
    ("dashboard", "{dashboard: true, dead_letters: {}}"),
    ("production", include_str!("../templates/production/bucketbook.yaml")),
    (
        "everything",
        "{events: {deleted: mark}, backfill: {}, dead_letters: {encryption: KMS}, alarms: {}, dashboard: true, state_machine: {query_language: JSONata, logging: {encryption: KMS}, tracing: true, timeout_seconds: 600}, table: {encryption: KMS}, tags: {team: files}, retain: true}",
    ),
    ("odd names", r#"table: {attribute_names: {file_name: "- 'a': \"b\" #", last_modified: "été; {x} $.y"}}"#),
    ("api", "api: {}"),
    ("api, history", "{table: {layout: history}, api: {auth: none, access_logs: none}}"),
    ("api, key, reserved words", "{table: {attribute_names: {file_name: name}}, api: {auth: api-key}}"),
    ("api, lambda", "api: {type: lambda}"),
    (
        "api, lambda, history, reserved words",
        "{table: {layout: history, attribute_names: {last_modified: timestamp}}, api: {type: lambda, auth: none, access_logs: none}}",
    ),
    (
        "api, cognito",
        "api: {auth: {cognito: {user_pool: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_aB3'}}}",
    ),
    (
        "api, marks, JSONata, backfill",
        "{api: {}, events: {deleted: mark}, backfill: {}, state_machine: {query_language: JSONata}, table: {encryption: KMS}}",
    ),
];

/// The variants into whose bucket an object can be put: the events that the mock sends hold no `version-id`, so the executions
/// of a versioned bucket's stack fail there. What they do with real events is among the promises tested below.
const UPLOADED: [&str; 6] = ["article", "article, express", "history", "history, express", "upsert", "JSONata, upsert"];

/// What CI has prepared.
fn prepared(variable: &str) -> PathBuf {
    let value = env::var_os(variable).unwrap_or_else(|| panic!("{variable} is not set: run these tests with .ci/run"));
    PathBuf::from(value)
}

/// A program of the judges' environment.
fn judge(program: &str) -> Command {
    let path = prepared("BUCKETBOOK_JUDGES").join("bin").join(program);
    assert!(path.exists(), "a judge is missing: {}", path.display());
    Command::new(path)
}

fn script(name: &str) -> String {
    format!("{}/tests/judges/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A directory with the generated stack of a variant.
fn generated(spec: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yaml", spec);
    let (code, _, err) = workspace.run(&["generate"]);
    assert_eq!(code, 0, "{err}");
    workspace
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn cfn_lint_finds_no_error_and_no_warning() {
    for (name, spec) in VARIANTS {
        let workspace = generated(spec);
        let output = judge("cfn-lint").arg(workspace.path("out/template.yaml")).output().unwrap();
        assert!(output.status.success() && output.stdout.is_empty(), "{name}: {}", text(&output));
    }
}

/// What `cloudformation-validate` remarks as information, and why it stays: docs/judges.md says it at length.
const REMARKS: [&str; 4] = ["I3011", "I4010", "I9001", "I9040"];

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn cloudformation_validate_finds_no_error_and_no_warning() {
    for (name, spec) in VARIANTS {
        let workspace = generated(spec);
        let output = judge("python")
            .args([&script("validate.py"), workspace.path("out/template.yaml").to_str().unwrap()])
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}: {}", text(&output));
        let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        for finding in findings {
            let known = REMARKS.iter().any(|rule| finding["rule"] == *rule);
            assert!(finding["severity"] == "INFO" && known, "{name}: {finding}");
        }
    }
}

/// The names that a part of a template refers to.
fn references(node: &Value) -> Vec<String> {
    match node {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match (name.as_str(), value) {
                ("Ref", Value::String(id)) => vec![id.clone()],
                ("Fn::GetAtt", Value::Array(path)) => vec![path[0].as_str().unwrap().to_owned()],
                ("Fn::Sub", Value::String(text)) => {
                    let names = text.split("${").skip(1).filter_map(|rest| rest.split(['}', '.']).next());
                    names.map(str::to_owned).collect()
                }
                _ => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// The resources that cannot be made, because each waits for another of them.
fn circle(template: &Value) -> Vec<String> {
    let mut waiting = template["Resources"].as_object().unwrap().clone();
    loop {
        let is_ready = |resource: &Value| !references(resource).iter().any(|name| waiting.contains_key(name));
        let ready: Vec<String> = waiting.iter().filter(|(_, r)| is_ready(r)).map(|(id, _)| id.clone()).collect();
        if ready.is_empty() {
            return waiting.keys().cloned().collect();
        }
        waiting.retain(|id, _| !ready.contains(id));
    }
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn the_sam_translator_translates() {
    for (name, spec) in VARIANTS {
        let workspace = generated(spec);
        let template = workspace.path("out/template.yaml");
        let output = judge("python").args([&script("translate.py"), template.to_str().unwrap()]).output().unwrap();
        assert!(output.status.success(), "{name}: {}", text(&output));
        let template: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(circle(&template), Vec::<String>::new(), "{name}");
        let kinds: Vec<&str> =
            template["Resources"].as_object().unwrap().values().map(|r| r["Type"].as_str().unwrap()).collect();
        for kind in ["AWS::StepFunctions::StateMachine", "AWS::Events::Rule", "AWS::IAM::Role"] {
            assert!(kinds.contains(&kind), "{name}: {kinds:?}");
        }
    }
}

/// The checks that checkov is told to leave out, by resource: docs/judges.md explains each.
const SKIPPED: [(&str, &str); 1] = [("CKV_AWS_18", "AWS::S3::Bucket.AccessLogBucket")];

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn checkov_finds_nothing_in_production() {
    let workspace = generated(include_str!("../templates/production/bucketbook.yaml"));
    let template = workspace.path("out/template.yaml");
    let translated = judge("python").args([&script("translate.py"), template.to_str().unwrap()]).output().unwrap();
    workspace.write("translated.json", translated.stdout);
    for file in [template, workspace.path("translated.json")] {
        let checkov = prepared("BUCKETBOOK_CHECKOV").join("bin/checkov");
        let output = Command::new(checkov)
            .args(["--framework", "cloudformation", "--output", "json", "--skip-download", "--file"])
            .arg(&file)
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output)));
        assert_eq!(report["results"]["failed_checks"], json!([]), "{}", file.display());
        assert!(report["summary"]["passed"].as_u64() > Some(20), "{}", report["summary"]);
        let skipped = report["results"]["skipped_checks"].as_array().unwrap().iter();
        let skipped: Vec<_> =
            skipped.map(|check| (check["check_id"].as_str().unwrap(), check["resource"].as_str().unwrap())).collect();
        assert_eq!(skipped, SKIPPED, "{}", file.display());
    }
}

/// The SAM CLI, pointed at the mock.
fn sam(workspace: &Workspace) -> Command {
    let mut command = Command::new(prepared("BUCKETBOOK_AWS").join("sam/bin/sam"));
    command.current_dir(workspace.path("out")).env("SAM_CLI_TELEMETRY", "0");
    mock_environment(&mut command);
    command
}

fn mock_environment(command: &mut Command) {
    for (key, value) in [
        ("ACCESS_KEY_ID", "test"),
        ("SECRET_ACCESS_KEY", "test"),
        ("REGION", "us-east-1"),
        ("DEFAULT_REGION", "us-east-1"),
    ] {
        command.env(format!("AWS_{key}"), value);
    }
    command.env("AWS_ENDPOINT_URL", prepared("BUCKETBOOK_AWS_MOCK"));
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn sam_validate_is_content() {
    for (name, spec) in VARIANTS {
        let workspace = generated(spec);
        let output = sam(&workspace).args(["validate", "--lint"]).output().unwrap();
        assert!(output.status.success(), "{name}: {}", text(&output));
        assert!(text(&output).contains("is a valid SAM Template"), "{name}: {}", text(&output));
    }
}

/// Deploys a stack as the README tells users to, and runs a script of this folder against it.
fn deploy_and(workspace: &Workspace, stack: &str, name: &str) -> Value {
    let output = sam(workspace).args(["deploy", "--stack-name", stack]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let mut python = Command::new(prepared("BUCKETBOOK_AWS").join("mock/bin/python"));
    mock_environment(&mut python);
    let output = python.args([&script(name), stack]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn sam_deploy_as_the_readme_says_and_an_upload_is_recorded() {
    for (index, (name, spec)) in VARIANTS.iter().filter(|(name, _)| UPLOADED.contains(name)).enumerate() {
        let workspace = generated(spec);
        let rows = deploy_and(&workspace, &format!("upload-{index}"), "upload.py");
        let rows = rows.as_array().unwrap();
        assert_eq!(rows.len(), 1, "{name}: {rows:?}");
        assert_eq!(rows[0]["fileName"], "holiday photos/cat 1.jpg", "{name}");
        assert_eq!(rows[0]["size"], "12", "{name}");
        assert!(rows[0]["sequencer"].is_string() && rows[0]["etag"].is_string(), "{name}: {rows:?}");
    }
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn overlapping_executions_leave_the_newest_event() {
    for (index, spec) in ["{}", "state_machine: {type: EXPRESS}"].into_iter().enumerate() {
        let workspace = generated(spec);
        let answer = deploy_and(&workspace, &format!("overlap-{index}"), "overlap.py");
        assert_eq!(answer["failed"], json!([]), "{answer}");
        assert_eq!(answer["rows"].as_array().unwrap().len(), 1, "{answer}");
        assert_eq!(answer["rows"][0]["sequencer"], answer["newest"], "{answer}");
    }
}

/// The rows of a table whose file name is `key`.
fn rows_of<'a>(rows: &'a Value, key: &str) -> Vec<&'a Value> {
    rows.as_array().unwrap().iter().filter(|row| row["fileName"] == key).collect()
}

/// What the listing says of every object becomes its record, and nothing that an event wrote is touched.
#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn a_backfill_records_what_no_event_has_recorded() {
    for (index, layout) in ["latest", "history"].into_iter().enumerate() {
        let workspace = generated(&format!("{{table: {{layout: {layout}}}, backfill: {{}}}}"));
        // A stack of its own, in a mock that has seen this test before as well: its bucket and table begin empty.
        let stack = format!("backfill-{index}-{}", std::process::id());
        let answer = deploy_and(&workspace, &stack, "backfill.py");
        assert_eq!(answer["before"], json!([]), "{answer}");
        let (event, first) = (&answer["event"], &answer["first"]["rows"]);
        assert_eq!(rows_of(first, "event.txt"), rows_of(event, "event.txt"), "{answer}");
        let part: Vec<&str> =
            answer["part"]["rows"].as_array().unwrap().iter().map(|r| r["fileName"].as_str().unwrap()).collect();
        assert_eq!(part, ["event.txt", "photos/", "photos/cat.jpg"], "{answer}");

        let listing = answer["listing"].as_array().unwrap();
        assert_eq!((first.as_array().unwrap().len(), listing.len()), (7, 7), "{answer}");
        for object in listing.iter().filter(|object| object["key"] != "event.txt") {
            let mut row = json!({ "fileName": object["key"], "size": object["size"], "etag": object["etag"] });
            row["lastModified"] = object["time"].clone();
            if layout == "history" {
                row["lastModified"] = json!(format!("{}#", object["time"].as_str().unwrap()));
                row["eventTime"] = object["time"].clone();
            }
            assert_eq!(rows_of(first, object["key"].as_str().unwrap()), [&row], "{answer}");
        }
        assert_eq!(&answer["second"]["rows"], first, "{answer}");
        assert_eq!(answer["second"]["output"], "0", "{answer}");

        let cats = rows_of(&answer["updated"], "photos/cat.jpg");
        assert_eq!(cats.len(), index + 1, "{answer}");
        assert!(cats.iter().any(|row| row["size"] == "11" && row["sequencer"].is_string()), "{answer}");
        assert_eq!(answer["third"]["rows"], answer["updated"], "{answer}");
    }
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn a_failed_execution_leaves_its_event_in_the_queue() {
    let specs = [
        "dead_letters: {}",
        "{table: {layout: history}, dead_letters: {encryption: KMS}}",
        "{state_machine: {query_language: JSONata}, dead_letters: {}}",
    ];
    for (index, spec) in specs.into_iter().enumerate() {
        let answer =
            deploy_and(&generated(spec), &format!("dead-letter-{index}-{}", std::process::id()), "dead_letter.py");
        assert_eq!(answer["status"], "FAILED", "{answer}");
        let bodies = answer["bodies"].as_array().unwrap();
        assert_eq!(bodies.len(), 1, "{answer}");
        assert_eq!(bodies[0]["event"], answer["event"], "{answer}");
        assert_eq!(bodies[0]["execution"], answer["execution"], "{answer}");
        assert_eq!(bodies[0]["error"]["Error"], answer["error"], "the execution fails with its own error: {answer}");
    }
}

/// Something that happened to an object, as S3 tells it.
#[derive(Debug, Clone)]
struct Happening {
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
const UPLOADS: [Happening; 8] = [
    uploaded("photos/cat.jpg", "2024-05-01T10:00:00Z", "0062E99A88DC407460", 1),
    uploaded("photos/cat.jpg", "2024-05-01T10:00:07Z", "0062E99A88DC407461", 22),
    uploaded("photos/cat.jpg", "2024-05-01T10:00:07Z", "0062E99A88DC40746100", 333),
    uploaded("photos/cat.jpg", "2024-05-01T10:00:09Z", "0062E99A88DC4074AF", 0),
    uploaded("a b+c/ü 日本.txt", "2024-05-01T10:00:00Z", "A0", 5_368_709_120),
    uploaded("it's \"quoted\" \\ back", "2024-05-01T10:00:00Z", "A0", 7),
    uploaded("$.detail.object.size", "2024-05-01T10:00:00Z", "A0", 8),
    uploaded("{} ${TableName} States.UUID()", "2024-05-01T10:00:00Z", "A0", 9),
];

/// Deletions, for the stacks that record them: one that was undone by a later upload, one for good, one of an unknown file.
const DELETIONS: [Happening; 3] = [
    deleted("photos/cat.jpg", "2024-05-01T10:00:08Z", "0062E99A88DC4074A0"),
    deleted("it's \"quoted\" \\ back", "2024-05-01T10:00:02Z", "B0"),
    deleted("never seen", "2024-05-01T10:00:02Z", "B0"),
];

impl Happening {
    fn event(&self, versioned: bool) -> Value {
        let mut object = json!({ "key": self.key, "sequencer": self.sequencer });
        let mut detail = json!({
            "version": "0", "bucket": {"name": "@bucket"}, "request-id": "N4N7GDK58NMKJ12R",
            "requester": "123456789012", "source-ip-address": "1.2.3.4",
        });
        if versioned {
            object["version-id"] = json!(format!("version-{}", self.sequencer));
        }
        match self.size {
            Some(size) => {
                object["size"] = json!(size);
                object["etag"] = json!(format!("etag-{size}"));
                detail["reason"] = json!("PutObject");
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
                row["size"] = json!(size);
                row["etag"] = json!(format!("etag-{size}"));
                if !variant.history {
                    row[&variant.last_modified] = json!(self.time);
                }
                if variant.versioned {
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
struct Variant {
    history: bool,
    versioned: bool,
    deleted: DeletedEffect,
    api: bool,
    file_name: String,
    last_modified: String,
}

impl Variant {
    fn of(spec: &str) -> Self {
        let spec = Document::parse(Source::new("spec", spec)).unwrap().spec;
        Self {
            history: spec.table.layout == Layout::History,
            versioned: spec.bucket.versioned,
            deleted: spec.events.deleted,
            api: spec.api.is_some(),
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
    fn promised(&self) -> Vec<Value> {
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

    /// The orders in which the events are delivered. What is removed at once leaves nothing that could hold off an event that
    /// comes late, so there the order is the right one.
    fn deliveries(&self, runner: &mut TestRunner) -> Vec<Vec<Happening>> {
        let in_order = self.happenings();
        if self.deleted == DeletedEffect::Remove {
            return vec![in_order];
        }
        let backwards = in_order.iter().rev().chain(&in_order).cloned().collect();
        let again = prop::collection::vec(prop::sample::select(in_order.clone()), 0..4);
        let shuffled = again.prop_map(|again| [self.happenings(), again].concat()).prop_shuffle();
        let mut shuffled = || shuffled.new_tree(runner).unwrap().current();
        vec![in_order, backwards, shuffled(), shuffled()]
    }
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn the_promise_holds_for_events_in_any_order() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for (name, spec) in VARIANTS {
        let workspace = generated(spec);
        let variant = Variant::of(spec);
        fs::write(workspace.path("expect.json"), Value::from(variant.promised()).to_string()).unwrap();
        // Options beside the workflow leave the definitions as they are: then one order shows that permissions are there.
        let new = seen.insert(workspace.read("out/definitions/object_created.asl.json"));
        for order in variant.deliveries(&mut runner).into_iter().take(if new { usize::MAX } else { 1 }) {
            let events: Vec<Value> = order.iter().map(|happening| happening.event(variant.versioned)).collect();
            fs::write(workspace.path("events.json"), Value::from(events).to_string()).unwrap();
            run_events(name, &workspace);
        }
    }
}

/// Deploys the stack into the mock and runs the events through it; every execution succeeds, the role has every permission,
/// and the table holds what is expected.
fn run_events(name: &str, workspace: &Workspace) {
    let output = Command::new(prepared("BUCKETBOOK_AWS").join("mock/bin/python"))
        .arg(prepared("BUCKETBOOK_TOOLS").join("deploy_and_run.py"))
        .arg(workspace.path("out"))
        .args(["--engine", &env::var("BUCKETBOOK_AWS_MOCK").unwrap(), "--require-match"])
        .args(["--events", workspace.path("events.json").to_str().unwrap()])
        .args(["--expect", workspace.path("expect.json").to_str().unwrap()])
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{name}: {}", text(&output)));
    assert_eq!(report["exit"], 0, "{name}: {report:#}");
    assert_eq!(report["problems"], json!([]), "{name}: {report:#}");
    assert!(report["permissions"]["checked"].as_u64() > Some(3), "{name}: {report:#}");
    assert_eq!(report["permissions"]["unchecked"], json!([]), "{name}: {report:#}");
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn the_api_is_described_in_valid_openapi() {
    for (name, spec) in VARIANTS.iter().filter(|(name, _)| name.starts_with("api")) {
        let workspace = generated(spec);
        let description = workspace.path("out/openapi.yaml");
        let output = judge("openapi-spec-validator").arg(description).output().unwrap();
        assert!(output.status.success(), "{name}: {}", text(&output));
    }
}

/// Keys that no format likes: quotes, letters beyond ASCII, escapes of URLs, slashes in every place, Velocity.
const KEYS: [&str; 14] = [
    "photos/cat.jpg",
    "photos/dog.jpg",
    "photos/2024/x.jpg",
    "cat.jpg",
    "a b+c/ü 日本😀.txt",
    "it's \"quoted\" \\ back\\'x",
    "/lead/x",
    "/",
    "//",
    "photos//y",
    "end/",
    "100%25/#set($x=1)",
    "$!{key}/#end",
    "tab\t/nl\n",
];

/// Everything but letters and digits as `%XX`.
fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

/// Records every key (the first of them a second time, later), asks the API, and gives its answers.
fn answers(stack: &str, spec: &str, get: &[String], walk: &[&str]) -> Value {
    let workspace = generated(spec);
    let uploads = KEYS.iter().chain(&KEYS[..1]).zip(10..).map(|(key, number)| {
        let object = json!({"key": key, "size": number, "etag": "e", "sequencer": format!("{number:04X}")});
        json!({"time": format!("2024-05-01T10:00:{number}Z"), "detail": {"object": object}})
    });
    let questions = json!({"events": uploads.collect::<Vec<_>>(), "get": get, "walk": walk});
    workspace.write("questions.json", questions.to_string());
    let output = sam(&workspace).args(["deploy", "--stack-name", stack]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let mut python = judge("python");
    mock_environment(&mut python);
    let files = ["out/template.yaml", "questions.json"].map(|file| workspace.path(file));
    let output = python.arg(script("api.py")).arg(stack).args(files).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let answers: Value = serde_json::from_slice(&output.stdout).unwrap();
    let statuses = answers["statuses"].as_array().unwrap();
    assert!(statuses.iter().all(|status| status == "SUCCEEDED"), "{statuses:?}");
    answers
}

/// The names of a walk's files, page by page.
fn names(walk: &Value) -> Vec<Vec<&str>> {
    let pages = walk.as_array().unwrap().iter();
    pages
        .map(|files| files.as_array().unwrap().iter().map(|file| file["fileName"].as_str().unwrap()).collect())
        .collect()
}

/// Each kind of API in each layout, by the name of a stack. They give the same answers.
const APIS: [(&str, &str, &str); 4] = [
    ("direct", "direct", "latest"),
    ("direct-history", "direct", "history"),
    ("lambda", "lambda", "latest"),
    ("lambda-history", "lambda", "history"),
];

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn an_api_finds_every_key() {
    let mut get: Vec<String> = KEYS.iter().map(|key| format!("/files/{}", escaped(key))).collect();
    get.push("/files/a%20b+c/%C3%BC%20%E6%97%A5%E6%9C%AC%F0%9F%98%80.txt".to_owned());
    for (stack, kind, layout) in APIS {
        let spec = format!("{{table: {{layout: {layout}}}, api: {{type: {kind}}}}}");
        let answers = answers(&format!("api-keys-{stack}"), &spec, &get, &[]);
        let found = answers["get"].as_array().unwrap();
        assert_eq!(found.len(), KEYS.len() + 1);
        for (answer, key) in found.iter().zip(KEYS.iter().chain(&KEYS[4..5])) {
            assert_eq!((&answer[0], &answer[1]["fileName"]), (&json!(200), &json!(key)), "{stack}: {answer}");
            assert_eq!(answer[1].get("folder"), None, "{stack}: {answer}");
        }
        // The newest upload of a file that has two.
        assert_eq!(found[0][1]["size"], 24, "{stack}: {}", found[0]);
    }
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn an_api_lists_folders_page_by_page() {
    let walks = [
        "/files?limit=1",
        "/files?prefix=photos/&limit=2",
        "/files?prefix=photos/c&limit=1",
        "/files?prefix=%2F",
        "/files?prefix=c",
    ];
    for (stack, kind, layout) in APIS {
        let spec = format!("{{table: {{layout: {layout}}}, api: {{type: {kind}}}}}");
        let answers = answers(&format!("api-list-{stack}"), &spec, &[], &walks);
        let walked: Vec<Vec<Vec<&str>>> = answers["walk"].as_array().unwrap().iter().map(names).collect();
        // In a history the file that was uploaded twice is there twice.
        let (cat, dog) = ("photos/cat.jpg", "photos/dog.jpg");
        let (photos, cats) = match layout {
            "latest" => (vec![vec![cat, dog], vec![]], vec![vec![cat], vec![]]),
            _ => (vec![vec![cat, cat], vec![dog]], vec![vec![cat], vec![cat], vec![]]),
        };
        assert_eq!(walked[0], [vec!["cat.jpg"], vec![KEYS[5]], vec![]], "{stack}");
        assert_eq!(walked[1], [vec![vec!["photos//y", "photos/2024/x.jpg"]], photos].concat(), "{stack}");
        assert_eq!(walked[2], cats, "{stack}");
        assert_eq!(walked[3], [["/", "//", "/lead/x"]], "{stack}");
        assert_eq!(walked[4], [["cat.jpg"]], "{stack}");
    }
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn an_api_refuses_what_is_wrong() {
    let long = format!("/files/{}", "x".repeat(3000));
    // A token that would end the string it goes into, if it were not escaped: base64 of `/","x":"`.
    let injected = "/files?next=LyIsIngiOiI~";
    let asked = [
        ("/files?limit=0", 400),
        ("/files?limit=1001", 400),
        ("/files?limit=1e1", 400),
        ("/files?limit=-1", 400),
        ("/files?next=%25", 400),
        ("/files?next=AAAA", 400),
        ("/files/none", 404),
        // The mock's Query takes keys of any length, and in a history this token lacks half of what one holds.
        (&long, 400),
        (injected, 200),
    ];
    let get = asked.map(|(url, _)| url.to_owned());
    for (stack, kind, layout) in &APIS[..3] {
        let spec = format!("{{table: {{layout: {layout}}}, api: {{type: {kind}}}}}");
        let answers = answers(&format!("api-refuse-{stack}"), &spec, &get, &[]);
        let same_everywhere = if *layout == "latest" { asked.len() } else { asked.len() - 2 };
        for ((url, status), answer) in asked.iter().zip(answers["get"].as_array().unwrap()).take(same_everywhere) {
            assert_eq!(answer[0], *status, "{stack}: {url}: {answer}");
            assert_eq!(answer[1]["message"].is_string(), *status != 200, "{stack}: {url}: {answer}");
        }
    }
}
