//! What the documentation promises of single states: intrinsic functions, paths, comparisons, times and expressions.

use super::*;

/// An output, or an error with a part of its cause.
type Promised<'a> = Result<Value, (&'a str, &'a str)>;

fn holds(cases: &[(Value, Value, Promised<'_>)]) {
    for (state, input, promised) in cases {
        let outcome = run(&single(state), input.clone());
        match (promised, &outcome) {
            (Ok(expected), Outcome::Succeeded(output)) => assert_eq!(output, expected, "{state} {input}"),
            (Err((error, part)), Outcome::Failed(failure)) => {
                let cause = failure.cause.as_deref().unwrap_or_default();
                assert_eq!(failure.error.as_deref(), Some(*error), "{state} {input} {cause}");
                assert!(cause.contains(part), "{state} {input}: {cause}");
            }
            _ => panic!("{state} {input}: {outcome:?}, not {promised:?}"),
        }
    }
}

fn with_parameter(path: &str) -> Value {
    json!({"Type": "Pass", "Parameters": {"x.$": path}, "OutputPath": "$.x", "End": true})
}

/// [Intrinsic functions](https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html).
#[test]
fn intrinsic_functions() {
    const FAILURE: &str = "States.IntrinsicFailure";
    let cases = [
        ("States.Format('{} of {}', $.a, 2)", json!({"a": [1]}), Ok(json!("[1] of 2"))),
        ("States.Format('\\'{}\\' \\{\\}', $.a)", json!({"a": null}), Ok(json!("'null' {}"))),
        ("States.StringToJson($.a)", json!({"a": "{\"b\": [1]}"}), Ok(json!({"b": [1]}))),
        ("States.StringToJson($.a)", json!({"a": "{b"}), Err((FAILURE, "States.StringToJson($.a)"))),
        ("States.StringToJson($.a)", json!({"a": 5}), Err((FAILURE, "argument 1"))),
        ("States.JsonToString($.a)", json!({"a": {"b": [true, null]}}), Ok(json!("{\"b\":[true,null]}"))),
        ("States.Array($.a, 'x', 1, null, true)", json!({"a": {}}), Ok(json!([{}, "x", 1, null, true]))),
        (
            "States.ArrayPartition($.a, 4)",
            json!({"a": [1, 2, 3, 4, 5, 6, 7, 8, 9]}),
            Ok(json!([[1, 2, 3, 4], [5, 6, 7, 8], [9]])),
        ),
        ("States.ArrayPartition($.a, $.n)", json!({"a": [1], "n": 0}), Err((FAILURE, "positive"))),
        ("States.ArrayContains($.a, $.b)", json!({"a": [{"x": 1}], "b": {"x": 1}}), Ok(json!(true))),
        ("States.ArrayRange(1, 9, 2)", json!({}), Ok(json!([1, 3, 5, 7, 9]))),
        ("States.ArrayRange(9, 1, -3)", json!({}), Ok(json!([9, 6, 3]))),
        ("States.ArrayRange(1, 9, $.n)", json!({"n": 0}), Err((FAILURE, "0"))),
        ("States.ArrayRange(1, $.n, 1)", json!({"n": 2000}), Err((FAILURE, "1000"))),
        ("States.ArrayGetItem($.a, 5)", json!({"a": [1, 2, 3, 4, 5, 6, 7, 8, 9]}), Ok(json!(6))),
        ("States.ArrayGetItem($.a, 5)", json!({"a": [1]}), Err((FAILURE, "out of bounds"))),
        ("States.ArrayLength($.a)", json!({"a": [1, 2]}), Ok(json!(2))),
        ("States.ArrayLength($.a)", json!({"a": "xy"}), Err((FAILURE, "array"))),
        ("States.ArrayUnique($.a)", json!({"a": [1, 2, 3, 3, 3]}), Ok(json!([1, 2, 3]))),
        ("States.Base64Encode($.a)", json!({"a": "Data to encode"}), Ok(json!("RGF0YSB0byBlbmNvZGU="))),
        ("States.Base64Decode($.a)", json!({"a": "RGF0YSB0byBlbmNvZGU="}), Ok(json!("Data to encode"))),
        ("States.Base64Decode($.a)", json!({"a": "!!"}), Err((FAILURE, "Base64"))),
        (
            "States.Hash($.a, 'SHA-1')",
            json!({"a": "input data"}),
            Ok(json!("aaff4a450a104cd177d28d18d74485e8cae074b7")),
        ),
        ("States.Hash($.a, $.n)", json!({"a": "x", "n": "SHA1"}), Err((FAILURE, "SHA1"))),
        (
            "States.JsonMerge($.a, $.b, false)",
            json!({"a": {"a": {"a1": 1, "a2": 2}, "b": 2}, "b": {"a": {"a3": 1}, "c": 5}}),
            Ok(json!({"a": {"a3": 1}, "b": 2, "c": 5})),
        ),
        ("States.MathAdd($.a, $.b)", json!({"a": 111, "b": -1}), Ok(json!(110))),
        ("States.MathAdd($.a, 1)", json!({"a": "5"}), Err((FAILURE, "number"))),
        ("States.StringSplit($.a, ',')", json!({"a": "1,2,3,4,5"}), Ok(json!(["1", "2", "3", "4", "5"]))),
        (
            "States.StringSplit($.a, $.b)",
            json!({"a": "This.is+a,test=string", "b": ".+,="}),
            Ok(json!(["This", "is", "a", "test", "string"])),
        ),
    ];
    holds(&cases.map(|(function, input, promised)| (with_parameter(function), input, promised)));
}

/// [Paths](https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html): an indefinite one gives a list.
#[test]
fn paths() {
    let three = json!({"a": [1, 2, 3]});
    let objects = json!({"a": [{"x": 1, "y": "p"}, {"x": 2, "y": "q"}, {}]});
    let cases = [
        ("$.a[0:2]", &three, Ok(json!([1, 2]))),
        ("$.a[-1:]", &three, Ok(json!([3]))),
        ("$.a[0,2]", &three, Ok(json!([1, 3]))),
        ("$.a.length()", &three, Ok(json!(3))),
        ("$.a[7]", &three, Err(("States.Runtime", "'$.a[7]' specified for the field 'x.$' could not be found"))),
        ("$.a[?(@.x > 1)].y", &objects, Ok(json!(["q"]))),
        ("$.a[?(@.y == 'none')]", &objects, Ok(json!([]))),
        ("$.a[*].x", &objects, Ok(json!([1, 2]))),
        ("$..y", &objects, Ok(json!(["p", "q"]))),
        ("$['a'][1]['y']", &objects, Ok(json!("q"))),
    ];
    holds(&cases.map(|(path, input, promised)| (with_parameter(path), input.clone(), promised)));
}

/// [Choice](https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html): a value of another type matches no comparison, and a value that
/// is not there fails the execution unless the rule is `IsPresent`.
#[test]
fn comparisons() {
    let missing = Err("Invalid path '$.a': The choice state's condition path references an invalid value.");
    for (rule, input, promised) in [
        (json!({"NumericEquals": 1}), json!({"a": 1.0}), Ok(true)),
        (json!({"NumericEquals": 1}), json!({"a": "1"}), Ok(false)),
        (json!({"NumericEquals": 1}), json!({"a": null}), Ok(false)),
        (json!({"StringEquals": "1"}), json!({"a": 1}), Ok(false)),
        (json!({"StringLessThan": "b"}), json!({"a": "B"}), Ok(true)),
        (json!({"StringMatches": "log-*.txt"}), json!({"a": "log-2020-04.txt"}), Ok(true)),
        (json!({"StringMatches": "x\\*"}), json!({"a": "xy"}), Ok(false)),
        (json!({"BooleanEquals": true}), json!({"a": "true"}), Ok(false)),
        (json!({"TimestampEquals": "2020-01-01T00:00:00Z"}), json!({"a": "2020-01-01T02:00:00+02:00"}), Ok(true)),
        (json!({"TimestampLessThan": "2020-01-02T00:00:00Z"}), json!({"a": "2020-01-01"}), Ok(false)),
        (json!({"IsTimestamp": true}), json!({"a": "2020-01-01T02:00:00"}), Ok(false)),
        (json!({"IsNumeric": false}), json!({"a": "x"}), Ok(true)),
        (json!({"IsNull": true}), json!({"a": null}), Ok(true)),
        (json!({"IsNull": true}), json!({}), missing),
        (json!({"IsPresent": true}), json!({}), Ok(false)),
        (json!({"NumericEqualsPath": "$.b"}), json!({"a": 1, "b": 1}), Ok(true)),
        (json!({"NumericEqualsPath": "$.b"}), json!({"a": 1, "b": "1"}), Ok(false)),
        (json!({"StringEquals": "x"}), json!({}), missing),
    ] {
        let mut choice = json!({"Variable": "$.a", "Next": "Yes"});
        choice.as_object_mut().unwrap().extend(rule.as_object().unwrap().clone());
        let end = |result: bool| json!({"Type": "Pass", "Result": result, "End": true});
        let definition = json!({"StartAt": "S", "States": {
            "S": {"Type": "Choice", "Choices": [choice], "Default": "No"}, "Yes": end(true), "No": end(false)
        }});
        match (promised, run(&definition, input.clone())) {
            (Ok(expected), Outcome::Succeeded(output)) => assert_eq!(output, expected, "{rule} {input}"),
            (Err(part), Outcome::Failed(failure)) => {
                assert!(
                    failure.cause.as_deref().is_some_and(|cause| cause.ends_with(part)),
                    "{rule} {input} {failure:?}"
                );
            }
            (promised, outcome) => panic!("{rule} {input}: {outcome:?}, not {promised:?}"),
        }
    }
}

/// [Wait](https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html): whole seconds, and timestamps with a `T` and a zone.
#[test]
fn waits() {
    const RUNTIME: &str = "States.Runtime";
    let path = |field: &str| json!({"Type": "Wait", field: "$.s", "OutputPath": "$.s", "End": true});
    let jsonata = |field: &str, value: &str| json!({"Type": "Wait", "QueryLanguage": "JSONata", field: value, "Output": "done", "End": true});
    let query = "States.QueryEvaluationError";
    holds(&[
        (path("SecondsPath"), json!({"s": 5}), Ok(json!(5))),
        (path("SecondsPath"), json!({"s": "5"}), Err((RUNTIME, "SecondsPath"))),
        (path("SecondsPath"), json!({"s": 1.5}), Err((RUNTIME, "SecondsPath"))),
        (path("SecondsPath"), json!({"s": -1}), Err((RUNTIME, "negative"))),
        (path("SecondsPath"), json!({}), Err((RUNTIME, "does not reference an input value"))),
        (path("TimestampPath"), json!({"s": "2016-03-14T01:59:00Z"}), Ok(json!("2016-03-14T01:59:00Z"))),
        (
            path("TimestampPath"),
            json!({"s": "2016-03-14T01:59:00.123+01:00"}),
            Ok(json!("2016-03-14T01:59:00.123+01:00")),
        ),
        (path("TimestampPath"), json!({"s": "2016-03-14"}), Err((RUNTIME, "ISO-8601"))),
        (path("TimestampPath"), json!({"s": 5}), Err((RUNTIME, "ISO-8601"))),
        (jsonata("Seconds", "{% $states.input.s %}"), json!({"s": 5}), Ok(json!("done"))),
        (
            jsonata("Seconds", "{% $states.input.s %}"),
            json!({"s": "5"}),
            Err((query, "Expected 'number', but was 'string'")),
        ),
        (jsonata("Timestamp", "{% $states.input.s %}"), json!({"s": "2016-03-14T01:59:00Z"}), Ok(json!("done"))),
        (
            jsonata("Timestamp", "{% $states.input.s %}"),
            json!({"s": 5}),
            Err((query, "Expected 'string', but was 'number'")),
        ),
    ]);
}

/// [JSONata](https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html), with the functions that Step Functions adds.
#[test]
fn jsonata_expressions() {
    const QUERY: &str = "States.QueryEvaluationError";
    let cases = [
        ("$sum($states.input.a)", json!({"a": [1, 2]}), Ok(json!(3))),
        ("$sum($.a)", json!({"a": [1]}), Err((QUERY, "returned nothing (undefined)."))),
        ("$states.input.a.b", json!({"a": 1}), Err((QUERY, "specified for the field 'Output' returned nothing"))),
        ("$states.input.a + 1", json!({"a": "x"}), Err((QUERY, "T2001: The left side of the \"+\" operator"))),
        ("$number($states.input.a)", json!({"a": "x"}), Err((QUERY, "D3030"))),
        ("$parse($states.input.a)", json!({"a": "{\"b\": 1}"}), Ok(json!({"b": 1}))),
        ("$parse($states.input.a)", json!({"a": "{b"}), Err((QUERY, "threw an error during evaluation"))),
        ("$partition([1, 2, 3], 2)", json!({}), Ok(json!([[1, 2], [3]]))),
        ("$range(0, 5, 2)", json!({}), Ok(json!([0, 2, 4]))),
        ("$range(5, 0, -2)", json!({}), Ok(json!([5, 3, 1]))),
        ("$hash('a', 'MD5')", json!({}), Ok(json!("0cc175b9c0f1b6a831c399e269772661"))),
        ("$hash('a', 'sha256')", json!({}), Err((QUERY, "`sha256` is not a hashing algorithm"))),
        ("$eval('1')", json!({}), Err((QUERY, "T1006: Attempted to invoke a non-function"))),
        ("$error('stop')", json!({}), Err((QUERY, "stop"))),
        ("$random(7) = $random(7)", json!({}), Ok(json!(true))),
        ("$length($uuid())", json!({}), Ok(json!(36))),
        ("$states.input.a[x = 1]", json!({"a": [{"x": 1}, {"x": 2}]}), Ok(json!({"x": 1}))),
        ("[$states.input.a[x = 3]]", json!({"a": [{"x": 1}]}), Ok(json!([]))),
        ("$states.context.Execution.Input", json!({"z": 1}), Ok(json!({"z": 1}))),
        ("'a' < 1", json!({}), Err((QUERY, "T2009"))),
    ];
    let state = |expression: &str| json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": format!("{{% {expression} %}}"), "End": true});
    holds(&cases.map(|(expression, input, promised)| (state(expression), input, promised)));
}
