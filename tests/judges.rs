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
const VARIANTS: [(&str, &str); 15] = [
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
        if variant.api {
            let folder = self.key.split_once('/').map_or("top".to_owned(), |(folder, _)| format!("in:{folder}"));
            row["folder"] = json!(folder);
        }
        row
    }
}

/// What the promise depends on.
struct Variant {
    history: bool,
    versioned: bool,
    api: bool,
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
            api: document.spec.api.is_some(),
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

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn the_api_is_described_in_valid_openapi() {
    for (name, spec) in VARIANTS.into_iter().filter(|(name, _)| name.starts_with("api")) {
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
