use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::services::{ServiceAnswer, ServiceCall, Services, TaskError};
use super::*;
use crate::asl::program::Program;

fn execution(definition: &Value, input: Value, options: ExecutionOptions) -> Execution {
    Execution::new(Arc::new(Program::read(definition).unwrap()), input, options)
}

fn run(definition: &Value, input: Value) -> Outcome {
    execution(definition, input, ExecutionOptions::default()).run(&mut NoServices).clone()
}

/// A machine of one state.
fn single(state: &Value) -> Value {
    json!({"StartAt": "S", "States": {"S": state}})
}

fn task(more: &Value) -> Value {
    let mut task = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true});
    task.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    single(&task)
}

/// Answers each call with the next of a list, and notes when it was called.
struct Script {
    answers: Vec<ServiceAnswer>,
    calls: Vec<(Duration, Value)>,
}

impl Script {
    fn new(answers: impl IntoIterator<Item = ServiceAnswer>) -> Self {
        Self { answers: answers.into_iter().collect(), calls: Vec::new() }
    }

    fn seconds(&self) -> Vec<u64> {
        self.calls.iter().map(|(at, _)| at.as_secs()).collect()
    }
}

impl Services for Script {
    fn call(&mut self, call: &ServiceCall<'_>) -> ServiceAnswer {
        self.calls.push((call.now.since(ExecutionOptions::default().start_time), call.arguments.clone()));
        if self.answers.is_empty() { ServiceAnswer::returned(json!("more")) } else { self.answers.remove(0) }
    }
}

fn threw(error: &str) -> ServiceAnswer {
    ServiceAnswer::threw(TaskError::new(error, "Why"))
}

fn failure(outcome: &Outcome) -> (Option<&str>, Option<&str>) {
    match outcome {
        Outcome::Failed(failure) => (failure.error.as_deref(), failure.cause.as_deref()),
        _ => (None, None),
    }
}

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
fn branches_go_on_by_virtual_time() {
    let branch = |name: &str, seconds: u64| {
        let wait = format!("{name}W");
        json!({"StartAt": wait, "States": {
            wait: {"Type": "Wait", "Seconds": seconds, "Next": name},
            name: {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"in": name}, "End": true}
        }})
    };
    let definition = single(&json!({
        "Type": "Parallel", "End": true, "Branches": [branch("A", 30), branch("B", 10), branch("C", 20)]
    }));
    let mut script = Script::new(["a", "b", "c"].map(|text| ServiceAnswer::returned(text.into())));
    let mut execution = execution(&definition, json!({}), ExecutionOptions::default());
    assert_eq!(*execution.run(&mut script), Outcome::Succeeded(json!(["c", "a", "b"])));
    assert_eq!(script.seconds(), [10, 20, 30]);
}

#[test]
fn a_failed_branch_ends_the_others() {
    let definition = json!({"StartAt": "P", "States": {
        "P": {"Type": "Parallel", "Next": "End", "Catch": [{"ErrorEquals": ["E"], "ResultPath": "$.e", "Next": "End"}],
            "Branches": [
                {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 50, "Next": "T"},
                    "T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}},
                {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E", "Cause": "C"}}}
            ]},
        "End": {"Type": "Succeed"}
    }});
    let mut script = Script::new([]);
    let mut execution = execution(&definition, json!({}), ExecutionOptions { history: true, ..Default::default() });
    assert_eq!(*execution.run(&mut script), Outcome::Succeeded(json!({"e": {"Error": "E", "Cause": "C"}})));
    assert_eq!(script.calls, []);
    let kinds: Vec<&str> = execution.history().iter().map(|event| event.kind).collect();
    assert!(kinds.contains(&"WaitStateAborted"), "{kinds:?}");
}

#[test]
fn a_failed_iteration_ends_the_others() {
    let definition = json!({"StartAt": "M", "States": {
        "M": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Which", "States": {
            "Which": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericEquals": 1, "Next": "Fail"}], "Default": "Wait"},
            "Wait": {"Type": "Wait", "Seconds": 50, "End": true},
            "Fail": {"Type": "Fail", "Error": "E"}
        }}}
    }});
    let options = ExecutionOptions { history: true, ..Default::default() };
    let mut execution = execution(&definition, json!([0, 1, 2]), options);
    execution.run(&mut NoServices);
    let history = execution.history();
    let failed = history.iter().position(|event| event.kind == "MapIterationFailed").unwrap();
    let kinds: Vec<&str> = history[failed..].iter().map(|event| event.kind).collect();
    let aborted = ["WaitStateAborted", "MapIterationAborted"];
    let expected = [&["MapIterationFailed"][..], &aborted, &aborted, &["MapStateFailed", "ExecutionFailed"]].concat();
    assert_eq!(kinds, expected);
    let index = |event: &HistoryEvent| event.details.as_ref().map(|(_, details)| details["index"].clone());
    let of: Vec<_> = history.iter().filter(|event| event.kind == "MapIterationAborted").filter_map(index).collect();
    assert_eq!(of, [0, 2]);
}

