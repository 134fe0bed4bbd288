use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::*;
use crate::asl::{EvaluationFault, NoVariables, Scope};

fn input() -> Value {
    json!({
        "text": "a,b", "number": 7, "half": 1.5, "list": [1, 2, 2, 3], "object": {"a": 1, "b": [], "c": {"d": "x"}},
        "none": null, "template": "<{}>", "json": " {\"n\": [1, 2.50]} ", "empty": ""
    })
}

fn evaluate(text: &str) -> Result<Value, EvaluationFault> {
    let (input, context) = (input(), json!({"Execution": {"Name": "run"}}));
    let scope = Scope { input: &input, context: &context, variables: &NoVariables };
    let call = Intrinsic::parse(text).unwrap_or_else(|error| panic!("{error}"));
    call.evaluate(&scope, &mut ChaCha8Rng::seed_from_u64(1))
}

#[test]
fn what_calls_give() {
    for (call, expected) in [
        ("States.Array()", json!([])),
        ("States.Array(1, 'a', null, true, $.list[0], 1.5)", json!([1, "a", null, true, 1, 1.5])),
        ("States.ArrayPartition($.list, 3)", json!([[1, 2, 2], [3]])),
        ("States.ArrayPartition(States.Array(), 3)", json!([])),
        ("States.ArrayContains($.list, 3)", json!(true)),
        ("States.ArrayContains($.list, 3.0)", json!(true)),
        ("States.ArrayContains($.list, '3')", json!(false)),
        ("States.ArrayContains(States.Array($.object), $.object)", json!(true)),
        ("States.ArrayRange(1, 9, 2)", json!([1, 3, 5, 7, 9])),
        ("States.ArrayRange(9, 0, -4)", json!([9, 5, 1])),
        ("States.ArrayRange(1, 9, -2)", json!([])),
        ("States.ArrayRange(4, 4, 1)", json!([4])),
        ("States.ArrayGetItem($.list, 3)", json!(3)),
        ("States.ArrayLength($.list[?(@ == 2)])", json!(2)),
        ("States.ArrayLength($.nothing[*])", json!(0)),
        ("States.ArrayUnique($.list)", json!([1, 2, 3])),
        ("States.Base64Encode('Data to encode')", json!("RGF0YSB0byBlbmNvZGU=")),
        ("States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", json!("Data to encode")),
        ("States.Hash('input data', 'SHA-1')", json!("aaff4a450a104cd177d28d18d74485e8cae074b7")),
        ("States.Hash('', 'MD5')", json!("d41d8cd98f00b204e9800998ecf8427e")),
        (
            "States.JsonMerge($.object, States.StringToJson('{\"a\": {\"z\": 1}}'), false)",
            json!({"a": {"z": 1}, "b": [], "c": {"d": "x"}}),
        ),
        ("States.JsonToString($.object)", json!(r#"{"a":1,"b":[],"c":{"d":"x"}}"#)),
        ("States.JsonToString('a')", json!("\"a\"")),
        ("States.StringToJson($.json)", json!({"n": [1, 2.50]})),
        ("States.StringToJson($.none)", json!(null)),
        ("States.StringToJson($.empty)", json!(null)),
        (
            r#"States.StringToJson('{"text":"An \\"escaped double quote\\" here"}')"#,
            json!({"text": "An \"escaped double quote\" here"}),
        ),
        ("States.MathAdd($.number, -10)", json!(-3)),
        ("States.MathAdd($.half, 0)", json!(2)),
        ("States.StringSplit('This.is+a,test=string', '.+,=')", json!(["This", "is", "a", "test", "string"])),
        ("States.StringSplit($.text, ',')", json!(["a", "b"])),
        ("States.StringSplit(',a,,b,', ',')", json!(["a", "b"])),
        ("States.Format('{} and {}', $.number, $$.Execution.Name)", json!("7 and run")),
        ("States.Format('{}', $.object)", json!("{a=1, b=[], c={d=x}}")),
        ("States.Format('{}|{}|{}', $.list, $.none, $.half)", json!("[1, 2, 2, 3]|null|1.5")),
        (r"States.Format('it\'s \{\} \\{}', 1)", json!(r"it's {} \1")),
        ("States.Format($.template, 'x')", json!("<x>")),
        ("States.Format( 'a{}' , 12345678.0 )", json!("a1.2345678E7")),
        ("States.Format('{}{}', 10.0, 0.0001)", json!("10.01.0E-4")),
    ] {
        assert_eq!(evaluate(call).map_err(|fault| fault.cause), Ok(expected), "{call}");
    }
}

#[test]
fn what_fails_and_why() {
    for (call, error, problem) in [
        (
            "States.ArrayPartition($.list, 0)",
            "States.IntrinsicFailure",
            "The chunk size has to be a positive integer, but was: 0",
        ),
        (
            "States.ArrayPartition($.text, 1)",
            "States.IntrinsicFailure",
            "The argument 1 has to be an array, but was: \"a,b\"",
        ),
        (
            "States.ArrayRange(0, 5000, 1)",
            "States.IntrinsicFailure",
            "The range has 5001 elements, and at most 1000 are allowed",
        ),
        ("States.ArrayRange(0, 5, 0)", "States.IntrinsicFailure", "The increment cannot be 0"),
        (
            "States.ArrayGetItem($.list, 4)",
            "States.IntrinsicFailure",
            "The index 4 is out of bounds for an array of 4 elements",
        ),
        (
            "States.ArrayGetItem($.list, -1)",
            "States.IntrinsicFailure",
            "The index -1 is out of bounds for an array of 4 elements",
        ),
        ("States.Hash('a', 'CRC')", "States.IntrinsicFailure", "Invalid hashing algorithm: CRC"),
        (
            "States.MathRandom(5, 5)",
            "States.IntrinsicFailure",
            "The start number 5 has to be less than the end number 5",
        ),
        ("States.MathAdd($.text, 5)", "States.IntrinsicFailure", "The argument 1 has to be a number, but was: \"a,b\""),
        (
            "States.JsonMerge($.object, $.object, true)",
            "States.IntrinsicFailure",
            "Deep merge is not supported: the third argument has to be false",
        ),
        (
            "States.Format($.template)",
            "States.IntrinsicFailure",
            "The number of arguments (0) does not match the number of occurrences of {} (1)",
        ),
    ] {
        let fault = evaluate(call).unwrap_err();
        assert_eq!(fault.error, error, "{call}");
        assert_eq!(fault.cause, format!("The function '{call}' had the following error: {problem}"));
    }
    let fault = evaluate("States.MathAdd($$.x, 5)").unwrap_err();
    let context = r#"{"Execution":{"Name":"run"}}"#;
    assert_eq!(
        fault.cause,
        format!(
            "The function 'States.MathAdd($$.x, 5)' had the following error: The JSONPath argument for the field '$$.x' could \
             not be found in the input '{context}'"
        )
    );
    let long = "x".repeat(10_001);
    assert!(evaluate(&format!("States.Base64Encode('{long}')")).is_err());
    assert!(evaluate(&format!("States.Hash('{long}', 'MD5')")).is_err());
}

#[test]
fn random_numbers_follow_the_seed() {
    let call = "States.Array(States.MathRandom(1, 1000000), States.UUID())";
    assert_eq!(evaluate(call), evaluate(call));
    let drawn = evaluate(call).unwrap();
    assert!((1..1_000_000).contains(&drawn[0].as_i64().unwrap()));
    let uuid = drawn[1].as_str().unwrap();
    let at = |index: usize| uuid.as_bytes()[index] as char;
    assert!(uuid.len() == 36 && at(14) == '4' && "89ab".contains(at(19)) && at(8) == '-', "{uuid}");
    let seeded = "States.Array(States.MathRandom(0, 999, 3), States.MathRandom(0, 999, 3))";
    let twice = evaluate(seeded).unwrap();
    assert_eq!(twice[0], twice[1]);
}

#[test]
fn what_is_not_a_call_and_where() {
    for (text, position) in [
        ("", 1),
        ("$.a", 1),
        ("States.Nope()", 1),
        ("States.Format", 14),
        ("States.Format()", 16),
        ("States.UUID(1)", 13),
        ("States.MathAdd(1)", 18),
        ("States.MathAdd(1, 2, 3)", 22),
        ("States.MathAdd('1', 2)", 16),
        ("States.ArrayLength('a')", 20),
        ("States.ArrayLength(States.UUID())", 20),
        ("States.ArrayLength(States.ArrayGetItem($.a, 0))", 0),
        ("States.Format('{', 1)", 15),
        ("States.Format('{} {}', 1)", 26),
        ("States.Format('a", 17),
        ("States.Array('a' 'b')", 18),
        (r#"States.Array('a\"b')"#, 16),
        (r"States.Format('a\n')", 17),
        ("States.Array([1])", 14),
        ("States.Array($.a[)", 14),
        ("States.Array(1) x", 17),
        ("States.JsonMerge($.a, $.b, 1)", 28),
    ] {
        match Intrinsic::parse(text) {
            Ok(_) => assert_eq!(position, 0, "{text}"),
            Err(error) => assert_eq!(error.position, position, "{text}: {error}"),
        }
    }
    let nested = |depth: usize| format!("{}{}", "States.Array(".repeat(depth), ")".repeat(depth));
    assert!(Intrinsic::parse(&nested(10)).is_ok());
    assert!(Intrinsic::parse(&nested(11)).is_err());
    assert!(Intrinsic::parse(&nested(100_000)).is_err());
}

#[test]
fn paths_within_calls_are_known() {
    let call = Intrinsic::parse("States.Array($.a, States.ArrayLength($b[?(@.x == '),')]), $$.c)").unwrap();
    let mut paths: Vec<&str> = call.paths().into_iter().map(|path| path.source()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["$$.c", "$.a", "$b[?(@.x == '),')]"]);
}

#[test]
fn what_is_generated_is_read() {
    let path = || crate::asl::ReferencePath::input().field("a").field("it's, \\ odd)");
    let call = IntrinsicFunction::format("{x}\\ ", [(path(), "#'"), (path(), "")]).to_string();
    assert_eq!(Intrinsic::parse(&call).unwrap().to_string(), call);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(States\\.(Format|Array|MathAdd|StringSplit)\\(|'|\\$|\\.|,|\\(|\\)| |\\\\|é|1|a|\\{\\}|\\[|\\]){0,30}") {
        if let Ok(call) = Intrinsic::parse(&text) {
            prop_assert_eq!(Intrinsic::parse(&call.to_string()), Ok(call.clone()));
            let (input, context) = (input(), json!({}));
            let scope = Scope { input: &input, context: &context, variables: &NoVariables };
            let _ = call.evaluate(&scope, &mut ChaCha8Rng::seed_from_u64(1));
        }
    }
}
