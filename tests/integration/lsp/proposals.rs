//! What is proposed and said at places that only one kind of file has: tables, policies, patterns, catchers, texts within texts.

use super::client::Client;
use super::places::{DEFINITION, TEMPLATE, completed, hover, labels, stack};

/// Puts `^` and what is around it in the place of a part of a text, and completes there.
fn proposed(
    client: &mut Client,
    path: &std::path::Path,
    version: &mut i32,
    text: &str,
    old: &str,
    new: &str,
) -> Vec<String> {
    *version += 1;
    assert!(text.contains(old), "{old}");
    let found = completed(client, path, *version, &text.replacen(old, new, 1));
    labels(&found).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_template_is_completed_with_what_it_declares() {
    let (workspace, mut client) = stack();
    let path = workspace.path("template.yaml");
    let mut version = 1;
    let topic = "  Other:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      DefinitionString: !Sub |\n        {\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::dynamodb:getItem\", \"Parameters\": {HERE}}}}\n  Files:\n";
    let (parameters, value) = (topic.replace("HERE", "\"^\""), topic.replace("HERE", "\"TableName\": \"${^}\""));
    for (old, new, yes, no) in [
        ("KeySchema: [{AttributeName: key", "KeySchema: [{AttributeName: ^", "key", "Files"),
        ("AttributeDefinitions: [{AttributeName: key", "AttributeDefinitions: [{AttributeName: ^", "key", "Files"),
        ("KeySchema: [{AttributeName: key, KeyType: HASH}]", "KeySchema: [{^}]", "KeyType", "AttributeType"),
        ("KeyType: HASH", "KeyType: ^", "RANGE", "key"),
        ("BillingMode: PAY_PER_REQUEST", "GlobalSecondaryIndexes: [{KeySchema: [{AttributeName: ^}]}]", "key", "Files"),
        ("BillingMode: PAY_PER_REQUEST", "^", "GlobalSecondaryIndexes", "KeySchema"),
        ("DefinitionUri: m.asl.json", "DefinitionUri: ^", "m.asl.json", "template.yaml"),
        ("TableName: !Ref Table", "TableName: {Fn::GetAtt: [Table, ^]}", "StreamArn", "Table.StreamArn"),
        ("TableName: !Ref Table", "TableName: {Fn::GetAtt: [^]}", "Table", "Table.StreamArn"),
        ("TableName: !Ref Table", "TableName: {^}", "Fn::Sub", "Table"),
        ("TableName: !Ref Table", "TableName: !^", "!GetAtt", "!ForEach"),
        ("TableName: !Ref Table", "TableName: !Re^", "!Ref", "Table"),
        ("Resource: !GetAtt Table.Arn", "Resource: ^", "Table.Arn", "Table.StreamArn"),
        (
            "Policies:\n        - Statement:\n",
            "Policies:\n        - ^\n        - Statement:\n",
            "DynamoDBReadPolicy",
            "Effect",
        ),
        ("Policies:\n", "Policies:\n        - DynamoDBReadPolicy:\n            ^\n", "TableName", "Statement"),
        ("{bucket: {name: [files]}}", "{object: {key: [{anything-but: {^}}]}}", "suffix", "numeric"),
        ("{bucket: {name: [files]}}", "{object: {size: [{numeric: [^]}]}}", ">=", "prefix"),
        ("{bucket: {name: [files]}}", "{bucket: {name: [^]}}", "Files", "Table"),
        ("  Files:\n", "  Other:\n    Type: AWS::SNS::Topic\n    DependsOn: ^\n  Files:\n", "Files", "Stage"),
        ("  Files:\n", "  Other:\n    Type: ^\n  Files:\n", "AWS::SNS::Topic", "Files"),
        ("  Files:\n", &parameters, "TableName", "Files"),
        ("  Files:\n", &value, "Table.Arn", "TableName"),
    ] {
        let found = proposed(&mut client, &path, &mut version, TEMPLATE, old, new);
        let has = |name: &str| found.iter().any(|label| label == name);
        assert!(has(yes) && !has(no), "{new}: {found:?}");
    }
}

#[test]
fn a_definition_is_completed_where_it_is_not_sound() {
    let (workspace, mut client) = stack();
    let path = workspace.path("m.asl.json");
    let mut version = 1;
    let done = "\"Done\": { \"Type\": \"Succeed\" }";
    let reader = |inside: &str| {
        format!(
            "\"Done\": {{ \"Type\": \"Map\", \"ItemReader\": {{\"Resource\": \"arn:aws:states:::s3:getObject\", \"Parameters\": {{{inside}}}}} }}"
        )
    };
    let map = "\"Done\": { \"Type\": \"Map\", \"ItemsPath\": \"$.resources\", \"ItemSelector\": {\"a.$\": \"$$.Map.^\"}, \"ItemProcessor\": {\"StartAt\": \"X\", \"States\": {\"X\": {\"Type\": \"Succeed\"}}}, \"End\": true }";
    for (old, new, yes, no) in [
        ("\"ResultPath\": \"$.found\"", "\"ResultPath\": \"^\"", "$.detail", "$$"),
        ("\"ResultPath\": \"$.found\"", "\"ResultPath\": ^", "null", "detail"),
        ("\"IsPresent\": true", "\"IsPresent\": ^", "true", "Look"),
        ("{ \"key\": { \"S.$\": \"$.detail.object.key\" } }", "{^}", "key", "S"),
        (done, &reader("\"^\""), "Bucket", "ItemReader"),
        (done, map, "Item", "Execution"),
    ] {
        let found = proposed(&mut client, &path, &mut version, DEFINITION, old, new);
        let has = |name: &str| found.iter().any(|label| label == name);
        assert!(has(yes) && !has(no), "{new}: {found:?}");
    }
    let jsonata = "{\"QueryLanguage\": \"JSONata\", \"StartAt\": \"A\", \"States\": {\n\"A\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::dynamodb:getItem\", \"Arguments\": {\"TableName\": \"x\", \"Key\": {\"k\": {\"S\": \"a\"}}},\n\"Assign\": {\"count\": 1}, \"Catch\": [{\"ErrorEquals\": [\"States.ALL\"], \"Output\": \"CAUGHT\", \"Next\": \"B\"}], \"Next\": \"B\"},\n\"B\": {\"Type\": \"Pass\", \"Output\": \"GIVEN\", \"End\": true}}}\n";
    for (old, new, yes, no) in [
        ("CAUGHT", "{% $states.errorOutput.^ %}", "Cause", "Item"),
        ("CAUGHT", "^", "{% $states.errorOutput %}", "{% $states.result %}"),
        ("GIVEN", "^", "{% $count %}", "{% $states.errorOutput %}"),
        ("GIVEN", "{% ^ %}", "$states", "{% $count %}"),
    ] {
        let found = proposed(&mut client, &path, &mut version, jsonata, old, new);
        let has = |name: &str| found.iter().any(|label| label == name);
        assert!(has(yes) && !has(no), "{new}: {found:?}");
    }
}

#[test]
fn functions_comparisons_and_keys_are_explained() {
    let (workspace, mut client) = stack();
    for (file, text, mark, behind, part) in [
        ("template.yaml", TEMPLATE, "!GetAtt Table.Arn", 15, "`Arn` of `Table`, such as `arn:aws:dynamodb:"),
        ("template.yaml", TEMPLATE, "KeySchema", 3, "list"),
        ("template.yaml", TEMPLATE, "KeyType", 3, "`KeyType` of `AWS::DynamoDB::Table`"),
        ("m.asl.json", DEFINITION, "\"IsPresent\"", 3, "whether the field at `Variable` exists"),
        ("m.asl.json", DEFINITION, "\"Type\"", 2, "Task | Pass"),
    ] {
        let found = hover(&mut client, &workspace, file, text, mark, behind);
        assert!(found.contains(part), "{mark}: {found}");
    }
}
