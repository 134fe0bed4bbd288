//! Specs and scenarios: what is said of a place in them, and of files that nobody has opened.

use serde_json::{Value, json};

use super::client::{Client, uri};
use super::places::{completed, labels};
use crate::common::Workspace;

const SPEC: &str = "stack: {name: files}\ntable:\n  layout: latest\nattributes: [size]\nindexes:\n  - name: bySize\n    partition: size\nevents:\n  deleted: mark\n";

const SCENARIO: &str = "stack: out/template.yaml\nwhen:\n  - put: photos/cat.jpg\nthen:\n  executions: 1\n  tables:\n    FilesTable:\n      - {fileName: photos/cat.jpg}\n";

fn pages() -> (Workspace, Client) {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yaml", SPEC);
    workspace.write("s.yaml", SCENARIO);
    assert_eq!(workspace.run(&["generate"]).0, 0);
    let mut client = Client::new(&workspace.path(""));
    client.open_file(&workspace, "bucketbook.yaml");
    client.open_file(&workspace, "s.yaml");
    client.settle(&workspace.path("s.yaml"));
    (workspace, client)
}

#[test]
fn a_page_has_an_outline_folds_and_growing_selections() {
    let (workspace, mut client) = pages();
    let path = workspace.path("s.yaml");
    let document = json!({"textDocument": {"uri": uri(&path)}});
    let symbols = client.ask("textDocument/documentSymbol", document.clone()).unwrap();
    let named = |found: &Value| -> Vec<String> {
        found.as_array().into_iter().flatten().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(named(&symbols), ["stack", "when", "then"]);
    assert_eq!(named(&symbols[1]["children"]), ["put: photos/cat.jpg"]);
    let folds = client.ask("textDocument/foldingRange", document).unwrap();
    let lines: Vec<(u64, u64)> = folds
        .as_array()
        .unwrap()
        .iter()
        .map(|fold| (fold["startLine"].as_u64().unwrap(), fold["endLine"].as_u64().unwrap()))
        .collect();
    assert_eq!(lines, [(1, 2), (3, 7), (5, 7), (6, 7)]);
    let params = json!({"textDocument": {"uri": uri(&path)}, "positions": [{"line": 2, "character": 10}]});
    let selections = client.ask("textDocument/selectionRange", params).unwrap();
    let texts: Vec<u64> = std::iter::successors(Some(&selections[0]), |one| one.get("parent"))
        .map(|one| {
            one["range"]["start"]["line"].as_u64().unwrap() * 100 + one["range"]["start"]["character"].as_u64().unwrap()
        })
        .collect();
    assert!(texts.len() >= 4 && texts.is_sorted_by(|inner, outer| inner >= outer), "{texts:?}");
}

#[test]
fn a_page_is_completed_with_names_and_without_what_it_has() {
    let (workspace, mut client) = pages();
    let mut version = 1;
    for (file, base, old, new, yes, no) in [
        ("bucketbook.yaml", SPEC, "  layout: latest\n", "  layout: latest\n  ^\n", "name", "layout"),
        ("bucketbook.yaml", SPEC, "partition: size", "partition: ^", "size", "eTag"),
        ("bucketbook.yaml", SPEC, "events:\n", "outputs: {^}\nevents:\n", "TableName", "events"),
        ("bucketbook.yaml", SPEC, "[size]", "[size, ^]", "etag", "name"),
        ("s.yaml", SCENARIO, "    FilesTable:\n", "    ^\n", "FilesTable", "size"),
        ("s.yaml", SCENARIO, "{fileName: photos/cat.jpg}", "{^}", "fileName", "FilesTable"),
        ("s.yaml", SCENARIO, "  executions: 1\n", "  path: [^]\n", "PutObject", "executions"),
        ("s.yaml", SCENARIO, "  executions: 1\n", "  calls:\n    - call: ^\n", "dynamodb:putItem", "executions"),
        ("s.yaml", SCENARIO, "- put: photos/cat.jpg", "- start: {machine: ^}", "ObjectCreatedStateMachine", "put"),
        ("s.yaml", SCENARIO, "then:\n", "th^\n", "then", "when"),
    ] {
        version += 1;
        let text = base.replace(old, new);
        assert_ne!(text, base, "{old}");
        let found = completed(&mut client, &workspace.path(file), version, &text);
        let labels = labels(&found);
        assert!(labels.contains(&yes) && !labels.contains(&no), "{new}: {labels:?}");
    }
}

#[test]
fn a_page_that_nobody_opened_is_judged() {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yaml", "tabel: {}\n");
    workspace.write("tests/s.yaml", "when:\n  - putt: a\nthen: {}\n");
    workspace.write("template.yaml", "Resources: {}\n");
    let mut client = Client::new(&workspace.path(""));
    client.settle(&workspace.path("template.yaml"));
    for name in ["bucketbook.yaml", "tests/s.yaml"] {
        let said = client.published[&uri(&workspace.path(name))].to_string();
        assert!(said.contains("did you mean"), "{name}: {said}");
    }
    // What is typed counts before what is on disk, and what is on disk counts again once the file is closed.
    let path = workspace.path("bucketbook.yaml");
    client.open(&path, "table: {}\n");
    assert_eq!(client.rules(&path), Vec::<String>::new());
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri(&path)}}));
    client.settle(&path);
    assert!(client.published[&uri(&path)].to_string().contains("tabel"));
}

