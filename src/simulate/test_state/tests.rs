use serde_json::{Value, json};

use super::*;
use crate::simulate::NoServices;

/// What the API answers, with the data of its texts read.
fn asked(request: Value) -> Value {
    let mut request = request;
    for name in ["definition", "input", "variables", "context"] {
        if let Some(value) = request.get_mut(name).filter(|value| !value.is_string()) {
            *value = value.to_string().into();
        }
    }
    if let Some(result) = request.pointer_mut("/mock/result").filter(|value| !value.is_string()) {
        *result = result.to_string().into();
    }
    match answer(&request, &mut NoServices) {
        Ok(mut answer) => {
            let read = |value: &mut Value| {
                if let Some(read) = value.as_str().and_then(|text| serde_json::from_str(text).ok()) {
                    *value = read;
                }
            };
            answer.get_mut("output").map(read);
            if let Some(Value::Object(steps)) = answer.get_mut("inspectionData") {
                steps.values_mut().for_each(read);
            }
            answer
        }
        Err(refusal) => json!({"refused": refusal.code(), "message": refusal.to_string()}),
    }
}

fn debug(definition: &Value, input: &Value) -> Value {
    asked(json!({"definition": definition, "input": input, "inspectionLevel": "DEBUG"}))["inspectionData"].take()
}

fn refused(request: Value) -> String {
    let answer = asked(request);
    format!("{}: {}", answer["refused"].as_str().unwrap_or("?"), answer["message"].as_str().unwrap_or("?"))
}

#[test]
fn the_example_of_the_documentation_is_answered_as_it_says() {
    let answer = asked(json!({
        "definition": {"Type": "Pass", "InputPath": "$.payload", "Parameters": {"data": 1}, "ResultPath": "$.result",
            "OutputPath": "$.result.data", "Next": "Another State"},
        "input": {"payload": {"foo": "bar"}},
        "inspectionLevel": "DEBUG",
    }));
    let expected = json!({
        "output": 1,
        "inspectionData": {
            "input": {"payload": {"foo": "bar"}},
            "afterInputPath": {"foo": "bar"},
            "afterParameters": {"data": 1},
            "afterResultSelector": {"data": 1},
            "afterResultPath": {"payload": {"foo": "bar"}, "result": {"data": 1}}
        },
        "nextState": "Another State",
        "status": "SUCCEEDED"
    });
    assert_eq!(answer, expected);
}

#[test]
fn jsonata_states_show_no_input_path() {
    for definition in [
        json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": 1, "End": true}),
        json!({"Type": "Succeed", "QueryLanguage": "JSONata"}),
        json!({"Type": "Fail", "QueryLanguage": "JSONata", "Error": "E"}),
        json!({"Type": "Wait", "QueryLanguage": "JSONata", "Seconds": 1, "End": true}),
        json!({"Type": "Choice", "QueryLanguage": "JSONata", "Choices": [{"Condition": true, "Next": "A"}]}),
    ] {
        assert_eq!(debug(&definition, &json!({"a": 1})), json!({"input": {"a": 1}}), "{definition}");
    }
}

