//! What is asked of a place: hover, completion, navigation, rename; in both languages of definitions, in templates, and in broken text.

use serde_json::{Value, json};

use super::client::{Client, edited, uri};
use crate::common::Workspace;

pub(super) const TEMPLATE: &str = r#"Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: files
      NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: key, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: key, AttributeType: S}]
      BillingMode: PAY_PER_REQUEST
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: m.asl.json
      DefinitionSubstitutions:
        TableName: !Ref Table
      Policies:
        - Statement:
            - {Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Table.Arn}
      Events:
        Created:
          Type: EventBridgeRule
          Properties:
            Pattern:
              source: [aws.s3]
              detail-type: [Object Created]
              detail: {bucket: {name: [files]}}
"#;

pub(super) const DEFINITION: &str = r#"{
  "StartAt": "Look",
  "States": {
    "Look": {
      "Type": "Task",
      "Resource": "arn:aws:states:::dynamodb:getItem",
      "Parameters": {
        "TableName": "${TableName}",
        "Key": { "key": { "S.$": "$.detail.object.key" } }
      },
      "ResultPath": "$.found",
      "Assign": { "size.$": "$$.Execution.StartTime" },
      "Retry": [{ "ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 2, "MaxAttempts": 3 }],
      "Next": "Known"
    },
    "Known": {
      "Type": "Choice",
      "Choices": [{ "Variable": "$.found.Item", "IsPresent": true, "Next": "Done" }],
      "Default": "Put"
    },
    "Put": {
      "Type": "Task",
      "Resource": "arn:aws:states:::dynamodb:putItem",
      "Parameters": {
        "TableName": "${TableName}",
        "Item": { "key": { "S.$": "$.detail.object.key" }, "size": { "N.$": "States.Format('{}', $size)" } }
      },
      "Next": "Done"
    },
    "Done": { "Type": "Succeed" }
  }
}
"#;

pub(super) fn stack() -> (Workspace, Client) {
    let workspace = Workspace::new();
    workspace.write("template.yaml", TEMPLATE);
    workspace.write("m.asl.json", DEFINITION);
    let mut client = Client::new(&workspace.path(""));
    client.open_file(&workspace, "template.yaml");
    client.open_file(&workspace, "m.asl.json");
    client.settle(&workspace.path("template.yaml"));
    (workspace, client)
}

pub(super) fn hover(
    client: &mut Client,
    workspace: &Workspace,
    file: &str,
    text: &str,
    mark: &str,
    behind: u32,
) -> String {
    let found = client.at("textDocument/hover", &workspace.path(file), text, mark, behind);
    found["contents"]["value"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_hover_says_what_is_known_of_a_place() {
    let (workspace, mut client) = stack();
    for (file, text, mark, behind, parts) in [
        ("m.asl.json", DEFINITION, "object.key", 2, &["key: string", "the event of `MachineCreated`"][..]),
        ("m.asl.json", DEFINITION, "Execution.StartTime", 12, &["string"]),
        ("m.asl.json", DEFINITION, "found.Item", 7, &["`Look` (`dynamodb:getItem`)"]),
        ("m.asl.json", DEFINITION, "\"Look\": {", 2, &["Task", "Input:", "Output:", "after 2, 4, 8 seconds"]),
        (
            "m.asl.json",
            DEFINITION,
            "dynamodb:putItem",
            3,
            &["`TableName`: string, required", "dynamodb:PutItem", "docs.aws.amazon.com"],
        ),
        ("m.asl.json", DEFINITION, "States.Format", 3, &["States.Format(string, ...) -> string"]),
        ("m.asl.json", DEFINITION, "$size)", 2, &["variable `$size`", "string", "`Look`"]),
        ("m.asl.json", DEFINITION, "${TableName}", 4, &["`Table`"]),
        ("m.asl.json", DEFINITION, "States.TaskFailed", 2, &["any error"]),
        ("m.asl.json", DEFINITION, "\"TableName\"", 3, &["`TableName` of `dynamodb:getItem`: string, required"]),
        ("template.yaml", TEMPLATE, "!Ref Table", 6, &["AWS::DynamoDB::Table", "`Ref` gives a name", "StreamArn"]),
        ("template.yaml", TEMPLATE, "Machine:", 2, &["dynamodb:PutItem", "`Put`", "missing"]),
        ("template.yaml", TEMPLATE, "Pattern:", 2, &["Object Created"]),
        ("template.yaml", TEMPLATE, "dynamodb:GetItem", 12, &["`Machine` for `Look`"]),
        ("template.yaml", TEMPLATE, "BillingMode", 3, &["PAY_PER_REQUEST | PROVISIONED"]),
        ("template.yaml", TEMPLATE, "AWS::S3::Bucket", 8, &["**Files**"]),
        ("m.asl.json", DEFINITION, "\"$.found\"", 4, &["the result of `Look`", "Item"]),
        ("m.asl.json", DEFINITION, "\"Next\"", 2, &["`Next` of a Task state"]),
        ("m.asl.json", DEFINITION, "\"StartAt\"", 2, &["a state machine"]),
    ] {
        let found = hover(&mut client, &workspace, file, text, mark, behind);
        assert!(parts.iter().all(|part| found.contains(part)), "{mark}: {found}");
    }
}

#[test]
fn the_command_explains_a_place_as_the_editor_does() {
    let (workspace, mut client) = stack();
    // The template lies above the definition, and nobody says where.
    workspace.write("deeper/m.asl.json", DEFINITION);
    workspace.write("template.yaml", TEMPLATE.replace("m.asl.json", "deeper/m.asl.json"));
    let shown = hover(&mut client, &workspace, "m.asl.json", DEFINITION, "object.key", 2);
    let line = DEFINITION.lines().position(|line| line.contains("object.key")).unwrap();
    let column = DEFINITION.lines().nth(line).unwrap().find("object.key").unwrap();
    let place = format!("deeper/m.asl.json:{}:{}", line + 1, column + 3);
    for arguments in [&["lint", "--explain-path", &place][..], &["lint", "--explain-path", &place, "."]] {
        let (code, told, error) = workspace.run(arguments);
        assert_eq!((code, told.trim_end(), error.as_str()), (0, shown.as_str(), ""));
    }
    assert!(shown.contains("the event of `MachineCreated`"), "{shown}");
}

pub(super) fn labels(found: &Value) -> Vec<&str> {
    found["items"].as_array().unwrap().iter().map(|one| one["label"].as_str().unwrap()).collect()
}

/// Completes at `^`, in a text that replaces the file's.
pub(super) fn completed(client: &mut Client, path: &std::path::Path, version: i32, text: &str) -> Value {
    let plain = text.replacen('^', "", 1);
    client.change(path, version, &plain);
    let at = text.find('^').unwrap();
    let line = text[..at].matches('\n').count();
    let character = text[text[..at].rfind('\n').map_or(0, |at| at + 1)..at].encode_utf16().count();
    let params = json!({"textDocument": {"uri": uri(path)}, "position": {"line": line, "character": character}});
    client.ask("textDocument/completion", params).unwrap()
}

#[test]
fn completion_knows_what_may_stand_in_a_definition() {
    let (workspace, mut client) = stack();
    let path = workspace.path("m.asl.json");
    for (at, (from, to, expected)) in [
        ("$.detail.object.key\" } }\n", "$.detail.object.^\" } }\n", &["key", "size", "etag"][..]),
        ("$.detail.object.key\" } }\n", "$.detail.object.^\n", &["key", "size"]),
        ("\"$.found.Item\"", "\"$.found.^\"", &["Item"]),
        ("\"Next\": \"Known\"", "\"Next\": \"^\"", &["Look", "Known", "Put", "Done"]),
        ("\"Next\": \"Known\"", "\"Next\": \"^", &["Put"]),
        ("\"Next\": \"Known\"", "\"Ne^\"", &["Next", "End", "Catch"]),
        ("\"Next\": \"Known\"", "^", &["Next", "End", "Catch"]),
        ("\"Type\": \"Choice\"", "\"Type\": \"^\"", &["Task", "Choice", "Map"]),
        ("dynamodb:getItem", "^", &["arn:aws:states:::dynamodb:putItem", "arn:aws:states:::aws-sdk:s3:"]),
        ("dynamodb:getItem", "aws-sdk:s3:^", &["arn:aws:states:::aws-sdk:s3:getObject"]),
        ("\"TableName\": \"${TableName}\",\n        \"Key\"", "^\n        \"Key\"", &["TableName", "ConsistentRead"]),
        ("\"${TableName}\"", "\"${^\"", &["TableName"]),
        ("States.TaskFailed", "^", &["States.Timeout", "DynamoDB.ProvisionedThroughputExceededException"]),
        ("States.Format('{}', $size)", "^", &["States.Format", "States.Array", "$size"]),
        ("\"IsPresent\": true, ", "^", &["IsPresent", "StringEquals", "Assign"]),
    ]
    .into_iter()
    .enumerate()
    {
        let text = DEFINITION.replacen(from, to, 1);
        assert_ne!(text, DEFINITION, "{from}");
        let found = completed(&mut client, &path, at as i32 + 2, &text);
        let labels = labels(&found);
        assert!(expected.iter().all(|one| labels.contains(one)), "{to}: {labels:?}");
    }
}

#[test]
fn completion_knows_what_may_stand_in_a_template() {
    let (workspace, mut client) = stack();
    let path = workspace.path("template.yaml");
    for (at, (from, to, expected)) in [
        ("!Ref Table", "!Ref ^", &["Table", "Stage", "AWS::Region"][..]),
        ("!GetAtt Table.Arn", "!GetAtt Ta^", &["Table.Arn", "Files.Arn"]),
        ("        TableName: !Ref Table\n", "        ^\n", &["TableName"]),
        ("BillingMode: PAY_PER_REQUEST", "BillingMode: ^", &["PAY_PER_REQUEST", "PROVISIONED"]),
        ("BillingMode: PAY_PER_REQUEST", "Bi^", &["BillingMode", "TableName"]),
        ("Action: dynamodb:GetItem", "Action: ^", &["dynamodb:GetItem", "dynamodb:PutItem"]),
        ("[Object Created]", "[^]", &["Object Created", "Object Deleted"]),
        ("{name: [files]}", "{^}", &["name"]),
        ("[files]", "[{^}]", &["prefix", "anything-but"]),
    ]
    .into_iter()
    .enumerate()
    {
        let text = TEMPLATE.replacen(from, to, 1);
        assert_ne!(text, TEMPLATE, "{from}");
        let found = completed(&mut client, &path, at as i32 + 2, &text);
        let labels = labels(&found);
        assert!(expected.iter().all(|one| labels.contains(one)), "{to}: {labels:?}");
    }
}

#[test]
fn completion_knows_jsonata_and_specs() {
    let workspace = Workspace::new();
    let (definition, spec) = (workspace.path("m.asl.yaml"), workspace.path("bucketbook.yaml"));
    let mut client = Client::new(&workspace.path(""));
    let text = "QueryLanguage: JSONata\nStartAt: A\nStates:\n  A: {Type: Pass, Output: {a: {b: 1}}, Assign: {n: 1}, Next: B}\n  B:\n    Type: Pass\n    Output: ^\n    End: true\n";
    client.open(&definition, "");
    client.open(&spec, "");
    for (at, (typed, expected)) in [
        ("'{% $states.input.^ %}'", "a"),
        ("'{% $states.input.a.^ %}'", "b"),
        ("'{% $^ %}'", "$n"),
        ("'{% $^ %}'", "$exists"),
    ]
    .into_iter()
    .enumerate()
    {
        let found = completed(&mut client, &definition, at as i32 + 2, &text.replace('^', typed));
        assert!(labels(&found).contains(&expected), "{typed}: {:?}", labels(&found));
    }
    for (at, (text, expected)) in
        [("^", "table"), ("table:\n  ^", "layout"), ("table:\n  layout: ^", "history"), ("ta^\nevents: {}\n", "table")]
            .into_iter()
            .enumerate()
    {
        let found = completed(&mut client, &spec, at as i32 + 2, text);
        assert!(labels(&found).contains(&expected), "{text}: {:?}", labels(&found));
    }
    client.change(&spec, 9, "table: {layout: history}\napi: direct\n");
    let found = client.at("textDocument/hover", &spec, "table: {layout: history}\napi: direct\n", "api", 1);
    let found = found["contents"]["value"].as_str().unwrap();
    assert!(found.contains("It adds `") && found.contains("USD per month with it"), "{found}");
}

#[test]
fn names_lead_to_where_they_are_declared() {
    let (workspace, mut client) = stack();
    let (template, definition) = (workspace.path("template.yaml"), workspace.path("m.asl.json"));
    let line = |text: &str, mark: &str| text[..text.find(mark).unwrap()].matches('\n').count();
    for (path, text, mark, behind, target, target_line) in [
        (&definition, DEFINITION, "\"Next\": \"Known\"", 10, &definition, line(DEFINITION, "\"Known\": {")),
        (&definition, DEFINITION, "\"Default\": \"Put\"", 13, &definition, line(DEFINITION, "\"Put\": {")),
        (&definition, DEFINITION, "${TableName}", 3, &template, line(TEMPLATE, "TableName: !Ref")),
        (&definition, DEFINITION, "$size)", 2, &definition, line(DEFINITION, "\"size.$\"")),
        (&template, TEMPLATE, "!Ref Table", 6, &template, line(TEMPLATE, "  Table:\n")),
        (&template, TEMPLATE, "!GetAtt Table", 9, &template, line(TEMPLATE, "  Table:\n")),
        (&template, TEMPLATE, "m.asl.json", 2, &definition, 0),
        (&definition, DEFINITION, "StartAt", 2, &template, line(TEMPLATE, "  Machine:")),
    ] {
        let found = client.at("textDocument/definition", path, text, mark, behind);
        assert_eq!(found[0]["uri"], uri(target), "{mark}: {found}");
        assert_eq!(found[0]["range"]["start"]["line"], target_line, "{mark}");
    }
    let found = client.at("textDocument/references", &template, TEMPLATE, "TableName: !Ref", 2);
    assert_eq!(found.as_array().unwrap().len(), 3, "{found}");
    let found = client.at("textDocument/references", &definition, DEFINITION, "\"Done\": {", 2);
    assert_eq!(found.as_array().unwrap().len(), 3, "{found}");
}

#[test]
fn a_rename_reaches_across_files() {
    let (workspace, mut client) = stack();
    let (template, definition) = (workspace.path("template.yaml"), workspace.path("m.asl.json"));
    let mut rename = |path: &std::path::Path, text: &str, mark: &str, new: &str| {
        let at = text.find(mark).unwrap();
        let line = text[..at].matches('\n').count();
        let character = at - text[..at].rfind('\n').map_or(0, |at| at + 1) + 1;
        let position = json!({"line": line, "character": character});
        client.ask(
            "textDocument/rename",
            json!({"textDocument": {"uri": uri(path)}, "position": position, "newName": new}),
        )
    };
    let found = rename(&definition, DEFINITION, "Put\": {", "Write").unwrap();
    let after = edited(DEFINITION, &found["changes"][uri(&definition)]);
    assert_eq!(after, DEFINITION.replace("\"Put\"", "\"Write\""));
    let found = rename(&definition, DEFINITION, "TableName}", "Records").unwrap();
    assert_eq!(
        edited(DEFINITION, &found["changes"][uri(&definition)]),
        DEFINITION.replace("${TableName}", "${Records}")
    );
    let in_template = edited(TEMPLATE, &found["changes"][uri(&template)]);
    assert_eq!(in_template, TEMPLATE.replace("TableName: !Ref", "Records: !Ref"));
    assert!(rename(&definition, DEFINITION, "Put\": {", "Done").is_err());
    assert!(rename(&template, TEMPLATE, "Table:\n", "Other").is_err());
}

#[test]
fn a_file_has_an_outline() {
    let (workspace, mut client) = stack();
    let document = json!({"textDocument": {"uri": uri(&workspace.path("m.asl.json"))}});
    let states = client.ask("textDocument/documentSymbol", document.clone()).unwrap();
    let names: Vec<&str> = states.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Look", "Known", "Put", "Done"]);
    assert_eq!(states[0]["detail"], "Task · dynamodb:getItem");
    let folds = client.ask("textDocument/foldingRange", document).unwrap();
    assert!(folds.as_array().unwrap().contains(&json!({"startLine": 3, "endLine": 14})), "{folds}");
    let found = client.ask("workspace/symbol", json!({"query": "kno"})).unwrap();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["name"]), (1, &json!("Known")));
    let params = json!({"textDocument": {"uri": uri(&workspace.path("m.asl.json"))}, "positions": [{"line": 4, "character": 16}]});
    let mut selection = client.ask("textDocument/selectionRange", params).unwrap()[0].clone();
    let mut depth = 0;
    while !selection["parent"].is_null() {
        selection = selection["parent"].clone();
        depth += 1;
    }
    assert!(depth >= 4, "{depth}");
    assert_eq!(selection["range"]["start"], json!({"line": 0, "character": 0}));
}

#[test]
fn actions_add_what_is_missing() {
    let (workspace, mut client) = stack();
    let path = workspace.path("m.asl.json");
    let line = DEFINITION[..DEFINITION.find("\"Put\": {").unwrap()].matches('\n').count() as u32;
    let actions = client.code_actions(&path, line, 6);
    let retry = actions.iter().find(|one| one["title"].as_str().unwrap().starts_with("Add a Retry")).unwrap();
    let after = edited(DEFINITION, &retry["edit"]["changes"][uri(&path)]);
    assert!(after.contains("DynamoDB.ThrottlingException"), "{after}");
    let allow = |client: &mut Client, line: u32| {
        let actions = client.code_actions(&path, line, 20);
        actions.into_iter().find(|one| one["title"].as_str().unwrap().starts_with("Allow `dynamodb:PutItem`"))
    };
    let allow = allow(&mut client, line + 2).unwrap();
    let template = workspace.path("template.yaml");
    let after = edited(TEMPLATE, &allow["edit"]["changes"][uri(&template)]);
    client.change(&template, 2, &after);
    assert!(!client.rules(&path).contains(&"IAM601".to_owned()), "{after}");
    // The same where the machine is declared.
    client.change(&template, 3, TEMPLATE);
    let declared = TEMPLATE[..TEMPLATE.find("  Machine:").unwrap()].matches('\n').count() as u32;
    let there = client.code_actions(&template, declared, 4);
    assert!(
        there.iter().any(|one| one["title"].as_str().unwrap().starts_with("Allow `dynamodb:PutItem`")),
        "{there:?}"
    );
}

#[test]
fn lenses_show_pictures_and_prices() {
    let (workspace, mut client) = stack();
    let path = workspace.path("m.asl.json");
    let lenses = client.ask("textDocument/codeLens", json!({"textDocument": {"uri": uri(&path)}})).unwrap();
    let titles: Vec<&str> =
        lenses.as_array().unwrap().iter().map(|one| one["command"]["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["run with a made-up event", "draw", "price"]);
    let mut run = |lens: &Value| {
        let params = json!({"command": lens["command"]["command"], "arguments": lens["command"]["arguments"]});
        client.ask("workspace/executeCommand", params).unwrap()
    };
    assert!(run(&lenses[0])["text"].as_str().unwrap().contains("| Look | dynamodb:getItem |"));
    let picture = run(&lenses[1]);
    assert!(picture["text"].as_str().unwrap().starts_with("<svg"));
    assert_eq!(
        (picture["states"][1]["name"].as_str(), &picture["states"][1]["range"]["start"]["line"]),
        (Some("Known"), &json!(15))
    );
    assert!(run(&lenses[2])["text"].as_str().unwrap().contains("USD"));
    let spec = workspace.path("bucketbook.yaml");
    client.open(&spec, "table: {}\n");
    let lenses = client.ask("textDocument/codeLens", json!({"textDocument": {"uri": uri(&spec)}})).unwrap();
    assert!(lenses[1]["command"]["title"].as_str().unwrap().ends_with("files differ"), "{lenses}");
    let params = json!({"command": "bucketbook.generate", "arguments": [uri(&spec)]});
    client.ask("workspace/executeCommand", params).unwrap();
    assert!(workspace.path("out/template.yaml").exists());
    let lenses = client.ask("textDocument/codeLens", json!({"textDocument": {"uri": uri(&spec)}})).unwrap();
    assert_eq!(lenses[1]["command"]["title"], "check: in step");
}

#[test]
fn a_machine_is_run_with_the_event_that_is_open() {
    let (workspace, mut client) = stack();
    let (template, event) = (workspace.path("template.yaml"), workspace.path("events/one.json"));
    let lenses = |client: &mut Client| {
        let found = client.ask("textDocument/codeLens", json!({"textDocument": {"uri": uri(&template)}})).unwrap();
        let lenses = found.as_array().unwrap().clone();
        lenses.into_iter().filter(|one| one["command"]["command"] == "bucketbook.run").collect::<Vec<_>>()
    };
    let text = r#"{"source": "aws.s3", "detail-type": "Object Created", "detail": {"bucket": {"name": "files"}, "object": {"key": "my/own.txt"}}}"#;
    client.open(&event, text);
    let found = lenses(&mut client);
    // One above the machine, and one above its rule.
    assert_eq!((found.len(), &found[1]["command"]["title"]), (2, &json!("run with one.json")));
    let params = json!({"command": "bucketbook.run", "arguments": found[1]["command"]["arguments"]});
    let page = client.ask("workspace/executeCommand", params.clone()).unwrap();
    assert!(page["text"].as_str().unwrap().contains("my/own.txt"), "{page}");
    client.change(&event, 2, &text.replace("Created", "Deleted"));
    let refused = client.ask("workspace/executeCommand", params).unwrap_err();
    assert!(refused.starts_with("no rule starts the state machine with the event in `one.json`: "), "{refused}");
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri(&event)}}));
    assert_eq!(lenses(&mut client)[0]["command"]["title"], "run with a made-up event");
}

