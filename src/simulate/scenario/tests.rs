use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::loaded::LoadedStack;
use crate::simulate::stack::RunnableStack;
use crate::source::Source;

fn parse(text: &str) -> Result<Scenario, String> {
    ScenarioDocument::parse(Source::new("s.yaml", text)).map(|document| document.scenario).map_err(|(source, fault)| {
        let at = fault.span.map(|span| source.position(span.start).to_string()).unwrap_or_default();
        format!("{at} {}; {}", fault.message, fault.help.unwrap_or_default())
    })
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let cases = [
        ("", " the scenario is empty; a scenario needs `when` (what happens) and `then` (the expected result)"),
        ("then: {}", "1:1 this scenario has no events; add them under `when`"),
        ("when: [{putt: a}]", "1:9 unknown key `putt`; did you mean `put`?"),
        ("when: [{put: {sise: 5}}]", "1:15 unknown key `sise`; did you mean `size`?"),
        (
            "when: [{wait: 5 parsecs}]",
            "1:15 this is not a duration; expected a number and a unit: `5 seconds`, `2 minutes`, `1 hour`, `3 days`",
        ),
        ("when: [{wait: -1}]", "1:15 expected a duration between 0 seconds and 100 years; "),
        ("when: [{put: a}]\nthen: {status: SUCCEDED}", "2:16 unknown value `SUCCEDED`; did you mean `SUCCEEDED`?"),
        ("when: [{delete: {key: a, size: 5}}]", "1:26 unknown key `size`; expected `key`, `bucket` or `late`"),
        ("when: [{put: a}]\nthne: {}", "2:1 unknown key `thne`; did you mean `then`?"),
    ];
    for (text, expected) in cases {
        assert_eq!(parse(text).unwrap_err(), expected, "{text}");
    }
    let several = "when: [{putt: a}, {put: {sise: 5}}, {wait: soon}]\nthen: {status: DONE}";
    assert_eq!(ScenarioDocument::parse_all(Source::new("s.yaml", several)).unwrap_err().1.len(), 4);
    let long = parse(&format!("when: [{{put: {}}}]", "a".repeat(1025))).unwrap_err();
    assert!(long.contains("the key has 1025 bytes; S3 allows 1024"), "{long}");
    let fault = parse("when: [{fault: trottle X}]").unwrap_err();
    assert!(fault.starts_with("1:16 `trottle X` is not a valid fault: expected throttle"), "{fault}");
}

#[test]
fn items_are_read_and_shown_plainly() {
    let item = json!({"s": "a", "n": 5, "f": 1.5, "whole": 2.0, "b": true, "none": null, "l": [1, "x"], "m": {"k": "v"},
        "set": {"SS": ["x"]}, "exact": {"N": "1.10"}});
    let dynamo = json!({"s": {"S": "a"}, "n": {"N": "5"}, "f": {"N": "1.5"}, "whole": {"N": "2"}, "b": {"BOOL": true},
        "none": {"NULL": true}, "l": {"L": [{"N": "1"}, {"S": "x"}]}, "m": {"M": {"k": {"S": "v"}}},
        "set": {"SS": ["x"]}, "exact": {"N": "1.10"}});
    assert_eq!(typed(item.as_object().unwrap()), dynamo);
    let mut back = item.clone();
    back["whole"] = json!(2);
    assert_eq!(Value::Object(plain(&dynamo)), back);
}

const TEMPLATE: &str = r#"
Resources:
  Files: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {EventBridgeConfiguration: {}}}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: key, AttributeType: S}]
      KeySchema: [{AttributeName: key, KeyType: HASH}]
  Work:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Put
        States:
          Put:
            Type: Task
            Resource: arn:aws:states:::dynamodb:putItem
            Parameters:
              TableName: !Ref Table
              Item: {key: {S.$: $.detail.object.key}, size: {N.$: "States.Format('{}', $.detail.object.size)"}}
            Retry: [{ErrorEquals: [DynamoDB.ProvisionedThroughputExceededException], IntervalSeconds: 2}]
            End: true
      Events:
        Made:
          Type: EventBridgeRule
          Properties: {Pattern: {source: [aws.s3], detail-type: [Object Created]}}
"#;

