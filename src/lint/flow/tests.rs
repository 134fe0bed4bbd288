use serde_json::{Value, json};

use super::*;
use crate::asl::program::{Program, StateId};

struct Nothing;

impl World for Nothing {
    fn answer(&self, _: &Program, _: StateId, _: &Shape) -> Shape {
        Shape::unknown()
    }
}

/// `Always /States/A/Parameters/x.$ $.y`
fn found_in(definition: Value, input: &Shape) -> Vec<String> {
    let program = Program::read(&definition).unwrap();
    let shown = |fault: Fault| format!("{:?} {} {}", fault.extent, fault.pointer, subject(&fault.problem));
    faults(&program, std::slice::from_ref(input), &Nothing).into_iter().map(shown).collect()
}

fn subject(problem: &Problem) -> String {
    match problem {
        Problem::NeverPresent { path, near, .. } => format!("{path} is never there, {near} is"),
        Problem::NeverText { path, text, near } => format!("{path} is {near}, not {text}"),
        Problem::Nothing { path, .. } => format!("nothing {path}"),
        Problem::Missing { path, .. } | Problem::Optional { path } | Problem::Unwritable { path, .. } => path.clone(),
        Problem::NoVariable { name } => format!("${name}"),
        Problem::NeverHolds { path, operator, found } => format!("{operator} {path} is {found}"),
        Problem::Kind { given, taker, found, .. } => format!("{taker}({given}) is {found}"),
    }
}

fn machine(states: Value) -> Value {
    json!({"StartAt": states.as_object().unwrap().keys().next().unwrap(), "States": states})
}

#[test]
fn what_never_is_there_is_found_once() {
    let states = json!({
        "A": {"Type": "Pass", "Parameters": {"x.$": "$.a.b", "y.$": "$.a.missing"}, "Next": "B"},
        "B": {"Type": "Pass", "InputPath": "$.y.further", "OutputPath": "$.z", "End": true}
    });
    let input = Shape::of(&json!({"a": {"b": 1}}));
    assert_eq!(found_in(machine(states.clone()), &input), ["Always /States/A/Parameters/y.$ $.a.missing"]);
    assert_eq!(found_in(machine(states), &Shape::unknown()), Vec::<String>::new());
}

#[test]
fn parts_of_an_expression_that_give_nothing_are_found() {
    let states = json!({
        "A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {
            "joined": "{% $states.input.a & '-' & $states.input.b %}",
            "made": "{% {'x': $states.input.c, 'y': [$states.input.a, 1]} %}",
            "asked": "{% $exists($states.input.d) ? $states.input.a : 'none' %}",
            "chosen": "{% $states.input.e ? 1 : 2 %}",
            "own": "{% ($f := $states.input.a; $f.whatever) %}",
        }, "End": true}
    });
    let input = Shape::of(&json!({"a": 1}));
    let expected = [
        "Always /States/A/Output/joined nothing $states.input.b",
        "Always /States/A/Output/made nothing $states.input.c",
    ];
    assert_eq!(found_in(machine(states.clone()), &input), expected);
    assert_eq!(found_in(machine(states), &Shape::unknown()), Vec::<String>::new());
}

#[test]
fn a_misspelt_text_is_never_what_is_there() {
    let states = |text: &str| {
        json!({
            "A": {"Type": "Choice", "Choices": [{"Variable": "$.kind", "StringEquals": text, "Next": "B"}], "Default": "B"},
            "B": {"Type": "Succeed"}
        })
    };
    let input = Shape::record([("kind", Shape::one_of(["Object Created", "Object Deleted"]))]);
    for (text, found) in
        [("object created", true), ("Object Creatd", true), ("Object Restored", false), ("Object Deleted", false)]
    {
        assert_eq!(!found_in(machine(states(text)), &input).is_empty(), found, "{text}");
    }
}

#[test]
fn what_only_one_branch_sets_is_there_sometimes() {
    let states = json!({
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.kind", "StringEquals": "a", "Next": "A"}], "Default": "B"},
        "A": {"Type": "Pass", "Result": 1, "ResultPath": "$.extra", "Next": "Read"},
        "B": {"Type": "Pass", "Next": "Read"},
        "Read": {"Type": "Pass", "Parameters": {"x.$": "$.extra"}, "End": true}
    });
    let input = Shape::record([("kind", Shape::text())]);
    assert_eq!(found_in(machine(states), &input), ["Sometimes /States/Read/Parameters/x.$ $.extra"]);
}

