//! What is found is what the command finds, of what is open and of what is not.

use bucketbook::lsp::Ended;
use lsp_server::{Connection, Message, Notification, Request};
use serde_json::json;

use super::client::{Client, edited, uri};
use crate::common::Workspace;

const TEMPLATE: &str = "Transform: AWS::Serverless-2016-10-31
Resources:
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: m.asl.json
      DefinitionSubstitutions:
        Table: files
";

const DEFINITION: &str = r#"{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Result": "${Table}", "Next": "B" },
    "B": { "Type": "Pass", "Nxt": "A", "End": true }
  }
}
"#;

fn stack() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("template.yaml", TEMPLATE);
    workspace.write("m.asl.json", DEFINITION);
    workspace
}

/// The rules that the command finds in a file.
fn commanded(workspace: &Workspace, file: &str) -> Vec<String> {
    let (_, out, _) = workspace.run(&["lint", ".", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["file"] == file);
    findings.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn unopened_files_have_the_commands_findings() {
    let workspace = stack();
    let mut client = Client::new(&workspace.path(""));
    client.settle(&workspace.path("template.yaml"));
    for file in ["template.yaml", "m.asl.json"] {
        assert_eq!(client.rules(&workspace.path(file)), commanded(&workspace, file), "{file}");
    }
    assert!(!commanded(&workspace, "m.asl.json").is_empty());
    assert_eq!(client.end(), Ended::Asked);
}

#[test]
fn an_edit_of_the_template_judges_the_definition_beside_it() {
    let workspace = stack();
    let (template, definition) = (workspace.path("template.yaml"), workspace.path("m.asl.json"));
    let mut client = Client::new(&workspace.path(""));
    client.open_file(&workspace, "template.yaml");
    client.open_file(&workspace, "m.asl.json");
    let before = client.rules(&definition);
    client.change(&template, 2, &TEMPLATE.replace("Table: files", "Tabel: files"));
    let after = client.rules(&definition);
    assert_ne!(before, after, "`${{Table}}` is not given any more");
    client.change(&template, 3, TEMPLATE);
    assert_eq!(client.rules(&definition), before);
    // Closed without being saved: what is on disk counts.
    client.change(&definition, 2, "{}");
    assert_ne!(client.rules(&definition), before);
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri(&definition)}}));
    assert_eq!(client.rules(&definition), before);
}

#[test]
fn a_definition_stands_alone_until_a_template_names_it() {
    let workspace = Workspace::new();
    let (template, definition) = (workspace.path("template.yaml"), workspace.path("m.asl.json"));
    workspace.write("m.asl.json", DEFINITION);
    let mut client = Client::new(&workspace.path(""));
    client.open_file(&workspace, "m.asl.json");
    let alone = client.rules(&definition);
    client.open(&template, TEMPLATE);
    client.rules(&template);
    client.change(&template, 2, &TEMPLATE.replace("m.asl.json", "other.asl.json"));
    assert!(client.rules(&template).contains(&"CFN401".to_owned()), "{:?}", client.published);
    assert_eq!(client.rules(&definition), alone);
}

#[test]
fn settings_comments_and_baselines_count() {
    let workspace = stack();
    let file = workspace.path("m.asl.json");
    let found = commanded(&workspace, "m.asl.json");
    let rule = found[0].clone();
    workspace.write("bucketbook-lint.toml", format!("ignore = [\"{rule}\"]\n"));
    let mut client = Client::new(&workspace.path(""));
    client.open_file(&workspace, "m.asl.json");
    assert!(!client.rules(&file).contains(&rule));
    workspace.write("bucketbook-lint.toml", "");
    let settings = json!({"changes": [{"uri": uri(&workspace.path("bucketbook-lint.toml")), "type": 2}]});
    client.notify("workspace/didChangeWatchedFiles", settings);
    assert!(client.rules(&file).contains(&rule));
    workspace.run(&["lint", ".", "--write-baseline", "known.json"]);
    let mut client = Client::with_options(&workspace.path(""), json!({"baseline": "known.json"}));
    client.open_file(&workspace, "m.asl.json");
    assert_eq!(client.rules(&file), Vec::<String>::new());
}

/// Every fix of the command is an action, and makes of the text what the command makes of it.
#[test]
fn fixes_are_those_of_the_command() {
    let workspace = stack();
    let file = workspace.path("m.asl.json");
    let text = DEFINITION.replace("\"Result\"", "\"Coment\": \"x\", \"Result\"");
    workspace.write("m.asl.json", &text);
    let mut client = Client::new(&workspace.path(""));
    client.open(&file, &text);
    client.settle(&file);
    let actions = client.code_actions(&file, 3, 28);
    let all = actions.iter().find(|action| action["kind"] == "source.fixAll").unwrap_or_else(|| panic!("{actions:?}"));
    let mended = edited(&text, &all["edit"]["changes"][uri(&file)]);
    workspace.run(&["lint", ".", "--fix"]);
    assert_eq!(mended, workspace.read("m.asl.json"));
    assert!(actions.iter().any(|action| action["title"].as_str().unwrap().ends_with(" here")));
    let settings = actions.iter().find(|action| action["title"].as_str().unwrap().ends_with("bucketbook-lint.toml"));
    let changes = &settings.unwrap()["edit"]["documentChanges"];
    assert_eq!(
        (&changes[0]["kind"], &changes[1]["edits"][0]["newText"].as_str().unwrap()[..10]),
        (&json!("create"), "ignore = [")
    );
}

