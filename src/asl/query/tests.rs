use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::*;
use crate::asl::NoVariables;

fn input() -> Value {
    json!({
        "key": "photos/cat.jpg", "size": 12, "half": 12.0, "big": 9007199254740993_i64, "flag": true, "none": null,
        "time": "2024-01-01T00:00:00Z", "later": "2024-01-01T01:00:00.5+01:00", "list": [1, 2], "star": "a*b", "empty": [],
        "surrogate": "\u{1F600}", "private": "\u{E000}"
    })
}

fn with_scope<T>(run: impl FnOnce(&Scope<'_>) -> T) -> T {
    let (input, context) = (input(), json!({"Execution": {"Id": "id"}}));
    let variables = json!({"limit": 10});
    run(&Scope { input: &input, context: &context, variables: variables.as_object().unwrap() })
}

fn faults(read: impl FnOnce(Report<'_>)) -> Vec<(String, String)> {
    let mut found = Vec::new();
    read(&mut |pointer, message| found.push((pointer.to_string(), message)));
    found
}

fn template(value: &Value) -> Template {
    let mut template = None;
    assert_eq!(faults(|report| template = Some(Template::read(value, &Pointer::root(), report))), []);
    template.unwrap()
}

#[test]
fn templates_are_filled() {
    let filled =
        |value: &Value| with_scope(|scope| template(value).evaluate(scope, &mut ChaCha8Rng::seed_from_u64(1)).unwrap());
    for (value, expected) in [
        (json!({"a": 1, "b": [null, {"c": "$.key"}]}), json!({"a": 1, "b": [null, {"c": "$.key"}]})),
        (json!({"a.$": "$.key", "b": {"c.$": "$$.Execution.Id"}}), json!({"a": "photos/cat.jpg", "b": {"c": "id"}})),
        (json!([{"a.$": "$limit"}, "$.key"]), json!([{"a": 10}, "$.key"])),
        (json!({"a.$": "States.Format('{}!', $.size)", "z": 0}), json!({"a": "12!", "z": 0})),
        (json!({"a.$": "$.list[*]", "b.$": "$.nothing.at[*].all"}), json!({"a": [1, 2], "b": []})),
        (json!("$.key"), json!("$.key")),
    ] {
        assert_eq!(filled(&value), expected);
    }
    assert!(
        matches!(template(&json!({"a": [1, {"b": 2}]})), Template::Literal(_)),
        "what holds no query is kept whole"
    );
    let fault =
        with_scope(|scope| template(&json!({"a": {"b.$": "$$.x"}})).evaluate(scope, &mut ChaCha8Rng::seed_from_u64(1)));
    let cause = "The JSONPath '$$.x' specified for the field 'b.$' could not be found in the input \
                 '{\"Execution\":{\"Id\":\"id\"}}'";
    assert_eq!(fault, Err(EvaluationFault::runtime(cause)));
    let paths = template(&json!({"a.$": "$.a", "b": [{"c.$": "States.Array($b, $$.c)"}]}));
    assert_eq!(paths.paths().into_iter().map(|path| path.source()).collect::<Vec<_>>(), ["$.a", "$b", "$$.c"]);
}

#[test]
fn what_is_wrong_with_a_template() {
    let wrong = json!({"ok": {"a/b": [{"x.$": "key"}]}, "y.$": 1, "z.$": "States.Nope()"});
    let field = |name: &str| {
        format!("The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call")
    };
    let found = faults(|report| drop(Template::read(&wrong, &Pointer::root().child("Parameters"), report)));
    let expected = [("/Parameters/ok/a~1b/0", "x.$"), ("/Parameters", "y.$"), ("/Parameters", "z.$")];
    assert_eq!(found, expected.map(|(pointer, name)| (pointer.to_owned(), field(name))));
    let mut deep = json!(1);
    for _ in 0..1000 {
        deep = json!([deep]);
    }
    assert_eq!(faults(|report| drop(Template::read(&deep, &Pointer::root(), report))).len(), 1);
}

#[test]
fn conditions_hold() {
    for (rule, expected) in [
        (json!({"Variable": "$.key", "StringEquals": "photos/cat.jpg"}), true),
        (json!({"Variable": "$.size", "StringEquals": "12"}), false),
        (json!({"Variable": "$.key", "StringLessThan": "q"}), true),
        (json!({"Variable": "$.key", "StringGreaterThanEquals": "photos/cat.jpg"}), true),
        (json!({"Variable": "$.surrogate", "StringLessThanPath": "$.private"}), true),
        (json!({"Variable": "$.key", "StringMatches": "photos/*.jpg"}), true),
        (json!({"Variable": "$.key", "StringMatches": "*.png"}), false),
        (json!({"Variable": "$.key", "StringMatches": "photos/cat.jpg*"}), true),
        (json!({"Variable": "$.key", "StringMatches": "*"}), true),
        (json!({"Variable": "$.key", "StringMatches": "*t*t*"}), true),
        (json!({"Variable": "$.key", "StringMatches": "*cat.jpg*cat.jpg"}), false),
        (json!({"Variable": "$.star", "StringMatches": "a\\*b"}), true),
        (json!({"Variable": "$.key", "StringMatches": "photos/\\*"}), false),
        (json!({"Variable": "$.size", "StringMatches": "*"}), false),
        (json!({"Variable": "$.size", "NumericEquals": 12.0}), true),
        (json!({"Variable": "$.half", "NumericEqualsPath": "$.size"}), true),
        (json!({"Variable": "$.big", "NumericEquals": 9007199254740992.0}), false),
        (json!({"Variable": "$.size", "NumericGreaterThanPath": "$limit"}), true),
        (json!({"Variable": "$.size", "NumericLessThanEquals": 11}), false),
        (json!({"Variable": "$.key", "NumericLessThan": 11}), false),
        (json!({"Variable": "$.flag", "BooleanEquals": true}), true),
        (json!({"Variable": "$.flag", "BooleanEqualsPath": "$.none"}), false),
        (json!({"Variable": "$.time", "TimestampLessThanPath": "$.later"}), true),
        (json!({"Variable": "$.time", "TimestampEquals": "2024-01-01T01:00:00+01:00"}), true),
        (json!({"Variable": "$.key", "TimestampEquals": "2024-01-01T01:00:00+01:00"}), false),
        (json!({"Variable": "$.none", "IsPresent": true}), true),
        (json!({"Variable": "$.nope", "IsPresent": true}), false),
        (json!({"Variable": "$.nope.deep[3]", "IsPresent": false}), true),
        (json!({"Variable": "$.list[?(@ > 5)]", "IsPresent": true}), false),
        (json!({"Variable": "$nope", "IsPresent": true}), false),
        (json!({"Variable": "$.none", "IsNull": true}), true),
        (json!({"Variable": "$.size", "IsNull": false}), true),
        (json!({"Variable": "$.half", "IsNumeric": true}), true),
        (json!({"Variable": "$.key", "IsString": true}), true),
        (json!({"Variable": "$.flag", "IsBoolean": false}), false),
        (json!({"Variable": "$.later", "IsTimestamp": true}), true),
        (json!({"Variable": "$.key", "IsTimestamp": true}), false),
        (json!({"Not": {"Variable": "$.flag", "BooleanEquals": true}}), false),
        (
            json!({"And": [{"Variable": "$.nope", "IsPresent": true}, {"Variable": "$.nope", "IsNull": true}], "Next": "X"}),
            false,
        ),
        (json!({"Or": [{"Variable": "$.flag", "BooleanEquals": true}, {"Variable": "$.nope", "IsNull": true}]}), true),
    ] {
        let mut condition = None;
        assert_eq!(faults(|report| condition = ChoiceExpression::read(&rule, &Pointer::root(), report)), [], "{rule}");
        let holds = with_scope(|scope| condition.unwrap().holds(scope));
        assert_eq!(holds, Ok(expected), "{rule}");
    }
}

#[test]
fn conditions_on_what_is_not_there_fail() {
    for rule in [
        json!({"Variable": "$.nope", "IsNull": true}),
        json!({"Variable": "$.key", "StringEqualsPath": "$.nope"}),
        json!({"Or": [{"Variable": "$.nope", "IsNull": true}, {"Variable": "$.flag", "BooleanEquals": true}]}),
    ] {
        let condition = ChoiceExpression::read(&rule, &Pointer::root(), &mut |_, _| {}).unwrap();
        let fault = with_scope(|scope| condition.holds(scope)).unwrap_err();
        let cause = "Invalid path '$.nope': The choice state's condition path references an invalid value.";
        assert_eq!(fault, EvaluationFault::runtime(cause), "{rule}");
    }
}

#[test]
fn what_is_wrong_with_a_condition() {
    for (rule, pointer, message) in [
        (json!(1), "", "A rule of a Choice is an object"),
        (json!({"Next": "X", "Variable": "$.a"}), "", "A rule of a Choice has exactly one comparison operator"),
        (
            json!({"Variable": "$.a", "IsNull": true, "IsString": true}),
            "",
            "A rule of a Choice has exactly one comparison operator",
        ),
        (json!({"IsNull": true}), "", "`IsNull` compares a `Variable`, and there is none"),
        (json!({"Variable": "$.a", "Equals": 1}), "/Equals", "`Equals` is no comparison operator"),
        (
            json!({"Variable": "$.a", "BooleanLessThan": true}),
            "/BooleanLessThan",
            "`BooleanLessThan` is no comparison operator",
        ),
        (
            json!({"Variable": "$.a", "StringMatchesPath": "$.b"}),
            "/StringMatchesPath",
            "`StringMatchesPath` is no comparison operator",
        ),
        (json!({"Variable": "$.a", "NumericEquals": "1"}), "/NumericEquals", "`NumericEquals` takes a number"),
        (
            json!({"Variable": "$.a", "TimestampEquals": "noon"}),
            "/TimestampEquals",
            "`TimestampEquals` takes a timestamp such as 2016-08-18T17:33:00Z",
        ),
        (json!({"Variable": 1, "IsNull": true}), "/Variable", "a path is a string"),
        (
            json!({"Variable": "a", "IsNull": true}),
            "/Variable",
            "`a` is not a JSONPath: `$` was expected at character 1",
        ),
        (json!({"And": []}), "/And", "`And` and `Or` take an array of at least one rule"),
        (json!({"Or": [{"Not": {"IsNull": true}}]}), "/Or/0/Not", "`IsNull` compares a `Variable`, and there is none"),
    ] {
        let found = faults(|report| assert_eq!(ChoiceExpression::read(&rule, &Pointer::root(), report), None));
        assert_eq!(found, [(pointer.to_owned(), message.to_owned())], "{rule}");
    }
    let mut deep = json!({"Variable": "$.a", "IsNull": true});
    for _ in 0..1000 {
        deep = json!({"Not": deep});
    }
    assert_eq!(faults(|report| drop(ChoiceExpression::read(&deep, &Pointer::root(), report))).len(), 1);
}

#[test]
fn queries_are_paths_or_calls() {
    assert!(matches!(Query::parse("$.a"), Ok(Query::Path(_))));
    assert!(matches!(Query::parse("States.UUID()"), Ok(Query::Intrinsic(_))));
    assert!(Query::parse("a").is_err());
    let empty = json!({});
    let scope = Scope { input: &empty, context: &empty, variables: &NoVariables };
    let fault = scope.value(&JsonPath::parse("$.NoSuchInputPath").unwrap()).unwrap_err();
    assert_eq!(fault.cause, "Invalid path '$.NoSuchInputPath' : No results for path: $['NoSuchInputPath']");
}
