//! Apps of the CDK, as `cdk synth` leaves them: `tests/cdk/files`, whose cloud assembly is committed.

use std::path::Path;

use serde_json::Value;

use crate::common::Workspace;

/// A copy of the app and its assembly.
fn app() -> Workspace {
    let workspace = Workspace::new();
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cdk/files");
    for folder in ["", "bin", "lib", "cdk.out"] {
        for entry in std::fs::read_dir(home.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = Path::new(folder).join(path.file_name().unwrap());
                workspace.write(name.to_str().unwrap(), std::fs::read(&path).unwrap());
            }
        }
    }
    workspace
}

/// The app with other words in a file.
fn with(file: &str, from: &str, to: &str) -> Workspace {
    let workspace = app();
    let text = workspace.read(file);
    assert!(text.contains(from), "{file} has no {from}");
    workspace.write(file, text.replace(from, to));
    workspace
}

/// The app with a fault in the program, and in what is synthesized of it.
fn planted() -> Workspace {
    let workspace = with("lib/workflow.ts", "'$.detail.object.key'", "'$.detail.object.kei'");
    let text = workspace.read("cdk.out/Workflow.template.json").replace("$.detail.object.key", "$.detail.object.kei");
    workspace.write("cdk.out/Workflow.template.json", text);
    workspace
}

#[test]
fn three_stacks_are_one_world_without_a_flag() {
    let app = app();
    assert_eq!(app.run(&["lint", "cdk.out", "--deny-warnings"]).0, 0);
    for arguments in [
        &["simulate", "cdk.out", "--put", "a.jpg"][..],
        &["simulate", "--put", "a.jpg"],
        &["simulate", ".", "--put", "a.jpg"],
    ] {
        let (code, out, err) = app.run(arguments);
        assert_eq!((code, err.as_str()), (0, ""));
        for part in ["matched by Created", "#1 Machine: SUCCEEDED", "put Catalog: Key=a.jpg"] {
            assert!(out.contains(part), "{arguments:?}: no {part} in\n{out}");
        }
    }
    // How the CDK sets a bucket's notifications is none of the app's parts.
    let (_, out, _) = app.run(&["graph", "cdk.out", "--view", "architecture"]);
    assert!(!out.contains("Notifications"), "{out}");
    for (arguments, code, part) in [
        (&["graph", "cdk.out"][..], 0, "Record  DynamoDB: PutItem"),
        (&["graph", "cdk.out", "--view", "architecture"], 0, "Files"),
        (&["cost", "cdk.out"], 0, "cdk.out in us-east-1"),
        (&["prove", "cdk.out", "--events", "1"], 0, ""),
        (&["report", "cdk.out", "--output", "-"], 0, "Machine"),
    ] {
        let (status, out, err) = app.run(arguments);
        assert_eq!(status, code, "{arguments:?}: {err}");
        assert!(out.contains(part), "{arguments:?}: no {part} in\n{out}");
    }
}

#[test]
fn scenarios_are_played_against_an_assembly() {
    let app = app();
    app.write("scenarios/put.yaml", "when: [{put: a.jpg}]\nthen: {status: SUCCEEDED, items: [{Key: a.jpg}]}\n");
    for arguments in [&["test", "cdk.out"][..], &["test"], &["test", "scenarios", "--stack", "cdk.out"]] {
        let (code, out, err) = app.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {out}{err}");
    }
    let (code, out, _) = app.run(&["test", "cdk.out", "--format", "junit"]);
    assert_eq!((code, out.contains("<testcase") && !out.contains("<failure")), (0, true), "{out}");
    app.write("scenarios/put.yaml", "stack: ../cdk.out\nwhen: [{put: a.jpg}]\nthen: {items: [{Key: b.jpg}]}\n");
    assert_eq!(app.run(&["test"]).0, 1);
}

