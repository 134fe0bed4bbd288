//! Apps of the CDK (`tests/cdk`), synthesized by the CDK itself: every command takes them as they are.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::tools::prepared;

/// `bucketbook ARGUMENTS` in an app's directory.
fn run(app: &str, arguments: &[&str]) -> (i32, String) {
    let home = prepared("BUCKETBOOK_CDK").join("apps").join(app);
    let output = Command::new(env!("CARGO_BIN_EXE_bucketbook")).current_dir(home).args(arguments).output().unwrap();
    (output.status.code().unwrap(), crate::tools::text(&output))
}

#[test]
#[ignore = "needs the CDK"]
fn apps_run_as_they_are_synthesized() {
    for (app, arguments, parts) in [
        ("files", &["--put", "a.jpg"][..], &["#1 Machine: SUCCEEDED", "put Catalog: Key=a.jpg"][..]),
        ("variants", &["--stack", "FromFile", "--put", "a.jpg"], &["#1 Recorder: SUCCEEDED", "test"]),
        ("variants", &["--stack", "EventField", "--put", "a.jpg"], &["#1 Sizer: SUCCEEDED", "put Sizes: Key=a.jpg"]),
        (
            "variants",
            &["--stack", "Nesting", "--put", "a.jpg"],
            &["#1 WorkNoter: SUCCEEDED", "put StorageSeen: Key=a.jpg"],
        ),
        ("variants", &["--stack", "Sweep", "--input", "{}"], &["#1 Sweeper: SUCCEEDED"]),
        ("pipeline", &["--stack", "Prod", "--put", "a.jpg"], &["#1 Machine: SUCCEEDED"]),
    ] {
        let (code, out) = run(app, &[&["simulate", "cdk.out"], arguments].concat());
        assert_eq!(code, 0, "{app} {arguments:?}: {out}");
        for part in parts {
            assert!(out.contains(part), "{app} {arguments:?}: no {part} in {out}");
        }
    }
    let (code, out) = run("pipeline", &["simulate", "cdk.out", "--put", "a.jpg"]);
    assert!(code == 2 && out.contains("Beta, Prod") && out.contains("--stack Beta"), "{out}");
    for app in ["files", "article", "variants", "pipeline"] {
        for command in ["graph", "cost", "report"] {
            let stack: &[&str] = if app == "pipeline" { &["--stack", "Beta"] } else { &[] };
            let (code, out) = run(app, &[&[command, "cdk.out"], stack].concat());
            assert_eq!(code, 0, "{command} {app}: {out}");
        }
    }
}

#[test]
#[ignore = "needs the CDK"]
fn what_constructs_write_is_no_fault() {
    for app in ["files", "variants", "pipeline"] {
        let (code, out) = run(app, &["lint", "cdk.out", "--deny-warnings"]);
        assert!(code == 0 && out.starts_with("nothing found"), "{app}: {out}");
    }
}

/// Every fault of the published stack that the CDK lets through is found, at its line.
#[test]
#[ignore = "needs the CDK"]
fn the_faults_of_the_article_stand_at_their_lines() {
    let (code, out) = run("article", &["lint", "cdk.out", "--format", "json"]);
    assert_eq!(code, 1, "{out}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cdk/article/bin/app.ts");
    let program = std::fs::read_to_string(program).unwrap();
    let mut found: Vec<(String, String)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            assert_eq!(finding["file"], "bin/app.ts", "{finding}");
            let line = program.lines().nth(finding["line"].as_u64().unwrap() as usize - 1).unwrap();
            (finding["rule"].as_str().unwrap().to_owned(), line.trim().to_owned())
        })
        .collect();
    found.sort();
    for (rule, part) in [
        ("DDB301", "updateExpression: 'set lastModified : lastModified'"),
        ("DDB307", "'UpdateObject'"),
        ("DDB308", "updateExpression:"),
        ("FLOW103", "numberGreaterThan('$.dynamoDbResult.Items', 0)"),
        ("FLOW107", "fileName: DynamoAttributeValue.fromString('$.detail.object.key')"),
        ("FLOW107", "lastModified: DynamoAttributeValue.fromString('$.time')"),
        ("IAM602", "CloudWatchLogsFullAccess"),
        ("REL705", "'PutObject'"),
    ] {
        assert!(found.iter().any(|(id, line)| id == rule && line.contains(part)), "{rule} {part}: {found:#?}");
    }
}

/// The assembly that `cargo test` reads is what the app is synthesized to.
#[test]
#[ignore = "needs the CDK"]
fn the_committed_assembly_is_what_is_synthesized() {
    let synthesized = prepared("BUCKETBOOK_CDK").join("fixture");
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cdk/files/cdk.out");
    let names = |directory: &Path| {
        let entries = std::fs::read_dir(directory).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&synthesized), names(&committed));
    for name in names(&committed) {
        let read = |directory: &Path| std::fs::read_to_string(directory.join(&name)).unwrap();
        let same = read(&synthesized) == read(&committed);
        assert!(same, "{name} differs: `tests/cdk/synthesize DIRECTORY --fixture` writes it anew");
    }
}