#[test]
fn json_path_states_show_it_up_to_the_failure() {
    let input = json!({"in": {"a": 1}});
    for (definition, more) in [
        (json!({"Type": "Succeed", "InputPath": "$.in"}), json!({})),
        (json!({"Type": "Fail", "Error": "E"}), json!({"afterInputPath": {"in": {"a": 1}}})),
        (json!({"Type": "Wait", "InputPath": "$.in", "SecondsPath": "$.a", "End": true}), json!({})),
        (json!({"Type": "Wait", "InputPath": "$.in", "SecondsPath": "$.b", "End": true}), json!({})),
        (
            json!({"Type": "Choice", "InputPath": "$.in", "Choices": [{"Variable": "$.a", "NumericEquals": 2, "Next": "B"}]}),
            json!({}),
        ),
        (json!({"Type": "Pass", "InputPath": "$.in", "Parameters": {"b.$": "$.b"}, "End": true}), json!({})),
        (
            json!({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "InputPath": "$.in",
                "Parameters": {"b.$": "$.b"}, "End": true}),
            json!({}),
        ),
    ] {
        let mut expected = json!({"input": input, "afterInputPath": {"a": 1}});
        if let (Some(expected), Some(more)) = (expected.as_object_mut(), more.as_object()) {
            expected.extend(more.clone());
        }
        let role = "arn:aws:iam::123456789012:role/test";
        let request = json!({"definition": definition, "input": input, "inspectionLevel": "DEBUG", "roleArn": role});
        assert_eq!(asked(request)["inspectionData"], expected, "{definition}");
    }
}

#[test]
fn a_map_shows_how_its_items_are_taken_made_and_batched() {
    let definition = json!({
        "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "ToleratedFailurePercentage": 50,
        "ItemSelector": {"value.$": "$$.Map.Item.Value", "index.$": "$$.Map.Item.Index"},
        "ItemBatcher": {"MaxItemsPerBatch": 2},
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}
        },
        "ResultPath": "$.made", "End": true
    });
    let request = json!({"definition": definition, "input": {"items": [7, 8, 9]}, "mock": {"result": [70, 80, 90]},
        "inspectionLevel": "DEBUG"});
    let item = |value: u64, index: u64| json!({"value": value, "index": index});
    let expected = json!({
        "input": {"items": [7, 8, 9]},
        "maxConcurrency": 2.0,
        "toleratedFailurePercentage": 50,
        "afterInputPath": {"items": [7, 8, 9]},
        "afterItemsPath": [7, 8, 9],
        "afterItemSelector": [item(7, 0), item(8, 1), item(9, 2)],
        "afterItemBatcher": [{"Items": [item(7, 0), item(8, 1)]}, {"Items": [item(9, 2)]}],
        "afterResultSelector": [70, 80, 90],
        "afterResultPath": {"items": [7, 8, 9], "made": [70, 80, 90]},
    });
    let answer = asked(request.clone());
    assert_eq!(answer["inspectionData"], numbers(expected));
    assert_eq!(answer["output"], json!({"items": [7, 8, 9], "made": [70, 80, 90]}));

    let failing = |count: u64| {
        let mut request = request.clone();
        request["stateConfiguration"] = json!({"mapIterationFailureCount": count});
        let answer = asked(request);
        answer.get("error").or(answer.get("status")).or(answer.get("refused")).cloned().unwrap()
    };
    assert_eq!(failing(1), "SUCCEEDED");
    assert_eq!(failing(2), "States.ExceedToleratedFailureThreshold");
    assert_eq!(failing(4), "ValidationException");
}

/// The same with whole numbers written without a fraction.
fn numbers(value: Value) -> Value {
    match value {
        Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() == 0.0) => {
            (number.as_f64().unwrap() as i64).into()
        }
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, numbers(value))).collect(),
        Value::Array(values) => values.into_iter().map(numbers).collect(),
        other => other,
    }
}

#[test]
fn what_a_reader_reads_is_read_as_its_configuration_says() {
    let machine = |config: Value| {
        json!({
            "Type": "Map", "QueryLanguage": "JSONata",
            "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config, "Arguments": {"Bucket": "b", "Key": "k"}},
            "ItemSelector": "{% $states.context.Map.Item.Value %}",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}
            },
            "End": true
        })
    };
    for (config, data, expected) in [
        (json!({"InputType": "JSON"}), "[1, 2]", json!([1, 2])),
        (json!({"InputType": "JSON", "MaxItems": 1}), "[1, 2]", json!([1])),
        (json!({"InputType": "JSONL"}), "{\"a\": 1}\n{\"a\": 2}\n", json!([{"a": 1}, {"a": 2}])),
        (json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}), "a,b\n1,2\n", json!([{"a": "1", "b": "2"}])),
        (json!({"InputType": "JSON", "ItemsPointer": "/x"}), "{\"x\": [3]}", json!([3])),
    ] {
        let answer = asked(json!({"definition": machine(config.clone()), "input": {}, "mock": {"result": []},
            "stateConfiguration": {"mapItemReaderData": data}, "inspectionLevel": "DEBUG"}));
        assert_eq!(answer["inspectionData"]["afterItemSelector"], expected, "{config} {answer}");
        let pointed = answer["inspectionData"].get("afterItemsPointer");
        assert_eq!(pointed, config.get("ItemsPointer").map(|_| &expected));
    }
}