#[test]
fn the_same_question_has_the_same_answer() {
    for test in [json!({"StringEquals": "a"}), json!({"NumericGreaterThan": 5}), json!({"IsPresent": true})] {
        let rule = |next: &str| {
            let mut rule = json!({"Variable": "$.kind", "Next": next});
            rule.as_object_mut().unwrap().extend(test.as_object().unwrap().clone());
            rule
        };
        let states = json!({
            "C": {"Type": "Choice", "Choices": [rule("A")], "Default": "B"},
            "A": {"Type": "Pass", "Result": 1, "ResultPath": "$.extra", "Next": "Again"},
            "B": {"Type": "Pass", "Next": "Again"},
            "Again": {"Type": "Choice", "Choices": [rule("Read")], "Default": "End"},
            "Read": {"Type": "Pass", "Parameters": {"x.$": "$.extra"}, "Next": "End"},
            "End": {"Type": "Succeed"}
        });
        let input = Shape::object(Object { open: true, ..Object::default() });
        assert_eq!(found_in(machine(states), &input), Vec::<String>::new(), "{test}");
    }
}

#[test]
fn a_choice_proves_what_is_there() {
    let states = json!({
        "C": {"Type": "Choice", "Choices": [
            {"And": [{"Variable": "$.a", "IsPresent": true}, {"Variable": "$.a.b", "IsPresent": true}], "Next": "Read"},
            {"Not": {"Variable": "$.a", "IsPresent": true}, "Next": "Wrong"}
        ], "Default": "End"},
        "Read": {"Type": "Pass", "Parameters": {"x.$": "$.a.b"}, "Next": "End"},
        "Wrong": {"Type": "Pass", "Parameters": {"x.$": "$.a"}, "Next": "End"},
        "End": {"Type": "Succeed"}
    });
    let input = Shape::object(Object { open: true, ..Object::default() });
    assert_eq!(found_in(machine(states), &input), ["Always /States/Wrong/Parameters/x.$ $.a"]);
}

#[test]
fn kinds_that_are_not_taken() {
    let input = Shape::of(&json!({"list": [1], "text": "x", "number": 1}));
    let choice = |rule: Value| {
        let mut rule = rule;
        rule["Next"] = json!("End");
        json!({"C": {"Type": "Choice", "Choices": [rule], "Default": "End"}, "End": {"Type": "Succeed"}})
    };
    for (states, expected) in [
        (
            choice(json!({"Variable": "$.list", "NumericGreaterThan": 0})),
            vec!["Always /States/C/Choices/0 NumericGreaterThan $.list is an array"],
        ),
        (choice(json!({"Variable": "$.number", "NumericGreaterThan": 0})), vec![]),
        (
            json!({"A": {"Type": "Pass", "Parameters": {"x.$": "States.ArrayLength($.text)"}, "End": true}}),
            vec!["Always /States/A/Parameters/x.$ States.ArrayLength($.text) is a string"],
        ),
        (
            json!({"A": {"Type": "Wait", "SecondsPath": "$.text", "End": true}}),
            vec!["Always /States/A/SecondsPath SecondsPath($.text) is a string"],
        ),
        (
            json!({"A": {"Type": "Map", "ItemsPath": "$.text", "End": true, "ItemProcessor": machine(json!({"I": {"Type": "Succeed"}}))}}),
            vec!["Always /States/A/ItemsPath ItemsPath($.text) is a string"],
        ),
        (
            json!({"A": {"Type": "Pass", "Result": 1, "ResultPath": "$.text.x", "End": true}}),
            vec!["Always /States/A/ResultPath $.text.x"],
        ),
    ] {
        assert_eq!(found_in(machine(states), &input), expected);
    }
}

