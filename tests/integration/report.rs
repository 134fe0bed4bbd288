//! `bucketbook report`: what the page says, that it is well-formed whatever the names, and what the command may overwrite.

use crate::common::Workspace;
use bucketbook::loaded::LoadedStack;
use bucketbook::report::{Prices, Report};
use serde_json::Value;

/// The JSON that a page's script reads.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

fn generated() -> Workspace {
    let workspace = Workspace::with_spec();
    assert_eq!(workspace.run(&["generate"]).0, 0);
    workspace
}

fn report(stack: &LoadedStack) -> Report {
    let selection = bucketbook::lint::Selection::new(&[], &[], &[]).unwrap();
    Report::new(stack, &bucketbook::lint::check(stack, &selection), &[], &Prices::default())
}

/// What is told of a stack, without the values that states pass on: those are the simulator's.
#[test]
fn the_default_stack_is_told() {
    let workspace = generated();
    let (code, page, error) = workspace.run(&["report", "--output", "-"]);
    assert_eq!((code, error.as_str()), (0, ""));
    let mut told = data(&page);
    for scenario in told["scenarios"].as_array_mut().unwrap() {
        for execution in scenario["executions"].as_array_mut().unwrap() {
            for step in execution["steps"].as_array_mut().unwrap() {
                let step = step.as_object_mut().unwrap();
                for name in ["input", "output", "data"] {
                    assert!(step.shift_remove(name).is_some(), "{name}");
                }
                for call in step["calls"].as_array_mut().unwrap() {
                    let call = call.as_object_mut().unwrap();
                    call.shift_remove("arguments");
                    call.shift_remove("cause");
                }
            }
        }
    }
    for state in told["machines"][0]["states"].as_array_mut().unwrap() {
        assert!(state.as_object_mut().unwrap().shift_remove("definition").unwrap().is_object());
    }
    // The bill has snapshots of its own.
    told.as_object_mut().unwrap().shift_remove("cost");
    insta::assert_snapshot!("report_of_the_default_stack", format!("{told:#}"));
}

#[test]
fn a_step_has_what_the_state_did() {
    let (_, page, _) = generated().run(&["report", "--output", "-"]);
    let told = data(&page);
    let step = &told["scenarios"][0]["executions"][0]["steps"][2];
    assert_eq!(step["state"], "PutObject");
    assert_eq!(step["input"]["detail"]["object"]["key"], "photos/cat.jpg");
    assert_eq!(step["data"][0][0], "afterParameters");
    assert_eq!(step["calls"][0]["call"], "dynamodb:putItem");
    let item = &step["calls"][0]["items"][0];
    assert_eq!((&item["before"], &item["after"]["size"]["N"]), (&Value::Null, &Value::from("48213")));
}

/// The same stack gives the same bytes, wherever it is and whenever.
#[test]
fn the_same_stack_gives_the_same_page() {
    let (one, other) = (generated(), generated());
    let page = |workspace: &Workspace, path: &str| {
        let (code, page, error) = workspace.run(&["report", path, "--output", "-"]);
        assert_eq!(code, 0, "{error}");
        page
    };
    assert_eq!(page(&one, "out"), page(&other, "./out/template.yaml"));
    let absolute = other.path("out").display().to_string();
    assert_eq!(page(&one, "out"), page(&other, &absolute));
    assert!(!page(&other, &absolute).contains(&absolute));
    // A spec and its stack make the same page, wherever that would be.
    let spec = Workspace::with_spec();
    let (code, page, error) = spec.run(&["report", "--output", "-"]);
    assert_eq!(code, 0, "{error}");
    assert_eq!(data(&page)["files"], serde_json::json!(["template.yaml", "definitions/object_created.asl.json"]));
}

/// Elements that have no end tag.
const VOID: [&str; 4] = ["meta", "br", "input", "hr"];

/// The elements of a page that are open at its end, or are closed out of turn; and all names of elements.
fn unbalanced(page: &str) -> (Vec<String>, Vec<String>) {
    let (mut open, mut faults, mut names) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").expect("a comment ends").1;
            continue;
        }
        let end = rest.find('>').expect("a tag ends");
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        let name: String = tag.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        if tag.starts_with('!') {
            continue;
        }
        assert!(!name.is_empty(), "`<{tag}>` is no tag");
        assert_eq!(tag.matches('"').count() % 2, 0, "`<{tag}>`");
        if tag.starts_with('/') {
            let last = open.pop();
            if last.as_ref() != Some(&name) {
                faults.push(format!("</{name}> ends {last:?}"));
            }
        } else {
            names.push(name.clone());
            if matches!(name.as_str(), "script" | "style") {
                // What is within is no markup, up to the end tag.
                rest = rest.split_once(&format!("</{name}>")).expect("it ends").1;
            } else if !VOID.contains(&name.as_str()) && !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    faults.extend(open);
    (faults, names)
}