#[test]
fn variables_are_set_together_and_seen_inside() {
    let definition = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"x": 1, "y": 2}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"x": "{% $y %}", "y": "{% $x %}"}, "Next": "C"},
        "C": {"Type": "Map", "Items": [10, 20], "Next": "D", "ItemProcessor": {"StartAt": "I", "States": {
            "I": {"Type": "Pass", "Assign": {"z": "{% $x + $states.input %}"}, "Next": "J"},
            "J": {"Type": "Pass", "Output": "{% $z + $y %}", "End": true}
        }}},
        "D": {"Type": "Pass", "Output": {"sums": "{% $states.input %}", "rest": "{% [$x, $y, $exists($z)] %}"}, "End": true}
    }});
    assert_eq!(run(&definition, json!({})), Outcome::Succeeded(json!({"sums": [13, 23], "rest": [2, 1, false]})));
}

#[test]
fn iterations_take_turns_within_their_concurrency() {
    let definition = |concurrency: u64| {
        single(&json!({"Type": "Map", "MaxConcurrency": concurrency, "ItemsPath": "$.items", "End": true,
            "ItemSelector": {"at.$": "$$.Map.Item.Index", "value.$": "$$.Map.Item.Value", "all.$": "$.items.length()"},
            "ItemProcessor": {"StartAt": "T", "States": {
                "T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": null, "End": true}
            }}
        }))
    };
    for (concurrency, expected) in [(1, [0, 5, 10, 15]), (2, [0, 0, 5, 5]), (0, [0, 0, 0, 0])] {
        let answer = ServiceAnswer::returned(json!(null)).after(Duration::from_secs(5));
        let mut script = Script::new(vec![answer; 4]);
        let input = json!({"items": ["a", "b", "c", "d"]});
        let mut execution = execution(&definition(concurrency), input, ExecutionOptions::default());
        let Outcome::Succeeded(output) = execution.run(&mut script).clone() else { unreachable!() };
        assert_eq!(output[2], json!({"at": 2, "value": "c", "all": 4}));
        assert_eq!(script.seconds(), expected);
    }
}

#[test]
fn a_distributed_map_puts_up_with_failures() {
    let definition = |tolerated: &Value| {
        let mut map = json!({"Type": "Map", "End": true, "Label": "L", "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "C",
            "States": {
                "C": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericLessThan": 0, "Next": "F"}], "Default": "P"},
                "F": {"Type": "Fail", "Error": "Negative"},
                "P": {"Type": "Pass", "Parameters": {"input.$": "$$.Execution.Input"}, "End": true}
            }
        }});
        map.as_object_mut().unwrap().extend(tolerated.as_object().unwrap().clone());
        single(&map)
    };
    let too_many = (
        Some("States.ExceedToleratedFailureThreshold"),
        Some("The specified tolerated failure threshold was exceeded"),
    );
    let input = json!([1, -2, 3, -4]);
    for tolerated in [json!({}), json!({"ToleratedFailureCount": 1}), json!({"ToleratedFailurePercentage": 40})] {
        assert_eq!(failure(&run(&definition(&tolerated), input.clone())), too_many, "{tolerated}");
    }
    for tolerated in [json!({"ToleratedFailureCount": 2}), json!({"ToleratedFailurePercentage": 50})] {
        let Outcome::Succeeded(output) = run(&definition(&tolerated), input.clone()) else { unreachable!() };
        assert_eq!(output[0], json!({"input": 1}), "{tolerated}");
        assert_eq!(output[1]["Error"], "Negative", "{tolerated}");
    }
}

