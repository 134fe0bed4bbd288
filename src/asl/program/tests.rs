use serde_json::{Value, json};

use super::*;

fn read(definition: &Value) -> Program {
    Program::read(definition).unwrap()
}

fn faults(definition: &Value) -> Vec<String> {
    Program::read(definition).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn states_of_inner_machines_are_numbered_and_know_their_place() {
    let inner = |name: &str| json!({"StartAt": name, "States": {name: {"Type": "Pass", "End": true}}});
    let program = read(&json!({
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": 60,
        "StartAt": "All",
        "States": {
            "All": {"Type": "Parallel", "Branches": [inner("A"), inner("B/C")], "Next": "Each"},
            "Each": {
                "Type": "Map", "QueryLanguage": "JSONPath", "Iterator": inner("D"), "MaxConcurrencyPath": "$.n",
                "ItemsPath": "$.items", "Parameters": {"x.$": "$$.Map.Item.Value"}, "Next": "End"
            },
            "End": {"Type": "Succeed"}
        }
    }));
    let pointers: Vec<&str> = program.states().map(|(_, state)| state.pointer.as_str()).collect();
    assert_eq!(
        pointers,
        [
            "/States/All",
            "/States/Each",
            "/States/End",
            "/States/All/Branches/0/States/A",
            "/States/All/Branches/1/States/B~1C",
            "/States/Each/Iterator/States/D"
        ]
    );
    let each = program.state("Each").unwrap();
    assert_eq!(program[each].query_language(), QueryLanguage::JsonPath);
    let [processor] = program[each].machines() else { unreachable!() };
    assert_eq!(program[*processor].owner, Some(each));
    let inner = &program[program[*processor].start_at];
    assert_eq!((inner.name.as_str(), inner.is_jsonata()), ("D", true));
    let StateKind::Map(map) = &program[each].kind else { unreachable!() };
    assert!(matches!(&map.max_concurrency, Some(Dynamic::Path(query)) if query.source() == "$.n"));
    assert!(map.item_selector.is_some() && program[each].data.arguments().1.is_none());
}

#[test]
fn every_fault_is_found_in_its_place() {
    let cases = [
        (json!([]), vec![": a definition has to be an object"]),
        (json!({}), vec![": States is missing", ": StartAt is missing"]),
        (
            json!({"StartAt": "X", "States": {"A": {"Type": "Pass", "Next": "B"}, "C": {"Type": "Walk"}, "D": 1}}),
            vec![
                "/StartAt: there is no state `X` here",
                "/States/A/Next: there is no state `B` here",
                "/States/C/Type: The field 'Type' should have one of these values",
                "/States/D: a state has to be an object",
            ],
        ),
        (
            json!({"StartAt": "T", "States": {"T": {
                "Type": "Task", "Resource": "put", "TimeoutSeconds": "soon", "InputPath": "here", "End": true,
                "Retry": [{"ErrorEquals": "States.ALL", "MaxAttempts": 0.5}], "Catch": [{"ErrorEquals": [], "Next": "N"}, 1]
            }}}),
            vec![
                "/States/T/Resource: `put` is not a resource: an ARN was expected",
                "/States/T/TimeoutSeconds: TimeoutSeconds has to be a number",
                "/States/T/InputPath: `here` is not a JSONPath: `$` was expected at character 1",
                "/States/T/Retry/0/ErrorEquals: ErrorEquals has to be an array of strings",
                "/States/T/Retry/0/MaxAttempts: MaxAttempts has to be a whole number of 0 or more",
                "/States/T/Catch/0/Next: there is no state `N` here",
                "/States/T/Catch/1: an object was expected",
            ],
        ),
        (
            json!({"StartAt": "C", "QueryLanguage": "JSONata", "States": {
                "C": {"Type": "Choice", "Choices": [{"Condition": 1, "Next": "C"}, {"Condition": "{% $x = %}", "Next": "C"}]}
            }}),
            vec![
                "/States/C/Choices/0/Condition: Condition has to be true, false or an expression",
                "/States/C/Choices/1/Condition",
            ],
        ),
    ];
    for (definition, expected) in cases {
        let found = faults(&definition);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(expected), "{found} is not {expected}");
        }
    }
}

#[test]
fn nesting_has_a_limit() {
    let mut machine = json!({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}});
    for _ in 0..100 {
        machine = json!({"StartAt": "S", "States": {"S": {"Type": "Parallel", "Branches": [machine], "End": true}}});
    }
    let found = faults(&machine);
    assert_eq!(found.len(), 1);
    assert!(found[0].ends_with("nested deeper than 64"), "{found:?}");
}
