//! `simulate` and `test`, as a user runs them: what they print, what they leave on disk, and their exit codes.

use std::io::Write;
use std::process::Stdio;

use crate::common::Workspace;
use serde_json::{Value, json};

/// A directory with a starter.
fn starter(name: &str) -> Workspace {
    let workspace = Workspace::new();
    assert_eq!(workspace.run(&["init", "--template", name]).0, 0);
    workspace
}

/// An event of the default stack's bucket, in one line.
fn created(key: &str, size: u64, sequencer: &str) -> String {
    json!({
        "version": "0", "id": "1", "detail-type": "Object Created", "source": "aws.s3", "account": "123456789012",
        "time": "2026-01-01T00:00:00Z", "region": "us-east-1", "resources": [],
        "detail": {"bucket": {"name": "filesbucket"},
            "object": {"key": key, "size": size, "etag": "e", "sequencer": sequencer}},
    })
    .to_string()
}

const MACHINE: &str = r#"{
  "StartAt": "Which",
  "States": {
    "Which": {"Type": "Choice", "Choices": [{"Variable": "$.fail", "BooleanEquals": true, "Next": "Broken"}], "Default": "Ask"},
    "Ask": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:ask",
      "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 5}],
      "Catch": [{"ErrorEquals": ["Gone"], "Next": "Rest"}], "ResultPath": "$.answer", "Next": "Rest"},
    "Rest": {"Type": "Wait", "Seconds": 86400, "End": true},
    "Broken": {"Type": "Fail", "Error": "Mine", "Cause": "it was asked to"}
  }
}"#;

