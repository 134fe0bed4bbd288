use serde_json::json;

use super::*;

const TEMPLATE: &str = r#"
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
Conditions:
  IsProduction: !Equals [!Ref Stage, prod]
Resources:
  FilesBucket:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}
  FilesTable:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub files-${Stage}
      AttributeDefinitions: [{AttributeName: at, AttributeType: N}, {AttributeName: name, AttributeType: S}]
      KeySchema: [{AttributeName: at, KeyType: RANGE}, {AttributeName: name, KeyType: HASH}]
  Plain: {Type: AWS::Serverless::SimpleTable}
  Work: {Type: AWS::Serverless::Function, Properties: {}}
  Inline:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Definition:
        StartAt: Call
        States:
          Call: {Type: Task, Resource: !GetAtt Work.Arn, Parameters: {Table: !Ref FilesTable, At: '${Extra}'}, End: true}
      DefinitionSubstitutions: {Extra: !If [IsProduction, 1, 2]}
      Events:
        Created:
          Type: EventBridgeRule
          Properties:
            Pattern: {source: [aws.s3], detail: {bucket: {name: [!Ref FilesBucket]}}}
            DeadLetterConfig: {Arn: !GetAtt Dead.Arn}
  Dead: {Type: AWS::SQS::Queue}
  Role: {Type: AWS::IAM::Role}
  Text:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      DefinitionString: !Sub |
        {
          "StartAt": "Rest",
          "States": {
            "Rest": {"Type": "Wait", "Seconds": ${Seconds}, "Comment": "${Work.Arn} ${!Kept}", "End": true}
          }
        }
      DefinitionSubstitutions: {Seconds: 5}
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [mine]}
      Targets: [{Arn: !Ref Text, Id: x, RoleArn: !GetAtt Role.Arn}]
"#;

fn read() -> LoadedStack {
    LoadedStack::from_text("template.yaml", TEMPLATE).unwrap()
}

fn at(stack: &LoadedStack, place: &Place) -> String {
    stack.documents[place.document].source.text[place.span.start..place.span.end].to_owned()
}

#[test]
fn definitions_have_their_substitutions() {
    let stack = read();
    assert_eq!(stack.faults, []);
    let inline = &stack.machines[0];
    assert_eq!(inline.machine_type, MachineType::Express);
    assert_eq!(inline.role.as_deref(), Some("InlineRole"));
    assert_eq!(
        inline.definition().unwrap()["States"]["Call"],
        json!({"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:Work",
               "Parameters": {"Table": "files-dev", "At": "2"}, "End": true})
    );
    assert_eq!(inline.substitutions["FilesTable"].logical_id.as_deref(), Some("FilesTable"));
    assert!(inline.substitutions["Extra"].given.is_some());

    let text = &stack.machines[1];
    assert_eq!(text.machine_type, MachineType::Standard);
    let rest = &text.definition().unwrap()["States"]["Rest"];
    assert_eq!(rest["Comment"], "arn:aws:lambda:us-east-1:123456789012:function:Work ${Kept}");
}

#[test]
fn places_within_texts_lead_to_the_template() {
    let stack = read();
    let definition = stack.machines[1].definition.as_ref().unwrap();
    for (pointer, text) in
        [("/States/Rest/Type", "\"Wait\""), ("/States/Rest/Seconds", "${Seconds}"), ("/StartAt", "\"Rest\"")]
    {
        let place = definition.place(pointer, definition.root.pointer(pointer).unwrap());
        assert_eq!(at(&stack, &place), text);
        assert_eq!(place.pointer, format!("/Resources/Text/Properties/DefinitionString{pointer}"));
    }
}

#[test]
fn rules_and_their_targets() {
    let stack = read();
    let [event, rule] = stack.rules.as_slice() else { panic!("{:?}", stack.rules) };
    assert_eq!(event.logical_id, "InlineCreated");
    let (pattern, place) = event.pattern.as_ref().unwrap();
    assert_eq!(*pattern, json!({"source": ["aws.s3"], "detail": {"bucket": {"name": ["filesbucket"]}}}));
    assert_eq!(place.pointer, "/Resources/Inline/Properties/Events/Created/Properties/Pattern");
    assert_eq!(event.targets[0].logical_id.as_deref(), Some("Inline"));
    assert_eq!(event.targets[0].dead_letters.as_deref(), Some("arn:aws:sqs:us-east-1:123456789012:Dead"));
    assert_eq!(rule.targets[0].logical_id.as_deref(), Some("Text"));
    assert_eq!(rule.targets[0].arn, stack.machines[1].arn);
    assert_eq!(rule.targets[0].role.as_deref(), Some("Role"));
}

#[test]
fn tables_and_buckets() {
    let stack = read();
    let [files, plain] = stack.tables.as_slice() else { panic!("{:?}", stack.tables) };
    assert_eq!(files.name, "files-dev");
    assert_eq!(files.key.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(), ["name", "at"]);
    assert_eq!(files.attribute_type("at"), Some("N"));
    assert_eq!(plain.key[0].name, "id");
    assert_eq!(stack.buckets[0].sends_to_event_bridge, Some(true));
}

#[test]
fn names_made_of_names_end() {
    let names = (0..60).map(|i| {
        let next = (i + 1) % 60;
        format!("  Q{i}: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !Sub '${{Q{next}.QueueName}}${{Q{next}.QueueName}}'}}}}\n")
    });
    let stack = LoadedStack::from_text("t.yaml", format!("Resources:\n{}", names.collect::<String>())).unwrap();
    assert!(stack.queues.iter().all(|queue| queue.name.len() <= 1024));
}

#[test]
fn a_definition_that_is_missing_is_a_finding() {
    let text = "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties: {DefinitionUri: no/such.asl.json}\n";
    let stack = LoadedStack::from_text("t.yaml", text).unwrap();
    assert_eq!(stack.faults[0].kind, FaultKind::NoDefinition);
    assert!(stack.machines[0].definition.is_none());
}

#[test]
fn what_stands_alone_in_yaml_keeps_its_type() {
    let directory = tempfile::tempdir().unwrap();
    let template = "Parameters: {N: {Type: Number, Default: 1}}\nResources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      DefinitionUri: m.asl.yaml\n      DefinitionSubstitutions: {N: !Ref N}\n";
    std::fs::write(directory.path().join("t.yaml"), template).unwrap();
    let definition = "StartAt: A\nStates:\n  A:\n    Type: Wait\n    Seconds: ${N}\n    Comment: '${N}'\n    Next: B\n";
    std::fs::write(directory.path().join("m.asl.yaml"), definition).unwrap();
    let stack = load(&[directory.path().join("t.yaml")]).unwrap().pop().unwrap();
    let definition = stack.machines[0].definition().unwrap();
    assert_eq!(definition["States"]["A"], json!({"Type": "Wait", "Seconds": 1, "Comment": "1", "Next": "B"}));
}