#[test]
fn variables_are_seen_and_shown() {
    let request =
        |definition: Value| asked(json!({"definition": definition, "variables": {"a": 1}, "inspectionLevel": "DEBUG"}));
    let paths = request(json!({"Type": "Pass", "Parameters": {"b.$": "$a"}, "Assign": {"c": 2}, "End": true}));
    assert_eq!((&paths["output"], &paths["inspectionData"]["variables"]), (&json!({"b": 1}), &json!({"a": 1, "c": 2})));
    let jsonata = request(json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $a + 1 %}", "End": true}));
    assert_eq!((&jsonata["output"], &jsonata["inspectionData"]["variables"]), (&json!(2), &json!({"a": 1})));
}

fn nested() -> Value {
    json!({
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "ItemProcessor": {"StartAt": "Inner", "States": {"Inner": {
                    "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                    "Parameters": {"FunctionName": "f", "Payload": {"at.$": "$$.Map.Item.Index", "of.$": "$$.Map.Item.Value"}},
                    "End": true
                }}},
                "Retry": [{"ErrorEquals": ["Again"], "IntervalSeconds": 5}],
                "Catch": [{"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.error", "Next": "Mend"}],
                "End": true
            },
            "Mend": {"Type": "Pass", "End": true}
        }
    })
}

#[test]
fn a_state_in_a_map_sees_the_first_item_and_its_errors_go_to_the_map() {
    let request = |mock: Value| {
        asked(
            json!({"definition": nested(), "stateName": "Inner", "input": {"a": 1}, "mock": mock, "inspectionLevel": "DEBUG"}),
        )
    };
    let answer = request(json!({"result": {"Payload": 1}}));
    let payload = &answer["inspectionData"]["afterParameters"]["Payload"];
    assert_eq!(payload, &json!({"at": 0, "of": {"a": 1}}));

    let caught = request(json!({"errorOutput": {"error": "Lambda.Unknown", "cause": "why"}}));
    assert_eq!((&caught["status"], &caught["nextState"]), (&json!("CAUGHT_ERROR"), &json!("Mend")));
    assert_eq!(caught["inspectionData"]["errorDetails"], json!({"catchIndex": 0}));
    assert_eq!(caught["output"], json!({"a": 1, "error": {"Error": "Lambda.Unknown", "Cause": "why"}}));

    let again = request(json!({"errorOutput": {"error": "Again"}}));
    assert_eq!(again["status"], "RETRIABLE");
    assert_eq!(again["inspectionData"]["errorDetails"], json!({"retryIndex": 0, "retryBackoffIntervalSeconds": 5}));
}