#[test]
fn loops_come_to_an_end() {
    let states = json!({
        "Grow": {"Type": "Pass", "Parameters": {"before.$": "$", "n.$": "States.MathAdd($.n, 1)"}, "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 5, "Next": "Grow"}], "Default": "End"},
        "End": {"Type": "Pass", "Parameters": {"x.$": "$.missing"}, "End": true}
    });
    let found = found_in(machine(states), &Shape::of(&json!({"n": 0})));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn branches_and_items_are_followed() {
    let inner = |states: Value| json!({"StartAt": "I", "States": {"I": states}});
    let states = json!({
        "P": {"Type": "Parallel", "Next": "M", "Branches": [
            inner(json!({"Type": "Pass", "Result": {"a": 1}, "End": true})),
            json!({"StartAt": "J", "States": {"J": {"Type": "Pass", "Result": {"b": [1, 2]}, "End": true}}})
        ]},
        "M": {"Type": "Map", "ItemsPath": "$[1].b", "Next": "R",
            "ItemSelector": {"item.$": "$$.Map.Item.Value", "a.$": "$[0].a", "wrong.$": "$[0].b"},
            "ItemProcessor": {"StartAt": "K", "States": {"K": {"Type": "Pass", "Parameters": {"x.$": "$.item", "y.$": "$.it"}, "End": true}}}},
        "R": {"Type": "Pass", "Parameters": {"x.$": "$[*].y", "first.$": "$[0].z"}, "End": true}
    });
    assert_eq!(
        found_in(machine(states), &Shape::unknown()),
        [
            "Always /States/M/ItemSelector/wrong.$ $[0].b",
            "Always /States/M/ItemProcessor/States/K/Parameters/y.$ $.it",
            "Always /States/R/Parameters/first.$ $[0].z",
        ]
    );
}

#[test]
fn only_a_state_that_can_be_tried_again_knows_how_often_it_was() {
    let item = json!({"StartAt": "I", "States": {
        "I": {"Type": "Pass", "Parameters": {"x.$": "$$.State.RetryCount", "y.$": "$$.Map.Item.Index"}, "End": true}
    }});
    let states = json!({
        "T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
              "Parameters": {"x.$": "$$.State.RetryCount"}, "ResultPath": "$.t", "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$$.State.RetryCount", "NumericEquals": 0, "Next": "M"}], "Default": "M"},
        "M": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": item,
              "ItemSelector": {"x.$": "$$.State.RetryCount", "y.$": "$$.Map.Item.Value"}, "End": true},
    });
    assert_eq!(
        found_in(machine(states), &Shape::of(&json!({"items": [1]}))),
        [
            "Always /States/C/Choices/0/Variable $$.State.RetryCount",
            "Always /States/M/ItemProcessor/States/I/Parameters/x.$ $$.State.RetryCount"
        ]
    );
}

#[test]
fn variables_are_known() {
    let states = json!({
        "A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "B"},
        "B": {"Type": "Pass", "Parameters": {"a.$": "$x", "b.$": "$y"}, "End": true}
    });
    assert_eq!(found_in(machine(states), &Shape::unknown()), ["Always /States/B/Parameters/b.$ $y"]);
}

#[test]
fn jsonata_paths_are_followed() {
    let definition = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": {"x": "{% $states.input.detail.kye %}", "y": "{% $states.input.detail.key %}",
            "z": "{% $exists($states.input.nothing) ? 1 : 2 %}"}, "Next": "B"},
        "B": {"Type": "Pass", "Output": "{% $states.input.w %}", "End": true}
    }});
    let input = Shape::of(&json!({"detail": {"key": "k"}}));
    assert_eq!(
        found_in(definition, &input),
        ["Always /States/A/Output/x $states.input.detail.kye", "Always /States/B/Output $states.input.w"]
    );
}

/// A list has no member `query` either, so what is behind the Choice may be one.
#[test]
fn an_absent_member_proves_no_object() {
    let states = |path: &str| {
        json!({
            "C": {"Type": "Choice", "Choices": [{"Variable": "$.query", "IsPresent": true, "Next": "Done"}], "Default": "Queue"},
            "Queue": {"Type": "Pass", "InputPath": path, "Next": "Done"},
            "Done": {"Type": "Succeed"}
        })
    };
    assert_eq!(found_in(machine(states("$[0].body")), &Shape::unknown()), Vec::<String>::new());
    assert_eq!(found_in(machine(states("$.body")), &Shape::unknown()), Vec::<String>::new());
    assert_eq!(found_in(machine(states("$.query")), &Shape::unknown()), ["Always /States/Queue/InputPath $.query"]);
    let object = Shape::object(Object { open: true, ..Object::default() });
    assert_eq!(found_in(machine(states("$[0].body")), &object), ["Always /States/Queue/InputPath $[0].body"]);
}
