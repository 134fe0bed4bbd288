//! What is kept of a state's data.

use super::*;

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
