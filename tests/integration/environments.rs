//! One spec for several environments, and what is added to a stack from a file.

use crate::common::Workspace;

const SPEC: &str = "\
stack: {name: files}
alarms: {}
environments:
  dev: {without: [alarms], stack: {name: files-dev}}
  prod: {stack: {name: files-prod}, table: {deletion_protection: true}}
";

fn workspace(spec: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yaml", spec);
    workspace
}

#[test]
fn each_environment_has_a_folder_and_sections_of_its_own() {
    let workspace = workspace(SPEC);
    let (code, out, err) = workspace.run(&["generate", "--environment", "prod"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("created    out/prod/template.yaml"), "{out}");
    assert!(workspace.read("out/prod/template.yaml").contains("DeletionProtectionEnabled: true"));
    assert!(workspace.read("out/prod/template.yaml").contains("run `bucketbook generate --environment prod` instead"));
    let config: toml::Value = toml::from_str(&workspace.read("out/prod/samconfig.toml")).unwrap();
    for section in ["default", "prod"] {
        assert_eq!(config[section]["global"]["parameters"]["stack_name"].as_str(), Some("files-prod"), "{section}");
        assert_eq!(config[section]["deploy"]["parameters"]["resolve_s3"].as_bool(), Some(true), "{section}");
    }
    assert!(!workspace.path("out/template.yaml").exists());

    let (code, _, err) = workspace.run(&["generate", "--environment", "dev"]);
    assert_eq!(code, 0, "{err}");
    assert!(!workspace.read("out/dev/template.yaml").contains("AWS::CloudWatch::Alarm"));
    assert!(!err.contains("one stack"), "{err}");
}

#[test]
fn check_compares_every_environment_that_was_generated() {
    let workspace = workspace(SPEC);
    for environment in ["dev", "prod"] {
        assert_eq!(workspace.run(&["generate", "--environment", environment]).0, 0);
    }
    let (code, out, err) = workspace.run(&["check"]);
    assert_eq!(code, 0, "{out}{err}");
    let template = workspace.read("out/prod/template.yaml");
    workspace.write(
        "out/prod/template.yaml",
        template.replace("DeletionProtectionEnabled: true", "DeletionProtectionEnabled: false"),
    );
    let (code, out, _) = workspace.run(&["check"]);
    assert_eq!(code, 1);
    assert!(out.contains("edited  out/prod/template.yaml"), "{out}");
    assert_eq!(workspace.run(&["check", "--environment", "dev"]).0, 0);
    // The spec itself is compared once it was generated too; its files and those of environments leave each other alone.
    let (code, out, err) = workspace.run(&["generate"]);
    assert_eq!(code, 0);
    assert!(!out.contains("removed"), "{out}");
    assert!(err.contains("this stack is the spec without its environments (dev, prod)"), "{err}");
    let (_, out, _) = workspace.run(&["check", "--format", "json"]);
    assert!(out.contains("out/prod/template.yaml") && !out.contains("out/dev"), "{out}");
}

#[test]
fn check_reports_the_folder_of_an_environment_that_is_gone() {
    let workspace = workspace(SPEC);
    for environment in ["dev", "prod"] {
        assert_eq!(workspace.run(&["generate", "--environment", environment]).0, 0);
    }
    // A stack that somebody else generated there is theirs.
    assert_eq!(workspace.run(&["generate", "--starter", "history", "--out", "out/other"]).0, 0);
    assert_eq!(workspace.run(&["check"]).0, 0);
    workspace.write("bucketbook.yaml", SPEC.replace("  dev:", "  staging:"));
    let (code, out, _) = workspace.run(&["check"]);
    assert_eq!(
        (code, out.as_str()),
        (
            1,
            "left-over-environment  out/dev\nthe spec has no environment of this name: delete the folder, or add the environment\n"
        )
    );
    let (code, out, _) = workspace.run(&["check", "--format", "github"]);
    assert!(code == 1 && out.starts_with("::error file=out/dev/template.yaml,line=1::"), "{out}");
    assert_eq!(workspace.run(&["check", "--environment", "prod"]).0, 0);
}

#[test]
fn lint_names_the_spec_that_it_read() {
    let workspace = workspace(SPEC);
    let (code, out, _) = workspace.run(&["lint", "bucketbook.yaml", "--environment", "prod", "--verbose"]);
    assert_eq!(code, 0);
    assert!(out.contains("read     bucketbook.yaml\n") && !out.contains("template.yaml"), "{out}");
}

#[test]
fn every_command_that_reads_a_spec_takes_an_environment() {
    let workspace = workspace(SPEC);
    for command in [
        &["graph", "--view", "architecture", "--format", "text"][..],
        &["simulate", "--put", "a.txt"],
        &["cost", "--format", "json"],
        &["report"],
    ] {
        let arguments: Vec<&str> = command.iter().copied().chain(["--environment", "prod"]).collect();
        let (code, _, err) = workspace.run(&arguments);
        assert_eq!(code, 0, "{command:?}: {err}");
    }
    let (code, _, err) = workspace.run(&["graph", "bucketbook.yaml", "--environment", "prod", "--format", "text"]);
    assert_eq!(code, 0, "{err}");
    let (code, _, err) = workspace.run(&["graph", "--environment", "pord", "--format", "text"]);
    assert_eq!(code, 2);
    assert!(err.contains("the spec has no environment `pord`") && err.contains("it has `dev`, `prod`"), "{err}");
    assert_eq!(workspace.run(&["generate"]).0, 0);
    let (code, _, err) = workspace.run(&["graph", "out/template.yaml", "--environment", "prod", "--format", "text"]);
    assert_eq!(code, 2);
    assert!(err.contains("is a stack, and only specs have environments"), "{err}");
}

#[test]
fn what_is_wrong_is_shown_in_the_overlay() {
    let workspace = workspace("events: {deleted: remove}\nenvironments:\n  dev:\n    backfill: {}\n");
    let (code, _, err) = workspace.run(&["generate", "--environment", "dev"]);
    assert_eq!(code, 2);
    assert!(err.contains("bucketbook.yaml:4:15"), "{err}");
    assert_eq!(workspace.run(&["generate"]).0, 0);
}

#[test]
fn an_environment_is_not_passed_over() {
    let workspace = workspace(SPEC);
    for subject in [&["lint"][..], &["lint", "bucketbook.yaml"]] {
        let (code, _, err) = workspace.run(&[subject, &["--environment", "nope"]].concat());
        assert_eq!(code, 2, "{subject:?}");
        assert!(err.contains("nope") && err.contains("prod"), "{err}");
        assert_eq!(workspace.run(&[subject, &["--environment", "prod"]].concat()).0, 0, "{subject:?}");
    }
    let (code, out, _) = workspace.run(&["check", "--environment", "prod"]);
    assert_eq!(code, 1);
    assert!(out.contains("`bucketbook generate --environment prod` writes them"), "{out}");
}

#[test]
fn environments_of_one_name_are_pointed_out() {
    let workspace = workspace("environments: {dev: {}, prod: {}}\n");
    let (code, _, err) = workspace.run(&["generate", "--environment", "dev"]);
    assert_eq!(code, 0);
    assert!(err.contains("the stack name `event-driven-files` is also that of prod"), "{err}");
}

#[test]
fn extra_sections_come_from_a_file_and_are_linted_with_the_rest() {
    let workspace = workspace("extra: more/extra.yaml\n");
    let sections =
        |topic: &str| format!("Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      {topic}\n");
    workspace.write("more/extra.yaml", sections("TopicName: !Sub '${AWS::StackName}-topic'"));
    let (code, _, err) = workspace.run(&["generate"]);
    assert_eq!(code, 0, "{err}");
    let template = workspace.read("out/template.yaml");
    assert!(
        template.contains(
            "  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: !Sub '${AWS::StackName}-topic'\n"
        ),
        "{template}"
    );
    assert_eq!(workspace.run(&["lint", "out"]).0, 0);

    workspace.write("more/extra.yaml", sections("TopicNam: x"));
    assert_eq!(workspace.run(&["generate"]).0, 0);
    let (code, out, _) = workspace.run(&["lint", "out"]);
    assert_eq!(code, 0, "a property that the schemas do not know may be a new one: {out}");
    assert!(out.contains("warning[CFN408]") && out.contains("did you mean `TopicName`?"), "{out}");

    workspace.write("more/extra.yaml", sections("TopicName: !Ref FilesTabel"));
    let (code, _, err) = workspace.run(&["generate"]);
    assert_eq!(code, 2);
    assert!(err.contains("more/extra.yaml:5:") && err.contains("did you mean `FilesTable`?"), "{err}");

    workspace.write("bucketbook.yaml", "extra: none.yaml\n");
    let (code, _, err) = workspace.run(&["generate"]);
    assert_eq!(code, 2);
    assert!(err.contains("bucketbook.yaml:1:8") && err.contains("none.yaml"), "{err}");
}

#[test]
fn init_writes_every_option() {
    let workspace = Workspace::new();
    assert_eq!(workspace.run(&["init", "--all"]).0, 0);
    let spec = workspace.read("bucketbook.yaml");
    assert!(spec.contains("#permissions_boundary: "), "{spec}");
    assert_eq!(workspace.run(&["generate"]).0, 0);
    assert_eq!(workspace.run(&["test"]).0, 0);
}

#[test]
fn an_existing_table_is_stood_in_for_where_the_stack_runs_here() {
    let workspace = workspace("table: {existing: my-files, existing_key: {partition: fileName}}\n");
    let (code, out, err) = workspace.run(&["simulate", "--put", "a.txt"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("SUCCEEDED"), "{out}");
    assert_eq!(workspace.run(&["generate"]).0, 0);
    let template = workspace.read("out/template.yaml");
    assert!(!template.contains("AWS::DynamoDB::Table"), "{template}");
    assert!(template.contains("table/my-files'"), "{template}");
    assert_eq!(workspace.run(&["lint", "out"]).0, 0);
    let (code, out, _) = workspace.run(&["cost"]);
    assert_eq!(code, 0);
    assert!(out.contains("Storage"), "{out}");
}
