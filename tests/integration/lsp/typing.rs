//! Whatever is typed, the server answers: every beginning of a text, and every file of the samples.

use std::path::PathBuf;

use serde_json::json;

use super::client::{Client, edited, uri};
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

/// The files of the smallest starter: at the end of each line, and within it.
#[test]
fn every_line_of_a_generated_stack_is_answered() {
    let generated = Workspace::new();
    generated.run(&["init", "--template", "article"]);
    assert_eq!(generated.run(&["generate"]).0, 0);
    for name in ["template.yaml", "definitions/object_created.asl.json"] {
        let text = generated.read(&format!("out/{name}"));
        let path = generated.path(&format!("out/{name}"));
        let mut client = Client::new(&generated.path("out"));
        client.open(&path, "");
        let mut from = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let column = if number % 2 == 0 { line.trim_end().len() } else { line.len() / 2 };
            let column = line.floor_char_boundary(column);
            client.change(&path, number as i32 + 2, &text[..from + column]);
            let position = json!({"line": number, "character": line[..column].encode_utf16().count()});
            let params = json!({"textDocument": {"uri": uri(&path)}, "position": position});
            for method in REQUESTS {
                client.ask(method, params.clone()).unwrap_or_else(|error| panic!("{name}:{number} {method}: {error}"));
            }
            from += line.len();
        }
        client.change(&path, 9999, &text);
        assert_eq!(client.rules(&path), Vec::<String>::new(), "{name}");
    }
}

/// What is typed here, and by Neovim in tests/judges/typed.lua: names of states and resources and numbers are the author's, everything else is
/// proposed.
const TEMPLATE_TYPED: &str = include_str!("../../typed/template.txt");
const DEFINITION_TYPED: &str = include_str!("../../typed/definition.txt");

/// Types a text in which everything between `«` and `»` has to be proposed where it is due, and is taken from the proposals.
fn typed_with_completion(client: &mut Client, path: &std::path::Path, script: &str, version: &mut i32) {
    let mut text = String::new();
    for (number, piece) in script.split('«').enumerate() {
        let (chosen, by_hand) = if number == 0 { ("", piece) } else { piece.split_once('»').unwrap() };
        if !chosen.is_empty() {
            *version += 1;
            client.change(path, *version, &text);
            let line = text.matches('\n').count();
            let character = text[text.rfind('\n').map_or(0, |at| at + 1)..].encode_utf16().count();
            let position = json!({"line": line, "character": character});
            let params = json!({"textDocument": {"uri": uri(path)}, "position": position});
            let found = client.ask("textDocument/completion", params).unwrap();
            let items = found["items"].as_array().unwrap();
            let item = items.iter().find(|item| item["label"] == chosen).unwrap_or_else(|| {
                let labels: Vec<&str> = items.iter().filter_map(|item| item["label"].as_str()).collect();
                panic!("`{chosen}` is not proposed but {labels:?} after\n{text}")
            });
            text = edited(&text, &json!([item["textEdit"]]));
        }
        // What a proposal brought with it is not typed again, and nothing stands behind a key that has its value below.
        if text.ends_with(": ") && by_hand.starts_with(":\n") {
            text.pop();
        }
        let brought =
            (0..=by_hand.len()).rev().find(|end| by_hand.is_char_boundary(*end) && text.ends_with(&by_hand[..*end]));
        text.push_str(&by_hand[brought.filter(|_| !chosen.is_empty()).unwrap_or(0)..]);
    }
    *version += 1;
    client.change(path, *version, &text);
    std::fs::write(path, &text).unwrap();
}

#[test]
fn a_stack_is_typed_with_completion() {
    let workspace = Workspace::new();
    let (template, definition) = (workspace.path("template.yaml"), workspace.path("m.asl.json"));
    let mut client = Client::new(&workspace.path(""));
    client.open(&definition, "");
    client.open(&template, "");
    let mut version = 1;
    // The events that start it are known once the template says so.
    let begun = DEFINITION_TYPED.replace("$.«detail».«object».«key»", "$.detail.object.key");
    typed_with_completion(&mut client, &definition, &begun, &mut version);
    typed_with_completion(&mut client, &template, TEMPLATE_TYPED, &mut version);
    assert_eq!(client.rules(&template), Vec::<String>::new(), "{:?}", client.published);
    typed_with_completion(&mut client, &definition, DEFINITION_TYPED, &mut version);
    assert_eq!(client.rules(&definition), Vec::<String>::new(), "{:?}", client.published);
}

/// The stack of the walk-through with its eight faults (docs/faults.md), its files pasted piece by piece.
#[test]
fn the_eight_faults_appear_while_the_listing_is_pasted() {
    let Some(corpus) = std::env::var_os("BUCKETBOOK_CORPUS").map(PathBuf::from) else { return };
    let workspace = Workspace::new();
    let mut client = Client::new(&workspace.path(""));
    let (mut version, mut written) = (1, Vec::new());
    for (name, expected) in [
        ("template.yaml", &["IAM602"][..]),
        (
            "definitions/object_created.asl.json",
            &["ASL001", "FLOW107", "DDB301", "DDB307", "DDB308", "FLOW103", "REL705"],
        ),
    ] {
        let text = std::fs::read_to_string(corpus.join("article").join(name)).unwrap();
        let path = workspace.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        client.open(&path, "");
        let mut pasted = String::new();
        for piece in text.split_inclusive('\n') {
            pasted.push_str(piece);
            version += 1;
            client.change(&path, version, &pasted);
            client.settle(&path);
        }
        std::fs::write(&path, &text).unwrap();
        written.push((path, expected));
    }
    for (path, expected) in written {
        let shown = client.rules(&path);
        for rule in expected {
            assert!(shown.iter().any(|one| one == rule), "{rule} is not among {shown:?}");
        }
    }
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