#[test]
fn flags_happen_in_the_order_in_which_they_are_given() {
    let workspace = starter("article");
    let (code, out, err) = workspace.run(&[
        "simulate",
        "--put",
        "photos/cat.jpg",
        "--put",
        "photos/cat.jpg",
        "--delete",
        "photos/cat.jpg",
    ]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!("simulate-puts-and-a-deletion", out);
    // A deletion of what is not there yet makes no event in a bucket that keeps no versions.
    let (code, out, _) = workspace.run(&["simulate", "--delete", "a", "--put", "a"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("delete a: the object does not exist, so S3 sends no event\nput a: "), "{out}");
}

#[test]
fn the_spec_counts_unless_what_was_generated_is_named() {
    let workspace = starter("article");
    assert_eq!(workspace.run(&["generate", "--table-name", "generated-table"]).0, 0);
    let (_, out, _) = workspace.run(&["simulate", "--put", "a"]);
    assert!(out.contains("FilesTable: 1 item"), "{out}");
    for named in [&["simulate", "out", "--put", "a"][..], &["simulate", "--out", "out", "--put", "a"]] {
        let (code, out, _) = workspace.run(named);
        assert!(code == 0 && out.contains("generated-table: 1 item"), "{out}");
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let workspace = starter("article");
    let run = |seed: &str| workspace.run(&["simulate", "--seed", seed, "--put", "a", "--format", "jsonl"]).1;
    assert_eq!(run("7"), run("7"));
    assert_ne!(run("7"), run("8"));
}

#[test]
fn traces_show_the_data_of_each_state() {
    let workspace = starter("article");
    workspace.write("m.asl.json", MACHINE);
    let (code, out, _) = workspace.run(&["simulate", "m.asl.json", "--input", "{\"fail\": false}", "--trace"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!("simulate-trace", out);
}

#[test]
fn json_has_the_histories_and_the_tables() {
    let workspace = starter("article");
    let (code, out, _) = workspace.run(&["simulate", "--put", "a", "--put", "b", "--delete", "a", "--format", "json"]);
    assert_eq!(code, 0);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["executions"].as_array().unwrap().len(), 2);
    let events = report["executions"][0]["events"].as_array().unwrap();
    assert_eq!(events[0]["type"], "ExecutionStarted");
    assert_eq!(events.last().unwrap()["type"], "ExecutionSucceeded");
    assert_eq!(events[1]["stateEnteredEventDetails"]["name"], "Query");
    assert_eq!(report["unmatched"][0]["event"]["detail-type"], "Object Deleted");
    assert_eq!(report["tables"]["FilesTable"].as_array().unwrap().len(), 2);
    assert_eq!(report["tables"]["FilesTable"][0]["fileName"], json!({"S": "a"}));

    let (code, out, _) = workspace.run(&["simulate", "--put", "a", "--delete", "a", "--format", "jsonl"]);
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let types: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!((code, types), (0, vec!["execution", "unmatched", "table"]));
}

#[test]
fn events_come_from_files_and_the_standard_input() {
    let workspace = starter("article");
    workspace.write("one.json", created("a", 1, "01"));
    workspace.write("two.json", format!("[{}, {}]", created("a", 2, "02"), created("b", 1, "01")));
    workspace.write("more.jsonl", format!("{}\n\n{}\n", created("a", 0, "00"), created("c", 1, "01")));
    let arguments =
        ["simulate", "--event", "one.json", "--event", "two.json", "--events", "more.jsonl", "--format", "jsonl"];
    let (code, out, err) = workspace.run(&arguments);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out.matches("\"type\":\"execution\"").count(), 5, "{out}");
    let table: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    let sizes: Vec<&str> =
        table["items"].as_array().unwrap().iter().map(|item| item["size"]["N"].as_str().unwrap()).collect();
    // The event that came last for `a` is older than what the table says.
    assert_eq!(sizes, ["2", "1", "1"]);

    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_bucketbook"))
        .current_dir(workspace.path(""))
        .args(["simulate", "--events", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for number in 0..30 {
        writeln!(stdin, "{}", created(&format!("k{number}"), number, "01")).unwrap();
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    // Of a stream only the beginning is shown in full.
    assert!(out.contains("<stdin>:20: ") && !out.contains("<stdin>:21: "), "{out}");
    assert!(out.ends_with("30 events, 30 executions\n"), "{out}");
}

#[test]
fn events_of_a_real_bucket_can_count_as_the_stacks() {
    let workspace = starter("article");
    workspace.write("e.json", created("a", 1, "01").replace("filesbucket", "my-bucket"));
    let (code, out, _) = workspace.run(&["simulate", "--event", "e.json"]);
    assert_eq!(code, 1);
    assert!(out.contains("`detail.bucket.name` is \"my-bucket\", but the pattern requires [\"filesbucket\"]"), "{out}");
    assert!(out.contains("--bucket-alias my-bucket treats its events"), "{out}");
    let (code, out, _) = workspace.run(&["simulate", "--event", "e.json", "--bucket-alias", "my-bucket"]);
    assert_eq!(code, 0);
    assert!(out.contains("FilesTable: 1 item"), "{out}");
}

#[test]
fn lines_that_are_no_events_are_said_with_their_numbers() {
    let workspace = starter("article");
    let lines = ["{\"source\": ", "[]", "{\"Records\": []}", "{\"source\": \"x\"}", &created("a", 1, "01")];
    workspace.write("bad.jsonl", lines.join("\n"));
    let (code, out, err) = workspace.run(&["simulate", "--events", "bad.jsonl"]);
    assert_eq!(code, 2);
    assert!(err.contains("bad.jsonl:1: column 10: not JSON: EOF while parsing a value"), "{err}");
    assert!(err.contains("--keep-going") && out.ends_with("0 executions\n"), "{err}{out}");
    let (code, out, err) = workspace.run(&["simulate", "--events", "bad.jsonl", "--keep-going"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!("simulate-malformed-events", err);
    assert!(out.ends_with("1 event, 1 execution\n"), "{out}");
    for (name, text) in
        [("e.json", "{\"source\": \"x\"}"), ("n.json", "{\"source\": "), ("r.json", "{\"Records\": []}")]
    {
        workspace.write(name, text);
        let (code, _, err) = workspace.run(&["simulate", "--event", name]);
        assert_eq!(code, 2);
        assert!(err.contains(name), "{err}");
    }
    let (code, _, err) = workspace.run(&["simulate", "--events", "missing.jsonl"]);
    assert_eq!(code, 2);
    assert!(err.contains("cannot read `missing.jsonl`: no such file or directory"), "{err}");
}

#[test]
fn a_listing_is_replayed() {
    let workspace = starter("article");
    workspace.write("ls.txt", "2026-01-31 12:00:00       1234 a b.jpg\n2026-01-31 12:00:01          0 c\n");
    let (code, out, _) = workspace.run(&["simulate", "--from-bucket-listing", "ls.txt"]);
    assert_eq!(code, 0);
    assert!(out.contains("put a b.jpg: Object Created") && out.contains("FilesTable: 2 items"), "{out}");
    workspace.write("bad.txt", "hello\n");
    let (code, _, err) = workspace.run(&["simulate", "--from-bucket-listing", "bad.txt"]);
    assert_eq!(code, 2);
    assert!(err.contains("`bad.txt` is not a listing: line 1: expected `DATE TIME SIZE KEY`"), "{err}");
}

#[test]
fn a_failed_execution_is_exit_code_1() {
    let workspace = Workspace::new();
    workspace.write("m.asl.json", MACHINE);
    let (code, out, _) = workspace.run(&["simulate", "m.asl.json", "--input", "{\"fail\": true}"]);
    assert_eq!(code, 1);
    assert!(out.contains("Broken  Fail    failed: Mine") && out.contains("Mine: it was asked to"), "{out}");
    workspace.write("in.json", "{\"fail\": false}");
    let (code, out, _) = workspace.run(&["simulate", "m.asl.json", "--input", "@in.json"]);
    assert_eq!(code, 0);
    assert!(out.contains("SUCCEEDED after 86400s"), "{out}");
}

#[test]
fn endless_loops_end() {
    let workspace = Workspace::new();
    let looping = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Choices": [{"Variable": "$.stop", "IsPresent": true, "Next": "B"}], "Default": "A"},
        "B": {"Type": "Succeed"}
    }}"#;
    workspace.write("m.asl.json", looping);
    let (code, out, _) = workspace.run(&["simulate", "m.asl.json", "--input", "{}", "--max-transitions", "500"]);
    assert_eq!(code, 1);
    assert!(out.contains("The execution reached the maximum number of history events (500)"), "{out}");
    // Of so many states only the first and the last are shown.
    assert!(out.contains("more states, which --trace shows") && out.matches("A  Choice").count() == 50, "{out}");
}

#[test]
fn mocks_answer_for_states() {
    let workspace = Workspace::new();
    workspace.write("m.asl.json", MACHINE);
    let mocks = json!({
        "StateMachines": {"Asker": {"TestCases": {"Busy": {"Ask": "BusyAtFirst"}, "Gone": {"Ask": "Gone"}}}},
        "MockedResponses": {
            "BusyAtFirst": {"0": {"Throw": {"Error": "Busy", "Cause": "later"}}, "1": {"Return": {"yes": true}}},
            "Gone": {"0": {"Throw": {"Error": "Gone", "Cause": "for good"}}},
        },
    });
    workspace.write("mocks.json", mocks.to_string());
    let run = |case: &str| {
        let mock = ["--mock-config", "mocks.json", "--test-case", case];
        workspace.run(&[&["simulate", "m.asl.json", "--input", "{\"fail\": false}"], &mock[..]].concat())
    };
    let (code, out, _) = run("Busy");
    assert_eq!(code, 0);
    assert!(out.contains("after 1 failed attempt"), "{out}");
    let (code, out, _) = run("Gone");
    assert_eq!(code, 0);
    assert!(out.contains("caught Gone -> Rest"), "{out}");
    let (code, _, err) = run("Bsy");
    assert_eq!(code, 2);
    assert!(err.contains("the mock file has no test case `Bsy`"), "{err}");
    assert_eq!(workspace.run(&["simulate", "m.asl.json", "--input", "{}", "--mock-config", "mocks.json"]).0, 2);
}

#[test]
fn a_table_file_keeps_what_was_written() {
    let workspace = starter("article");
    let run = |key: &str| workspace.run(&["simulate", "--table-file", "t.db", "--put", key]);
    assert_eq!(run("a").0, 0);
    let (code, out, _) = run("b");
    assert_eq!(code, 0);
    assert!(out.contains("FilesTable: 2 items"), "{out}");

    workspace.write("no.db", "this is a letter, and no table file at all");
    let (code, _, err) = workspace.run(&["simulate", "--table-file", "no.db", "--put", "a"]);
    assert_eq!(code, 2);
    assert!(err.contains("no.db is not a table file"), "{err}");
    assert_eq!(workspace.read("no.db"), "this is a letter, and no table file at all");

    let held = bucketbook::simulate::services::dynamodb::DynamoDb::open(&workspace.path("t.db")).unwrap();
    let (code, _, err) = run("c");
    assert_eq!(code, 2);
    assert!(err.contains("t.db is in use by another process"), "{err}");
    drop(held);
    assert_eq!(run("c").0, 0);

    let (code, _, err) = workspace.run(&["generate"]);
    assert_eq!(code, 0, "{err}");
    let other = workspace.read("out/template.yaml").replace("AttributeName: fileName", "AttributeName: other");
    workspace.write("out/template.yaml", other);
    let (code, _, err) = workspace.run(&["simulate", "out", "--table-file", "t.db", "--put", "d"]);
    assert_eq!(code, 2);
    assert!(err.contains("with the key fileName (HASH)"), "{err}");
}

#[cfg(unix)]
#[test]
fn what_is_written_when_it_is_interrupted_stays() {
    let workspace = starter("article");
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_bucketbook"))
        .current_dir(workspace.path(""))
        .args(["simulate", "--table-file", "t.db", "--events", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    writeln!(stdin, "{}", created("a", 1, "01")).unwrap();
    stdin.flush().unwrap();
    let mut said = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    // Whatever goes wrong, it is not waited for without end.
    let pid = child.id().to_string();
    let watched = pid.clone();
    let (done, watch) = std::sync::mpsc::channel::<()>();
    let watchdog = std::thread::spawn(move || {
        if watch.recv_timeout(std::time::Duration::from_secs(60)) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            let _ = std::process::Command::new("kill").args(["-KILL", &watched]).status();
        }
    });
    // The line comes once the item is written.
    while !line.contains("ObjectAdded") {
        line.clear();
        assert!(std::io::BufRead::read_line(&mut said, &mut line).unwrap() > 0);
    }
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let ended = std::os::unix::process::ExitStatusExt::signal(&child.wait().unwrap());
    drop(done);
    watchdog.join().unwrap();
    assert_eq!(ended, Some(2), "it ends by the interrupt");
    let (code, out, err) = workspace.run(&["simulate", "--table-file", "t.db", "--put", "b"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("FilesTable: 2 items"), "{out}");
}

#[test]
fn what_cannot_be_run_is_exit_code_2_and_said_in_its_place() {
    let workspace = Workspace::new();
    workspace.write("next.asl.json", r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}"#);
    workspace.write("type.asl.json", r#"{"StartAt": "A", "States": {"A": {"Type": "Pas", "End": true}}}"#);
    workspace.write("text.asl.json", "{\"StartAt\": ");
    workspace.write("ok.asl.json", r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#);
    workspace.write(
        "t.yaml",
        "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties: {DefinitionUri: no.json}\n",
    );
    for (arguments, expected) in [
        (&["next.asl.json", "--input", "{}"][..], "next.asl.json:1:"),
        (&["type.asl.json", "--input", "{}"], "Pas"),
        (&["text.asl.json", "--input", "{}"], "text.asl.json"),
        (&["t.yaml", "--input", "{}"], "`no.json` does not exist"),
        (&["missing.yaml", "--input", "{}"], "cannot read `missing.yaml`"),
        (&["ok.asl.json", "--input", "{"], "--input"),
        (&["ok.asl.json", "--input", "@none.json"], "none.json"),
        (&["ok.asl.json", "--input", "{}", "--machine", "X"], "no state machine `X`"),
        (&["ok.asl.json", "--put", "a"], "the stack has no bucket"),
        (&["--starter", "article"], "there is no event to simulate"),
        (&["ok.asl.json", "--input", "{}", "--state", "B"], "has no state `B`"),
    ] {
        let (code, _, err) = workspace.run(&[&["simulate"], arguments].concat());
        assert_eq!(code, 2, "{arguments:?}: {err}");
        assert!(err.contains(expected), "{arguments:?}: {err}");
    }
}

#[test]
fn one_state_alone_shows_its_data() {
    let workspace = starter("article");
    let input = created("photos/cat.jpg", 5, "01");
    let (code, out, err) = workspace.run(&["simulate", "--state", "Query", "--input", &input]);
    assert_eq!(code, 0, "{err}");
    insta::assert_snapshot!("simulate-state", out);
    let (_, out, _) = workspace.run(&["simulate", "--state", "Query", "--input", &input, "--format", "json"]);
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&answer["status"], &answer["nextState"]), (&json!("SUCCEEDED"), &json!("ObjectExists")));
    assert!(answer["inspectionData"]["afterParameters"].as_str().unwrap().contains("photos/cat.jpg"));
}

#[test]
fn starters_come_with_scenarios_that_hold() {
    for name in ["article", "history", "production", "existing-bucket"] {
        let workspace = starter(name);
        let (code, out, err) = workspace.run(&["test"]);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        assert!(out.starts_with("ok    scenarios/"), "{out}");
        // Also with the stack that was generated.
        assert_eq!(workspace.run(&["generate"]).0, 0);
        assert_eq!(workspace.run(&["test", "scenarios"]).0, 0);
    }
}

const FAILING: &str =
    "name: Two sizes\nwhen:\n  - put: {key: a, size: 1}\nthen:\n  items:\n    - {fileName: a, size: 2}\n";

#[test]
fn a_scenario_that_does_not_hold_shows_what_differs() {
    let workspace = starter("article");
    workspace.write("scenarios/wrong.yaml", FAILING);
    let (code, out, _) = workspace.run(&["test"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!("test-failing", out);
    let (code, out, _) = workspace.run(&["test", "--format", "junit", "scenarios/wrong.yaml"]);
    assert_eq!(code, 1);
    assert!(
        out.contains("<testsuite name=\"scenarios\" tests=\"1\" skipped=\"0\" errors=\"0\" failures=\"1\""),
        "{out}"
    );
    assert!(out.contains("differs from the expectation: items of FilesTable"), "{out}");
}

#[test]
fn what_a_failed_backfill_tells_fits_a_screen() {
    let workspace = starter("article");
    workspace.write("bucketbook.yaml", "backfill: {}\n");
    let objects: String = (0..200).map(|at| format!("    - photos/{at}.jpg\n")).collect();
    let start = "when:\n  - start: {machine: BackfillStateMachine, input: {}}\n";
    let scenario = format!("given:\n  objects:\n{objects}{start}then: {{executions: 2, items: []}}\n");
    workspace.write("scenarios/backfill.yaml", &scenario);
    for format in ["human", "junit"] {
        let (code, out, err) = workspace.run(&["test", "scenarios/backfill.yaml", "--format", format]);
        assert_eq!(code, 1, "{err}");
        assert!(out.lines().count() < 60 && out.len() < 6_000, "{out}");
        assert!(out.contains("more lines ...") && out.contains("more states ..."), "{out}");
    }
}

#[test]
fn scenarios_that_cannot_be_played_are_exit_code_2() {
    let workspace = starter("article");
    workspace.write("scenarios/typo.yaml", "when:\n  - putt: a\n");
    let (code, out, err) = workspace.run(&["test"]);
    assert_eq!(code, 2);
    assert!(err.contains("scenarios/typo.yaml:2:5") && err.contains("did you mean `put`?"), "{err}");
    // The others are played all the same.
    assert!(out.ends_with("3 scenarios: 2 passed, 1 could not be run\n"), "{out}");
    for (arguments, expected) in [
        (&["nowhere"][..], "there is no `nowhere`"),
        (&["out"], "there is no `out`"),
        (&["--stack", "no.yaml"], "cannot read `no.yaml`"),
    ] {
        let (code, _, err) = workspace.run(&[&["test"], arguments].concat());
        assert_eq!(code, 2);
        assert!(err.contains(expected), "{err}");
    }
    let empty = Workspace::new();
    let (code, _, err) = empty.run(&["test", "."]);
    assert_eq!(code, 2);
    assert!(err.contains("this folder contains no scenarios"), "{err}");
}

#[test]
fn scenarios_have_a_schema_that_they_keep() {
    let workspace = starter("article");
    let (code, schema, _) = workspace.run(&["schema", "--scenario"]);
    assert_eq!(code, 0);
    assert_eq!(workspace.read("scenarios/scenario.schema.json"), schema);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (template, name) in [("article", "one_record"), ("article", "throttled"), ("history", "every_upload")] {
        let path = format!("{}/templates/{template}/scenarios/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        let scenario: Value = serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let faults: Vec<String> = validator.iter_errors(&scenario).map(|fault| fault.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new(), "{name}");
    }
    assert!(!validator.is_valid(&json!({"when": [{"putt": "a"}]})));
}

const RULE_WITH_ROLE: &str = "\
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties: {NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}}
  Work:
    Type: AWS::Serverless::StateMachine
    Properties: {Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}
  Uploads:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [aws.s3], detail: {bucket: {name: [!Ref Files]}}}
      Targets: [{Id: work, Arn: !Ref Work, RoleArn: !GetAtt Starter.Arn}]
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: sts:AssumeRole}]}
      Policies: [{PolicyName: start, PolicyDocument: {Statement: [{Effect: Allow, Action: states:StartExecution, Resource: !Ref Work}]}}]
";

#[test]
fn a_rule_starts_nothing_that_its_role_does_not_let_it_start() {
    let workspace = Workspace::new();
    let told = |template: &str| {
        workspace.write("template.yaml", template);
        workspace.run(&["simulate", "template.yaml", "--put", "a.txt"]).1
    };
    assert!(told(RULE_WITH_ROLE).contains("1 event, 1 execution"), "{}", told(RULE_WITH_ROLE));
    for (from, to, reason) in [
        (", RoleArn: !GetAtt Starter.Arn", "", "the target has no `RoleArn`"),
        ("events.amazonaws.com", "states.amazonaws.com", "EventBridge cannot assume `Starter`"),
        (
            "Action: states:StartExecution",
            "Action: states:StopExecution",
            "does not allow `states:StartExecution` on `Work`",
        ),
    ] {
        let told = told(&RULE_WITH_ROLE.replace(from, to));
        assert!(told.contains("0 executions") && told.contains(reason), "{told}");
    }
}

/// The most memory, in KB, that a run of the program held, and its exit code.
#[cfg(target_os = "linux")]
fn most_memory(workspace: &Workspace, arguments: &[&str]) -> (u64, Option<i32>) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bucketbook"));
    command.args(arguments).current_dir(workspace.path("")).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.split_whitespace().next()?.parse().ok());
        most = most.max(peak.unwrap_or(0));
        if let Some(ended) = child.try_wait().unwrap() {
            return (most, ended.code());
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_definition_takes_more_memory_than_the_ceiling() {
    let jsonata = |source: &str| {
        json!({"QueryLanguage": "JSONata", "StartAt": "S", "States": {
            "S": {"Type": "Pass", "Output": format!("{{% {source} %}}"), "End": true}}})
    };
    let large = "x".repeat(200_000);
    let processor = json!({"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "P",
        "States": {"P": {"Type": "Pass", "Result": large, "Next": "Q"}, "Q": {"Type": "Pass", "End": true}}});
    let again = |state: Value| {
        json!({"StartAt": "S", "States": {"S": state, "E": {"Type": "Succeed"}, "C": {"Type": "Choice", "Default": "S",
            "Choices": [{"Variable": "$$.Execution.Name", "StringEquals": "none", "Next": "E"}]}}})
    };
    let cases = [
        jsonata("$pad('x', 2000000000)"),
        jsonata("$reduce([1..64], function($t, $i) { [$t, $t] }, [1])"),
        jsonata("$map([1..800000], function($i) { {'a': $i, 'b': [$i, $i, $i], 'c': $string($i), 'd': {'e': $i}} })"),
        jsonata("$map([1..800000], function($i) { $map([1..100000], function($j) { {'a': $i, 'b': $j} }) })"),
        jsonata("[1..800000].{'a': $, 'b': {'c': [$, $, $]}}.{'d': $, 'e': [$]}"),
        jsonata("[1..500].$pad('x', 6000000)"),
        again(json!({"Type": "Pass", "Result": {"a": large}, "ResultPath": "$", "Next": "C"})),
        again(
            json!({"Type": "Map", "ItemsPath": "$$.Execution.Input", "ItemProcessor": processor, "Next": "C", "ResultPath": null}),
        ),
    ];
    let items = Value::from((0..3_000).collect::<Vec<u32>>()).to_string();
    for (at, definition) in cases.iter().enumerate() {
        let workspace = Workspace::new();
        workspace.write("m.asl.json", definition.to_string());
        for format in ["human", "json"] {
            let arguments =
                ["simulate", "m.asl.json", "--input", &items, "--max-transitions", "3000", "--format", format];
            let (most, code) = most_memory(&workspace, &arguments);
            assert!(most < 512 << 10, "case {at}, {format}: {most} KB");
            assert_eq!(code, Some(1), "case {at}, {format}");
        }
    }
}

#[test]
fn a_payload_for_lambda_is_a_text_or_becomes_one() {
    let workspace = Workspace::new();
    let machine = json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "f", "Payload.$": "$"}, "End": true}}});
    workspace.write("m.asl.json", machine.to_string());
    for (input, expected) in [("5", 1), ("true", 1), ("\"a\"", 0), ("{}", 0), ("[1]", 0)] {
        let (code, out, _) = workspace.run(&["simulate", "m.asl.json", "--input", input]);
        assert_eq!(code, expected, "{input}: {out}");
        assert_eq!(code == 1, out.contains("The value for the field 'Payload' must be a STRING"), "{out}");
    }
}

/// A bucket, a state machine, and a rule between them with what is put in for `EXTRA` and `TARGET`.
fn delivered_by(extra: &str, target: &str) -> String {
    format!(
        "Resources:
  Photos:
    Type: AWS::S3::Bucket
{extra}
  Sorter:
    Type: AWS::StepFunctions::StateMachine
    Properties: {{RoleArn: 'arn:aws:iam::123456789012:role/own', Definition: {{StartAt: A, States: {{A: {{Type: Pass, End: true}}}}}}}}
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {{source: [aws.s3], detail: {{bucket: {{name: [!Ref Photos]}}}}}}
{target}
"
    )
}

#[test]
fn what_is_not_delivered_is_said_and_fails() {
    let switched_on =
        "    Properties: {NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}}";
    let role = "RoleArn: 'arn:aws:iam::123456789012:role/own'";
    let targets = |more: &str| format!("      Targets: [{{Id: t, Arn: !Ref Sorter, {role}{more}}}]");
    let custom = format!("      EventBusName: photos\n{}", targets(""));
    let quoted =
        targets(", InputTransformer: {InputPathsMap: {o: $.detail.bucket}, InputTemplate: '{\"in quotes\": \"<o>\"}'}");
    let by_cdk = "  Notifications:
    Type: Custom::S3BucketNotifications
    Properties: {ServiceToken: x, BucketName: !Ref Photos, NotificationConfiguration: {EventBridgeConfiguration: {}}}";
    for (extra, target, code, said) in [
        (switched_on, custom, 1, "it is on the event bus `photos`"),
        (switched_on, quoted, 1, "does not give JSON for this event"),
        ("", targets(""), 1, "does not send its events"),
        (by_cdk, targets(""), 0, "SUCCEEDED"),
    ] {
        let workspace = Workspace::new();
        workspace.write("t.yaml", delivered_by(extra, &target));
        let (exit, out, err) = workspace.run(&["simulate", "t.yaml", "--put", "a.jpg"]);
        assert!(exit == code && out.contains(said), "{said}: {exit} {out}{err}");
    }
    let workspace = Workspace::new();
    workspace.write("t.yaml", delivered_by("", &targets("")));
    assert_eq!(workspace.run(&["simulate", "t.yaml", "--put", "a.jpg", "--allow-none"]).0, 0);
}

#[test]
fn tables_are_as_wide_as_there_is_room() {
    let workspace = starter("article");
    let run = |columns: &str| {
        let output =
            workspace.command(&["simulate", "--put", "photos/cat.jpg"]).env("COLUMNS", columns).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let table = |out: &str| out.lines().filter(|line| line.starts_with('│')).map(|line| line.chars().count()).max();
    let narrow = run("60");
    assert!(
        table(&narrow).is_some_and(|width| width <= 60) && narrow.contains("not shown for lack of room: "),
        "{narrow}"
    );
    let wide = run("400");
    assert!(!wide.contains("not shown"), "{wide}");
    assert!(run("nonsense").contains(wide.lines().find(|line| line.starts_with('│')).unwrap()));
}

#[test]
fn a_request_of_test_state_is_answered_as_the_api_does() {
    let workspace = Workspace::new();
    let task = json!({
        "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:headObject", "Parameters": {"Bucket.$": "$.bucket", "Key": "k"},
        "ResultSelector": {"size.$": "$.ContentLength"}, "Next": "Then",
    });
    let request = |mock: Value| json!({"definition": task.to_string(), "input": "{\"bucket\": \"b\"}", "mock": mock, "inspectionLevel": "DEBUG"});
    workspace.write("request.json", request(json!({"result": "{\"ContentLength\": 7}"})).to_string());
    let (code, out, err) = workspace.run(&["simulate", "--test-state", "request.json"]);
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, err.as_str(), &answer["status"]), (0, "", &json!("SUCCEEDED")));
    assert_eq!((&answer["nextState"], &answer["output"]), (&json!("Then"), &json!("{\"size\":7}")));
    assert_eq!(answer["inspectionData"]["afterParameters"], "{\"Bucket\":\"b\",\"Key\":\"k\"}");

    workspace.write("request.json", request(json!({"errorOutput": {"error": "S3.S3Exception"}})).to_string());
    assert_eq!(workspace.run(&["simulate", "--test-state", "request.json"]).0, 1);

    workspace.write("request.json", request(json!({"result": "{\"ContentLength\": \"7\"}"})).to_string());
    let (code, out, err) = workspace.run(&["simulate", "--test-state", "request.json"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        err.contains(
            "ValidationException: Mock result schema validation error: Field 'ContentLength' must be a number"
        ),
        "{err}"
    );
}

#[test]
fn a_function_that_does_not_run_is_named() {
    let workspace = Workspace::new();
    let machine = r#"{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "ask", "Payload.$": "$"}, "End": true}}}"#;
    workspace.write("ask.asl.json", machine);
    let (code, out, err) = workspace.run(&["simulate", "ask.asl.json", "--input", "{}"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("returned its input") && out.contains("Lambda functions do not run here"), "{out}");
    workspace.write(
        "mocks.json",
        r#"{"StateMachines": {"ask": {"TestCases": {"Yes": {"Ask": "Yes"}}}},
            "MockedResponses": {"Yes": {"0": {"Return": {"Payload": "yes"}}}}}"#,
    );
    let mocked = ["simulate", "ask.asl.json", "--input", "{}", "--mock-config", "mocks.json", "--test-case", "Yes"];
    let (code, out, err) = workspace.run(&mocked);
    assert_eq!(code, 0, "{err}");
    assert!(!out.contains("do not run here"), "{out}");
}

#[test]
fn a_stack_in_place_of_a_scenario_is_recognized() {
    let workspace = Workspace::new();
    workspace.write("template.yaml", "Resources: {Q: {Type: 'AWS::SQS::Queue'}}\nOutputs: {A: {Value: a}}\n");
    let (code, out, err) = workspace.run(&["test", "template.yaml"]);
    assert_eq!((code, out.as_str()), (2, "1 scenario: 0 passed, 1 could not be run\n"), "{err}");
    assert!(err.contains("`template.yaml` is a stack, not a scenario") && err.contains("--stack FILE"), "{err}");
}

#[test]
fn many_errors_fit_on_one_screen() {
    let workspace = Workspace::new();
    let keys: String = (0..40).map(|at| format!("key{at}: 1\n")).collect();
    workspace.write("scenarios/a.yaml", format!("when: [{{put: a}}]\n{keys}"));
    let (code, _, err) = workspace.run(&["test"]);
    assert_eq!(code, 2);
    assert!(err.contains("... and 17 more errors") && err.lines().count() < 24, "{err}");
}
