//! JSONata, and randomness.

use super::*;

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
