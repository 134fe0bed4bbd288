use std::fmt::Write;

use super::*;
use crate::graph::Vertex;

/// A diagram in lines: boxes, then arrows.
fn compact(diagram: &Diagram) -> String {
    let mut text = String::new();
    for node in diagram.nodes() {
        let detail = node.detail.as_deref().map(|detail| format!(" ({detail})")).unwrap_or_default();
        let _ = writeln!(text, "{:?} {}{detail}", node.kind, node.label);
    }
    let label = |vertex: Vertex| match vertex {
        Vertex::Node(id) => diagram.nodes()[id.0].label.as_str(),
        Vertex::Container(_) => "",
    };
    for edge in diagram.edges() {
        let said = edge.label.as_deref().map(|said| format!(": {}", said.replace('\n', ", "))).unwrap_or_default();
        let _ = writeln!(text, "{} -{:?}-> {}{said}", label(edge.from), edge.kind, label(edge.to));
    }
    text
}

fn drawn(template: &str) -> String {
    compact(&architecture(&LoadedStack::from_text("t.yaml", template).unwrap()))
}

fn held(name: &str, text: &str) {
    insta::with_settings!({snapshot_path => "../../../tests/integration/snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn the_default_stack() {
    let stack = crate::loaded::load(&["out/template.yaml".into()]).unwrap().pop().unwrap();
    held("architecture_default", &compact(&architecture(&stack)));
}

/// Everything that there is a word for, in one template that nobody generated.
const FOREIGN: &str = r#"
Transform: AWS::Serverless-2016-10-31
Resources:
  In:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}
      LoggingConfiguration: {DestinationBucketName: !Ref Logs}
  Logs: {Type: AWS::S3::Bucket}
  Files: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - DynamoDBReadPolicy: {TableName: !Ref Files}
        - Statement: [{Effect: Allow, Action: ['s3:GetObject', 's3:PutObject'], Resource: !Sub '${In.Arn}/*'}]
      Events:
        Get: {Type: Api, Properties: {Path: /files, Method: get}}
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
  Jobs: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}}}
  Dead: {Type: AWS::SQS::Queue}
  Told: {Type: AWS::SNS::Topic}
  Sub: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref Told, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn}}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties: {AlarmActions: [!Ref Told], Dimensions: [{Name: StateMachineArn, Value: !Ref M}]}
  Cluster: {Type: AWS::ECS::Cluster}
  Unrelated: {Type: AWS::Thing::Unknown}
  Key: {Type: AWS::KMS::Key}
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      DefinitionSubstitutions: {Table: !Ref Files, Topic: !Ref Told, Fn: !GetAtt Work.Arn, Cluster: !Ref Cluster}
      Policies:
        - Statement: [{Effect: Allow, Action: 'dynamodb:PutItem', Resource: !GetAtt Files.Arn}]
      Definition:
        StartAt: A
        States:
          A: {Type: Task, Resource: 'arn:aws:states:::dynamodb:putItem', Parameters: {TableName: '${Table}'}, Next: B}
          B: {Type: Task, Resource: 'arn:aws:states:::sns:publish', Parameters: {TopicArn: '${Topic}'}, Next: C}
          C: {Type: Task, Resource: '${Fn}', Next: D}
          D: {Type: Task, Resource: 'arn:aws:states:::aws-sdk:textract:detectDocumentText', End: true}
      Events:
        New:
          Type: EventBridgeRule
          Properties:
            Pattern: {source: [aws.s3], detail-type: [Object Created], detail: {bucket: {name: [!Ref In]}, object: {key: [{prefix: in/}]}}}
            DeadLetterConfig: {Arn: !GetAtt Dead.Arn}
        Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
        Else: {Type: EventBridgeRule, Properties: {Pattern: {source: [my.app]}}}
"#;

#[test]
fn a_foreign_template() {
    held("architecture_foreign", &drawn(FOREIGN));
}

#[test]
fn nothing_is_an_error() {
    for template in [
        "Resources: {}\nAWSTemplateFormatVersion: x",
        "Resources: {M: {Type: AWS::Serverless::StateMachine}}",
        "Resources: {R: {Type: AWS::Events::Rule, Properties: {EventPattern: 5, Targets: [{}]}}}",
        "Resources: {A: {Type: AWS::CloudWatch::Alarm, Properties: {AlarmActions: !Ref A, Dimensions: x}}}",
        "Resources: {F: {Type: AWS::Serverless::Function, Properties: {Events: {E: 5}, Policies: {Statement: 5}}}}",
        "Resources: {A: {Type: 'X::Y', Properties: !Ref B}, B: {Type: 'X::Y', Properties: !Ref A}}",
        "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::sqs:sendMessage\"}}}",
    ] {
        drawn(template);
    }
}

/// Two functions with the same policies on one table.
const TWINS: &str = r#"
Transform: AWS::Serverless-2016-10-31
Resources:
  Files: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}}
  One:
    Type: AWS::Serverless::Function
    Properties:
      Policies: &policies
        - Statement: [{Effect: Allow, Action: ['dynamodb:A', 'dynamodb:B', 'dynamodb:C'], Resource: !GetAtt Files.Arn}]
  Two: {Type: AWS::Serverless::Function, Properties: {Policies: *policies}}
  First: {Type: AWS::CloudWatch::Alarm, Properties: {Dimensions: [{Name: TableName, Value: !Ref Files}]}}
  Second: {Type: AWS::CloudWatch::Alarm, Properties: {Dimensions: [{Name: TableName, Value: !Ref Files}]}}
  Third: {Type: AWS::CloudWatch::Alarm, Properties: {Dimensions: [{Name: TableName, Value: !Ref Files}]}}
  Fourth: {Type: AWS::CloudWatch::Alarm, Properties: {Dimensions: [{Name: TableName, Value: !Ref Files}]}}
"#;

#[test]
fn what_is_long_is_written_once_and_the_rest_is_in_a_title() {
    let diagram = architecture(&LoadedStack::from_text("t.yaml", TWINS).unwrap());
    let calls: Vec<_> = diagram.edges().iter().filter(|edge| edge.kind == EdgeKind::Call).collect();
    let labels: Vec<Option<&str>> = calls.iter().map(|edge| edge.label.as_deref()).collect();
    assert_eq!(labels, [Some("dynamodb:A\ndynamodb:B\ndynamodb:C"), Some("dynamodb:A\nand 2 more")]);
    let titles: Vec<Option<&str>> = calls.iter().map(|edge| edge.tooltip.as_deref()).collect();
    assert_eq!(titles, [None, Some("dynamodb:A\ndynamodb:B\ndynamodb:C")]);
    let alarms = diagram.nodes().iter().find(|node| node.kind == NodeKind::Alarm).unwrap();
    assert_eq!(
        (alarms.label.as_str(), alarms.detail.as_deref()),
        ("4 alarms", Some("First, Second, Third and 1 more"))
    );
    assert_eq!(alarms.tooltip.as_deref(), Some("First\nSecond\nThird\nFourth"));
}
