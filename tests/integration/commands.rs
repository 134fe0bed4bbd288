//! Every command, as a user runs it: what it prints, what it leaves on disk, and its exit code.

use std::fs;

use crate::common::Workspace;
use serde_json::Value;

const GENERATED: [&str; 5] = [
    "out/template.yaml",
    "out/definitions/object_created.asl.json",
    "out/samconfig.toml",
    "out/pictures/architecture.svg",
    "out/pictures/object_created.svg",
];

/// A directory with a starter and its generated stack.
fn generated() -> Workspace {
    let workspace = Workspace::new();
    assert_eq!(workspace.run(&["init"]).0, 0);
    let (code, out, err) = workspace.run(&["generate"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    workspace
}

#[test]
fn init_writes_a_spec_and_its_schema() {
    for template in ["article", "history", "production", "existing-bucket"] {
        let workspace = Workspace::new();
        let (code, out, _) = workspace.run(&["init", "--template", template]);
        assert_eq!(code, 0);
        assert!(out.starts_with("created  ./bucketbook.yaml\ncreated  ./bucketbook.schema.json\n"), "{out}");
        assert!(out.ends_with("created  ./scenarios/scenario.schema.json\nnext: bucketbook generate\n"), "{out}");
        let (_, schema, _) = workspace.run(&["schema"]);
        assert_eq!(workspace.read("bucketbook.schema.json"), schema);
        assert_eq!(workspace.run(&["generate"]).0, 0);
        assert_eq!(workspace.run(&["check"]).0, 0);
    }
}

#[test]
fn init_lists_its_starters() {
    let workspace = Workspace::new();
    let (code, out, _) = workspace.run(&["init", "--list"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("article          One record for each file"), "{out}");
    assert!(out.contains("\nhistory          One record for every upload"), "{out}");
    assert!(workspace.files().is_empty());
}

#[test]
fn init_overwrites_nothing_unasked() {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yaml", "mine");
    let (code, _, err) = workspace.run(&["init"]);
    assert_eq!(code, 2);
    assert!(err.contains("`./bucketbook.yaml` already exists"), "{err}");
    assert_eq!(workspace.read("bucketbook.yaml"), "mine");
    assert_eq!(workspace.run(&["init", "--force"]).0, 0);
    assert!(workspace.read("bucketbook.yaml").starts_with("# yaml-language-server"));

    let workspace = Workspace::new();
    workspace.write("bucketbook.schema.json", "{}");
    assert_eq!(workspace.run(&["init"]).0, 2);
    assert!(!workspace.path("bucketbook.yaml").exists());
}

#[test]
fn init_elsewhere_says_how_to_go_on() {
    let workspace = Workspace::new();
    let (code, out, _) = workspace.run(&["init", "a/b"]);
    assert_eq!(code, 0);
    let next = out.lines().last().unwrap().strip_prefix("next: bucketbook ").unwrap();
    let arguments: Vec<&str> = next.split(' ').collect();
    assert_eq!(workspace.run(&arguments).0, 0);
    assert!(workspace.path("a/b/out/template.yaml").exists());
}

#[test]
fn init_knows_its_templates() {
    let (code, _, err) = Workspace::new().run(&["init", "--template", "articel"]);
    assert_eq!(code, 2);
    assert!(err.contains("article") && err.contains("history"), "{err}");
}

#[test]
fn generate_writes_and_then_touches_nothing() {
    let workspace = generated();
    for path in GENERATED {
        assert!(workspace.path(path).exists(), "{path}");
    }
    let before = workspace.files();
    let (code, out, _) = workspace.run(&["generate"]);
    assert_eq!(code, 0);
    assert_eq!(out.matches("unchanged").count(), 6, "{out}");
    assert_eq!(workspace.files(), before, "no file and no time changed");
}

#[test]
fn without_a_spec_a_starter_has_to_be_asked_for() {
    let workspace = Workspace::new();
    for command in ["generate", "check", "simulate", "graph", "cost", "report"] {
        let arguments = if command == "simulate" { &["simulate", "--put", "a"][..] } else { &[command][..] };
        let (code, out, err) = workspace.run(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{command}");
        assert!(
            err.starts_with("error: there is no ")
                && err.contains("bucketbook.yaml here")
                && err.contains("--starter article"),
            "{err}"
        );
    }
    assert!(workspace.files().is_empty());
    let (code, out, err) = workspace.run(&["generate", "--starter", "article"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out.matches("created  ").count(), 6, "{out}");
    assert_eq!(workspace.run(&["check", "--starter", "article"]).0, 0);
}

#[test]
fn the_spec_is_found_up_to_the_root_of_the_repository() {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yml", "stack: {name: above}\n");
    workspace.write("repository/.git/HEAD", "");
    fs::create_dir_all(workspace.path("repository/a/b")).unwrap();
    let run = |directory: &str, arguments: &[&str]| {
        let output = workspace.command(arguments).current_dir(workspace.path(directory)).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(run("repository/a/b", &["check"]).0, 2, "what is outside of the repository is another one's");
    workspace.write("repository/bucketbook.yml", "stack: {name: mine}\n");
    let (code, out) = run("repository/a/b", &["generate"]);
    assert_eq!(code, 0);
    assert!(out.contains("created    ../../out/template.yaml"), "{out}");
    assert_eq!(run("repository", &["check"]).0, 0);
    assert!(workspace.read("repository/out/template.yaml").contains("Edit the spec (bucketbook.yml) and run"));
    let (code, out) = run("repository/a/b", &["cost"]);
    assert!(code == 0 && out.starts_with("mine in us-east-1"), "{out}");
    workspace.write("repository/bucketbook.yaml", "stack: {name: first}\n");
    let (_, out) = run("repository/a/b", &["cost"]);
    assert!(out.starts_with("first in us-east-1"), "{out}");
}

#[test]
fn every_command_is_about_the_spec_as_it_is_now() {
    let workspace = Workspace::with_spec();
    assert_eq!(workspace.run(&["generate"]).0, 0);
    workspace.write("bucketbook.yaml", "state_machine: {flow: upsert}\ntable: {name: new-table}\n");
    let generated = workspace.files();
    for arguments in [&["graph"][..], &["report", "-o", "-"], &["simulate", "--put", "a"], &["cost"]] {
        let (code, now, err) = workspace.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {err}");
        let (_, before, _) = workspace.run(&[arguments, &["--out", "out"]].concat());
        assert_ne!(now, before, "{arguments:?}");
        assert!(!now.contains("ObjectExists") && (arguments[0] == "cost" || before.contains("ObjectExists")), "{now}");
        let (code, named, _) = workspace.run(&[arguments, &["--table-name", "by-flag"]].concat());
        assert!(code == 0 && (arguments[0] != "simulate" || named.contains("by-flag: 1 item")), "{named}");
    }
    let (code, out, err) = workspace.run(&["graph", "out", "--spec", "bucketbook.yaml"]);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert_eq!(workspace.files(), generated, "nothing is written");
    let mut piped = workspace.command(&["generate", "--spec", "-", "--stdout"]);
    let output = piped.write_stdin("stack: {name: piped}\n").output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("stack_name = \"piped\""));
}

#[test]
fn generate_dry_run_writes_nothing() {
    let workspace = Workspace::with_spec();
    let (code, out, _) = workspace.run(&["generate", "--dry-run"]);
    assert_eq!(code, 0);
    assert_eq!(out.matches("would create").count(), 6, "{out}");
    assert_eq!(workspace.files().len(), 1, "the spec alone");
}

#[test]
fn generate_to_stdout() {
    let workspace = Workspace::with_spec();
    let (code, all, _) = workspace.run(&["generate", "--stdout"]);
    assert_eq!(code, 0);
    assert!(all.starts_with("==> template.yaml <==\n# Generated by Bucketbook."), "{all}");
    let (code, definition, _) = workspace.run(&["generate", "--stdout=definitions/object_created.asl.json"]);
    assert_eq!(code, 0);
    assert!(serde_json::from_str::<Value>(&definition).is_ok());
    let (code, _, err) = workspace.run(&["generate", "--stdout=nope"]);
    assert_eq!(code, 2);
    assert!(err.contains("the stack has no file `nope`") && err.contains("template.yaml"), "{err}");
    assert_eq!(workspace.files().len(), 1, "the spec alone");
}

#[test]
fn flags_win_over_the_spec() {
    let workspace = Workspace::new();
    workspace.write(
        "my.yaml",
        "{stack: {name: S}, bucket: {name: from-spec}, table: {name: FromSpec}, state_machine: {name: FromSpec}}",
    );
    let template = |flags: &[&str]| {
        let arguments = [&["generate", "--spec", "my.yaml", "--stdout"], flags].concat();
        let (code, out, err) = workspace.run(&arguments);
        assert_eq!(code, 0, "{err}");
        out
    };
    let plain = template(&[]);
    for text in [
        "BucketName: from-spec",
        "TableName: FromSpec",
        " Name: FromSpec",
        "Type: STANDARD",
        "stack_name = \"S\"",
        "- from-spec",
    ] {
        assert!(plain.contains(text), "{text}\n{plain}");
    }
    let flagged = template(&[
        "--bucket-name",
        "from-flag",
        "--table-name",
        "FromFlag",
        "--state-machine-name",
        "FromFlag2",
        "--stack-name",
        "F",
        "--layout",
        "history",
        "--workflow-type",
        "express",
    ]);
    for text in [
        "BucketName: from-flag",
        "- from-flag",
        "TableName: FromFlag",
        " Name: FromFlag2",
        "Type: EXPRESS",
        "stack_name = \"F\"",
        "KeyType: RANGE",
    ] {
        assert!(flagged.contains(text), "{text}\n{flagged}");
    }
    assert!(!flagged.contains("FromSpec") && !flagged.contains("from-spec"));
}

#[test]
fn a_bucket_with_a_name_needs_no_reference_in_the_pattern() {
    let workspace = Workspace::with_spec();
    let (_, named, _) = workspace.run(&["generate", "--stdout=template.yaml", "--bucket-name", "on.2010-09-09"]);
    let pattern = named.split("Pattern:").nth(1).unwrap().split("Policies:").next().unwrap();
    assert!(!pattern.contains("!Ref") && pattern.contains("- on.2010-09-09"), "{pattern}");
    let (_, unnamed, _) = workspace.run(&["generate", "--stdout=template.yaml"]);
    assert!(unnamed.contains("- !Ref FilesBucket"));
}

#[test]
fn check_is_content_with_what_generate_wrote() {
    let workspace = generated();
    assert_eq!(workspace.run(&["check"]), (0, "5 files in step\n".to_owned(), String::new()));
    let (code, out, _) = workspace.run(&["check", "--format", "json"]);
    assert_eq!(code, 0);
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), serde_json::json!({"in_step": true, "files": []}));
    assert_eq!(workspace.run(&["check", "--format", "github"]), (0, String::new(), String::new()));
}

#[test]
fn check_takes_windows_line_endings() {
    let workspace = generated();
    for path in GENERATED {
        let text = workspace.read(path).replace('\n', "\r\n");
        workspace.write(path, text);
    }
    let before = workspace.files();
    assert_eq!(workspace.run(&["check"]).0, 0);
    assert_eq!(workspace.run(&["generate"]).0, 0);
    assert_eq!(workspace.files(), before);
}

/// A stack with an edited, a missing and a left-over file.
fn drifted() -> Workspace {
    let workspace = generated();
    let template = workspace.read("out/template.yaml").replace("Type: STANDARD", "Type: EXPRESS");
    workspace.write("out/template.yaml", template);
    let definition = workspace.read("out/definitions/object_created.asl.json");
    workspace.write("out/definitions/object_deleted.asl.json", definition);
    let mut manifest: Value = serde_json::from_str(&workspace.read("out/.bucketbook-manifest.json")).unwrap();
    let hash = manifest["files"]["definitions/object_created.asl.json"].clone();
    manifest["files"]["definitions/object_deleted.asl.json"] = hash;
    workspace.write("out/.bucketbook-manifest.json", manifest.to_string());
    fs::remove_file(workspace.path("out/samconfig.toml")).unwrap();
    workspace.write("out/notes.md", "mine");
    workspace
}

#[test]
fn check_names_every_drift() {
    let workspace = drifted();
    let (code, out, _) = workspace.run(&["check"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(out.replace('\\', "/"), @r"
    edited  out/template.yaml
    --- out/template.yaml (on disk)
    +++ out/template.yaml (from the spec)
    @@ -47,7 +47,7 @@
                     - dynamodb:Query
                     - dynamodb:UpdateItem
                   Resource: !GetAtt FilesTable.Arn
    -      Type: EXPRESS
    +      Type: STANDARD
     Outputs:
       BucketName:
         Description: The bucket whose objects are recorded
    missing  out/samconfig.toml
    left-over  out/definitions/object_deleted.asl.json
    3 of 6 files are not in step; `bucketbook generate --force` discards the edits
    ");
    let (code, out, _) = workspace.run(&["check", "--color", "always"]);
    assert_eq!(code, 1);
    assert!(out.contains("\u{1b}[31m-      Type: EXPRESS"), "{out:?}");
}

#[test]
fn check_speaks_json_and_github() {
    let workspace = drifted();
    let (code, out, _) = workspace.run(&["check", "--format", "json"]);
    assert_eq!(code, 1);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["in_step"], false);
    let statuses: Vec<_> =
        report["files"].as_array().unwrap().iter().map(|file| file["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["edited", "missing", "left-over"]);
    assert_eq!(report["files"][0]["line"], 50);

    let (code, out, _) = workspace.run(&["check", "--format", "github"]);
    assert_eq!(code, 1);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 3, "{out}");
    assert!(
        lines[0].starts_with(
            "::error file=out/template.yaml,line=50::this file was edited and differs from what the spec describes"
        ),
        "{out}"
    );
    assert!(lines[1].starts_with("::error file=out/samconfig.toml,line=1::this file is missing"), "{out}");
    assert!(
        lines[2].starts_with(
            "::error file=out/definitions/object_deleted.asl.json,line=1::this file was generated earlier"
        ),
        "{out}"
    );
}

#[test]
fn generate_brings_a_drifted_stack_in_step() {
    let workspace = drifted();
    let (code, out, _) = workspace.run(&["generate", "--force"]);
    assert_eq!(code, 0);
    for (word, count) in [("overwritten", 1), ("updated", 1), ("created", 1), ("removed", 1), ("unchanged", 3)] {
        assert_eq!(out.matches(&format!("{word}  ")).count(), count, "{word}\n{out}");
    }
    assert_eq!(workspace.run(&["check"]).0, 0);
    assert_eq!(workspace.read("out/notes.md"), "mine");
}

#[test]
fn check_finds_a_stack_that_was_never_generated() {
    let workspace = Workspace::with_spec();
    let (code, out, _) = workspace.run(&["check", "--out", "nowhere"]);
    assert_eq!(code, 1);
    assert_eq!(out.matches("missing").count(), 5, "{out}");
}

#[test]
fn check_that_cannot_compare_says_so_in_every_format() {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yaml", "table:\n  layout: histroy\n");
    let (code, out, err) = workspace.run(&["check"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("bucketbook.yaml:2:11") && err.contains("did you mean `history`?"), "{err}");
    let (code, out, _) = workspace.run(&["check", "--format", "github"]);
    assert_eq!(code, 2);
    assert!(out.starts_with("::error file=bucketbook.yaml,line=2,col=11::unknown value `histroy`"), "{out}");
    let (code, out, _) = workspace.run(&["check", "--format", "json"]);
    assert_eq!(code, 2);
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["line"], 2);
}

#[test]
fn schema_is_json() {
    let (code, out, _) = Workspace::new().run(&["schema"]);
    assert_eq!(code, 0);
    let schema: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(schema["title"], "bucketbook.yaml");
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (code, out, _) = Workspace::new().run(&["completions", shell]);
        assert_eq!(code, 0);
        assert!(out.contains("generate") && out.contains("workflow-type"), "{shell}");
    }
    assert_eq!(Workspace::new().run(&["completions", "csh"]).0, 2);
}

#[test]
fn manual_pages() {
    let (code, page, _) = Workspace::new().run(&["man"]);
    assert_eq!(code, 0);
    assert!(page.contains(".TH bucketbook 1") && page.contains("bucketbook\\-generate(1)"), "{page}");
    let (code, page, _) = Workspace::new().run(&["man", "check"]);
    assert_eq!(code, 0);
    assert!(page.contains("\\-\\-format"), "{page}");
    let (code, _, err) = Workspace::new().run(&["man", "nope"]);
    assert_eq!(code, 2);
    assert!(err.contains("there is no command `nope`"), "{err}");
}

#[test]
fn help_and_version_are_no_errors() {
    for arguments in [&["--help"][..], &["--version"], &["help", "check"], &["generate", "--help"]] {
        let (code, out, err) = Workspace::new().run(arguments);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.contains("bucketbook"), "{out}");
    }
}

#[test]
fn wrong_arguments_are_exit_code_2() {
    for arguments in [
        &[][..],
        &["generat"],
        &["check", "--nope"],
        &["generate", "--layout", "newest"],
        &["generate", "--stdout", "--dry-run"],
    ] {
        let (code, out, err) = Workspace::new().run(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(!err.is_empty());
    }
    let (_, _, err) = Workspace::new().run(&["generat"]);
    assert!(err.contains("generate"), "{err}");
}

#[test]
fn names_on_the_command_line_are_checked() {
    for (flag, name, offence) in [
        ("--bucket-name", "My_Bucket", "`M` (character 1)"),
        ("--bucket-name", "a\nb: {}", "U+000A (character 2)"),
        ("--table-name", "a b", "` ` (character 2)"),
        ("--table-name", "ab", "2 characters"),
        ("--state-machine-name", "a:b", "`:` (character 2)"),
        ("--stack-name", "9", "`9` (character 1)"),
        ("--stack-name", "a\" = 1", "`\"` (character 2)"),
    ] {
        let (code, _, err) = Workspace::new().run(&["generate", flag, name]);
        assert_eq!(code, 2);
        assert!(err.contains(offence) && err.contains("https://docs.aws.amazon.com/"), "{err}");
    }
}

#[test]
fn the_committed_stack_is_what_the_model_renders() {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_bucketbook"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("check").assert().success();
}

#[test]
fn quiet_says_only_what_is_wrong() {
    let workspace = Workspace::with_spec();
    let nothing = (0, String::new(), String::new());
    for arguments in [&["generate", "-q"][..], &["generate", "--quiet"], &["check", "-q"], &["lint", "out", "-q"]] {
        assert_eq!(workspace.run(arguments), nothing, "{arguments:?}");
    }
    workspace.write("bucketbook.yaml", "dead_letters: {}\n");
    let (code, out, _) = workspace.run(&["check", "-q"]);
    assert!(code == 1 && out.contains("changed  out/template.yaml"), "{out}");
    assert!(workspace.run(&["generate", "-q", "--stdout"]).1.contains("DeadLetter"));
}

#[test]
fn another_starters_scenarios_go_unless_they_were_edited() {
    let workspace = Workspace::new();
    assert_eq!(workspace.run(&["init"]).0, 0);
    workspace.write("scenarios/throttled.yaml", workspace.read("scenarios/throttled.yaml") + "# mine\n");
    workspace.write("scenarios/mine.yaml", "mine");
    let (code, out, _) = workspace.run(&["init", "--force", "--template", "history"]);
    assert_eq!(code, 0);
    assert!(out.contains("removed  ./scenarios/one_record.yaml\nleft alone  ./scenarios/throttled.yaml"), "{out}");
    assert!(!workspace.path("scenarios/one_record.yaml").exists());
    assert!(workspace.path("scenarios/mine.yaml").exists() && workspace.path("scenarios/every_upload.yaml").exists());
}

#[test]
fn all_faults_of_a_spec_are_told_at_once() {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yaml", "tabel: {}\nstate_machine: {type: EXPRES}\nbucket:\n  name: My_Bucket\n");
    let (code, _, err) = workspace.run(&["generate"]);
    assert_eq!((code, err.matches("error: ").count()), (2, 3), "{err}");
    assert!(err.contains("`tabel`") && err.contains("`EXPRESS`") && err.contains("My_Bucket"), "{err}");
    let (_, out, _) = workspace.run(&["check", "--format", "github"]);
    assert_eq!(out.lines().count(), 3, "{out}");
    let (_, out, _) = workspace.run(&["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["also"].as_array().unwrap().len(), 2, "{out}");
}

#[test]
fn settings_say_what_was_meant() {
    let workspace = Workspace::with_spec();
    for (settings, meant) in [
        ("ignroe = []\n", "did you mean `ignore`?"),
        ("ignore = [\"FLWO\"]\n", "did you mean `FLOW`?"),
        ("[per-file-ignores]\n\"*.yaml\" = [\"ASL0O1\"]\n", "did you mean `ASL001`?"),
    ] {
        workspace.write("bucketbook-lint.toml", settings);
        let (code, _, err) = workspace.run(&["lint"]);
        assert!(code == 2 && err.contains(meant), "{err}");
    }
}

#[test]
fn what_could_not_be_played_is_in_the_results() {
    let workspace = Workspace::new();
    assert_eq!(workspace.run(&["init"]).0, 0);
    workspace.write("scenarios/broken.yaml", "when: 5\n");
    let (code, out, _) = workspace.run(&["test", "--format", "junit"]);
    assert_eq!(code, 2);
    assert!(
        out.contains("errors=\"1\"") && out.contains("name=\"broken\" classname=\"scenarios/broken.yaml\""),
        "{out}"
    );
}

#[test]
fn manual_pages_have_the_usual_sections() {
    let commands = [
        "init",
        "generate",
        "check",
        "simulate",
        "test",
        "lint",
        "lsp",
        "graph",
        "report",
        "cost",
        "explain",
        "schema",
        "completions",
        "man",
    ];
    for command in commands {
        let (code, page, _) = Workspace::new().run(&["man", command]);
        assert_eq!(code, 0);
        let (_, status) = page.split_once(".SH \"EXIT STATUS\"\n").unwrap_or_else(|| panic!("{page}"));
        let (codes, examples) = status.split_once(".SH EXAMPLES\n").unwrap();
        assert!(codes.contains("\\fB0\\fR") && codes.contains("\\fB2\\fR"), "{codes}");
        assert!(examples.contains(&format!("bucketbook {command}")), "{examples}");
    }
}

#[test]
fn rules_are_completed() {
    let (_, script, _) = Workspace::new().run(&["completions", "bash"]);
    assert!(script.contains("FLOW107") && script.contains("ASL001"), "the ids are in the script");
}