#[test]
fn the_command_explains_pages_as_the_editor_does() {
    let (workspace, mut client) = pages();
    for (file, text, mark) in [("bucketbook.yaml", SPEC, "deleted"), ("s.yaml", SCENARIO, "executions")] {
        let shown = client.at("textDocument/hover", &workspace.path(file), text, mark, 2);
        let shown = shown["contents"]["value"].as_str().unwrap();
        let at = text.find(mark).unwrap();
        let (line, column) = (text[..at].matches('\n').count() + 1, at - text[..at].rfind('\n').unwrap());
        let (code, told, error) = workspace.run(&["lint", "--explain-path", &format!("{file}:{line}:{column}")]);
        assert_eq!((code, told.trim_end(), error.as_str()), (0, shown, ""));
    }
    let (code, _, error) = workspace.run(&["lint", "--explain-path", "s.yaml:99:1"]);
    assert!(code == 2 && error.contains("has no line 99"), "{error}");
}

#[test]
fn a_state_is_renamed_in_the_scenarios_about_it() {
    let (workspace, mut client) = pages();
    let text = "stack: out/template.yaml\nwhen:\n  - fault: throttle PutObject twice\n  - put: PutObject\nthen:\n  path: [Query, ObjectExists, PutObject]\n  calls:\n    - {state: \"PutObject\"}\n";
    client.change(&workspace.path("s.yaml"), 2, text);
    let name = "out/definitions/object_created.asl.json";
    let definition = workspace.read(name);
    let at = definition.find("\"PutObject\": {").unwrap();
    let (line, column) = (definition[..at].matches('\n').count(), at - definition[..at].rfind('\n').unwrap());
    for (new, written) in [("Put", "Put"), ("1: a", "\"1: a\"")] {
        let params = json!({
            "textDocument": {"uri": uri(&workspace.path(name))},
            "position": {"line": line, "character": column + 1},
            "newName": new,
        });
        let edit = client.ask("textDocument/rename", params).unwrap();
        let edits = &edit["changes"][uri(&workspace.path("s.yaml"))];
        let renamed = super::client::edited(text, edits);
        let expected = text
            .replace("throttle PutObject", &format!("throttle {new}"))
            .replace("PutObject]", &format!("{written}]"))
            .replace("\"PutObject\"", &format!("\"{new}\""));
        assert_eq!(renamed, expected);
    }
}
