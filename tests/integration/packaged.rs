//! What tools write of a stack before it is deployed: `sam build`, `aws cloudformation package`, `serverless package`.

use crate::common::Workspace;

const TEMPLATE: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties: {NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: Name, AttributeType: S}]
      KeySchema: [{AttributeName: Name, KeyType: HASH}]
  Record:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: statemachine/record.asl.json
      DefinitionSubstitutions: {Table: !Ref Table}
      Policies: [{DynamoDBWritePolicy: {TableName: !Ref Table}}]
      Events:
        Put:
          Type: EventBridgeRule
          Properties: {Pattern: {source: [aws.s3], detail-type: [Object Created], detail: {bucket: {name: [!Ref Files]}}}}
  Child:
    Type: AWS::Serverless::Application
    Properties: {Location: child/template.yaml, Parameters: {Table: !Ref Table}}
"#;

/// What `sam build` (SAM CLI 1.170.0) made of it.
const BUILT: &str = r"AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        EventBridgeConfiguration:
          EventBridgeEnabled: true
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
      - AttributeName: Name
        AttributeType: S
      KeySchema:
      - AttributeName: Name
        KeyType: HASH
  Record:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: ../../statemachine/record.asl.json
      DefinitionSubstitutions:
        Table:
          Ref: Table
      Policies:
      - DynamoDBWritePolicy:
          TableName:
            Ref: Table
      Events:
        Put:
          Type: EventBridgeRule
          Properties:
            Pattern:
              source:
              - aws.s3
              detail-type:
              - Object Created
              detail:
                bucket:
                  name:
                  - Ref: Files
  Child:
    Type: AWS::Serverless::Application
    Properties:
      Location: Child/template.yaml
      Parameters:
        Table:
          Ref: Table
    Metadata:
      SamResourceId: Child
";

const CHILD: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters: {Table: {Type: String}}
Resources:
  Nightly:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: nightly.asl.json
      DefinitionSubstitutions: {Table: !Ref Table}
      Policies: [{DynamoDBWritePolicy: {TableName: !Ref Table}}]
      Events: {Night: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), Input: '{"name": "n"}'}}}
"#;

const RECORD: &str = r#"{
  "StartAt": "Put",
  "States": {
    "Put": {
      "Type": "Task",
      "Resource": "arn:aws:states:::dynamodb:putItem",
      "Parameters": {"TableName": "${Table}", "Item": {"Name": {"S.$": "$.detail.object.kei"}}},
      "End": true
    }
  }
}
"#;

/// The sources, with a fault in a definition, and what `sam build` left beside them.
fn built() -> Workspace {
    let workspace = Workspace::new();
    let nightly = RECORD.replace("$.detail.object.kei", "$.name");
    let child = CHILD.replace("DefinitionUri: nightly", "DefinitionUri: ../../../child/nightly");
    for (name, text) in [
        ("template.yaml", TEMPLATE),
        ("statemachine/record.asl.json", RECORD),
        ("child/template.yaml", CHILD),
        ("child/nightly.asl.json", &nightly),
        (".aws-sam/build/template.yaml", BUILT),
        (".aws-sam/build/Child/template.yaml", &child),
    ] {
        workspace.write(name, text);
    }
    workspace
}

#[test]
fn what_sam_builds_is_the_same_stack_and_no_second_one() {
    let workspace = built();
    for place in [&["lint"][..], &["lint", "."], &["lint", ".aws-sam/build"], &["lint", ".aws-sam/build/template.yaml"]]
    {
        let (code, out, err) = workspace.run(place);
        assert_eq!((code, err.as_str()), (0, ""), "{place:?}: {out}");
        assert_eq!(out.matches("[FLOW101]").count(), 1, "{place:?}: {out}");
        assert!(
            out.contains("statemachine/record.asl.json:7:72") && out.contains("1 warning in 4 files"),
            "{place:?}: {out}"
        );
    }
    workspace.write("statemachine/record.asl.json", RECORD.replace("kei", "key"));
    for stack in ["template.yaml", ".aws-sam/build"] {
        let (code, out, err) = workspace.run(&["simulate", stack, "--put", "a.jpg", "--schedule", "Night"]);
        assert_eq!((code, err.as_str()), (0, ""), "{stack}: {out}");
        assert!(out.contains("put Table: Name=a.jpg") && out.contains("put Table: Name=n"), "{stack}: {out}");
    }
}

/// `aws cloudformation package` names objects after the MD5 digest of their content.
#[test]
fn what_was_uploaded_is_known_by_its_content() {
    let workspace = Workspace::new();
    workspace
        .write("statemachine/record.asl.json", "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}");
    let packaged = |digest: &str| {
        format!(
            "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties: {{DefinitionUri: 's3://bucket/prefix/{digest}'}}\n"
        )
    };
    workspace.write("packaged.yaml", packaged("fe8e7bb1c7dd4f02d4a6ba4cc6e6a8c4"));
    let (code, out, _) = workspace.run(&["graph", "packaged.yaml"]);
    assert!(!out.contains("Succeed"), "the content is another one ({code}): {out}");
    workspace.write("packaged.yaml", packaged("58a512c2c87505270a7c22bc46cbf9ca"));
    let (code, out, err) = workspace.run(&["graph", "packaged.yaml"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains('A'), "{out}");
}
