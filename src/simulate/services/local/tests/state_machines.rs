//! Executions that tasks start.

use super::*;

#[test]
fn state_machines_start_each_other() {
    let mut services = services();
    let start = json!({"StateMachineArn": "arn:aws:states:us-east-1:111111111111:stateMachine:m", "Name": "n", "Input": {"a": 1}});
    let unconnected = failure(ask(&mut services, "states:startExecution.sync:2", "S", &start));
    assert!(unconnected.cause.contains("mock"), "{}", unconnected.cause);
    services.machines = StateMachines::run_by(|_, start| {
        let result = match &start.input {
            Value::Object(_) => Ok(start.input.clone()),
            _ => Err(TaskError::new("Bad", "input")),
        };
        Some(Ended { result, duration: Duration::from_secs(2) })
    });
    let synced = ask(&mut services, "states:startExecution.sync:2", "S", &start);
    assert_eq!(synced.duration, Duration::from_secs(2));
    assert!(synced.submitted.is_some());
    let synced = result(synced);
    assert_eq!((&synced["Output"], &synced["Status"]), (&json!({"a": 1}), &json!("SUCCEEDED")));
    assert_eq!(synced["ExecutionArn"], "arn:aws:states:us-east-1:111111111111:execution:m:n");
    let texts = result(ask(&mut services, "states:startExecution.sync", "S", &start));
    assert_eq!(texts["Output"], "{\"a\":1}");
    let text = json!({"StateMachineArn": "m", "Name": "n", "Input": "{\"a\": 1}"});
    assert_eq!(result(ask(&mut services, "states:startExecution.sync:2", "S", &text))["Input"], json!({"a": 1}));
    let no_json = json!({"StateMachineArn": "m", "Input": "abc"});
    let refused = failure(ask(&mut services, "states:startExecution", "S", &no_json));
    assert_eq!(refused.error, "StepFunctions.InvalidExecutionInputException");
    let failed = json!({"StateMachineArn": "m", "Name": "n", "Input": 5});
    let failed = failure(ask(&mut services, "states:startExecution.sync:2", "S", &failed));
    assert_eq!(failed.error, "States.TaskFailed");
    assert!(failed.cause.starts_with("{\"Cause\":\"input\",\"Error\":\"Bad\",\"ExecutionArn\":"), "{}", failed.cause);
}

#[test]
fn a_machine_that_starts_itself_ends() {
    let mut services = services();
    services.machines = StateMachines::run_by(|services, start| {
        let again = json!({"StateMachineArn": start.state_machine, "Name": "n"});
        let result = match ask(services, "states:startExecution.sync", "S", &again).completion {
            Completion::Succeeded(result) => Ok(result),
            Completion::Failed(error) => Err(error),
            Completion::Never => Err(TaskError::new("never", "")),
        };
        Some(Ended { result, duration: Duration::ZERO })
    });
    let cause = failure(ask(&mut services, "states:startExecution.sync", "S", &json!({"StateMachineArn": "m"}))).cause;
    assert!(cause.contains("20 levels deep"), "{cause}");
}

#[test]
fn an_express_workflow_is_waited_for_and_its_failure_is_no_error_of_the_task() {
    let mut services = services();
    services.machines = StateMachines::run_by(|_, start| {
        let result = if start.input == json!({}) { Ok(json!({"b": 2})) } else { Err(TaskError::new("E", "why")) };
        Some(Ended { result, duration: Duration::from_millis(1_250) })
    });
    let machine = "arn:aws:states:us-east-1:123456789012:stateMachine:m";
    let call = "aws-sdk:sfn:startSyncExecution";
    let answer = ask(&mut services, call, "S", &json!({"StateMachineArn": machine, "Name": "n"}));
    assert_eq!(answer.duration, Duration::from_millis(1_250));
    let answer = result(answer);
    assert_eq!((&answer["Status"], &answer["Output"]), (&json!("SUCCEEDED"), &json!("{\"b\":2}")));
    assert_eq!(answer["ExecutionArn"], "arn:aws:states:us-east-1:123456789012:express:m:n:n");
    assert_eq!(answer["BillingDetails"]["BilledDurationInMilliseconds"], 1_300);
    assert_eq!(answer["OutputDetails"], json!({"Included": true}));
    let failed = result(ask(&mut services, call, "S", &json!({"StateMachineArn": machine, "Input": "[1]"})));
    assert_eq!((&failed["Status"], &failed["Error"], &failed["Cause"]), (&json!("FAILED"), &json!("E"), &json!("why")));
    assert_eq!(failed.get("Output"), None);
}

#[test]
fn only_an_express_workflow_is_started_synchronously() {
    let mut services = services();
    let machines = StateMachines::run_by(|_, _| Some(Ended { result: Ok(json!({})), duration: Duration::ZERO }));
    services.machines = machines.of_types(|name| match name.rsplit(':').next() {
        Some("standard") => Some(false),
        Some("express") => Some(true),
        _ => None,
    });
    let arn =
        |name: &str| json!({"StateMachineArn": format!("arn:aws:states:us-east-1:123456789012:stateMachine:{name}")});
    let refused = failure(ask(&mut services, "aws-sdk:sfn:startSyncExecution", "S", &arn("standard")));
    assert_eq!(refused.error, "Sfn.StateMachineTypeNotSupportedException");
    assert!(
        refused.cause.starts_with("This operation is not supported by this type of state machine ("),
        "{}",
        refused.cause
    );
    for name in ["express", "unknown"] {
        assert_eq!(
            result(ask(&mut services, "aws-sdk:sfn:startSyncExecution", "S", &arn(name)))["Status"],
            "SUCCEEDED"
        );
    }
    result(ask(&mut services, "states:startExecution", "S", &arn("standard")));
}