#[test]
fn a_distributed_map_goes_over_the_fields_of_an_object() {
    let processor = |mode: &str| {
        json!({"ProcessorConfig": {"Mode": mode, "ExecutionType": "STANDARD"}, "StartAt": "P",
            "States": {"P": {"Type": "Pass", "End": true}}})
    };
    let map = |mode: &str| {
        single(&json!({"Type": "Map", "ItemsPath": "$.sizes", "ItemProcessor": processor(mode), "End": true,
            "ItemSelector": {"name.$": "$$.Map.Item.Key", "size.$": "$$.Map.Item.Value"}}))
    };
    let input = json!({"sizes": {"a": 1, "b": 2}});
    let expected = json!([{"name": "a", "size": 1}, {"name": "b", "size": 2}]);
    assert_eq!(run(&map("DISTRIBUTED"), input.clone()), Outcome::Succeeded(expected));
    let inline = single(&json!({"Type": "Map", "ItemsPath": "$.sizes", "End": true,
        "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}));
    assert_eq!(failure(&run(&inline, input)).0, Some("States.Runtime"));
}

#[test]
fn endless_loops_end() {
    let definition = single(&json!({"Type": "Pass", "Next": "S"}));
    let mut execution = execution(&definition, json!({}), ExecutionOptions { max_events: 1_000, ..Default::default() });
    let cause = "The execution reached the maximum number of history events (1000). It was in the state 'S'. \
                 `--max-transitions` sets another limit for the simulation.";
    assert_eq!(failure(&execution.run(&mut NoServices).clone()), (Some("States.Runtime"), Some(cause)));
}

#[test]
fn tries_count_as_events() {
    let retry = json!([{"ErrorEquals": ["States.ALL"], "MaxAttempts": 99_999_999, "BackoffRate": 1}]);
    let definition = single(&json!({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Retry": retry,
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "S"}], "End": true}));
    let options = ExecutionOptions { max_events: 300, ..Default::default() };
    let mut execution = execution(&definition, json!({}), options);
    let outcome = execution.run(&mut NoServices).clone();
    let (error, cause) = failure(&outcome);
    assert_eq!(error, Some("States.Runtime"));
    assert!(cause.unwrap().contains("(300)"), "{cause:?}");
    assert!(execution.event_count() < 310, "{}", execution.event_count());
}

#[test]
fn children_share_a_limit() {
    let processor = |kind: &str| {
        json!({"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind}, "StartAt": "P",
            "States": {"P": {"Type": "Pass", "Next": "W"}, "W": {"Type": "Wait", "Seconds": 1, "Next": "P"}}})
    };
    let definition = |kind| {
        single(
            &json!({"Type": "Map", "ItemProcessor": processor(kind), "ToleratedFailurePercentage": 100, "End": true}),
        )
    };
    let options = ExecutionOptions { max_events: 500, max_total_events: 2_000, ..Default::default() };
    let items = Value::from((0..20).collect::<Vec<u8>>());
    let outcome = execution(&definition("STANDARD"), items.clone(), options.clone()).run(&mut NoServices).clone();
    let (error, cause) = failure(&outcome);
    assert_eq!(error, Some("States.Runtime"));
    assert!(cause.unwrap().contains("2000 history events") && cause.unwrap().contains("`--max-events`"));
    // Each child of its own has the limit of any execution, and an Express child five minutes.
    let two = json!([1, 2]);
    let outcome = execution(&definition("STANDARD"), two.clone(), options.clone()).run(&mut NoServices).clone();
    assert!(matches!(&outcome, Outcome::Succeeded(output) if output[1]["Error"] == "States.Runtime"), "{outcome:?}");
    let options = ExecutionOptions { max_events: 5_000, max_total_events: 5_000, ..options };
    let mut express = execution(&definition("EXPRESS"), two, options);
    let outcome = express.run(&mut NoServices).clone();
    assert!(matches!(&outcome, Outcome::Succeeded(output) if output[1]["Error"] == "States.Timeout"), "{outcome:?}");
    assert_eq!(express.now().since(ExecutionOptions::default().start_time).as_secs(), 300);
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

#[test]
fn data_has_a_limit() {
    let large = "x".repeat(200_000);
    let definition = single(&json!({"Type": "Pass", "Parameters": {"a.$": "$.a", "b.$": "$.a"}, "End": true}));
    let cause = "The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.";
    assert_eq!(failure(&run(&definition, json!({"a": large}))), (Some("States.DataLimitExceeded"), Some(cause)));
}

#[test]
fn data_that_is_wrapped_again_and_again_is_no_danger_to_the_stack() {
    let wrap = json!({"a.$": "$"});
    let pass = single(&json!({"Type": "Pass", "Parameters": wrap, "Next": "S"}));
    let assign = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"v": {"a.$": "$v"}}, "Next": "B"}
    }});
    let jsonata = json!({"QueryLanguage": "JSONata", "StartAt": "S", "States": {
        "S": {"Type": "Pass", "Output": "{% [[$states.input]] %}", "Next": "S"}
    }});
    for definition in [pass, assign, jsonata] {
        let outcome = run(&definition, json!({}));
        assert_eq!(failure(&outcome).0, Some("States.DataLimitExceeded"), "{definition}");
    }
}

