//! How much there is room for.

use super::*;

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