#[test]
fn the_count_of_retries_is_that_of_the_entry_that_applies() {
    let definition = json!({
        "Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "f", "Payload": "{% $states.context.State.RetryCount %}"},
        "Retry": [
            {"ErrorEquals": ["A"], "MaxAttempts": 1},
            {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "BackoffRate": 3, "MaxDelaySeconds": 10, "MaxAttempts": 3}
        ],
        "Catch": [{"ErrorEquals": ["A"], "Next": "Caught"}],
        "End": true
    });
    let request = |error: &str, count: u64| {
        asked(json!({"definition": definition, "mock": {"errorOutput": {"error": error}},
            "stateConfiguration": {"retrierRetryCount": count}, "inspectionLevel": "DEBUG"}))
    };
    for (error, count, status, details) in [
        ("B", 0, "RETRIABLE", json!({"retryIndex": 1, "retryBackoffIntervalSeconds": 2})),
        ("B", 1, "RETRIABLE", json!({"retryIndex": 1, "retryBackoffIntervalSeconds": 6})),
        ("B", 2, "RETRIABLE", json!({"retryIndex": 1, "retryBackoffIntervalSeconds": 10})),
        ("B", 3, "FAILED", json!({"retryIndex": 1})),
        ("A", 1, "CAUGHT_ERROR", json!({"catchIndex": 0})),
    ] {
        let answer = request(error, count);
        assert_eq!(
            (&answer["status"], &answer["inspectionData"]["errorDetails"]),
            (&json!(status), &details),
            "{error}"
        );
        assert_eq!(answer["inspectionData"]["afterArguments"]["Payload"], count);
    }
}

#[test]
fn five_minutes_are_all_that_a_test_has() {
    let wait = |seconds: u64| asked(json!({"definition": {"Type": "Wait", "Seconds": seconds, "End": true}}));
    assert_eq!(wait(300)["status"], "SUCCEEDED");
    let answer = wait(301);
    assert_eq!((&answer["status"], &answer["error"]), (&json!("FAILED"), &json!("States.Timeout")));
}

#[test]
fn requests_that_the_api_refuses_are_refused() {
    let task = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true});
    let pass = json!({"Type": "Pass", "End": true});
    let map = json!({
        "Type": "Map", "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}, "End": true
    });
    let constraint = "1 validation error detected: ";
    for (request, expected) in [
        (json!({}), format!("ValidationException: {constraint}Value null at 'definition' failed to satisfy constraint: Member must not be null")),
        (
            json!({"definition": pass, "stateName": ""}),
            format!("ValidationException: {constraint}Value at 'stateName' failed to satisfy constraint: Member must have length greater than or equal to 1"),
        ),
        (
            json!({"definition": map, "mock": {"result": []}, "stateConfiguration": {"errorCausedByState": ""}}),
            format!("ValidationException: {constraint}Value at 'stateConfiguration.errorCausedByState' failed to satisfy constraint: Member must have length greater than or equal to 1"),
        ),
        (
            json!({"definition": map, "mock": {"result": []}, "stateConfiguration": {"mapIterationFailureCount": -1}}),
            format!("ValidationException: {constraint}Value '-1' at 'stateConfiguration.mapIterationFailureCount' failed to satisfy constraint: Member must have value greater than or equal to 0"),
        ),
        (
            json!({"definition": pass, "inspectionLevel": "ALL"}),
            format!("ValidationException: {constraint}Value 'ALL' at 'inspectionLevel' failed to satisfy constraint: Member must satisfy enum value set: [INFO, DEBUG, TRACE]"),
        ),
        (
            json!({"definition": pass, "stateName": "A"}),
            "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /'".to_owned(),
        ),
        (
            json!({"definition": "[]"}),
            "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object'".to_owned(),
        ),
        (
            json!({"definition": {"End": true}}),
            "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [Type] at /States/StateName'".to_owned(),
        ),
        (
            json!({"stateName": "A", "definition": {"StartAt": "A", "States": {
                "A": {"Type": "Pass", "Next": "C"}, "B": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": "A"}], "Default": "D"}
            }}}),
            "InvalidDefinition: Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: C at /States/A/Next, \
             MISSING_TRANSITION_TARGET: Missing 'Default' target: D at /States/B/Default'".to_owned(),
        ),
        (
            json!({"definition": pass, "mock": {"result": {}}}),
            "ValidationException: State type 'Pass' is not supported when a mock is specified".to_owned(),
        ),
        (
            json!({"definition": map, "mock": {"result": {}}}),
            "ValidationException: Mocked result must be an array.".to_owned(),
        ),
    ] {
        assert_eq!(refused(request), expected);
    }
    // What AWS says of these is not documented: only that it refuses them.
    let waits = json!({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true});
    let role = "arn:aws:iam::123456789012:role/test";
    for (request, code) in [
        (json!({"definition": nested(), "stateName": "Elsewhere"}), "ValidationException"),
        (json!({"definition": task}), "ValidationException"),
        (json!({"definition": waits, "roleArn": role}), "ValidationException"),
        (json!({"definition": pass, "context": {"State": {}}}), "ValidationException"),
        (json!({"definition": task, "mock": {"result": {}}, "revealSecrets": true}), "ValidationException"),
        (json!({"definition": task, "mock": {}}), "ValidationException"),
        (json!({"definition": pass, "variables": "[1]"}), "ValidationException"),
        (json!({"definition": pass, "input": "{"}), "InvalidExecutionInput"),
        (json!({"definition": pass, "roleArn": "me"}), "InvalidArn"),
        (json!({"definition": "{"}), "InvalidDefinition"),
        (
            json!({"definition": map, "mock": {"errorOutput": {"error": "E"}}, "stateConfiguration": {"errorCausedByState": "Q"}}),
            "ValidationException",
        ),
        (
            json!({"definition": map, "mock": {"result": []}, "stateConfiguration": {"mapItemReaderData": "[]"}}),
            "ValidationException",
        ),
    ] {
        assert_eq!(asked(request.clone())["refused"], code, "{request}");
    }
}

