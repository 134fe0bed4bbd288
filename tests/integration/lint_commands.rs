//! `bucketbook lint` and `explain` as a user runs them.

use crate::common::Workspace;
use serde_json::Value;

const TEMPLATE: &str = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  FilesTable: {Type: AWS::Serverless::SimpleTable, Properties: {PrimaryKey: {Name: fileName, Type: String}}}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: definitions/put.asl.json
      Policies: [DynamoDBWritePolicy: {TableName: !Ref FilesTable}]
      DefinitionSubstitutions:
        TableName: !Ref FilesTable
        Unused: nothing   # a comment
";

const DEFINITION: &str = r#"{
  "StartAt": "Put",
  "States": {
    "Put": {
      "Type":   "Task",  "Resource": "arn:aws:states:::dynamodb:putItem",
      "Paramters": { "TableName": "${TableName}", "Item": { "fileName": { "S": "$.detail.object.key" } } },
      "Next": "Doen"
    },
    "Done": { "Type": "Succeed" }
  }
}
"#;

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("template.yaml", TEMPLATE);
    workspace.write("definitions/put.asl.json", DEFINITION);
    workspace
}

/// What a machine is started with can be shown, or described: then a path that leads nowhere is an error.
#[test]
fn inputs_are_given_by_example_and_by_schema() {
    let workspace = Workspace::new();
    let reads = |path: &str| {
        format!(r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Pass", "InputPath": "{path}", "End": true}}}}}}"#)
    };
    workspace.write("right.asl.json", reads("$.order.id"));
    workspace.write("wrong.asl.json", reads("$.order.ident"));
    workspace.write("example.json", r#"{"order": {"id": "A1"}}"#);
    workspace.write(
        "schema.json",
        r#"{"type": "object", "required": ["order"], "properties": {"order": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}}}"#,
    );
    workspace.write("broken.json", "{");
    for (arguments, code) in [
        (&["lint", "wrong.asl.json"][..], 0),
        (&["lint", "wrong.asl.json", "--input-example", "example.json"], 1),
        (&["lint", "wrong.asl.json", "--input-schema", "schema.json"], 1),
        (&["lint", "right.asl.json", "--input-example", "example.json"], 0),
        (&["lint", "right.asl.json", "--input-schema", "schema.json"], 0),
        (&["lint", "right.asl.json", "--input-schema", "broken.json"], 2),
        (&["lint", "right.asl.json", "--input-schema", "missing.json"], 2),
    ] {
        let (found, out, err) = workspace.run(arguments);
        assert_eq!(found, code, "{arguments:?}\n{out}{err}");
    }
}

#[test]
fn exit_codes_say_what_was_found() {
    let workspace = Workspace::new();
    workspace.write("good.asl.json", r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#);
    workspace.write(
        "warned.asl.json",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"a.$": "$.b"}, "End": true}}}"#,
    );
    workspace.write("bad.asl.json", r#"{"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}"#);
    workspace.write("other.json", r#"{"name": "neither template nor definition"}"#);
    for (arguments, code) in [
        (&["lint", "good.asl.json"][..], 0),
        (&["lint", "warned.asl.json"], 0),
        (&["lint", "warned.asl.json", "--deny-warnings"], 1),
        (&["lint", "warned.asl.json", "--deny-warnings", "--ignore", "ASL036"], 0),
        (&["lint", "bad.asl.json"], 1),
        (&["lint", "bad.asl.json", "--select", "CFN,ASL036"], 0),
        (&["lint", "."], 1),
        (&["lint"], 1),
        (&["lint", "other.json"], 2),
        (&["lint", "nowhere.yaml"], 2),
        (&["lint", "good.asl.json", "--select", "NO1"], 2),
        (&["explain", "ASL010"], 0),
        (&["explain", "asl010"], 0),
        (&["explain"], 0),
        (&["explain", "ASL999"], 2),
    ] {
        let (found, out, err) = workspace.run(arguments);
        assert_eq!(found, code, "{arguments:?}\n{out}{err}");
        assert_eq!(err.is_empty(), code != 2, "{arguments:?}: {err}");
    }
}

#[test]
fn the_standard_input_is_read() {
    let workspace = Workspace::new();
    let output = workspace.command(&["lint", "-"]).write_stdin(r#"{"StartAt": "B", "States": {}}"#).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("<stdin>:1:28"), "{text}");
}

#[test]
fn a_definition_is_read_once_and_with_its_template() {
    let workspace = workspace();
    workspace.write(".gitignore", "left_out\n");
    workspace.write("left_out/bad.asl.json", "{");
    workspace.write("node_modules/x/bad.asl.json", "{");
    let (_, out, _) = workspace.run(&["lint", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    let found: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| format!("{} {} {}", f["rule"].as_str().unwrap(), f["file"].as_str().unwrap(), f["line"]))
        .collect();
    assert_eq!(
        found,
        [
            "CFN403 template.yaml 11",
            "ASL005 definitions/put.asl.json 6",
            "ASL010 definitions/put.asl.json 7",
            "ASL011 definitions/put.asl.json 9",
        ]
    );
    assert_eq!(report["summary"]["errors"], 3);
    assert_eq!(report["summary"]["files"], 2);
}

#[test]
fn mending_changes_nothing_else() {
    let workspace = workspace();
    let (code, out, _) = workspace.run(&["lint", "--fix"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.ends_with("nothing found in 2 files\nfixed 4\n"), "{out}");
    assert_eq!(workspace.read("template.yaml"), TEMPLATE.replace("        Unused: nothing   # a comment\n", ""));
    let mended = DEFINITION.replace("Paramters", "Parameters").replace("Doen", "Done").replace("\"S\":", "\"S.$\":");
    assert_eq!(workspace.read("definitions/put.asl.json"), mended);
    assert_eq!(workspace.run(&["lint", "--fix"]).0, 0);
}

#[test]
fn comments_and_settings_switch_rules_off() {
    let workspace = Workspace::new();
    workspace.write(
        "a.asl.yaml",
        "StartAt: A\nStates:\n  # bucketbook: ignore=ASL011\n  B: {Type: Succeed}\n  A: {Type: Succeed, Wrong: 1} # bucketbook: ignore=ASL\n",
    );
    workspace.write(
        "b.asl.json",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed", "Wrong": 1, "Comment": "bucketbook: ignore=ASL005"}}}"#,
    );
    assert_eq!(workspace.run(&["lint"]).1, "nothing found in 2 files\n");

    workspace.write("c.asl.json", r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed", "Wrong": 1}}}"#);
    assert_eq!(workspace.run(&["lint"]).0, 1);
    workspace.write("bucketbook-lint.toml", "[per-file-ignores]\n\"c.*\" = [\"ASL005\"]\n");
    assert_eq!(workspace.run(&["lint"]).1, "nothing found in 3 files\n");
    workspace.write("bucketbook-lint.toml", "ignore = [\"ASL\"]\n");
    assert_eq!(workspace.run(&["lint"]).0, 0);
    workspace.write("bucketbook-lint.toml", "ignored = [\"ASL\"]\n");
    let (code, _, err) = workspace.run(&["lint"]);
    assert_eq!(code, 2);
    assert!(err.contains("unknown key `ignored`"), "{err}");
}

#[test]
fn a_baseline_leaves_out_what_was_there() {
    let workspace = workspace();
    let (code, out, _) = workspace.run(&["lint", "--write-baseline", "known.json"]);
    assert_eq!((code, out.as_str()), (0, "written  known.json\n"));
    assert_eq!(
        workspace.run(&["lint", "--baseline", "known.json"]).1,
        "nothing found in 2 files; 1 skipped (`--verbose` names them)\n"
    );
    // Lines may move.
    workspace.write("definitions/put.asl.json", DEFINITION.replace("{\n  \"StartAt\"", "{\n\n\n  \"StartAt\""));
    assert_eq!(workspace.run(&["lint", "--baseline", "known.json"]).0, 0);
    workspace.write("definitions/put.asl.json", DEFINITION.replace("\"Succeed\"", "\"Success\""));
    let (code, out, _) = workspace.run(&["lint", "--baseline", "known.json"]);
    assert_eq!(code, 1);
    assert!(out.contains("ASL004") && !out.contains("ASL005"), "{out}");
    workspace.write("known.json", "[]");
    assert_eq!(workspace.run(&["lint", "--baseline", "known.json"]).0, 2);
}

#[test]
fn sarif_is_what_the_standard_wants() {
    let workspace = workspace();
    let (_, out, _) = workspace.run(&["lint", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&out).unwrap();
    let mut schema: Value = serde_json::from_str(include_str!("../schemas/sarif-2.1.0.json")).unwrap();
    // This pattern of the published schema has a bracket too many, and is no regular expression.
    for owner in ["run", "toolComponent"] {
        schema["definitions"][owner]["properties"]["language"].as_object_mut().unwrap().remove("pattern");
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let result = &log["runs"][0]["results"][1];
    assert_eq!(result["ruleId"], "ASL005");
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "definitions/put.asl.json");
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 6);
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!(rule["id"], "ASL005");
    let replacement = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "Parameters");
}

#[test]
fn annotations_name_the_line() {
    let workspace = workspace();
    let (_, out, _) = workspace.run(&["lint", "--format", "github", "--select", "ASL010"]);
    assert_eq!(
        out,
        "::error file=definitions/put.asl.json,line=7,col=15::ASL010: there is no state `Doen`: the definition is refused%0A\
         help: did you mean `Done`?\n"
    );
}

#[test]
fn the_order_is_the_same_every_time() {
    let workspace = Workspace::new();
    for index in 0..40 {
        workspace.write(&format!("{index}.asl.json"), DEFINITION);
    }
    let first = workspace.run(&["lint", "--format", "json"]).1;
    for _ in 0..3 {
        assert_eq!(workspace.run(&["lint", "--format", "json"]).1, first);
    }
}

#[test]
fn any_bytes_are_taken() {
    let workspace = Workspace::new();
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(50_000), close.repeat(50_000));
    let texts: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"\xff\xfe\x00".to_vec(),
        b"{\"StartAt\": \"A\", \"States\": ".to_vec(),
        deep("[", "]").into_bytes(),
        deep("{\"States\":", "}").into_bytes(),
        format!(
            r#"{{"StartAt":"A","States":{{"A":{{"Type":"Choice","Choices":[{}{}]}}}}}}"#,
            r#"{"Not":"#.repeat(90),
            "}".repeat(90)
        )
        .into_bytes(),
        format!(
            r#"{{"QueryLanguage":"JSONata","StartAt":"A","States":{{"A":{{"Type":"Pass","Output":"{{% {} %}}"}}}}}}"#,
            "(".repeat(20_000)
        )
        .into_bytes(),
        format!(
            r#"{{"StartAt":"A","States":{{"A":{{"Type":"Pass","Parameters":{{"a.$":"{}"}}}}}}}}"#,
            "States.Array(".repeat(20_000)
        )
        .into_bytes(),
        format!(r#"{{"StartAt":"A","States":{{"A":{{"Type":"Pass","InputPath":"$[?({}"}}}}}}"#, "(".repeat(20_000))
            .into_bytes(),
    ];
    for (index, text) in texts.iter().enumerate() {
        for name in ["a.asl.json", "a.asl.yaml", "a.json", "a.yaml"] {
            workspace.write(name, text);
            let (code, _, err) = workspace.run(&["lint", name]);
            assert!(code == 1 || code == 2 || code == 0, "{index} {name}: {err}");
        }
    }
}

#[test]
fn nothing_to_lint_is_no_success() {
    let workspace = Workspace::new();
    let (code, out, err) = workspace.run(&["lint"]);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.contains("no template or definition in `.`") && err.contains("a template has `Resources`"), "{err}");
    for (file, help) in [
        ("main.tf", "Terraform's files are not read"),
        ("serverless.ts", "`serverless package` writes"),
        ("cdk.json", "`cdk synth` writes"),
    ] {
        workspace.write(file, "{}");
        for command in ["lint", "simulate", "graph", "cost", "report", "prove"] {
            let (code, _, err) = workspace.run(&[command]);
            assert!(code == 2 && err.contains(help), "{command}, {file}: {err}");
        }
    }
}

/// A spec's stack is linted as it would be generated now, not as it was generated last.
#[test]
fn a_spec_is_linted_without_its_files() {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yaml", "table: {}\n");
    for arguments in [
        &["lint", "--spec", "bucketbook.yaml"][..],
        &["lint", "bucketbook.yaml"],
        &["lint", "--starter", "production"],
        &["lint", "--stack-name", "mine"],
    ] {
        let (code, out, err) = workspace.run(arguments);
        assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}: {out}");
        assert!(out.starts_with("nothing found in "), "{arguments:?}: {out}");
    }
    assert!(!workspace.path("out").exists());
    assert_eq!(workspace.run(&["generate"]).0, 0);
    assert_eq!(workspace.run(&["lint", "--out", "out"]).0, 0);
    let template = workspace.read("out/template.yaml");
    workspace.write("out/template.yaml", template.replace("KeySchema:", "KeySchem:"));
    assert_eq!(workspace.run(&["lint", "--out", "out"]).0, 1);
    assert_eq!(workspace.run(&["lint", "--spec", "bucketbook.yaml"]).0, 0);
    for arguments in [
        &["lint", ".", "--spec", "bucketbook.yaml"][..],
        &["lint", ".", "--out", "out"],
        &["lint", "--stack-name", "mine", "--out", "out"],
        &["lint", "--fix", "bucketbook.yaml"],
    ] {
        let (code, out, err) = workspace.run(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
    }
}
