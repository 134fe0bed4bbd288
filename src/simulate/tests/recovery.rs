//! Retry and Catch.

use super::*;

#[test]
fn tries_again_after_longer_and_longer_waits() {
    let definition = task(&json!({"Retry": [
        {"ErrorEquals": ["Rare"], "IntervalSeconds": 100, "MaxAttempts": 1},
        {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": 4, "BackoffRate": 3, "MaxDelaySeconds": 10}
    ]}));
    let mut script = Script::new([threw("Busy"), threw("Rare"), threw("Busy"), threw("Busy")]);
    let mut execution = execution(&definition, json!({}), ExecutionOptions::default());
    assert_eq!(*execution.run(&mut script), Outcome::Succeeded(json!("more")));
    assert_eq!(script.seconds(), [0, 2, 102, 108, 118]);
}

#[test]
fn jitter_is_a_part_of_the_wait_that_the_seed_decides() {
    let definition = task(&json!({"Retry": [
        {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1000, "MaxAttempts": 1, "JitterStrategy": "FULL"}
    ]}));
    let waited = |seed| {
        let mut script = Script::new([threw("Busy")]);
        execution(&definition, json!({}), ExecutionOptions { seed, ..Default::default() }).run(&mut script);
        script.calls[1].0
    };
    assert!(waited(1) < Duration::from_secs(1000));
    assert_eq!(waited(1), waited(1));
    assert_ne!(waited(1), waited(2));
}

#[test]
fn an_error_is_caught_by_the_first_entry_for_it() {
    let definition = |catch: Value| {
        json!({"StartAt": "S", "States": {
            "S": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true, "Catch": catch},
            "Then": {"Type": "Pass", "End": true}
        }})
    };
    let error = json!({"Error": "Busy", "Cause": "Why"});
    let cases = [
        (json!([{"ErrorEquals": ["Busy"], "Next": "Then"}]), Some(error.clone())),
        (
            json!([{"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.e", "Next": "Then"}]),
            Some(json!({"a": 1, "e": error})),
        ),
        (json!([{"ErrorEquals": ["Busy"], "ResultPath": null, "Next": "Then"}]), Some(json!({"a": 1}))),
        (json!([{"ErrorEquals": ["States.Timeout"], "Next": "Then"}]), None),
    ];
    for (catch, expected) in cases {
        let mut execution = execution(&definition(catch.clone()), json!({"a": 1}), ExecutionOptions::default());
        let outcome = execution.run(&mut Script::new([threw("Busy")])).clone();
        match expected {
            Some(output) => assert_eq!(outcome, Outcome::Succeeded(output), "{catch}"),
            None => assert_eq!(failure(&outcome), (Some("Busy"), Some("Why")), "{catch}"),
        }
    }
}

#[test]
fn a_missed_heartbeat_is_caught_by_either_name() {
    let resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
    let definition = |error: &str| {
        json!({"StartAt": "S", "States": {
            "S": {"Type": "Task", "Resource": resource, "HeartbeatSeconds": 10, "TimeoutSeconds": 100,
                "Parameters": {"MessageBody": {"token.$": "$$.Task.Token"}},
                "Catch": [{"ErrorEquals": [error], "Next": "Caught"}], "End": true},
            "Caught": {"Type": "Pass", "End": true}
        }})
    };
    for (name, expected) in
        [("States.HeartbeatTimeout", "SUCCEEDED"), ("States.Timeout", "SUCCEEDED"), ("Other", "FAILED")]
    {
        let mut script = Script::new(vec![ServiceAnswer::never()]);
        let mut execution = execution(&definition(name), json!({}), ExecutionOptions::default());
        assert_eq!(execution.run(&mut script).status(), expected, "{name}");
    }
}
