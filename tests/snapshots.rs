//! What is rendered, locked: every starter whole, every option, the JSON Schema.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects by failing")]

use bucketbook::catalog;
use bucketbook::source::Source;
use bucketbook::spec::{Document, STARTERS, Spec};

fn render(spec: &str) -> String {
    let document = Document::parse(Source::new("bucketbook.yaml", spec)).map_err(|(_, fault)| fault).unwrap();
    let files = catalog::stack(&document.spec).unwrap().files().unwrap();
    files.iter().map(|file| format!("==> {} <==\n{}", file.path, file.text)).collect::<Vec<_>>().join("\n")
}

#[test]
fn starters() {
    for starter in STARTERS {
        insta::assert_snapshot!(format!("starter-{}", starter.name), render(starter.text));
    }
}

#[test]
fn options() {
    for (name, spec) in [
        ("express", "state_machine: {type: EXPRESS}"),
        ("versioned", "bucket: {versioned: true}"),
        ("history-unversioned", "table: {layout: history}"),
        (
            "names",
            "{stack: {name: Mine}, bucket: {name: my.bucket-1}, table: {name: my_Table.1}, state_machine: {name: 'Dateien!(1)'}}",
        ),
        (
            "reserved-attribute-names",
            "table: {layout: history, attribute_names: {file_name: name, last_modified: timestamp}}",
        ),
        ("api", "api: {}"),
        ("api-history", "{table: {layout: history}, api: {auth: none, access_logs: none}}"),
        ("api-key", "api: {auth: api-key, throttling: {rate: 5, burst: 10}}"),
        ("api-lambda", "api: {type: lambda}"),
        ("api-lambda-history", "{table: {layout: history}, api: {type: lambda, auth: none, access_logs: none}}"),
        (
            "api-cognito",
            "api: {auth: {cognito: {user_pool: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_aB3'}}}",
        ),
        (
            "odd-attribute-names",
            r#"table: {layout: history, attribute_names: {file_name: "- 'a': \"b\" #", last_modified: "日\n本"}}"#,
        ),
    ] {
        insta::assert_snapshot!(format!("option-{name}"), render(spec));
    }
}

#[test]
fn the_article_is_the_default() {
    let article = STARTERS[0];
    assert_eq!(article.name, "article");
    let document = Document::parse(Source::new("x", article.text)).map_err(|(_, fault)| fault).unwrap();
    assert_eq!(document.spec, Spec::default());
}

#[test]
fn schema() {
    insta::assert_snapshot!(Spec::json_schema());
}

#[test]
fn starters_are_valid_by_the_schema_that_they_name() {
    let schema: serde_json::Value = serde_json::from_str(&Spec::json_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for starter in STARTERS {
        let first = starter.text.lines().next().unwrap();
        assert_eq!(first, "# yaml-language-server: $schema=./bucketbook.schema.json", "{}", starter.name);
        let value: serde_json::Value = serde_yaml::from_str(starter.text).unwrap();
        assert!(validator.is_valid(&value), "{}", starter.name);
    }
    for wrong in
        [r#"{"tabel": {}}"#, r#"{"table": {"layout": "newest"}}"#, r#"{"bucket": {"name": "My_Bucket"}}"#, "[]"]
    {
        assert!(!validator.is_valid(&serde_json::from_str(wrong).unwrap()), "{wrong}");
    }
}