#[test]
fn pages_are_well_formed() {
    for (name, template) in
        [("hostile", HOSTILE), ("broken", BROKEN), ("empty", "Resources: {}\nAWSTemplateFormatVersion: x\n")]
    {
        let stack = LoadedStack::from_text("t.yaml", template).unwrap();
        let page = report(&stack).html();
        let (faults, names) = unbalanced(&page);
        assert_eq!(faults, Vec::<String>::new(), "{name}");
        for foreign in ["img", "b", "iframe", "base"] {
            assert!(!names.iter().any(|name| name == foreign), "{name}: a <{foreign}> came out of a name");
        }
        assert_eq!(names.iter().filter(|name| *name == "script").count(), 2, "{name}");
        assert!(data(&page)["title"].is_string());
    }
}

/// Names that would be markup, or end what they stand in.
const HOSTILE: &str = r#"
Description: "</script><script>alert(1)</script> & \"quotes\" <img src=x> \u2028 <!-- -->"
Resources:
  B: {Type: AWS::S3::Bucket, Properties: {BucketName: "<b>'\"", NotificationConfiguration: {EventBridgeConfiguration: {}}}}
  "M\"><img>":
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        Comment: "<!-- <b>bold</b> -->"
        StartAt: "</script><b>A"
        States:
          "</script><b>A": {Type: Task, Resource: "arn:aws:states:::dynamodb:<b>", Next: "'><img src=x>", Retry: [{ErrorEquals: ["<b>"]}]}
          "'><img src=x>": {Type: Choice, Choices: [{Variable: $.a, StringEquals: "</text></svg><b>", Next: Z}], Default: Z}
          Z: {Type: Fail, Error: "</script>", Cause: "<b>"}
      Policies: [{Statement: [{Effect: Allow, Action: ["<b>:*"], Resource: "</td><img>"}]}]
      Events:
        "E<b>": {Type: EventBridgeRule, Properties: {Pattern: {source: [aws.s3], detail: {object: {key: ["</script><b>.jpg"]}}}}}
"#;

/// A definition that cannot be run, a rule that EventBridge refuses, references to nothing.
const BROKEN: &str = r#"
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Role: !GetAtt Nowhere.Arn
      Definition: {StartAt: A, States: {A: {Type: Task, Resource: x, Next: B}}}
      Events: {E: {Type: EventBridgeRule, Properties: {Pattern: {source: aws.s3}}}}
  Other: {Type: Custom::Thing, Properties: {Ref: !Ref M}}
"#;

#[test]
fn what_cannot_be_run_is_told_all_the_same() {
    let stack = LoadedStack::from_text("t.yaml", BROKEN).unwrap();
    let told = report(&stack).data();
    assert!(told["not_run"].as_str().is_some_and(|why| !why.is_empty()), "{:?}", told["not_run"]);
    assert_eq!(told["scenarios"], serde_json::json!([]));
    assert!(told["findings"].as_array().is_some_and(|findings| findings.iter().any(|one| one["severity"] == "error")));
}

#[test]
fn the_bill_is_of_a_region_and_of_a_price_sheet() {
    let workspace = generated();
    let told = |arguments: &[&str]| {
        let (code, page, error) = workspace.run(&[&["report", "--output", "-"], arguments].concat());
        assert_eq!(code, 0, "{error}");
        data(&page)["cost"].clone()
    };
    assert_eq!(told(&[])["region"], "us-east-1");
    assert_eq!(told(&["--region", "eu-west-1"])["region"], "eu-west-1");
    workspace.write("prices.yaml", "prices: [{id: state-transition, regions: [us-east-1], usd: 7, source: mine}]\n");
    let cost = told(&["--prices", "prices.yaml"]);
    let transitions =
        cost["prices"].as_array().unwrap().iter().find(|price| price["id"] == "state-transition").unwrap();
    assert_eq!((&transitions["tiers"][0][1], &transitions["source"]), (&Value::from(7), &Value::from("mine")));
}

#[test]
fn what_is_paid_once_has_a_table_of_its_own() {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yaml", "backfill: {}\n");
    let (code, page, error) = workspace.run(&["report", "--output", "-"]);
    assert_eq!(code, 0, "{error}");
    let table = |id: &str| {
        let (_, rest) = page.split_once(&format!("<table id=\"{id}\">")).unwrap();
        rest.split_once("</table>").unwrap().0.to_owned()
    };
    let (monthly, once) = (table("bill"), table("once"));
    assert!(monthly.contains("Every month") && !monthly.contains("Once"), "{monthly}");
    assert!(once.contains("Once, for the backfill") && once.contains("Express requests"), "{once}");
    workspace.write("bucketbook.yaml", "table: {}\n");
    assert!(!workspace.run(&["report", "--output", "-"]).1.contains("<table id=\"once\">"));
}

