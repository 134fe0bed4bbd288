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
    assert!(err.contains("is unlimited") && err.contains("`Ask`, `Rest`") && err.contains("--loop-rounds"), "{err}");
    let (code, out, err) = workspace.run(&["cost", "poll.asl.json", "--loop-rounds", "10", "--events", "1k"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("(--loop-rounds)"), "{out}");
}

/// A definition of which a number, a call, an operand, an expression and a way are open.
const OPEN: &str = r#"{"StartAt": "Rest", "States": {
  "Rest": {"Type": "Wait", "Seconds": ${Pause}, "Next": "Route"},
  "Route": {"Type": "Choice", "Default": "Say", "Choices": [
    {"Variable": "$.stage", "StringEquals": "${Stage}", "Next": "Call"},
    {"Variable": "$.count", "NumericGreaterThan": ${Most}, "Next": "Say"}]},
  "Call": {"Type": "Task", "Resource": "${Function}", "TimeoutSeconds": ${Limit}, "Next": "Say"},
  "Say": {"Type": "Pass", "Parameters": {"text.$": "States.Format('${Greeting} {}', $.name)"}, "End": true}}}"#;

#[test]
fn what_needs_no_value_gets_on_without() {
    let workspace = Workspace::new();
    workspace.write("open.asl.json", OPEN);
    assert_eq!(workspace.run(&["lint", "open.asl.json"]).0, 0);
    let (code, out, err) = workspace.run(&["graph", "open.asl.json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    for text in ["Wait ${Pause} seconds", "\"${Stage}\"", "${Most}", "${Function}"] {
        assert!(out.contains(text), "{text}: {out}");
    }
    let (code, out, err) = workspace.run(&["cost", "open.asl.json"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("${Pause}"), "{out}");
    assert_eq!(workspace.run(&["report", "open.asl.json", "-o", "report.html"]).0, 0);
}

#[test]
fn a_run_asks_for_what_it_reaches() {
    let workspace = Workspace::new();
    workspace.write("open.asl.json", OPEN);
    let input = r#"{"stage": "dev", "count": 1, "name": "you"}"#;
    let given = ["Pause=5", "Stage=prod", "Most=3", "Greeting=Hello"];
    let mut arguments = vec!["simulate", "open.asl.json", "--input", input];
    for (name, place) in [
        ("Pause", "/States/Rest/Seconds"),
        ("Stage", "/States/Route/Choices/0/StringEquals"),
        ("Most", "/States/Route/Choices/1/NumericGreaterThan"),
        ("Greeting", "/States/Say/Parameters/text.$"),
    ] {
        let (code, _, err) = workspace.run(&arguments);
        assert_eq!(code, 2, "{err}");
        let help = format!("--substitute {name}=VALUE");
        assert!(err.contains(&format!("`${{{name}}}`")) && err.contains(place) && err.contains(&help), "{err}");
        let next = given.iter().find(|one| one.starts_with(name)).unwrap();
        arguments.extend(["--substitute", next]);
    }
    // The function is not reached, so nobody asks for it.
    let (code, out, err) = workspace.run(&[&arguments[..], &["--trace"]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("Hello you"), "{out}");
    let (code, _, err) = workspace.run(&[&arguments[..4], &["--substitute", "Paus=5"]].concat());
    assert_eq!(code, 2);
    assert!(err.contains("no definition has `${Paus}`") && err.contains("Pause"), "{err}");
}

/// Values of parameters are SAM's, or the command line's, which comes first.
/// Who names a definition alone learns of all its placeholders at once, and of the template that gives them.
#[test]
fn a_definition_alone_names_all_its_placeholders_and_its_template() {
    let workspace = Workspace::new();
    let call = |function: &str, next: &str| {
        format!(
            "{{Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Parameters: {{FunctionName: '${{{function}}}'}}, {next}}}"
        )
    };
    let definition = format!(
        "StartAt: First\nStates:\n  First: {}\n  Second: {}\n  Third: {}\n",
        call("One", "Next: Second"),
        call("Two", "Next: Third"),
        call("One", "End: true")
    );
    workspace.write("workflows/copy.asl.yaml", definition);
    let asked = |path: &str| {
        let (code, _, err) = workspace.run(&["simulate", path, "--input", "{}"]);
        assert_eq!(code, 2, "{err}");
        err
    };
    let err = asked("workflows/copy.asl.yaml");
    assert!(err.contains("set it with --substitute One=VALUE; other states need --substitute Two=VALUE\n"), "{err}");

    workspace.write(
        "template.yaml",
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Machine:\n    Type: AWS::Serverless::StateMachine\n    \
         Properties: {DefinitionUri: workflows/copy.asl.yaml, DefinitionSubstitutions: {One: first, Two: second}}\n",
    );
    let err = asked("workflows/copy.asl.yaml");
    assert!(err.contains("; or simulate the template that gives them: template.yaml\n"), "{err}");
    assert_eq!(workspace.run(&["simulate", "template.yaml", "--input", "{}"]).0, 0);
}

/// `--put` needs a bucket. A stack without one says what else starts its state machines.
#[test]
fn a_stack_without_a_bucket_says_what_starts_it() {
    let workspace = Workspace::new();
    workspace.write("machine.asl.json", r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#);
    let (code, _, err) = workspace.run(&["simulate", "machine.asl.json", "--put", "a.txt"]);
    assert_eq!(code, 2);
    assert!(err.contains("help: start a state machine with --input JSON"), "{err}");
}

#[test]
fn parameters_are_given() {
    let workspace = Workspace::new();
    workspace.write(
        "template.yaml",
        "Transform: AWS::Serverless-2016-10-31\nParameters:\n  Pause: {Type: Number}\nResources:\n  Machine:\n    \
         Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition:\n        StartAt: Rest\n        States:\n          \
         Rest: {Type: Wait, Seconds: !Ref Pause, End: true}\n",
    );
    let run = ["simulate", "template.yaml", "--input", "{}"];
    let (code, _, err) = workspace.run(&run);
    assert_eq!(code, 2);
    assert!(err.contains("the parameter `Pause`") && err.contains("--parameter Pause=VALUE"), "{err}");
    for overrides in ["\"Other=1 Pause=7\"", "[\"Pause=7\"]", "\"ParameterKey=Pause,ParameterValue=7\""] {
        workspace.write(
            "samconfig.toml",
            format!("version = 0.1\n[default.deploy.parameters]\nparameter_overrides = {overrides}\n"),
        );
        let (code, out, err) = workspace.run(&run);
        assert_eq!(code, 0, "{err}");
        assert!(out.contains("after 7s"), "{out}");
        let (_, out, _) = workspace.run(&[&run[..], &["--parameter", "Pause=9"]].concat());
        assert!(out.contains("after 9s"), "{out}");
    }
    let (code, _, err) = workspace.run(&[&run[..], &["--parameter", "Paus=9"]].concat());
    assert_eq!(code, 2);
    assert!(err.contains("no parameter `Paus`"), "{err}");
}

/// The data flow goes on around what is not known, and claims nothing of it.
#[test]
fn data_flow_goes_on_around_an_unknown_value() {
    let workspace = Workspace::new();
    let definition = |first: &str, path: &str| {
        format!(
            r#"{{"StartAt": "First", "States": {{"First": {first},
               "Make": {{"Type": "Pass", "Result": {{"a": 1}}, "ResultPath": "$.made", "Next": "Read"}},
               "Read": {{"Type": "Pass", "InputPath": "{path}", "End": true}}}}}}"#
        )
    };
    let first = [
        r#"{"Type": "Wait", "Seconds": ${Pause}, "Next": "Make"}"#,
        r#"{"Type": "Task", "Resource": "${Function}", "TimeoutSeconds": ${Limit}, "Next": "Make"}"#,
        r#"{"Type": "Pass", "InputPath": "$.${Part}[", "Next": "Make"}"#,
        r#"{"Type": "Pass", "Parameters": {"x.$": "States.Format('${A} {}', $.b)"}, "Next": "Make"}"#,
    ];
    for first in first {
        workspace.write("right.asl.json", definition(first, "$.made.a"));
        workspace.write("wrong.asl.json", definition(first, "$.made.b"));
        let (_, out, _) = workspace.run(&["lint", "right.asl.json", "--select", "FLOW"]);
        assert!(!out.contains("FLOW"), "{first}: {out}");
        let (_, out, _) = workspace.run(&["lint", "wrong.asl.json", "--select", "FLOW"]);
        assert!(out.contains("FLOW101"), "{first}: {out}");
    }
    // Of a state that a framework writes nobody knows where it leads.
    workspace.write("wrong.asl.json", definition("${State}", "$.made.b"));
    let (_, out, _) = workspace.run(&["lint", "wrong.asl.json", "--select", "FLOW"]);
    assert!(!out.contains("FLOW"), "{out}");
    assert_eq!(workspace.run(&["graph", "wrong.asl.json"]).0, 0);
}

