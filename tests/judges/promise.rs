//! The promise: whatever the order of the events, the table says what the newest said.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::process::Command;

use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::common::Workspace;
use crate::promised::Variant;
use crate::tools::{generated, prepared, text};
use crate::variants::VARIANTS;

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn the_promise_holds_for_events_in_any_order() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for (name, spec) in VARIANTS {
        let workspace = generated(spec);
        let variant = Variant::of(spec);
        // These events are about objects that the mock's bucket does not have; live.rs has those that it does.
        if variant.asks_for_objects || variant.elsewhere {
            continue;
        }
        fs::write(workspace.path("expect.json"), Value::from(variant.promised()).to_string()).unwrap();
        // Options beside the workflow leave the definitions as they are: then one order shows that permissions are there.
        let new = seen.insert(workspace.read("out/definitions/object_created.asl.json"));
        for order in variant.deliveries(&mut runner).into_iter().take(if new { usize::MAX } else { 1 }) {
            let events: Vec<Value> = order.iter().map(|happening| happening.event(variant.versioned)).collect();
            let events = Value::from(events).to_string();
            // A bucket that exists is not among the stack's.
            let events = variant.existing.iter().fold(events, |events, name| events.replace("@bucket", name));
            fs::write(workspace.path("events.json"), events).unwrap();
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
    // The program does not know what asks S3 about objects; a property test does.
    let unchecked = report["permissions"]["unchecked"].as_array().unwrap();
    let of_s3 = |task: &Value| task.as_str().is_some_and(|task| task.contains(":aws-sdk:s3:"));
    assert!(unchecked.iter().all(of_s3), "{name}: {report:#}");
}
