//! What is read, what is skipped, and what other people's files may do.

use crate::common::Workspace;
use serde_json::Value;

const BROKEN: &str = "Transform: AWS::Serverless-2016-10-31\nResources:\n  A: {Type: [AWS::S3::Bucket\n";
const SOUND: &str = "Resources:\n  Files: {Type: AWS::S3::Bucket}\n";

fn machine(properties: &str) -> String {
    format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Machine:\n    Type: AWS::Serverless::StateMachine\n    Properties: {properties}\n"
    )
}

#[test]
fn a_text_that_goes_on_at_its_keys_indentation_is_read() {
    let workspace = Workspace::new();
    let definition = machine("{Definition: {StartAt: A, States: {A: {Type: Pass, Next: Gone}}}}");
    let parameters = "Parameters:\n  Stage:\n    Type: String\n    Description: 'of this\n    or that'\n";
    workspace.write("template.yaml", definition.replace("Resources:", &format!("{parameters}Resources:")));
    for arguments in [["lint", "template.yaml"], ["lint", "."]] {
        let (code, out, err) = workspace.run(&arguments);
        assert_eq!(code, 1, "{out}{err}");
        assert!(out.contains("ASL010") && !out.contains("ASL001"), "{out}");
    }
}

/// What is a template or a definition by its name or its content is reported, however broken it is; other files are counted.
#[test]
fn nothing_is_skipped_in_silence() {
    let fine = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;
    for (name, text, found) in [
        ("template.yaml", BROKEN, "error[ASL001]"),
        ("template.yaml", "", "the file is empty"),
        ("template.yml", "# to do\n", "the file is empty"),
        ("template.json", "{\"Resources\": {", "error[ASL001]"),
        ("serverless.template", BROKEN, "error[ASL001]"),
        ("deep/stack.template", BROKEN, "error[ASL001]"),
        ("deep/stack.yaml", BROKEN, "error[ASL001]"),
        ("deep/stack.json", "{\"Resources\": {\"A\": {\"Type\": \"AWS::S3::Bucket\" \"x\"", "error[ASL001]"),
        ("deep/work.asl", "{\"StartAt\":", "error[ASL001]"),
        ("deep/work.json", "{\"StartAt\": \"A\", \"States\": {", "error[ASL001]"),
    ] {
        let workspace = Workspace::new();
        workspace.write(name, text);
        workspace.write("other.json", "{\"name\": 1}");
        let (code, out, err) = workspace.run(&["lint"]);
        assert_eq!(code, 2, "{name}: {out}{err}");
        let place = format!("--> {name}");
        assert!(out.contains(found) && out.contains(&place) && out.contains("1 skipped"), "{name}: {out}");
        workspace.write("fine.asl.json", fine);
        assert_eq!(workspace.run(&["lint"]).0, 1, "{name}");
    }
}

#[test]
fn files_are_counted_and_named() {
    let workspace = Workspace::new();
    workspace.write("serverless.template", SOUND);
    workspace.write("nginx.template", "server { listen ${PORT}; }");
    workspace.write("chart.yaml", "a: {{ .Values.x }}\n");
    let (code, out, _) = workspace.run(&["lint"]);
    assert_eq!((code, out.as_str()), (0, "nothing found in 1 file; 2 skipped (`--verbose` names them)\n"));
    let (_, out, _) = workspace.run(&["lint", "--verbose"]);
    assert!(out.contains("read     serverless.template\nskipped  chart.yaml: it is neither"), "{out}");
    let (_, out, _) = workspace.run(&["lint", "--verbose", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["summary"]["skipped"], 2);
    assert_eq!(
        (&report["read"][0], &report["skipped"][1]["file"]),
        (&"serverless.template".into(), &"nginx.template".into())
    );
}

/// The file goes to S3, where Step Functions reads as YAML what is no JSON.
#[test]
fn a_comma_too_many_behind_a_definition_uri_is_a_warning() {
    let workspace = Workspace::new();
    workspace.write("template.yaml", machine("{DefinitionUri: work.asl.json}"));
    workspace.write("work.asl.json", r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,},},}"#);
    let (code, out, _) = workspace.run(&["lint"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("warning[ASL001]") && out.contains("reads the file as YAML"), "{out}");
    for arguments in
        [&["simulate", "template.yaml", "--input", "{}"][..], &["graph", "template.yaml"], &["cost", "template.yaml"]]
    {
        let (code, out, err) = workspace.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {out}{err}");
    }
    let (code, out, _) = workspace.run(&["lint", "work.asl.json"]);
    assert!(code == 1 && out.contains("error[ASL001]"), "{out}");
}