#[test]
fn scenarios_of_files_come_first_and_are_held_to_what_they_say() {
    let workspace = generated();
    let put = |size: u64| {
        format!(
            "name: A file\nwhen: [{{put: {{key: a, size: 5}}}}]\nthen: {{items: [{{fileName: a, size: {size}}}]}}\n"
        )
    };
    workspace.write("scenarios/one.yaml", put(5));
    workspace.write("scenarios/two.yaml", put(6));
    let (code, page, error) = workspace.run(&["report", "--output", "-"]);
    assert_eq!(code, 0, "{error}");
    let told = data(&page);
    assert_eq!(told["scenarios"][0]["file"], "scenarios/one.yaml");
    assert_eq!(told["scenarios"][0]["mismatches"], serde_json::json!([]));
    assert_eq!(told["scenarios"][1]["mismatches"].as_array().map(Vec::len), Some(1));
    assert_eq!(told["scenarios"][2]["file"], Value::Null);
    // One that is none is told as such.
    workspace.write("scenarios/three.yaml", "when: 5\n");
    let (code, _, error) = workspace.run(&["report", "--output", "-"]);
    assert_eq!(code, 2, "{error}");
    assert!(error.contains("three.yaml"), "{error}");
}

#[test]
fn what_others_wrote_is_not_overwritten() {
    let workspace = generated();
    let (code, out, _) = workspace.run(&["report"]);
    assert_eq!((code, out.as_str()), (0, "written  report.html\n"));
    let page = workspace.read("report.html");
    assert_eq!(workspace.run(&["report"]).0, 0);
    assert_eq!(workspace.read("report.html"), page);
    workspace.write("mine.html", "<!doctype html>\n<p>mine</p>\n");
    let (code, _, error) = workspace.run(&["report", "--output", "mine.html"]);
    assert_eq!(code, 2);
    assert!(error.contains("was not generated by Bucketbook") && error.contains("--force"), "{error}");
    assert_eq!(workspace.read("mine.html"), "<!doctype html>\n<p>mine</p>\n");
    assert_eq!(workspace.run(&["report", "--output", "mine.html", "--force"]).0, 0);
    assert_eq!(workspace.read("mine.html"), page);
    std::fs::create_dir(workspace.path("folder")).unwrap();
    assert_eq!(workspace.run(&["report", "--output", "folder/page.html"]).0, 0);
    assert_eq!(workspace.read("folder/page.html"), page);
    let left: Vec<_> =
        workspace.files().into_iter().filter(|(path, ..)| path.to_string_lossy().contains(".bucketbook-new")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_is_no_stack_is_code_2() {
    let workspace = generated();
    workspace.write("text.yaml", "just: text\n");
    workspace.write("broken.yaml", "a: [\n");
    workspace.write("folder/x", "");
    for path in ["text.yaml", "broken.yaml", "folder", "nowhere.yaml"] {
        let (code, out, error) = workspace.run(&["report", path, "--output", "page.html"]);
        assert_eq!((code, out.as_str()), (2, ""), "{path}: {error}");
        assert!(error.starts_with("error"), "{path}: {error}");
        assert!(!workspace.path("page.html").exists(), "{path}");
    }
    workspace.write("prices.yaml", "prices: 5\n");
    let wrong =
        [["--output", "folder"], ["--scenarios", "nowhere"], ["--region", "mars-1"], ["--prices", "prices.yaml"]];
    for arguments in wrong {
        let (code, _, error) = workspace.run(&["report", "out", arguments[0], arguments[1]]);
        assert_eq!(code, 2, "{arguments:?}: {error}");
    }
}

#[test]
fn the_page_and_lint_agree_on_what_a_role_does_not_allow() {
    let template = std::fs::read_to_string("tests/lint/IAM601_fail_beside_calls.yaml").unwrap();
    let stack = LoadedStack::from_text("template.yaml", template).unwrap();
    let selection = bucketbook::lint::Selection::new(&["IAM601".to_owned()], &[], &[]).unwrap();
    let messages: String =
        bucketbook::lint::check(&stack, &selection).into_iter().map(|finding| finding.message).collect();
    let report = report(&stack);
    let needed: Vec<_> = report.permissions.iter().flat_map(|of| &of.needed).collect();
    assert!(needed.iter().any(|need| need.missing.is_some()) && needed.iter().any(|need| need.missing.is_none()));
    for need in needed {
        assert_eq!(messages.contains(&format!("`{}`", need.action)), need.missing.is_some(), "{}", need.action);
    }
}
