//! Timeouts.

use super::*;

#[test]
fn tasks_end_with_their_time() {
    let seconds = Duration::from_secs;
    let late = ServiceAnswer::returned(json!(1)).after(seconds(30));
    let signs = ServiceAnswer { heartbeats: vec![seconds(9), seconds(18), seconds(27)], ..late.clone() };
    let wait = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
    let cases = [
        (json!({"TimeoutSeconds": 20}), late.clone(), Some(20)),
        (json!({"TimeoutSeconds": 30}), late.clone(), None),
        (json!({"HeartbeatSeconds": 10}), late.clone(), None),
        (json!({"HeartbeatSeconds": 10, "Resource": wait}), late, Some(10)),
        (json!({"HeartbeatSeconds": 10, "Resource": wait}), signs, None),
        (json!({"TimeoutSecondsPath": "$.limit", "Resource": wait}), ServiceAnswer::never(), Some(7)),
    ];
    for (fields, answer, timed_out) in cases {
        let mut execution = execution(&task(&fields), json!({"limit": 7}), ExecutionOptions::default());
        let outcome = execution.run(&mut Script::new([answer])).clone();
        let passed = execution.now().since(ExecutionOptions::default().start_time).as_secs();
        match timed_out {
            Some(after) => {
                assert_eq!(failure(&outcome), (Some("States.Timeout"), None), "{fields}");
                assert_eq!(passed, after, "{fields}");
            }
            None => assert_eq!((outcome, passed), (Outcome::Succeeded(json!(1)), 30), "{fields}"),
        }
    }
}

#[test]
fn an_execution_ends_with_its_time() {
    let mut definition = single(&json!({"Type": "Wait", "Seconds": 100, "End": true}));
    definition["TimeoutSeconds"] = json!(60);
    let mut limited = execution(&definition, json!({}), ExecutionOptions::default());
    assert_eq!(*limited.run(&mut NoServices), Outcome::TimedOut);
    assert_eq!(limited.now().since(ExecutionOptions::default().start_time).as_secs(), 60);

    // A token that nobody returns: the execution lasts as long as any may.
    let definition = task(&json!({"Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}));
    let mut endless = execution(&definition, json!({}), ExecutionOptions::default());
    assert_eq!(*endless.run(&mut Script::new([ServiceAnswer::never()])), Outcome::TimedOut);
}

#[test]
fn express_workflows_have_five_minutes() {
    let definition = |seconds: u32| single(&json!({"Type": "Wait", "Seconds": seconds, "End": true}));
    let express = ExecutionOptions { express: true, ..Default::default() };
    for (seconds, expected) in [(299, "SUCCEEDED"), (600, "TIMED_OUT")] {
        let mut execution = execution(&definition(seconds), json!({}), express.clone());
        assert_eq!(execution.run(&mut NoServices).status(), expected, "{seconds}");
    }
    assert_eq!(run(&definition(600), json!({})).status(), "SUCCEEDED");
}

#[test]
fn times_of_tasks_are_whole_numbers_within_their_limits() {
    let machine = task(&json!({"TimeoutSecondsPath": "$.t"}));
    let invalid = "The TimeoutSecondsPath field refers to value \"1.5\" which is not a valid integer: $.t";
    let whole = |number: &str| format!("TimeoutSeconds has to be a whole number from 1 to 99999999, and is {number}");
    for (value, cause) in [
        (json!(1.5), invalid.to_owned()),
        (json!(0), whole("0")),
        (json!(100_000_000), whole("100000000")),
        (json!(99_999_999), String::new()),
    ] {
        let options = ExecutionOptions::default();
        let outcome = execution(&machine, json!({"t": value}), options).run(&mut Script::new([])).clone();
        assert!(failure(&outcome).1.unwrap_or_default().ends_with(&cause), "{value} {outcome:?}");
        assert_eq!(failure(&outcome).0, (!cause.is_empty()).then_some("States.Runtime"), "{value}");
    }
}
