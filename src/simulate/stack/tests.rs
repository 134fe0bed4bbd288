use serde_json::json;

use super::*;

const TEMPLATE: &str = r#"
Resources:
  Files: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {EventBridgeConfiguration: {}},
    VersioningConfiguration: {Status: Enabled}}}
  Logs: {Type: AWS::S3::Bucket}
  Work:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}
      Events:
        Made:
          Type: EventBridgeRule
          Properties:
            Pattern: {source: [aws.s3], detail: {bucket: {name: [!Ref Files]}, object: {size: [{numeric: ['>', 5]}]}}}
            InputPath: $.detail
"#;

fn stack(template: &str) -> Result<RunnableStack, Vec<StackFault>> {
    RunnableStack::new(&LoadedStack::from_text("template.yaml", template).unwrap())
}

#[test]
fn an_event_finds_its_rule_and_its_input() {
    let stack = stack(TEMPLATE).unwrap();
    let event = json!({"source": "aws.s3", "detail": {"bucket": {"name": "files"}, "object": {"size": 6}}});
    let rules: Vec<&RunnableRule> = stack.matching(&event).unwrap().collect();
    assert_eq!(rules[0].logical_id, "WorkMade");
    assert_eq!(rules[0].targets[0].kind, TargetKind::Machine(0));
    assert_eq!(rules[0].targets[0].input.apply(&event).unwrap(), event["detail"]);
    let bucket = |at: usize| (stack.buckets()[at].versioned, stack.buckets()[at].sends_to_event_bridge);
    assert_eq!([bucket(0), bucket(1)], [(true, true), (false, false)]);
}

#[test]
fn the_first_field_that_does_not_match_is_named() {
    let stack = stack(TEMPLATE).unwrap();
    let why = |event: Value| stack.misses(&event)[0].to_string();
    assert_eq!(why(json!({"source": "mine"})), "WorkMade: `source` is \"mine\", but the pattern requires [\"aws.s3\"]");
    let event = json!({"source": "aws.s3", "detail": {"bucket": {"name": "files"}}});
    assert_eq!(
        why(event),
        "WorkMade: the event has no `detail.object.size`, but the pattern requires [{\"numeric\":[\">\",5]}]"
    );
}

#[test]
fn what_is_not_made_is_not_there() {
    let text = TEMPLATE.replace("Resources:", "Conditions: {Never: !Equals [a, b]}\nResources:");
    let text = text.replace(
        "    Type: AWS::Serverless::StateMachine\n",
        "    Type: AWS::Serverless::StateMachine\n    Condition: Never\n",
    );
    let stack = stack(&text).unwrap();
    assert_eq!((stack.machines().len(), stack.rules().len(), stack.buckets().len()), (0, 0, 2));
}

#[test]
fn what_cannot_run_is_said_in_its_place() {
    let faults = stack(&TEMPLATE.replace("Type: Pass, End: true", "Type: Pass, Next: B")).unwrap_err();
    assert!(faults[0].place.as_ref().is_some_and(|place| place.pointer.ends_with("/A/Next")), "{faults:?}");
    let faults = stack(&TEMPLATE.replace("[aws.s3]", "aws.s3")).unwrap_err();
    assert_eq!(faults[0].message, "EventBridge refuses this pattern: \"source\" must be an object or an array");
}