const MEMORY: &str = ": Expression evaluation memory limit exceeded: Check for excessive memory usage";

#[test]
fn evaluations_that_never_end_are_errors() {
    let deep = format!("1{}", "+1".repeat(100));
    let cases = [
        (
            "($f := function($x) { 1 + $f($x) }; $f(1))",
            ": Stack overflow error: Check for non-terminating recursive function. ",
        ),
        (&deep, ": Stack overflow error: "),
        ("($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(32))", ": Stack overflow error: "),
        ("($f := function() { $f() }; $f())", ": Expression evaluation timeout: "),
        ("$map([1..2000000], function($x) { $x })", MEMORY),
        ("[1..873783] ~> $count()", MEMORY),
        ("$range(1, 360146, 1)", MEMORY),
        ("$pad('x', 2000000000)", MEMORY),
        ("'x' ~> $pad(2000000000)", MEMORY),
        ("$map(['x'], $pad(?, 2000000000))", MEMORY),
        ("($p := $pad; $p('x', 2000000000))", MEMORY),
        ("$formatInteger(1e13, 'I')", MEMORY),
        ("$length($reduce([1..40], function($t, $i) { $t & $t }, 'x'))", MEMORY),
        ("$count($reduce([1..40], function($t, $i) { [$t, $t] }, [1]))", MEMORY),
        ("$length($string($reduce([1..40], function($t, $i) { {'a': $t, 'b': $t} }, {})))", MEMORY),
        ("$reduce([1..40], function($t, $i) { {'a': $t, 'b': $t} }, {})", MEMORY),
        ("($b := $pad('', 100000); $length($join($map([1..100000], function($i) { $b }), '')))", MEMORY),
        ("$length($replace($pad('', 100000), ' ', $pad('', 100000)))", MEMORY),
        ("$length($replace($pad('', 100000), / /, $pad('', 100000)))", MEMORY),
        ("$eval('1')", ". T1006: "),
    ];
    for (source, expected) in cases {
        let definition = json!({"QueryLanguage": "JSONata", "StartAt": "S", "States": {
            "S": {"Type": "Pass", "Output": format!("{{% {source} %}}"), "End": true}
        }});
        let outcome = run(&definition, json!({}));
        let (error, cause) = failure(&outcome);
        assert_eq!(error, Some("States.QueryEvaluationError"), "{source}: {outcome:?}");
        let expected = format!("threw an error during evaluation{expected}");
        assert!(cause.unwrap().contains(&expected), "{source}: {cause:?}");
    }
}

#[test]
fn what_aws_has_room_for_has_room_here() {
    let terms = format!("1{}", "+1".repeat(99));
    let cases = [
        (terms.as_str(), json!(100)),
        ("($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(31))", json!(31)),
        ("($f := function($n) { $n = 0 ? 'done' : $f($n - 1) }; $f(5000))", json!("done")),
        ("[1..873782] ~> $count()", json!(873_782)),
        ("$count($range(1, 200000, 1))", json!(200_000)),
        ("$length($reduce([1..22], function($t, $i) { $t & $t }, 'x'))", json!(4_194_304)),
        ("$string(['a', 1])", json!("[\"a\",1]")),
        ("$map([1, 2], $string)", json!(["1", "2"])),
        ("$reduce([[1, 2]], $append)", json!([1, 2])),
        ("['a', 'b'] ~> $join('-')", json!("a-b")),
        ("$substring('abc', 2, 1e21)", json!("c")),
    ];
    for (source, expected) in cases {
        let definition = json!({"QueryLanguage": "JSONata", "StartAt": "S", "States": {
            "S": {"Type": "Pass", "Output": format!("{{% {source} %}}"), "End": true}
        }});
        assert_eq!(run(&definition, json!({})), Outcome::Succeeded(expected), "{source}");
    }
}

#[test]
fn ranges_stand_between_brackets() {
    let definition = json!({"QueryLanguage": "JSONata", "StartAt": "S", "States": {
        "S": {"Type": "Pass", "Output": "{% $states.input.a[1..2] %}", "End": true}
    }});
    let faults = Program::read(&definition).unwrap_err();
    assert!(faults[0].message.contains("S0202"), "{faults:?}");
    assert_eq!(
        jsonata::evaluate("a[[1..2]]", Some(&json!({"a": [1, 2, 3]})), &serde_json::Map::new()),
        Ok(Some(json!([2, 3])))
    );
}

