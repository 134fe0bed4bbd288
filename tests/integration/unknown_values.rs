//! What is known only once a stack is deployed: `lint` calls it neither right nor wrong, and the other commands work around it
//! or ask for it.

use crate::common::Workspace;

/// A rule whose pattern is a text, made by `Fn::Sub`.
const TEXT_PATTERN: &str = r#"
Transform: AWS::Serverless-2016-10-31
Resources:
  Uploads:
    Type: AWS::S3::Bucket
    Properties: {NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties: {Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: 'sts:AssumeRole'}]
      Policies:
        - PolicyName: start
          PolicyDocument:
            Version: '2012-10-17'
            Statement: [{Effect: Allow, Action: 'states:StartExecution', Resource: !Ref Machine}]
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: PATTERN
      Targets: [{Arn: !Ref Machine, Id: machine, RoleArn: !GetAtt Role.Arn}]
"#;

#[test]
fn a_pattern_may_be_a_text() {
    let workspace = Workspace::new();
    let pattern = r#"'{"source": ["aws.s3"], "detail": {"bucket": {"name": ["NAME"]}}}'"#;
    let plain = pattern.replace("NAME", "uploads");
    let sub = format!("!Sub {}", pattern.replace("NAME", "${Uploads}"));
    let given = format!("!Sub [{}, {{Name: !Ref Uploads}}]", pattern.replace("NAME", "${Name}"));
    for text in [plain, sub, given] {
        workspace.write("template.yaml", TEXT_PATTERN.replace("PATTERN", &text));
        let (code, out, err) = workspace.run(&["simulate", "template.yaml", "--put", "a.txt"]);
        assert_eq!((code, err.as_str()), (0, ""), "{text}");
        assert!(out.contains("SUCCEEDED"), "{text}: {out}");
        assert_eq!(workspace.run(&["lint", "template.yaml", "--select", "EVT"]).0, 0, "{text}");
        assert_eq!(workspace.run(&["cost", "template.yaml"]).0, 0, "{text}");
    }
    workspace.write("template.yaml", TEXT_PATTERN.replace("PATTERN", "'{\"source\": [\"aws.s3\"'"));
    let (code, out, _) = workspace.run(&["lint", "template.yaml", "--select", "EVT501"]);
    assert_eq!(code, 1, "{out}");
}

/// `AWS::NoValue` takes a key away, and a condition may take it away elsewhere.
#[test]
fn a_pattern_with_conditions() {
    let workspace = Workspace::new();
    let template = |detail: &str| {
        format!(
            "Parameters:\n  Strict: {{Type: String, Default: 'no'}}\n  Queue: {{Type: String}}\n\
             Conditions:\n  IsStrict: !Equals [!Ref Strict, 'yes']\n\
             Resources:\n  Rule:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern:\n        source: [aws.ec2]\n        \
             detail: {detail}\n      Targets: [{{Arn: !Ref Queue, Id: queue}}]\n"
        )
    };
    for (detail, code) in [
        ("!If [IsStrict, {state: [running]}, !Ref AWS::NoValue]", 0),
        ("!If [IsStrict, !Ref AWS::NoValue, {state: [running]}]", 0),
        ("{state: !If [IsStrict, [running], !Ref AWS::NoValue], other: [x]}", 0),
        ("{state: [!Ref Strict]}", 0),
        ("{address: [{cidr: !Ref Strict}]}", 0),
        ("{state: running}", 1),
        ("{state: running, other: [!Ref Queue]}", 1),
    ] {
        workspace.write("template.yaml", template(detail));
        let (found, out, _) = workspace.run(&["lint", "template.yaml", "--select", "EVT501"]);
        assert_eq!(found, code, "{detail}: {out}");
    }
}

/// Nothing says how often a poll goes round that only its Catch ends.
#[test]
fn a_loop_without_a_bound_has_no_price() {
    let workspace = Workspace::new();
    workspace.write(
        "poll.asl.json",
        r#"{"StartAt": "Ask", "States": {
            "Ask": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:receiveMessage", "Next": "Rest",
                    "Parameters": {"QueueUrl.$": "$.queue"}, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Over"}]},
            "Rest": {"Type": "Wait", "Seconds": 5, "Next": "Ask"},
            "Over": {"Type": "Succeed"}}}"#,
    );
    let (code, out, err) = workspace.run(&["cost", "poll.asl.json"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("has no bound") && err.contains("`Ask`, `Rest`") && err.contains("--loop-rounds"), "{err}");
    let (code, out, err) = workspace.run(&["cost", "poll.asl.json", "--loop-rounds", "10", "--events", "1k"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("(--loop-rounds)"), "{out}");
}