#[test]
fn a_spec_and_a_scenario_say_what_is_wrong() {
    let workspace = Workspace::new();
    let (spec, scenario) = (workspace.path("bucketbook.yaml"), workspace.path("scenarios/a.yaml"));
    let mut client = Client::new(&workspace.path(""));
    client.open(&spec, "tabel: {}\n");
    client.open(&scenario, "when: []\nthen: {}\n");
    client.settle(&spec);
    let message = client.published[&uri(&spec)][0]["message"].as_str().unwrap();
    assert_eq!(message, "unknown key `tabel`\nhelp: did you mean `table`?");
    assert!(
        client.published[&uri(&scenario)][0]["message"].as_str().unwrap().starts_with("this scenario has no events")
    );
    client.change(&spec, 2, "table: {layout: history}\nevents: {deleted: remove}\n");
    client.settle(&spec);
    assert_eq!(client.published[&uri(&spec)][0]["range"]["start"], json!({"line": 1, "character": 18}));
}

#[test]
fn positions_are_those_of_the_client() {
    let workspace = Workspace::new();
    let file = workspace.path("m.asl.yaml");
    let text = "\u{feff}Comment: '😀é'\r\nStartAt: &s A\r\nStates:\r\n  A: {Comment: '😀', Type: Pass, Next: Gone}\r\n";
    let mut client = Client::new(&workspace.path(""));
    client.open(&file, text);
    client.settle(&file);
    let found = &client.published[&uri(&file)];
    let gone =
        found.as_array().unwrap().iter().find(|one| one["code"] == "ASL010").unwrap_or_else(|| panic!("{found}"));
    assert_eq!(gone["range"]["start"]["line"], 3);
    let line = text.lines().nth(3).unwrap();
    let column = line[..line.find("Gone").unwrap()].encode_utf16().count();
    assert_eq!(gone["range"]["start"]["character"], column);
    // An edit of a part: the letters behind two that take two units each.
    let start = json!({"line": 3, "character": column});
    let range = json!({"start": start, "end": {"line": 3, "character": column + 4}});
    let change =
        json!({"textDocument": {"uri": uri(&file), "version": 2}, "contentChanges": [{"range": range, "text": "A"}]});
    client.notify("textDocument/didChange", change);
    assert!(!client.rules(&file).contains(&"ASL010".to_owned()));
}

#[test]
fn what_is_taken_back_is_not_answered() {
    let workspace = stack();
    let mut client = Client::new(&workspace.path(""));
    let params = json!({"textDocument": {"uri": uri(&workspace.path("m.asl.json"))}, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "context": {"diagnostics": []}});
    // Many at once: some are taken back before they are looked at. Every one is answered.
    let ids: Vec<_> = (0..50).map(|_| client.send("textDocument/codeAction", params.clone())).collect();
    for id in &ids {
        client.notify("$/cancelRequest", json!({"id": serde_json::to_value(id).unwrap()}));
    }
    for id in &ids {
        client.wait(id);
    }
    assert_eq!(client.end(), Ended::Asked);
}

#[test]
fn a_client_that_is_gone_ends_the_server() {
    let workspace = stack();
    assert_eq!(Client::new(&workspace.path("")).vanish(), Ended::Alone);
}

#[test]
fn the_first_request_is_to_initialize() {
    let (server, client) = Connection::memory();
    let server = std::thread::spawn(move || bucketbook::lsp::serve(server, None));
    let ask = |id: i32, method: &str| {
        let request = Request::new(id.into(), method.to_owned(), json!({"capabilities": {}}));
        client.sender.send(request.into()).unwrap();
        match client.receiver.recv_timeout(std::time::Duration::from_secs(60)).unwrap() {
            Message::Response(response) => response.response_result.map_err(|error| error.message),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        ask(1, "textDocument/hover").unwrap_err(),
        "the first request must be `initialize`, not `textDocument/hover`"
    );
    assert!(ask(2, "initialize").is_ok());
    assert_eq!(ask(3, "initialize").unwrap_err(), "the server is initialized already");
    assert!(ask(4, "shutdown").is_ok());
    client.sender.send(Notification::new("exit".to_owned(), json!({})).into()).unwrap();
    assert_eq!(server.join().unwrap(), Ended::Asked);
}

#[test]
fn what_is_not_known_is_refused_and_nothing_else() {
    let workspace = stack();
    let mut client = Client::new(&workspace.path(""));
    assert!(client.ask("textDocument/moniker", json!({})).is_err());
    assert!(client.ask("textDocument/codeAction", json!({"nonsense": 1})).is_err());
    client.notify("textDocument/didChange", json!({"nonsense": 1}));
    client.notify(
        "textDocument/didOpen",
        json!({"textDocument": {"uri": "untitled:1", "languageId": "x", "version": 1, "text": "{"}}),
    );
    assert_eq!(client.end(), Ended::Asked);
}