/// What does not come of a scenario as it should, and what else there is to say.
fn played(text: &str) -> Result<Vec<String>, String> {
    let stack = Arc::new(RunnableStack::new(&LoadedStack::from_text("template.yaml", TEMPLATE).unwrap()).unwrap());
    let scenario = parse(text)?;
    let played = play(&scenario, &stack, Path::new(".")).map_err(|error| error.to_string())?;
    let mismatches = check(&scenario, &played, &stack)?;
    let shown = mismatches.into_iter().map(|one| format!("{}: {} / {}", one.what, one.expected, one.actual));
    Ok(shown.chain(played.notes).collect())
}

#[test]
fn what_holds_passes() {
    let passing = [
        "when: [{put: {key: a, size: 5}}]\nthen: {items: [{key: a, size: 5}], path: [Put], executions: 1}",
        "given: {items: [{key: b}]}\nwhen: [{put: a}]\nthen: {items: [{key: b}, {key: a}]}",
        "given: {tables: {Table: [{key: b}]}}\nwhen: [{put: a}]\nthen: {tables: {Table: [{key: b}, {key: a}]}}",
        // The second event overtakes the first.
        "when: [{put: {key: a, size: 1, late: 1 hour}}, {put: {key: a, size: 2}}]\nthen: {items: [{key: a, size: 1}]}",
        "when: [{put: a}, {again: 1}, {again: 1}]\nthen: {executions: 3, items: [{key: a}]}",
        "when: [{fault: throttle Put twice}, {put: a}]\nthen: {calls: [{call: 'dynamodb:putItem', times: 3}], status: SUCCEEDED}",
        "when: [{fault: fail Put with Mine}, {put: a}]\nthen: {error: Mine, items: []}",
        "when: [{together: [{put: a}, {put: b}]}]\nthen: {executions: 2, items: [{key: a}, {key: b}]}",
        "when: [{input: {detail: {object: {key: a, size: 1}}}}]\nthen: {output: {SdkHttpMetadata: {HttpStatusCode: 200}}}",
        "when: [{start: {machine: Work, input: {detail: {object: {key: a, size: 1}}}}}]\nthen: {calls: [{state: Put}]}",
        "when: [{event: {source: aws.s3, detail-type: Object Created, detail: {bucket: {name: Files}, object: {key: a, size: 1}}}}]\nthen: {executions: 1}",
    ];
    for text in passing {
        assert_eq!(played(text), Ok(Vec::new()), "{text}");
    }
}

#[test]
fn what_does_not_hold_is_said() {
    let failing = [
        (
            "when: [{put: {key: a, size: 5}}]\nthen: {items: [{key: a, size: 6}]}",
            vec!["items of Table: - key: \"a\"\n  size: 6 / - key: \"a\"\n  size: 5"],
        ),
        (
            "when: [{put: {key: a, size: 5}}]\nthen: {items: []}",
            vec!["items of Table: no items / - key: \"a\"\n  size: 5"],
        ),
        (
            "when: [{put: a}]\nthen: {path: [Put, More], executions: 2}",
            vec!["executions: 2 / 1", "path: Put\nMore / Put"],
        ),
        (
            "when: [{fault: throttle Put twice}, {wait: 1}]",
            vec!["fault: the fault of `Put` is injected / `Put` was called less often"],
        ),
        (
            "when: [{fault: fail Put with Mine}, {put: a}]",
            vec!["status of #1 Work: SUCCEEDED / FAILED\nMine\na fault of the scenario"],
        ),
        ("when: [{put: a}]\nthen: {error: Mine}", vec!["error: Mine / no error"]),
        (
            "when: [{put: a}]\nthen: {calls: [{call: 'sqs:sendMessage'}]}",
            vec!["calls: sqs:sendMessage, at least once / sqs:sendMessage, 0 times"],
        ),
        (
            "given: {objects: [a]}\nwhen: [{delete: a}]\nthen: {executions: 0}",
            vec![
                "no rule matched `Object Deleted` a",
                "  WorkMade: `detail-type` is \"Object Deleted\", but the pattern requires [\"Object Created\"]",
            ],
        ),
    ];
    for (text, expected) in failing {
        assert_eq!(played(text).unwrap(), expected, "{text}");
    }
    for (text, expected) in [
        ("when: [{again: 1}]", "`again: 1`: there are only 0 events before it"),
        ("given: {tables: {T: [{key: a}]}}\nwhen: [{put: a}]", "the stack has no table `T`: it has Table"),
        ("when: [{start: {machine: W}}]", "the stack has no state machine `W`"),
    ] {
        assert_eq!(played(text).unwrap_err(), expected, "{text}");
    }
}