#[test]
fn a_file_that_is_no_definition_is_not_quoted() {
    let workspace = Workspace::new();
    workspace.write("secret.txt", "password: hunter2: [\n");
    workspace.write("secret.json", "{\"token\": \"hunter2\"}");
    for name in ["secret.txt", "secret.json", "/etc/passwd", "/proc/self/environ", "/dev/zero", "."] {
        workspace.write("template.yaml", machine(&format!("{{DefinitionUri: {name}}}")));
        for command in [
            &["lint", "template.yaml"][..],
            &["simulate", "template.yaml", "--input", "{}"],
            &["graph", "template.yaml"],
        ] {
            let (code, out, err) = workspace.run(command);
            let shown = format!("{out}{err}");
            assert!(code != 0 && shown.contains(name), "{name}: {shown}");
            assert!(!shown.contains("hunter2") && !shown.contains("root:"), "{name}: {shown}");
        }
    }
}

/// `*.template` is what CloudFormation's templates are called, and others' too.
#[test]
fn a_broken_template_is_no_other_file() {
    for (text, code, said) in [
        ("Resources: {\n", 2, "not YAML"),
        ("{\"Resources\": {", 2, "stack.template:1:"),
        ("", 2, "the file is empty"),
        ("server { listen 80; location / { root /Resources; } }\n", 0, "1 skipped"),
        ("name: x\n", 0, "1 skipped"),
    ] {
        let workspace = Workspace::new();
        workspace.write("stack.template", text);
        if code == 0 {
            workspace.write("template.yaml", SOUND);
        }
        let (found, out, err) = workspace.run(&["lint"]);
        assert_eq!(found, code, "{text}: {out}{err}");
        assert!(out.contains(said), "{text}: {out}{err}");
    }
}

#[cfg(unix)]
mod unix {
    use super::*;

    fn pipe(workspace: &Workspace, name: &str) {
        let made = std::process::Command::new("mkfifo").arg(workspace.path(name)).status().unwrap();
        assert!(made.success());
    }