/// Every command that looks at definitions takes the values that `simulate` takes.
#[test]
fn the_other_commands_take_values_too() {
    let workspace = Workspace::new();
    workspace.write("open.asl.json", OPEN);
    let given = ["--substitute", "Pause=5", "--substitute", "Stage=prod"];
    let (code, out, err) = workspace.run(&[&["graph", "open.asl.json"], &given[..]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("Wait 5 seconds") && out.contains("\"prod\"") && out.contains("${Most}"), "{out}");
    let (code, out, err) = workspace.run(&[&["cost", "open.asl.json"], &given[..]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(!out.contains("${Pause}"), "{out}");
    assert_eq!(workspace.run(&[&["report", "open.asl.json"], &given[..]].concat()).0, 0);
    let page = workspace.read("report.html");
    assert!(page.contains("Wait 5 seconds"));
    for command in ["graph", "cost", "report", "simulate"] {
        let (code, _, err) = workspace.run(&[command, "open.asl.json", "--substitute", "Paus=5"]);
        assert!(code == 2 && err.contains("no definition has `${Paus}`"), "{command}: {err}");
    }
    // Nobody says what happens, so the definition is started, and asks.
    let (code, _, err) = workspace.run(&["simulate", "open.asl.json"]);
    assert!(code == 2 && err.contains("--substitute Pause=VALUE"), "{err}");
}

/// The execution that a task starts may need a value as well; what started it stops there, whatever it would catch.
#[test]
fn an_execution_that_another_starts_asks_too() {
    let workspace = Workspace::new();
    workspace.write(
        "template.yaml",
        "Transform: AWS::Serverless-2016-10-31\nParameters:\n  Pause: {Type: Number}\nResources:\n  Inner:\n    \
         Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition:\n        StartAt: Rest\n        States:\n          \
         Rest: {Type: Wait, Seconds: !Ref Pause, End: true}\n  Outer:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      \
         Definition:\n        StartAt: Call\n        States:\n          Call:\n            Type: Task\n            \
         Resource: CALL\n            Parameters: {StateMachineArn: !Ref Inner}\n            \
         Catch: [{ErrorEquals: [States.ALL], Next: Over}]\n            End: true\n          Over: {Type: Succeed}\n",
    );
    let text = workspace.read("template.yaml");
    for call in [
        "arn:aws:states:::states:startExecution",
        "arn:aws:states:::states:startExecution.sync:2",
        "arn:aws:states:::aws-sdk:sfn:startExecution",
    ] {
        workspace.write("template.yaml", text.replace("CALL", call));
        let run = ["simulate", "template.yaml", "--machine", "Outer", "--input", "{}"];
        let (code, _, err) = workspace.run(&run);
        assert_eq!(code, 2, "{call}: {err}");
        assert!(err.contains("the parameter `Pause`") && err.contains("of the state machine `Inner`"), "{call}: {err}");
        assert!(err.contains("--parameter Pause=VALUE"), "{call}: {err}");
        let (code, out, err) = workspace.run(&[&run[..], &["--parameter", "Pause=3"]].concat());
        assert_eq!((code, err.as_str()), (0, ""), "{call}: {out}");
    }
}