#[test]
fn a_fault_is_reported_at_the_line_of_the_program() {
    let app = planted();
    let (code, out, _) = app.run(&["lint", "cdk.out", "--deny-warnings"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(out);
    let (_, out, _) = app.run(&["lint", "cdk.out", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    let finding = &report["findings"][0];
    assert_eq!(finding["file"], "lib/workflow.ts");
    assert_eq!(finding["construct"], "Workflow/Machine");
    assert_eq!(finding["synthesized"]["file"], "cdk.out/Workflow.template.json");
    let (_, out, _) = app.run(&["lint", "cdk.out", "--format", "github"]);
    assert!(out.starts_with("::warning file=lib/workflow.ts,line="), "{out}");
    let (_, out, _) = app.run(&["lint", "cdk.out", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&out).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "lib/workflow.ts");
    assert_eq!(
        result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "cdk.out/Workflow.template.json"
    );
}

/// Where the program is not there, or its lines are not noted, the finding is where it was.
#[test]
fn without_the_program_the_template_is_shown() {
    let app = planted();
    std::fs::remove_file(app.path("lib/workflow.ts")).unwrap();
    let (code, out, _) = app.run(&["lint", "cdk.out", "--deny-warnings"]);
    assert!(code == 1 && out.contains("lib/workflow.ts:24:20") && out.contains("Workflow.template.json:"), "{out}");
    std::fs::remove_file(app.path("cdk.out/Workflow.metadata.json")).unwrap();
    let (code, out, err) = app.run(&["lint", "cdk.out", "--deny-warnings"]);
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(out.contains("--> cdk.out/Workflow.template.json:") && !out.contains("workflow.ts"), "{out}");
    // What is newer than this program is read as far as it is known.
    let manifest = app.read("cdk.out/manifest.json");
    let version = manifest.split("\"version\":").nth(1).and_then(|rest| rest.split('"').nth(1)).unwrap();
    app.write("cdk.out/manifest.json", manifest.replace(&format!("\"{version}\""), "\"99.0.0\""));
    assert_eq!(app.run(&["simulate", "cdk.out", "--put", "a.jpg", "--allow-none"]).0, 1, "the planted fault");
}

#[test]
fn what_is_synthesized_is_never_edited() {
    let app = planted();
    let text = app.read("cdk.out/Workflow.template.json").replace("\\\"Parameters\\\"", "\\\"Paramters\\\"");
    app.write("cdk.out/Workflow.template.json", &text);
    for place in ["cdk.out", "cdk.out/Workflow.template.json", "."] {
        let (code, out, err) = app.run(&["lint", "--fix", place]);
        assert_eq!(code, 1, "{out}{err}");
        assert!(!out.contains("fixed"), "{out}");
    }
    assert_eq!(app.read("cdk.out/Workflow.template.json"), text);
}

#[test]
fn grants_reach_across_stacks() {
    let app = with("cdk.out/Workflow.template.json", "\"dynamodb:PutItem\"", "\"dynamodb:GetItem\"");
    let (code, out, _) = app.run(&["lint", "cdk.out"]);
    assert_eq!(code, 1);
    for part in [
        "error[IAM601]",
        "does not allow `dynamodb:PutItem`",
        "RESOURCE.grant(MACHINE, 'dynamodb:PutItem')",
        "warning[IAM602]",
    ] {
        assert!(out.contains(part), "no {part} in\n{out}");
    }
    // A key that another stack declares is known.
    let app = with("cdk.out/Data.template.json", "\"AttributeName\": \"Key\"", "\"AttributeName\": \"Name\"");
    let (code, out, _) = app.run(&["lint", "cdk.out"]);
    assert!(code == 1 && out.contains("DDB307"), "{out}");
    // A bucket that no rule hears, although a resource of the CDK's own is beside it.
    let app =
        with("cdk.out/Data.template.json", "\"EventBridgeConfiguration\": {}", "\"LambdaFunctionConfigurations\": []");
    let (code, out, _) = app.run(&["lint", "cdk.out"]);
    assert!(code == 1 && out.contains("CFN406") && out.contains("eventBridgeEnabled: true"), "{out}");
    assert!(out.contains("lib/data.ts:"), "{out}");
}

#[test]
fn one_stack_is_chosen_with_those_that_it_needs() {
    let app = app();
    for name in ["Workflow", "Events"] {
        assert_eq!(app.run(&["graph", "cdk.out", "--stack", name]).0, 0);
    }
    assert_eq!(app.run(&["graph", "cdk.out/Workflow.template.json"]).0, 0);
    let (code, _, err) = app.run(&["lint", "cdk.out", "--stack", "Wrkflow"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err);
    app.write("template.yaml", "Resources: {B: {Type: AWS::S3::Bucket}}\n");
    let (code, _, err) = app.run(&["lint", "template.yaml", "--stack", "Workflow"]);
    assert!(code == 2 && err.contains("not a cloud assembly"), "{err}");
}

#[test]
fn a_broken_assembly_is_an_error_that_says_where() {
    let app = app();
    app.write("cdk.out/Data.template.json", "{\"Resources\": ");
    let (code, out, _) = app.run(&["lint", "cdk.out"]);
    assert!(code == 1 && out.contains("cdk.out/Data.template.json"), "{out}");
    let (code, _, err) = app.run(&["simulate", "cdk.out", "--put", "a"]);
    assert!(code == 2 && err.contains("cdk.out/Data.template.json"), "{err}");
    std::fs::remove_file(app.path("cdk.out/Data.template.json")).unwrap();
    let (code, _, err) = app.run(&["simulate", "cdk.out", "--put", "a"]);
    assert!(code == 2 && err.contains("cannot read `cdk.out/Data.template.json`"), "{err}");
    app.write("cdk.out/manifest.json", "{\"version\": \"1\", \"artifacts\": ");
    let (code, _, err) = app.run(&["lint", "cdk.out"]);
    assert!(code == 2 && err.contains("cdk.out/manifest.json"), "{err}");
    // A manifest leads to no file elsewhere.
    app.write(
        "cdk.out/manifest.json",
        r#"{"version": "1", "artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "../secret.json"}}}}"#,
    );
    assert_eq!(app.run(&["lint", "cdk.out"]).0, 2);
}

/// The same app as SAM, the CDK and the Serverless Framework write it.
const SAME: [&str; 3] = ["template.yaml", "serverless.yml", "cdk.out"];

fn same(from: &str, to: &str) -> Workspace {
    let workspace = app();
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cdk/same");
    for file in ["template.yaml", "serverless.yml"] {
        workspace.write(file, std::fs::read_to_string(home.join(file)).unwrap().replace(from, to));
    }
    for file in ["lib/workflow.ts", "cdk.out/Workflow.template.json"] {
        workspace.write(file, workspace.read(file).replace(from, to));
    }
    workspace
}

#[test]
fn the_same_app_comes_to_the_same_whoever_wrote_it() {
    let app = same("", "");
    let all = |arguments: &dyn Fn(&'static str) -> Vec<&'static str>| {
        SAME.map(|place| {
            let (code, out, err) = app.run(&arguments(place));
            assert_eq!(code, 0, "{place}: {out}{err}");
            out
        })
    };
    for out in all(&|place| vec!["lint", place, "--deny-warnings"]) {
        assert!(out.starts_with("nothing found"), "{out}");
    }
    let [sam, serverless, cdk] = all(&|place| vec!["simulate", place, "--put", "a.jpg", "--delete", "b.jpg"]);
    let table = |out: &str| out[out.find("Catalog: 1 item").unwrap()..].to_owned();
    assert!(table(&sam) == table(&cdk) && table(&sam) == table(&serverless), "{sam}{serverless}{cdk}");
    let bills = all(&|place| vec!["cost", place, "--format", "json"]);
    let [sam, serverless, cdk] = bills.map(|out| {
        let mut bill: Value = serde_json::from_str(&out).unwrap();
        bill.as_object_mut().unwrap().remove("stack");
        bill
    });
    assert_eq!(sam, cdk);
    assert_eq!(sam, serverless);
}

#[test]
fn the_same_faults_are_found_whoever_wrote_them() {
    for (from, to) in [
        ("$.detail.object.key", "$.detail.object.kei"),
        ("arn:aws:states:::dynamodb:putItem", "arn:aws:states:::dynamodb:putItems"),
    ] {
        let app = same(from, to);
        if to.contains("putItems") {
            let path = "cdk.out/Workflow.template.json";
            app.write(
                path,
                app.read(path).replace(":states:::dynamodb:putItem\\\"", ":states:::dynamodb:putItems\\\""),
            );
        }
        let found = SAME.map(|place| {
            let (_, out, _) = app.run(&["lint", place, "--format", "json", "--ignore", "IAM,REL"]);
            let report: Value = serde_json::from_str(&out).unwrap();
            let findings = report["findings"].as_array().unwrap().iter();
            findings.map(|one| (one["rule"].clone(), one["message"].clone())).collect::<Vec<_>>()
        });
        let [sam, serverless, cdk] = found;
        assert_eq!(sam, cdk, "{to}");
        assert_eq!(sam, serverless, "{to}");
        assert!(!sam.is_empty(), "{to}");
    }
}

/// What starts a machine besides a rule is known: a pipe gives it a list.
#[test]
fn what_a_pipe_gives_is_a_list() {
    let workspace = Workspace::new();
    let stack = |path: &str| {
        format!(
            "Resources:\n  Queue: {{Type: AWS::SQS::Queue}}\n  Role: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{}}}}}}\n  \
            M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      RoleArn: arn:aws:iam::1:role/x\n      Definition: {{StartAt: A, States: {{A: {{Type: Pass, InputPath: '{path}', End: true}}}}}}\n  \
            Pipe: {{Type: AWS::Pipes::Pipe, Properties: {{Source: !GetAtt Queue.Arn, Target: !Ref M, RoleArn: arn:aws:iam::1:role/x}}}}\n"
        )
    };
    for (path, code) in [("$[0].body", 0), ("$[0].messageId", 0), ("$.detail.object", 1)] {
        workspace.write("template.yaml", stack(path));
        let (status, out, _) = workspace.run(&["lint", "template.yaml", "--select", "FLOW"]);
        assert_eq!(status, code, "{path}: {out}");
    }
}