#[test]
fn results_are_shown_by_those_who_can() {
    let workspace = Workspace::new();
    workspace.write("template.yaml", TEMPLATE);
    workspace.write("m.asl.json", DEFINITION);
    let params = |show: bool, options: Value| {
        let capabilities = json!({"window": {"workDoneProgress": true, "showDocument": {"support": show}}});
        json!({"rootUri": uri(&workspace.path("")), "capabilities": capabilities, "initializationOptions": options})
    };
    for (show, options, method) in [
        (true, json!({}), Some("window/showDocument")),
        (false, json!({}), Some("window/showMessage")),
        (true, json!({"showsResults": true}), None),
    ] {
        let mut client = Client::initialized(params(show, options));
        client.settle(&workspace.path("template.yaml"));
        let arguments = json!([uri(&workspace.path("template.yaml"))]);
        client.ask("workspace/executeCommand", json!({"command": "bucketbook.price", "arguments": arguments})).unwrap();
        let shown = client.heard.iter().find(|(method, _)| method.starts_with("window/show"));
        assert_eq!(shown.map(|(method, _)| method.as_str()), method);
        if let Some((_, told)) = shown.filter(|_| show) {
            let path = told["uri"].as_str().unwrap().strip_prefix("file://").unwrap();
            assert!(std::fs::read_to_string(path).unwrap().contains("USD"));
        }
    }
}

