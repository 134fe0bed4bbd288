//! Reports in a real browser. Ignored unless asked for, because it needs Chromium and Playwright; `.ci/run` installs both.

use std::path::PathBuf;
use std::process::Command;

use crate::common::Workspace;

/// Names that would be markup, or end what they stand in.
const HOSTILE: &str = r#"
Description: "</script><script>window.pwned=1</script> & \"quotes\" <img src=x onerror=window.pwned=1>"
Resources:
  B: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {EventBridgeConfiguration: {}}}}
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        Comment: "<!-- <b>bold</b> -->"
        StartAt: "</script><b>A"
        States:
          "</script><b>A": {Type: Pass, Comment: "\" onfocus=window.pwned=1 x=\"", Next: "'><img src=x>"}
          "'><img src=x>": {Type: Choice, Choices: [{Variable: $.a, StringEquals: "</text></svg><b>", Next: Z}], Default: Z}
          Z: {Type: Fail, Error: "</script>", Cause: "<b>"}
      Events:
        E: {Type: EventBridgeRule, Properties: {Pattern: {source: [aws.s3], detail: {object: {key: ["</script><b>.jpg"]}}}}}
"#;

/// Containers, waits, retries, long names.
const CONTAINERS: &str = r#"{
  "Comment": "Boxes within boxes", "StartAt": "EverythingThatHasToBeDoneForAnUploadAtOnce",
  "States": {
    "EverythingThatHasToBeDoneForAnUploadAtOnce": {"Type": "Parallel", "Next": "Each", "Branches": [
      {"StartAt": "Left", "States": {"Left": {"Type": "Wait", "Seconds": 5, "Next": "L2"}, "L2": {"Type": "Pass", "Result": {"a": 1}, "End": true}}},
      {"StartAt": "Right", "States": {"Right": {"Type": "Pass", "Result": [1, 2, 3], "End": true}}}]},
    "Each": {"Type": "Map", "ItemsPath": "$[1]", "ItemProcessor": {"StartAt": "One", "States": {
      "One": {"Type": "Pass", "End": true}}}, "End": true}
  }
}"#;

#[test]
#[ignore = "needs Chromium and Playwright: run it with .ci/run"]
fn reports_work_in_a_browser() {
    let python = std::env::var_os("BUCKETBOOK_BROWSER").map(PathBuf::from);
    let python = python.expect("BUCKETBOOK_BROWSER is not set: run this test with .ci/run").join("bin/python");
    assert!(python.exists(), "Playwright is missing: {}", python.display());
    let workspace = Workspace::new();
    let pages = workspace.path("pages");
    std::fs::create_dir(&pages).unwrap();
    for starter in ["article", "history", "production"] {
        let folder = format!("{}/templates/{starter}", env!("CARGO_MANIFEST_DIR"));
        copy(&PathBuf::from(folder), &workspace.path(starter));
        let spec = format!("{starter}/bucketbook.yaml");
        if starter == "production" {
            workspace.write(&spec, format!("{}\napi: {{}}\n", workspace.read(&spec)));
        }
        let out = format!("{starter}/out");
        let generated = workspace.run(&["generate", "--spec", &spec, "--out", &out]);
        assert_eq!(generated.0, 0, "{}", generated.2);
        report(&workspace, &out, starter);
    }
    std::fs::rename(pages.join("article.html"), pages.join("default.html")).unwrap();
    workspace.write("hostile.yaml", HOSTILE);
    report(&workspace, "hostile.yaml", "hostile");
    workspace.write("containers.asl.json", CONTAINERS);
    report(&workspace, "containers.asl.json", "containers");

    let script = format!("{}/tests/judges/browser.py", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(python).arg(script).arg(&pages).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

fn report(workspace: &Workspace, path: &str, name: &str) {
    let (code, _, error) = workspace.run(&["report", path, "--output", &format!("pages/{name}.html")]);
    assert_eq!(code, 0, "{error}");
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}