/// The members of [InspectionData](https://docs.aws.amazon.com/step-functions/latest/apireference/API_InspectionData.html) that each state fills
/// in, as it ends in each way. TRACE adds only what an HTTP Task exchanges, and INFO shows none.
#[test]
fn each_state_fills_in_its_steps_at_each_level() {
    const PATHS: &[&str] =
        &["input", "afterInputPath", "afterParameters", "result", "afterResultSelector", "afterResultPath"];
    let task = |more: Value| {
        let mut task = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true});
        task.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        task
    };
    let paths = |more: Value| {
        let mut task = task(json!({"Parameters": {"FunctionName": "f"}}));
        task.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        task
    };
    let jsonata = |more: Value| {
        let mut task = task(json!({"QueryLanguage": "JSONata", "Arguments": {"FunctionName": "f"}}));
        task.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        task
    };
    let inner = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}});
    let map = |more: Value| {
        let mut map = json!({"Type": "Map", "ItemProcessor": inner, "End": true});
        map.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        map
    };
    let parallel = |more: Value| {
        let mut parallel = json!({"Type": "Parallel", "Branches": [inner], "End": true});
        parallel.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        parallel
    };
    let answered = json!({"result": {"StatusCode": 200}});
    let list = json!({"result": [1]});
    let error = json!({"errorOutput": {"error": "E", "cause": "why"}});
    let none = Value::Null;
    let retry = json!({"Retry": [{"ErrorEquals": ["E"]}]});
    let catch = json!({"Catch": [{"ErrorEquals": ["E"], "Next": "N"}]});
    let of_items = json!({"ItemsPath": "$.items", "ItemSelector": {"v.$": "$$.Map.Item.Value"}});
    let of_jsonata_items =
        json!({"QueryLanguage": "JSONata", "Items": "{% $states.input.items %}", "ItemSelector": {"v": 1}});
    for (definition, mock, status, steps) in [
        (paths(json!({})), &answered, "SUCCEEDED", PATHS.to_vec()),
        (paths(json!({})), &error, "FAILED", PATHS[..3].to_vec()),
        (paths(retry.clone()), &error, "RETRIABLE", [&PATHS[..3], &["errorDetails"]].concat()),
        (paths(catch.clone()), &error, "CAUGHT_ERROR", [&PATHS[..3], &["errorDetails"]].concat()),
        (paths(json!({"Assign": {"v": 1}})), &answered, "SUCCEEDED", [PATHS, &["variables"]].concat()),
        (jsonata(json!({})), &answered, "SUCCEEDED", vec!["input", "afterArguments", "result"]),
        (jsonata(json!({})), &error, "FAILED", vec!["input", "afterArguments"]),
        (jsonata(retry.clone()), &error, "RETRIABLE", vec!["input", "afterArguments", "errorDetails"]),
        (jsonata(catch.clone()), &error, "CAUGHT_ERROR", vec!["input", "afterArguments", "errorDetails"]),
        (
            jsonata(json!({"Assign": {"v": 1}})),
            &answered,
            "SUCCEEDED",
            vec!["input", "afterArguments", "result", "variables"],
        ),
        (
            json!({"Type": "Pass", "End": true}),
            &none,
            "SUCCEEDED",
            vec!["input", "afterInputPath", "afterParameters", "afterResultSelector", "afterResultPath"],
        ),
        (
            json!({"Type": "Pass", "Result": 1, "End": true}),
            &none,
            "SUCCEEDED",
            vec!["input", "result", "afterResultSelector", "afterResultPath"],
        ),
        (json!({"Type": "Pass", "QueryLanguage": "JSONata", "End": true}), &none, "SUCCEEDED", vec!["input"]),
        (json!({"Type": "Succeed"}), &none, "SUCCEEDED", vec!["input", "afterInputPath"]),
        (json!({"Type": "Fail", "Error": "E"}), &none, "FAILED", vec!["input", "afterInputPath"]),
        (json!({"Type": "Fail", "QueryLanguage": "JSONata", "Error": "E"}), &none, "FAILED", vec!["input"]),
        (json!({"Type": "Wait", "Seconds": 1, "End": true}), &none, "SUCCEEDED", vec!["input", "afterInputPath"]),
        (
            map(of_items),
            &list,
            "SUCCEEDED",
            vec![
                "input",
                "maxConcurrency",
                "afterInputPath",
                "afterItemsPath",
                "afterItemSelector",
                "afterResultSelector",
                "afterResultPath",
            ],
        ),
        (map(of_jsonata_items), &list, "SUCCEEDED", vec!["input", "maxConcurrency", "afterItemSelector"]),
        (
            map(json!({"ItemsPath": "$.items"})),
            &error,
            "FAILED",
            vec!["input", "maxConcurrency", "afterInputPath", "afterItemsPath"],
        ),
        (parallel(json!({})), &list, "SUCCEEDED", vec!["input", "afterResultSelector", "afterResultPath"]),
        (parallel(catch), &error, "CAUGHT_ERROR", vec!["input", "errorDetails"]),
        (parallel(retry), &error, "RETRIABLE", vec!["input", "errorDetails"]),
        (parallel(json!({"QueryLanguage": "JSONata"})), &list, "SUCCEEDED", vec!["input"]),
    ] {
        for level in ["INFO", "DEBUG", "TRACE"] {
            let mut request = json!({"definition": definition, "input": {"items": [1]}, "inspectionLevel": level});
            if !mock.is_null() {
                request["mock"] = mock.clone();
            }
            let answer = asked(request);
            assert_eq!(answer["status"], status, "{definition} {answer}");
            let shown = answer.get("inspectionData").map(|data| data.as_object().unwrap().keys().collect::<Vec<_>>());
            match level {
                "INFO" => assert_eq!(shown, None, "{definition}"),
                _ => assert_eq!(shown.unwrap_or_default(), steps, "{definition} {level}"),
            }
            let error = if status == "SUCCEEDED" { Value::Null } else { "E".into() };
            assert_eq!(answer["error"], error, "{definition} {level}");
        }
    }
}