#[test]
fn a_page_offers_what_was_meant() {
    let workspace = Workspace::new();
    let spec = workspace.path("bucketbook.yaml");
    let mut client = Client::new(&workspace.path(""));
    let text = "table:\n  layuot: latest\n";
    client.open(&spec, text);
    let actions = client.code_actions(&spec, 1, 4);
    assert_eq!(actions[0]["title"], "Change to `layout`");
    assert_eq!(edited(text, &actions[0]["edit"]["changes"][uri(&spec)]), text.replace("layuot", "layout"));
    assert!(client.code_actions(&spec, 0, 0).is_empty());
}

#[test]
fn hints_are_shown_to_those_who_ask() {
    let workspace = Workspace::new();
    workspace.write("template.yaml", TEMPLATE);
    workspace.write("m.asl.json", DEFINITION);
    let path = workspace.path("template.yaml");
    for (options, shown) in [(json!({}), false), (json!({"inlayHints": true}), true)] {
        let mut client = Client::with_options(&workspace.path(""), options);
        client.open_file(&workspace, "template.yaml");
        client.settle(&path);
        let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
        let params = json!({"textDocument": {"uri": uri(&path)}, "range": range});
        let hints = client.ask("textDocument/inlayHint", params).unwrap();
        assert_eq!(!hints.as_array().unwrap().is_empty(), shown, "{hints}");
        if shown {
            let label = hints[0]["label"].as_str().unwrap();
            assert!(label.starts_with("a million executions: ") && label.ends_with(" USD"), "{label}");
        }
    }
}
