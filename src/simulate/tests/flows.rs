//! Parallel, Map and executions side by side.

use super::*;

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