    /// The command of a workspace ends after a minute; a pipe without a writer would keep it waiting.
    #[test]
    fn what_is_no_regular_file_is_refused_at_once() {
        let workspace = Workspace::new();
        pipe(&workspace, "pipe.yaml");
        for arguments in [
            &["generate", "--spec", "pipe.yaml"][..],
            &["lint", "pipe.yaml"],
            &["test", "pipe.yaml"],
            &["simulate", "pipe.yaml", "--input", "{}"],
            &["lint", ".", "--baseline", "pipe.yaml"],
            &["lint", "good.asl.json", "--input-example", "pipe.yaml"],
            &["simulate", "good.asl.json", "--event", "pipe.yaml"],
            &["simulate", "good.asl.json", "--events", "pipe.yaml"],
            &["simulate", "good.asl.json", "--events", "/dev/zero"],
            &["simulate", "good.asl.json", "--events", "/proc/self/environ"],
            &["simulate", "good.asl.json", "--input", "@pipe.yaml"],
            &["simulate", "good.asl.json", "--input", "{}", "--mocks", "pipe.yaml", "--test-case", "x"],
            &["simulate", "good.asl.json", "--input", "{}", "--table-file", "pipe.yaml"],
            &["cost", "good.asl.json", "--prices", "pipe.yaml"],
            &["cost", "good.asl.json", "--trace", "pipe.yaml"],
            &["graph", "good.asl.json", "--trace", "pipe.yaml"],
            &["report", "good.asl.json", "--scenarios", "pipe.yaml"],
        ] {
            workspace.write("good.asl.json", r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#);
            let (code, out, err) = workspace.run(arguments);
            assert_eq!(code, 2, "{arguments:?}: {out}{err}");
            assert!(err.contains("not a regular file"), "{arguments:?}: {out}{err}");
        }
        for name in ["bucketbook-lint.toml", ".gitignore", ".ignore"] {
            let workspace = Workspace::new();
            workspace.write("template.yaml", SOUND);
            pipe(&workspace, name);
            let (code, out, err) = workspace.run(&["lint"]);
            assert!(code == 2 && err.contains("not a regular file"), "{name}: {code} {out}{err}");
        }
        // What only helps is left out instead.
        let workspace = Workspace::new();
        workspace.write("template.yaml", SOUND);
        pipe(&workspace, "samconfig.toml");
        for arguments in [&["report"][..], &["graph", "--view", "architecture"]] {
            let (code, _, err) = workspace.run(arguments);
            assert_eq!(code, 0, "{arguments:?}: {err}");
        }
        let workspace = Workspace::new();
        pipe(&workspace, "bucketbook.yaml");
        for command in ["init", "generate", "check"] {
            assert_eq!(workspace.run(&[command]).0, 2, "{command}");
        }
        let workspace = Workspace::new();
        pipe(&workspace, "template.yaml");
        let (code, out, _) = workspace.run(&["lint"]);
        assert!(code == 2 && out.contains("not a regular file"), "{out}");
    }

    /// `--fix` fixes what is below the folders that were given, wherever templates and links point.
    #[test]
    fn mending_stays_in_the_folders_that_were_given() {
        let wrong = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Nxt": "B"}, "B": {"Type": "Succeed"}}}"#;
        let workspace = Workspace::new();
        for name in ["outside/a.asl.json", "outside/linked.asl.json", "project/inside/b.asl.json"] {
            workspace.write(name, wrong);
        }
        let outside = workspace.path("outside");
        std::os::unix::fs::symlink(outside.join("linked.asl.json"), workspace.path("project/linked.asl.json")).unwrap();
        std::os::unix::fs::symlink(&outside, workspace.path("project/folder")).unwrap();
        let uris = ["../outside/a.asl.json", "inside/b.asl.json", "linked.asl.json", "folder/linked.asl.json"];
        let machines = uris.iter().enumerate().map(|(at, uri)| {
            format!("  M{at}: {{Type: AWS::Serverless::StateMachine, Properties: {{DefinitionUri: {uri}}}}}\n")
        });
        let template = format!("Transform: AWS::Serverless-2016-10-31\nResources:\n{}", machines.collect::<String>());
        workspace.write("project/template.yaml", template);
        for arguments in [["lint", "--fix", "project"], ["lint", "--fix", "project/template.yaml"]] {
            let (code, out, err) = workspace.run(&arguments);
            assert_eq!(code, 1, "{out}{err}");
            assert!(out.contains("left alone  "), "{out}");
            assert_eq!(workspace.read("project/inside/b.asl.json"), wrong.replace("Nxt", "Next"));
            assert_eq!(workspace.read("outside/a.asl.json"), wrong);
            assert_eq!(workspace.read("outside/linked.asl.json"), wrong);
        }
        assert!(std::fs::symlink_metadata(workspace.path("project/linked.asl.json")).unwrap().is_symlink());
    }
}

/// Names, keys, errors and causes of a file's choosing move no cursor, hide nothing, and begin no line.
#[test]
fn other_peoples_texts_are_escaped() {
    const EVIL: &str = r"E\u001b[2J\r\n::error file=x::y\u009b31m\u202e";
    let workspace = Workspace::new();
    let definition = format!(
        r#"{{"StartAt": "{EVIL}", "States": {{"{EVIL}": {{"Type": "Pass", "Next": "Done{EVIL}", "Extra{EVIL}": 1}},
        "Done{EVIL}": {{"Type": "Fail", "Error": "{EVIL}", "Cause": "{EVIL}"}}}}}}"#
    );
    workspace.write("work.asl.json", &definition);
    workspace.write("ran.asl.json", definition.replace(&format!(", \"Extra{EVIL}\": 1"), ""));
    let catalogue = workspace.run(&["generate", "--starter", "article"]);
    assert_eq!(catalogue.0, 0, "{}", catalogue.2);
    let scenario = |key: &str| {
        format!("name: \"n{key}\"\nwhen:\n  - put: \"k{key}\"\nthen:\n  items:\n    - fileName: \"o{key}\"\n")
    };
    workspace.write("scenario.yaml", scenario(r"\e[2J\n::error::key\u202e"));
    for arguments in [
        &["lint", "work.asl.json"][..],
        &["simulate", "ran.asl.json", "--input", "{}"],
        &["simulate", "ran.asl.json", "--input", "{}", "--trace"],
        &["graph", "ran.asl.json", "--format", "text"],
        &["cost", "ran.asl.json"],
        &["test", "scenario.yaml", "--stack", "out/template.yaml"],
        &["simulate", "out/template.yaml", "--put", "a\u{1b}[2J\n::error::b"],
        &["lint", "gone\u{1b}[2J\n::error::b.yaml"],
    ] {
        let (code, out, err) = workspace.run(arguments);
        for text in [out, err] {
            let bad = text.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
            assert_eq!(bad, None, "{arguments:?} ({code}): {text}");
            assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{arguments:?}: {text}");
        }
    }
}

/// Whatever is left of a file that people have, reading it ends with a report and not otherwise.
#[test]
fn no_beginning_of_a_fixture_is_too_much() {
    use bucketbook::loaded::LoadedStack;
    let mut files: Vec<_> = std::fs::read_dir("tests/lint").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let thorough = crate::sample::thorough();
    let mut read = 0;
    for path in files.iter().filter(|path| path.is_file()) {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let step = (text.len() / if thorough { 60 } else { 10 }).max(1);
        for (end, _) in text.char_indices().step_by(step) {
            let stack = LoadedStack::from_text(path.clone(), &text[..end]);
            let _ = stack.map(|stack| stack.machines.iter().filter_map(|machine| machine.definition()).count());
            read += 1;
        }
    }
    assert!(read > if thorough { 5_000 } else { 500 }, "{read}");
}