#[test]
fn the_functions_of_step_functions() {
    let cases = [
        ("$partition([1,2,3], 2)", json!([[1, 2], [3]])),
        ("$range(5, 1, -2)", json!([5, 3, 1])),
        ("$hash('abc', 'SHA-1')", json!("a9993e364706816aba3e25717850c26c9cd0d89d")),
        ("$parse('{\"a\": [1, 2.5]}')", json!({"a": [1, 2.5]})),
        ("$now()", json!("2026-01-01T00:00:00.000Z")),
        ("$now('[Y0001]-[M01]')", json!("2026-01")),
        ("$millis()", json!(1_767_225_600_000_i64)),
        ("$random(7) = $random(7)", json!(true)),
        ("$length($uuid())", json!(36)),
    ];
    for (source, expected) in cases {
        let definition = json!({"QueryLanguage": "JSONata", "StartAt": "S", "States": {
            "S": {"Type": "Pass", "Output": format!("{{% {source} %}}"), "End": true}
        }});
        assert_eq!(run(&definition, json!({})), Outcome::Succeeded(expected), "{source}");
    }
}

#[test]
fn the_same_seed_gives_the_same() {
    let definition = single(&json!({"Type": "Pass", "Parameters": {"id.$": "States.UUID()"}, "End": true}));
    let ran = |seed| {
        let options = ExecutionOptions { seed, ..Default::default() };
        execution(&definition, json!({}), options).run(&mut NoServices).clone()
    };
    assert_eq!(ran(3), ran(3));
    assert_ne!(ran(3), ran(4));
}

#[test]
fn several_executions_take_turns() {
    let definition = task(&json!({"Parameters": {"who.$": "$$.Execution.Name"}}));
    let program = Arc::new(Program::read(&definition).unwrap());
    let mut executions: Vec<Execution> = ["a", "b"]
        .map(|name| {
            let identity = Identity::new("M", name);
            Execution::new(Arc::clone(&program), json!({}), ExecutionOptions { identity, ..Default::default() })
        })
        .into();
    let mut script = Script::new([]);
    while executions.iter().any(|execution| execution.outcome().is_none()) {
        for execution in &mut executions {
            execution.step(&mut script);
        }
    }
    let names: Vec<&Value> = script.calls.iter().map(|(_, arguments)| &arguments["who"]).collect();
    assert_eq!(names, ["a", "b"]);
    assert!(executions.iter().all(|execution| matches!(execution.outcome(), Some(Outcome::Succeeded(_)))));
}

#[test]
fn what_a_state_does_with_its_data_is_kept() {
    let definition = json!({"StartAt": "S", "States": {
        "S": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "InputPath": "$.in", "Parameters": {"k.$": "$.k"},
            "ResultSelector": {"v.$": "$.Payload"}, "ResultPath": "$.out", "OutputPath": "$.out", "Next": "E"},
        "E": {"Type": "Succeed"}
    }});
    let options = ExecutionOptions { inspections: true, ..Default::default() };
    let mut execution = execution(&definition, json!({"in": {"k": 1}}), options);
    execution.run(&mut Script::new([ServiceAnswer::returned(json!({"Payload": 2}))]));
    let [state, end] = execution.state_runs() else { unreachable!() };
    let steps = Value::Object(state.inspection.steps().clone());
    let expected = json!({
        "input": {"in": {"k": 1}}, "afterInputPath": {"k": 1}, "afterParameters": {"k": 1}, "result": {"Payload": 2},
        "afterResultSelector": {"v": 2}, "afterResultPath": {"in": {"k": 1}, "out": {"v": 2}}
    });
    assert_eq!(steps, expected);
    assert_eq!(state.ended, StateEnd::Succeeded { output: json!({"v": 2}), next: Some("E".to_owned()) });
    assert_eq!((end.state.as_str(), end.kind), ("E", "Succeed"));
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

#[test]
fn credentials_are_of_the_effective_input_and_stand_in_the_history() {
    let role = "arn:aws:iam::210987654321:role/theirs";
    for (more, input) in [
        (json!({"Credentials": {"RoleArn": role}}), json!({})),
        (json!({"InputPath": "$.in", "Credentials": {"RoleArn.$": "$.role"}}), json!({"in": {"role": role}})),
        (
            json!({"QueryLanguage": "JSONata", "Credentials": {"RoleArn": "{% $states.input.role %}"}}),
            json!({"role": role}),
        ),
    ] {
        let options = ExecutionOptions { history: true, ..ExecutionOptions::default() };
        let mut execution = execution(&task(&more), input, options);
        execution.run(&mut Script::new([]));
        let mut events = execution.history().iter().map(HistoryEvent::to_json);
        let scheduled = events.find(|event| event["type"] == "TaskScheduled").unwrap();
        assert_eq!(scheduled["taskScheduledEventDetails"]["taskCredentials"], json!({ "roleArn": role }), "{more}");
    }
}
