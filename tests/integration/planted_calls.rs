//! Faults in service calls, DynamoDB requests and permissions, planted one at a time in the default stack, and the rule that finds each.

use std::path::Path;

use bucketbook::lint::{Finding, Selection, lint};
use bucketbook::loaded::load;

const TEMPLATE: &str = "template.yaml";
const DEFINITION: &str = "definitions/object_created.asl.json";

/// The file, the rule, what is replaced, and by what.
const PLANTED: &[(&str, &str, &str, &str)] = &[
    (DEFINITION, "API201", "aws-sdk:dynamodb:query", "aws-sdk:dynamodb:queryItems"),
    (DEFINITION, "API201", "dynamodb:putItem", "dynamodb:PutItem"),
    (DEFINITION, "API201", "aws-sdk:dynamodb:query", "aws-sdk:dynamoDB:query"),
    (DEFINITION, "API201", "states:::dynamodb:putItem", "states:::dynamdb:putItem"),
    (DEFINITION, "API201", "aws-sdk:dynamodb:query", "dynamodb:query"),
    (DEFINITION, "API201", r#"dynamodb:updateItem""#, r#"dynamodb:updateItem.sync""#),
    (DEFINITION, "API201", r#"aws-sdk:dynamodb:query""#, r#"aws-sdk:dynamodb:query.sync""#),
    (
        DEFINITION,
        "API202",
        r#""TableName": "${TableName}",
        "Key": {"#,
        r#""Key": {"#,
    ),
    (
        DEFINITION,
        "API203",
        r#""TableName": "${TableName}",
        "Key": {"#,
        r#""tableName": "${TableName}",
        "Key": {"#,
    ),
    (DEFINITION, "API203", r#""KeyConditionExpression""#, r#""KeyConditionExpresion""#),
    (DEFINITION, "API203", r#""Limit": 1"#, r#""Limit": 1, "Colour": "red""#),
    (DEFINITION, "API204", r#""Limit": 1"#, r#""Limit": "one""#),
    (DEFINITION, "API205", r#""COUNT""#, r#""NUMBER""#),
    (DEFINITION, "API204", r#""Limit": 1"#, r#""Limit": true"#),
    (DEFINITION, "DDB301", "SET lastModified = :lastModified", "SET lastModified : :lastModified"),
    (DEFINITION, "DDB301", "SET lastModified = :lastModified", "SET lastModified"),
    (DEFINITION, "DDB301", "etag = :etag, sequencer", "etag = :etag SET sequencer"),
    (DEFINITION, "DDB301", "etag = :etag, sequencer", "etag = :etag sequencer"),
    (DEFINITION, "DDB301", r#"sequencer = :sequencer""#, r#"sequencer = :sequencer,""#),
    (DEFINITION, "DDB301", r#""SET lastModified"#, r#""lastModified"#),
    (DEFINITION, "DDB301", "sequencer < :sequencer", "sequencer == :sequencer"),
    (DEFINITION, "DDB301", "attribute_not_exists(sequencer) OR", "attribute_not_exist(sequencer) OR"),
    (DEFINITION, "DDB301", "attribute_not_exists(sequencer) OR", "ATTRIBUTE_NOT_EXISTS(sequencer) OR"),
    (DEFINITION, "DDB301", "attribute_not_exists(sequencer) OR", "attribute_not_exists() OR"),
    (DEFINITION, "DDB301", "attribute_not_exists(sequencer) OR", "(attribute_not_exists(sequencer) OR"),
    (DEFINITION, "DDB302", "fileName = :fileName", "fileName = :file"),
    (DEFINITION, "DDB302", "#size = :size", "#bytes = :size"),
    (DEFINITION, "DDB303", "etag = :etag, ", ""),
    (DEFINITION, "DDB303", "#size = :size", "bytes = :size"),
    (DEFINITION, "DDB304", "#size = :size", "size = :size"),
    (DEFINITION, "DDB304", "etag = :etag", "status = :etag"),
    (DEFINITION, "DDB305", "etag = :etag", "lastModified = :etag"),
    (DEFINITION, "DDB308", "etag = :etag", "fileName = :etag"),
    (
        DEFINITION,
        "DDB307",
        r#""Key": {
          "fileName""#,
        r#""Key": {
          "file""#,
    ),
    (
        DEFINITION,
        "DDB307",
        r#""Key": {
          "fileName": {"#,
        r#""Key": {
          "x": {"S": "1"}, "fileName": {"#,
    ),
    (
        DEFINITION,
        "DDB307",
        r#""Key": {
          "fileName": {
            "S.$""#,
        r#""Key": {
          "fileName": {
            "N.$""#,
    ),
    (
        DEFINITION,
        "DDB307",
        r#""Item": {
          "fileName""#,
        r#""Item": {
          "file""#,
    ),
    (DEFINITION, "DDB309", r#""fileName = :fileName""#, r#""etag = :fileName""#),
    (DEFINITION, "DDB309", r#""fileName = :fileName""#, r#""fileName > :fileName""#),
    (
        DEFINITION,
        "DDB309",
        r#"":fileName": {
            "S.$""#,
        r#"":fileName": {
            "N.$""#,
    ),
    (DEFINITION, "DDB309", r#""Select": "COUNT""#, r#""IndexName": "ByTag", "Select": "COUNT""#),
    (DEFINITION, "DDB309", r#""KeyConditionExpression": "fileName = :fileName","#, ""),
    (
        DEFINITION,
        "API203",
        r#"":etag": {
            "S.$""#,
        r#"":etag": {
            "X.$""#,
    ),
    (
        DEFINITION,
        "DDB310",
        r#"":etag": {
            "S.$""#,
        r#"":etag": {
            "N": "1", "S.$""#,
    ),
    (DEFINITION, "API204", r#""N.$": "States.Format('{}', $.detail.object.size)""#, r#""N": 5"#),
    (DEFINITION, "DDB310", r#""N.$": "States.Format('{}', $.detail.object.size)""#, r#""N": "five""#),
    (
        DEFINITION,
        "DDB310",
        r#"":etag": {
            "S.$": "$.detail.object.etag""#,
        r#"":etag": {
            "SS": []"#,
    ),
    (DEFINITION, "DDB306", "etag = :etag", "n = n + :etag"),
    (DEFINITION, "DDB311", r#""Item": {"#, r#""ReturnValues": "ALL_NEW", "Item": {"#),
    (
        DEFINITION,
        "API206",
        r#""DynamoDB.ConditionalCheckFailedException""#,
        r#""DynamoDb.ConditionalCheckFailedException""#,
    ),
    (DEFINITION, "IAM601", "dynamodb:putItem", "dynamodb:deleteItem"),
    (
        TEMPLATE,
        "IAM601",
        "                - dynamodb:PutItem
",
        "",
    ),
    (
        TEMPLATE,
        "IAM601",
        "                - dynamodb:Query
",
        "",
    ),
    (TEMPLATE, "IAM601", "dynamodb:UpdateItem", "dynamodb:UpdateItems"),
    (TEMPLATE, "IAM601", "!GetAtt FilesTable.Arn", "!GetAtt FilesBucket.Arn"),
    (TEMPLATE, "IAM603", "!GetAtt FilesTable.Arn", "'*'"),
    (
        TEMPLATE,
        "IAM603",
        "- dynamodb:PutItem
                - dynamodb:Query
                - dynamodb:UpdateItem",
        "- dynamodb:*",
    ),
    (
        TEMPLATE,
        "IAM602",
        "- dynamodb:Query",
        "- dynamodb:Query
                - dynamodb:Scan",
    ),
    (
        TEMPLATE,
        "IAM602",
        "      Policies:
",
        "      Policies:
        - CloudWatchLogsFullAccess
",
    ),
    (
        TEMPLATE,
        "IAM601",
        "      Policies:
        - Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action:
                - dynamodb:PutItem
                - dynamodb:Query
                - dynamodb:UpdateItem
              Resource: !GetAtt FilesTable.Arn
",
        "",
    ),
    (
        TEMPLATE,
        "DDB307",
        "AttributeName: fileName
          KeyType",
        "AttributeName: name
          KeyType",
    ),
    (TEMPLATE, "DDB307", "AttributeType: S", "AttributeType: N"),
    (
        TEMPLATE,
        "DDB307",
        "KeyType: HASH",
        "KeyType: HASH
        - AttributeName: etag
          KeyType: RANGE",
    ),
];

/// What is found in the default stack with one text in one of its files replaced.
fn found(file: &str, from: &str, to: &str) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("definitions")).unwrap();
    for path in [TEMPLATE, DEFINITION] {
        let text = std::fs::read_to_string(Path::new("out").join(path)).unwrap();
        let text = if path == file { text.replacen(from, to, 1) } else { text };
        std::fs::write(folder.path().join(path), text).unwrap();
    }
    let linted = lint(load(&[folder.path().join(TEMPLATE)]).unwrap(), &Selection::default());
    linted.into_iter().flat_map(|one| one.findings).collect()
}

#[test]
fn nothing_is_planted_in_the_default_stack() {
    let messages: Vec<String> = found("", "", "").into_iter().map(|finding| finding.message).collect();
    assert_eq!(messages, Vec::<String>::new());
}

#[test]
fn every_planted_fault_is_found() {
    for (file, rule, from, to) in PLANTED {
        let text = std::fs::read_to_string(Path::new("out").join(file)).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        let rules: Vec<&str> = found(file, from, to).iter().map(|finding| finding.rule.id.0).collect();
        assert!(rules.contains(rule), "{rule} does not find {to}, in place of {from}; found: {rules:?}");
    }
}
