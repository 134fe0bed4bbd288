//! Whatever is typed, the server answers: every beginning of a text, and every file of the samples.

use std::path::PathBuf;

use serde_json::json;

use super::client::{Client, uri};
use crate::common::Workspace;

const REQUESTS: [&str; 6] = [
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/definition",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/codeLens",
];

/// Types a text, and asks everything at some of its beginnings.
fn typed(name: &str, text: &str, every: usize) {
    let workspace = Workspace::new();
    let path = workspace.path(name);
    let mut client = Client::new(&workspace.path(""));
    client.open(&path, "");
    for (number, (at, _)) in text.char_indices().enumerate() {
        let beginning = &text[..at];
        client.change(&path, number as i32 + 2, beginning);
        if number % every == 0 {
            let line = beginning.matches('\n').count();
            let character = beginning[beginning.rfind('\n').map_or(0, |at| at + 1)..].encode_utf16().count();
            let params =
                json!({"textDocument": {"uri": uri(&path)}, "position": {"line": line, "character": character}});
            for method in REQUESTS {
                client.ask(method, params.clone()).unwrap_or_else(|error| panic!("{method} after {at}: {error}"));
            }
        }
    }
    client.settle(&path);
}

const TEMPLATE: &str = "Transform: AWS::Serverless-2016-10-31\nResources:\n  T: {Type: AWS::DynamoDB::Table}\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      DefinitionSubstitutions: {Table: !Ref T, 'é': \"\\u00e9\"}\n      Definition:\n        StartAt: A\n        States:\n          A: {Type: Task, Resource: 'arn:aws:states:::dynamodb:putItem', Parameters: {TableName: '${Table}', Item: {k.$: $.x}}, Next: B}\n          B:\n            Type: Pass\n            Parameters: {a.$: \"States.Format('{}', $.y)\"}\n            End: true\n      Policies:\n        - DynamoDBCrudPolicy: {TableName: !Ref T}\n  N:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      DefinitionString: !Sub |\n        {\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}\n";

#[test]
fn every_beginning_of_a_template_is_answered() {
    typed("template.yaml", TEMPLATE, 7);
}

#[test]
fn every_beginning_of_a_definition_is_answered() {
    let text = "{\n  \"QueryLanguage\": \"JSONata\", \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": { \"Type\": \"Pass\", \"Output\": \"{% {'a': $states.input.b, '😀': $x} %}\", \"Assign\": {\"x\": 1}, \"Next\": \"B\" },\n    \"B\": { \"Type\": \"Map\", \"ItemProcessor\": {\"StartAt\": \"C\", \"States\": {\"C\": {\"Type\": \"Succeed\"}}}, \"End\": true }\n  }\n}\n";
    typed("m.asl.json", text, 5);
}

#[test]
fn every_beginning_of_a_spec_is_answered() {
    typed(
        "bucketbook.yaml",
        "# a\nstack: {name: files}\ntable:\n  layout: history\nevents:\n  deleted: mark\napi: direct\n",
        3,
    );
}

/// Edits at any place, of any text: what an editor asks is answered, or there is no answer; nothing else happens.
#[test]
fn any_edit_is_survived() {
    use bucketbook::ide;
    use bucketbook::loaded::LoadedStack;

    let pieces = [
        "{", "}", "[", "]", "\"", "'", ":", ": ", ",", "\n", "- ", "!Ref ", "${", "$.", "{%", "|", "&a ", "*a", "é",
        "😀", "\\", "#", "\t", "\r",
    ];
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below.max(1) as u64) as usize
    };
    for name in ["template.yaml", "m.asl.yaml", "m.asl.json"] {
        let mut text = TEMPLATE.to_owned();
        for round in 0..400 {
            if round % 40 == 0 {
                text = TEMPLATE.to_owned();
            }
            let at = text.floor_char_boundary(next(text.len() + 1));
            match next(2) {
                0 => text.insert_str(at, pieces[next(pieces.len())]),
                _ => {
                    let end = text.ceil_char_boundary((at + next(20)).min(text.len()));
                    text.replace_range(at..end, "");
                }
            }
            let mended = ide::mended(std::path::Path::new(name), &text);
            let stack = LoadedStack::from_text(name, mended.as_deref().unwrap_or(&text)).unwrap_or_else(|stack| *stack);
            for place in [at, next(text.len() + 1)] {
                ide::completions(&stack, 0, &text, place);
                ide::hover(&stack, 0, place);
                ide::selections(&stack, 0, place);
                let _ = ide::rename(&stack, 0, place, "New");
            }
            ide::symbols(&stack, 0);
        }
    }
}

/// The samples of others, where the corpus is there.
#[test]
fn every_sample_is_opened() {
    let Some(corpus) = std::env::var_os("BUCKETBOOK_CORPUS").map(PathBuf::from) else { return };
    let root = corpus.join("samples");
    let mut client = Client::new(&root);
    let files = bucketbook::loaded::files(&root).unwrap();
    assert!(files.len() > 20);
    for path in &files {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        client.open(path, &text);
        let middle = text.lines().count() / 2;
        for line in [0, middle, middle * 2] {
            let params = json!({"textDocument": {"uri": uri(path)}, "position": {"line": line, "character": 12}});
            for method in REQUESTS {
                client.ask(method, params.clone()).unwrap();
            }
        }
    }
    client.settle(&files[0]);
    // What is open has the findings of what is on disk.
    let linted = bucketbook::lint::lint(
        bucketbook::loaded::load(std::slice::from_ref(&root)).unwrap(),
        &bucketbook::lint::Selection::default(),
    );
    for one in &linted {
        for (index, document) in one.stack.documents.iter().enumerate() {
            let here = one.findings.iter().filter(|finding| finding.place.document == index).count();
            let said = client.published.get(&uri(&document.path)).and_then(|one| one.as_array()).map_or(0, Vec::len);
            assert!(said >= here || here == 0, "{}: {said} of {here}", document.path.display());
        }
    }
}
