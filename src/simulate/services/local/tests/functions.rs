//! Lambda functions.

use super::*;

#[test]
fn functions_echo_unless_told_otherwise() {
    let mut services = services();
    services.functions.set("told", Behaviour::Returns(json!(5)));
    services.functions.set("broken", Behaviour::Throws(TaskError::new("E", "c")));
    let invoke = |name: &str| json!({"FunctionName": name, "Payload": {"x": 1}});
    let answer = result(ask(&mut services, "lambda:invoke", "L", &invoke("f")));
    assert_eq!((&answer["Payload"], &answer["StatusCode"]), (&json!({"x": 1}), &json!(200)));
    assert_eq!(result(ask(&mut services, "lambda:invoke", "L", &invoke("told:live")))["Payload"], 5);
    assert_eq!(failure(ask(&mut services, "lambda:invoke", "L", &invoke("broken"))).error, "E");
    let sdk = result(ask(&mut services, "aws-sdk:lambda:invoke", "L", &invoke("broken")));
    assert_eq!((&sdk["FunctionError"], sdk["Payload"].is_string()), (&json!("Unhandled"), true));
    let arn = "arn:aws:lambda:us-east-1:111111111111:function:f";
    assert_eq!(result(ask(&mut services, arn, "L", &json!({"y": 2}))), json!({"y": 2}));
}

#[test]
fn a_function_that_nobody_waits_for_answers_at_once() {
    let mut services = services();
    for (kind, status) in [("Event", 202), ("DryRun", 204)] {
        let arguments = json!({"FunctionName": "f", "InvocationType": kind});
        let Completion::Succeeded(answer) = ask(&mut services, "lambda:invoke", "S", &arguments).completion else {
            panic!()
        };
        assert_eq!(
            (&answer["StatusCode"], &answer["SdkHttpMetadata"]["HttpStatusCode"]),
            (&json!(status), &json!(status))
        );
        assert_eq!(answer.get("ExecutedVersion"), None);
    }
}
