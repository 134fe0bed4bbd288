//! What outsiders say of the generated stacks: the validators of AWS and others, the SAM translator, the SAM CLI as users run it,
//! and an AWS mock that deploys the stacks and runs events through them.
//!
//! These tests are ignored unless asked for, because they need tools that `.ci/run` installs; it runs them all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what it expects by failing")]

mod common;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use common::Workspace;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// Every starter and every option, by the spec that makes it.
const VARIANTS: [(&str, &str); 33] = [
    ("article", include_str!("../templates/article/bucketbook.yaml")),
    ("article, express", "state_machine: {type: EXPRESS}"),
    ("article, versioned", "bucket: {versioned: true}"),
    ("history", include_str!("../templates/history/bucketbook.yaml")),
    ("history, express", "{table: {layout: history}, state_machine: {type: EXPRESS}}"),
    ("history, versioned", "{table: {layout: history}, bucket: {versioned: true}}"),
    (
        "names",
        "{stack: {name: Mine}, bucket: {name: my.bucket-1}, table: {name: my_Table.1}, state_machine: {name: 'Dateien!(1)'}}",
    ),
    ("reserved words", "table: {layout: history, attribute_names: {file_name: name, last_modified: timestamp}}"),
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
    ("odd names", r#"table: {attribute_names: {file_name: "- 'a': \"b\" #", last_modified: "été; {x} $.y"}}"#),
];

/// The variants into whose bucket an object can be put: the events that the mock sends hold no `version-id`, so the executions
/// of a versioned bucket's stack fail there. What they do with real events is among the promises tested below.
const UPLOADED: [&str; 4] = ["article", "article, express", "history", "history, express"];

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

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn the_sam_translator_translates() {
    for (name, spec) in VARIANTS {
        let workspace = generated(spec);
        let template = workspace.path("out/template.yaml");
        let output = judge("python").args([&script("translate.py"), template.to_str().unwrap()]).output().unwrap();
        assert!(output.status.success(), "{name}: {}", text(&output));
        let template: Value = serde_json::from_slice(&output.stdout).unwrap();
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
    for (index, (name, spec)) in VARIANTS.into_iter().filter(|(name, _)| UPLOADED.contains(name)).enumerate() {
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

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn a_failed_execution_leaves_its_event_in_the_queue() {
    for (index, spec) in
        ["dead_letters: {}", "{table: {layout: history}, dead_letters: {encryption: KMS}}"].into_iter().enumerate()
    {
        let answer = deploy_and(&generated(spec), &format!("dead-letter-{index}"), "dead_letter.py");
        assert_eq!(answer["status"], "FAILED", "{answer}");
        let bodies = answer["bodies"].as_array().unwrap();
        assert_eq!(bodies.len(), 1, "{answer}");
        assert_eq!(bodies[0]["event"], answer["event"], "{answer}");
        assert_eq!(bodies[0]["execution"], answer["execution"], "{answer}");
        assert_eq!(bodies[0]["error"]["Error"], answer["error"], "the execution fails with its own error: {answer}");
    }
}

/// An upload, as S3 tells it.
#[derive(Debug, Clone)]
struct Upload {
    key: &'static str,
    time: &'static str,
    sequencer: &'static str,
    size: u64,
}

/// A new file, a second and a third upload (two of them within one second), and keys that no format likes.
const UPLOADS: [Upload; 8] = [
    Upload { key: "photos/cat.jpg", time: "2024-05-01T10:00:00Z", sequencer: "0062E99A88DC407460", size: 1 },
    Upload { key: "photos/cat.jpg", time: "2024-05-01T10:00:07Z", sequencer: "0062E99A88DC407461", size: 22 },
    Upload { key: "photos/cat.jpg", time: "2024-05-01T10:00:07Z", sequencer: "0062E99A88DC40746100", size: 333 },
    Upload { key: "photos/cat.jpg", time: "2024-05-01T10:00:09Z", sequencer: "0062E99A88DC4074AF", size: 0 },
    Upload { key: "a b+c/ü 日本.txt", time: "2024-05-01T10:00:00Z", sequencer: "A0", size: 5_368_709_120 },
    Upload { key: "it's \"quoted\" \\ back", time: "2024-05-01T10:00:00Z", sequencer: "A0", size: 7 },
    Upload { key: "$.detail.object.size", time: "2024-05-01T10:00:00Z", sequencer: "A0", size: 8 },
    Upload { key: "{} ${TableName} States.UUID()", time: "2024-05-01T10:00:00Z", sequencer: "A0", size: 9 },
];

impl Upload {
    fn event(&self, versioned: bool) -> Value {
        let mut object = json!({
            "key": self.key, "size": self.size, "etag": format!("etag-{}", self.size), "sequencer": self.sequencer,
        });
        if versioned {
            object["version-id"] = json!(format!("version-{}", self.sequencer));
        }
        json!({
            "version": "0", "id": "17793124-05d4-b198-2fde-7ededc63b103", "detail-type": "Object Created", "source": "aws.s3",
            "account": "123456789012", "time": self.time, "region": "us-east-1", "resources": ["arn:aws:s3:::@bucket"],
            "detail": {
                "version": "0", "bucket": {"name": "@bucket"}, "object": object, "request-id": "N4N7GDK58NMKJ12R",
                "requester": "123456789012", "source-ip-address": "1.2.3.4", "reason": "PutObject",
            },
        })
    }

    fn row(&self, variant: &Variant) -> Value {
        let last_modified =
            if variant.history { format!("{}#{}", self.time, self.sequencer) } else { self.time.to_owned() };
        let mut row = json!({ "size": self.size, "etag": format!("etag-{}", self.size), "sequencer": self.sequencer });
        row[&variant.file_name] = json!(self.key);
        row[&variant.last_modified] = json!(last_modified);
        if variant.versioned {
            row["versionId"] = json!(format!("version-{}", self.sequencer));
        }
        row
    }
}

/// What the promise depends on.
struct Variant {
    history: bool,
    versioned: bool,
    file_name: String,
    last_modified: String,
}

/// What the table must hold, by the promise alone: for `latest` the newest upload of each key, for `history` every upload.
fn promised(variant: &Variant) -> Vec<Value> {
    let mut rows: BTreeMap<(&str, &str), &Upload> = BTreeMap::new();
    for upload in &UPLOADS {
        let id = (upload.key, if variant.history { upload.sequencer } else { "" });
        let newest = rows.entry(id).or_insert(upload);
        if upload.sequencer > newest.sequencer {
            *newest = upload;
        }
    }
    rows.values().map(|upload| upload.row(variant)).collect()
}

/// The uploads in some order, some of them told more than once.
fn deliveries(runner: &mut TestRunner) -> Vec<Upload> {
    let again = prop::collection::vec(prop::sample::select(UPLOADS.to_vec()), 0..4);
    let all = again.prop_map(|again| [UPLOADS.to_vec(), again].concat()).prop_shuffle();
    all.new_tree(runner).unwrap().current()
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn the_promise_holds_for_events_in_any_order() {
    let mut runner = TestRunner::deterministic();
    for (name, spec) in VARIANTS {
        let workspace = generated(spec);
        let document = bucketbook::spec::Document::parse(bucketbook::source::Source::new("spec", spec)).unwrap();
        let variant = Variant {
            history: document.spec.table.layout == bucketbook::spec::Layout::History,
            versioned: document.spec.bucket.versioned,
            file_name: document.spec.table.attribute_names.file_name.to_string(),
            last_modified: document.spec.table.attribute_names.last_modified.to_string(),
        };
        fs::write(workspace.path("expect.json"), Value::from(promised(&variant)).to_string()).unwrap();
        let in_order = UPLOADS.to_vec();
        let backwards = UPLOADS.iter().rev().chain(&UPLOADS).cloned().collect();
        for order in [in_order, backwards, deliveries(&mut runner), deliveries(&mut runner)] {
            let events: Vec<Value> = order.iter().map(|upload| upload.event(variant.versioned)).collect();
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
