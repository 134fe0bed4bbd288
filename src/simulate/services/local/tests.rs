use std::time::Duration;

use md5::Digest;
use serde_json::{Map, json};

use super::*;
use crate::simulate::services::s3::Upload;
use crate::simulate::services::{Behaviour, Caller, Ended, MockFile, StateMachines};
use crate::source::Source;

fn ask(services: &mut LocalServices, resource: &str, state: &str, arguments: &Value) -> ServiceAnswer {
    let resource: Resource = match resource {
        arn if arn.starts_with("arn:") => arn.parse().unwrap(),
        call => format!("arn:aws:states:::{call}").parse().unwrap(),
    };
    services.call(&ServiceCall {
        resource: &resource,
        arguments,
        caller: Caller::Task,
        state,
        attempt: 0,
        item_index: None,
        task_token: None,
        state_machine: "machine",
        execution: "one",
        role_arn: None,
        now: Timestamp::from_millis(1_700_000_000_000),
    })
}

fn services() -> LocalServices {
    LocalServices::in_memory(1).unwrap()
}

fn result(answer: ServiceAnswer) -> Value {
    match answer.completion {
        Completion::Succeeded(result) => result,
        other => panic!("{other:?}"),
    }
}

fn failure(answer: ServiceAnswer) -> TaskError {
    match answer.completion {
        Completion::Failed(error) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn s3_answers_as_recorded() {
    let mut services = services();
    services.s3.create_bucket("b", false);
    let puts = [
        (json!("text data"), "KUmHvQ==", "2b5df3712557f503a9977a8ea893b2c9"),
        (json!({"Dict": "Value"}), "hnEfWw==", "49e31cee5aec8faf3345893addb14346"),
        (json!(0), "9NvfIQ==", "cfcd208495d565ef66e7dff9f98764da"),
    ];
    for (body, checksum, etag) in puts {
        let put = ask(&mut services, "aws-sdk:s3:putObject", "P", &json!({"Bucket": "b", "Key": "k", "Body": body}));
        let expected = json!({
            "ChecksumCRC32": checksum, "ChecksumType": "FULL_OBJECT", "ETag": format!("\"{etag}\""),
            "ServerSideEncryption": "AES256",
        });
        assert_eq!(result(put), expected);
    }
    let get = result(ask(&mut services, "aws-sdk:s3:getObject", "G", &json!({"Bucket": "b", "Key": "k"})));
    let expected = json!({
        "AcceptRanges": "bytes", "ContentLength": 1, "ContentType": "binary/octet-stream",
        "ETag": "\"cfcd208495d565ef66e7dff9f98764da\"", "LastModified": "2023-11-14T22:13:20Z", "Metadata": {},
        "ServerSideEncryption": "AES256", "Body": "0",
    });
    assert_eq!(get, expected);
    let errors = [
        (
            "getObject",
            json!({"Bucket": "b", "Key": "x"}),
            "S3.NoSuchKeyException",
            "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: ",
        ),
        (
            "headObject",
            json!({"Bucket": "b", "Key": "x"}),
            "S3.NoSuchKeyException",
            "null (Service: S3, Status Code: 404",
        ),
        (
            "listObjects",
            json!({"Bucket": "x"}),
            "S3.NoSuchBucketException",
            "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: ",
        ),
        (
            "getObject",
            json!({"Bucket": "b"}),
            "States.Runtime",
            "The Parameters '{\"Bucket\":\"b\"}' could not be used",
        ),
        (
            "createJob",
            json!({}),
            "States.Runtime",
            "there is no simulated service for arn:aws:states:::aws-sdk:s3:createJob",
        ),
    ];
    for (action, arguments, error, cause) in errors {
        let refused = failure(ask(&mut services, &format!("aws-sdk:s3:{action}"), "S", &arguments));
        assert_eq!(refused.error, error);
        assert!(refused.cause.starts_with(cause), "{}", refused.cause);
    }
}

#[test]
fn s3_lists_in_pages() {
    let mut services = services();
    services.s3.create_bucket("b", false);
    for key in ["a/1", "a/2", "a/3", "b", "c/1"] {
        ask(&mut services, "aws-sdk:s3:putObject", "P", &json!({"Bucket": "b", "Key": key, "Body": 1}));
    }
    let keys = |answer: &Value| -> Vec<String> {
        let contents = answer["Contents"].as_array().into_iter().flatten();
        let folders = answer["CommonPrefixes"].as_array().into_iter().flatten();
        contents
            .map(|o| &o["Key"])
            .chain(folders.map(|f| &f["Prefix"]))
            .map(|k| k.as_str().unwrap().to_owned())
            .collect()
    };
    let mut pages = Vec::new();
    let mut arguments = json!({"Bucket": "b", "Prefix": "a/", "MaxKeys": 2});
    loop {
        let page = result(ask(&mut services, "aws-sdk:s3:listObjectsV2", "L", &arguments));
        pages.push(keys(&page));
        match page.get("NextContinuationToken") {
            Some(token) => arguments["ContinuationToken"] = token.clone(),
            None => break,
        }
    }
    assert_eq!(pages, [vec!["a/1", "a/2"], vec!["a/3"]]);
    let mut folders = json!({"Bucket": "b", "Delimiter": "/", "MaxKeys": 1});
    let mut found = Vec::new();
    loop {
        let page = result(ask(&mut services, "aws-sdk:s3:listObjectsV2", "L", &folders));
        found.extend(keys(&page));
        match page.get("NextContinuationToken") {
            Some(token) => folders["ContinuationToken"] = token.clone(),
            None => break,
        }
    }
    assert_eq!(found, ["a/", "b", "c/"]);
    let none = result(ask(&mut services, "aws-sdk:s3:listObjectsV2", "L", &json!({"Bucket": "b", "Prefix": "z"})));
    assert_eq!((none.get("Contents"), &none["KeyCount"]), (None, &json!(0)));
}

#[test]
fn s3_tells_of_what_workflows_change() {
    let mut services = services();
    services.s3.create_bucket("b", true);
    services.s3.watch();
    ask(&mut services, "aws-sdk:s3:putObject", "P", &json!({"Bucket": "b", "Key": "k", "Body": 1}));
    ask(&mut services, "aws-sdk:s3:copyObject", "C", &json!({"Bucket": "b", "Key": "k2", "CopySource": "b/%6B"}));
    let deleted = result(ask(&mut services, "aws-sdk:s3:deleteObject", "D", &json!({"Bucket": "b", "Key": "k"})));
    assert_eq!(deleted["DeleteMarker"], true);
    let mut changes = std::iter::from_fn(|| services.s3.take_change());
    let (put, copy, delete) = (changes.next().unwrap(), changes.next().unwrap(), changes.next().unwrap());
    assert!(put.sequencer < copy.sequencer && copy.sequencer < delete.sequencer);
    assert_eq!((copy.key.as_str(), delete.key.as_str()), ("k2", "k"));
    assert!(changes.next().is_none());
}

#[test]
fn putting_and_deleting_by_hand_makes_events() {
    let mut services = services();
    let (now, origin) = (Timestamp::from_millis(1_700_000_000_000), Origin::default());
    let mut put = || {
        let object = Upload::default().object("k", now, &mut services.ids);
        services.s3.put("b", "k", object, "PutObject", &mut services.ids)
    };
    let (put, again) = (put(), put());
    let deleted = services.s3.delete("b", "k", now, &mut services.ids).unwrap();
    let sequencers: Vec<_> = [&put, &again, &deleted]
        .map(|change| change.event(&origin, &mut services.ids)["detail"]["object"]["sequencer"].to_string())
        .into();
    assert!(sequencers.is_sorted_by(|a, b| a < b), "{sequencers:?}");
    assert_ne!(put.what, again.what, "each put has bytes of its own");
    assert_eq!(services.s3.delete("b", "k", now, &mut services.ids), None);
    assert_eq!(services.s3.delete("none", "k", now, &mut services.ids), None);
    assert_eq!(services.s3.keys("b").count(), 0);
}

#[test]
fn queues_topics_and_the_bus_keep_what_is_sent() {
    let mut services = services();
    let queue = "https://sqs.us-east-1.amazonaws.com/111111111111/q";
    let body = json!({"QueueUrl": queue, "MessageBody": {"a": 1}});
    let sent = result(ask(&mut services, "sqs:sendMessage", "S", &body));
    assert_eq!(sent["MD5OfMessageBody"], "bb6cb5c68df4652941caf652a366f2d8");
    assert_eq!(sent["SdkHttpMetadata"]["HttpStatusCode"], 200);
    let waiting = ask(&mut services, "sqs:sendMessage.waitForTaskToken", "S", &body);
    assert_eq!(waiting.completion, Completion::Never);
    assert!(waiting.submitted.is_some());
    let bodies: Vec<_> = services.sqs.messages("q").map(|message| message.body.as_str()).collect();
    assert_eq!(bodies, ["{\"a\":1}", "{\"a\":1}"]);
    let received = result(ask(&mut services, "aws-sdk:sqs:receiveMessage", "R", &json!({ "QueueUrl": queue })));
    assert_eq!(received["Messages"][0]["Body"], "{\"a\":1}");
    assert_eq!(services.sqs.messages(queue).count(), 1);

    let published = ask(
        &mut services,
        "aws-sdk:sns:publish",
        "P",
        &json!({"TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": "m"}),
    );
    assert_eq!(result(published)["MessageId"].as_str().map(str::len), Some(36));

    let good = json!({"Source": "s", "DetailType": "d", "Detail": "{\"x\": 1}"});
    let one = result(ask(&mut services, "events:putEvents", "E", &json!({"Entries": [good]})));
    assert_eq!((&one["FailedEntryCount"], one.as_object().unwrap().len()), (&json!(0), 2));
    assert_eq!(services.bus.take_event().unwrap().event["detail"], json!({"x": 1}));
    let bad = json!({"DetailType": "d", "Detail": {}});
    let refused = failure(ask(&mut services, "events:putEvents", "E", &json!({ "Entries": [bad] })));
    assert_eq!(refused.error, "EventBridge.FailedEntry");
    assert_eq!(
        refused.cause,
        "{\"Entries\":[{\"ErrorCode\":\"InvalidArgument\",\"ErrorMessage\":\"Parameter Source is not valid. Reason: Source is \
         a required argument.\"}],\"FailedEntryCount\":1}"
    );
}

#[test]
fn what_is_not_there_or_not_right_is_refused_in_the_words_of_each_style() {
    let mut services = services();
    services.sqs.remove("none");
    services.sqs.remove("https://sqs.us-east-1.amazonaws.com/123456789012/x");
    services.topics.remove("arn:aws:sns:us-east-1:123456789012:u");
    services.machines = StateMachines::run_by(|_, _| None);
    let machine = "arn:aws:states:us-east-1:123456789012:stateMachine:m";
    let message = |queue: &str| json!({"QueueUrl": queue, "MessageBody": "m"});
    for (call, arguments, error, cause) in [
        (
            "sqs:sendMessage",
            message("none"),
            "SQS.QueueDoesNotExistException",
            "The specified queue does not exist. (Service: AmazonSQS; Status Code: 400; Error Code: \
             AWS.SimpleQueueService.NonExistentQueue; Request ID: ",
        ),
        (
            "aws-sdk:sqs:sendMessage",
            message("none"),
            "Sqs.QueueDoesNotExistException",
            "The specified queue does not exist. (Service: Sqs, Status Code: 400, Request ID: ",
        ),
        ("aws-sdk:sqs:getQueueUrl", json!({"QueueName": "x"}), "Sqs.QueueDoesNotExistException", "The specified queue"),
        (
            "aws-sdk:sqs:sendMessage",
            message("q.fifo"),
            "Sqs.SqsException",
            "The request must contain the parameter MessageGroupId. (",
        ),
        (
            "aws-sdk:sqs:sendMessageBatch",
            json!({"QueueUrl": "q", "Entries": [{"Id": "a", "MessageBody": "m"}, {"Id": "a", "MessageBody": "m"}]}),
            "Sqs.BatchEntryIdsNotDistinctException",
            "Id a repeated. (",
        ),
        ("sqs:sendMessage", json!({"QueueUrl": "q"}), "States.Runtime", "The Parameters "),
        (
            "aws-sdk:sns:publish",
            json!({"TopicArn": "arn:aws:sns:us-east-1:123456789012:u", "Message": "m"}),
            "Sns.NotFoundException",
            "Topic does not exist (Service: Sns, Status Code: 404, Request ID: ",
        ),
        (
            "sns:publish",
            json!({"TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": ""}),
            "SNS.InvalidParameterException",
            "Invalid parameter: Empty message (Service: AmazonSNS; Status Code: 400; Error Code: InvalidParameter; ",
        ),
        (
            "states:startExecution.sync:2",
            json!({ "StateMachineArn": machine }),
            "StepFunctions.StateMachineDoesNotExistException",
            "State Machine Does Not Exist: 'arn:aws:states:us-east-1:123456789012:stateMachine:m' (Service: \
             AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: ",
        ),
        (
            "aws-sdk:sfn:startExecution",
            json!({"StateMachineArn": "m"}),
            "Sfn.InvalidArnException",
            "Invalid Arn: 'Invalid ARN prefix: m' (Service: Sfn, Status Code: 400, Request ID: ",
        ),
        ("states:startExecution", json!({}), "States.Runtime", "The Parameters "),
        (
            "aws-sdk:s3:headBucket",
            json!({"Bucket": "none"}),
            "S3.NoSuchBucketException",
            "null (Service: S3, Status Code: 404",
        ),
        (
            "aws-sdk:s3:deleteObjects",
            json!({"Bucket": "none"}),
            "S3.NoSuchBucketException",
            "The specified bucket does not",
        ),
    ] {
        let refused = failure(ask(&mut services, call, "S", &arguments));
        assert_eq!(refused.error, error, "{call} {arguments}: {}", refused.cause);
        assert!(refused.cause.starts_with(cause), "{call} {arguments}: {}", refused.cause);
    }
}

#[test]
fn a_queue_that_was_deleted_is_gone() {
    let mut services = services();
    let queue = result(ask(&mut services, "aws-sdk:sqs:createQueue", "C", &json!({"QueueName": "q"})));
    let url = json!({"QueueUrl": queue["QueueUrl"]});
    let message = json!({"QueueUrl": queue["QueueUrl"], "MessageBody": "m"});
    result(ask(&mut services, "sqs:sendMessage", "S", &message));
    let told = json!({"QueueUrl": queue["QueueUrl"], "AttributeNames": ["All"]});
    let told = result(ask(&mut services, "aws-sdk:sqs:getQueueAttributes", "A", &told));
    assert_eq!(told["Attributes"]["ApproximateNumberOfMessages"], "1");
    result(ask(&mut services, "aws-sdk:sqs:deleteQueue", "D", &url));
    assert_eq!(failure(ask(&mut services, "sqs:sendMessage", "S", &message)).error, "SQS.QueueDoesNotExistException");
}

#[test]
fn the_digest_of_attributes_is_that_of_sqs() {
    let mut services = services();
    let message = json!({"QueueUrl": "q", "MessageBody": "m", "MessageAttributes": {
        "b": {"DataType": "Number", "StringValue": "1"}, "a": {"DataType": "String", "StringValue": "x"},
    }});
    let sent = result(ask(&mut services, "aws-sdk:sqs:sendMessage", "S", &message));
    // \0\0\0\1a \0\0\0\6String \1 \0\0\0\1x and the same of `b`.
    let encoded = b"\0\0\0\x01a\0\0\0\x06String\x01\0\0\0\x01x\0\0\0\x01b\0\0\0\x06Number\x01\0\0\0\x011";
    let digest: String = md5::Md5::digest(encoded).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(sent["Md5OfMessageAttributes"], digest);
}

#[test]
fn buckets_are_made_and_deleted_and_objects_by_version() {
    let mut services = services();
    let bucket = json!({"Bucket": "b"});
    result(ask(&mut services, "aws-sdk:s3:createBucket", "C", &bucket));
    let versioning = json!({"Bucket": "b", "VersioningConfiguration": {"Status": "Enabled"}});
    result(ask(&mut services, "aws-sdk:s3:putBucketVersioning", "V", &versioning));
    assert_eq!(
        result(ask(&mut services, "aws-sdk:s3:getBucketVersioning", "G", &bucket)),
        json!({"Status": "Enabled"})
    );
    let put = json!({"Bucket": "b", "Key": "k", "Body": "x"});
    let version = result(ask(&mut services, "aws-sdk:s3:putObject", "P", &put))["VersionId"].clone();
    let copy = format!("b/k?versionId={}", version.as_str().unwrap());
    let copy = json!({"Bucket": "b", "Key": "l", "CopySource": copy});
    let copied = result(ask(&mut services, "aws-sdk:s3:copyObject", "O", &copy))["VersionId"].clone();
    let objects = json!([{"Key": "k"}, {"Key": "l", "VersionId": copied}]);
    let delete = json!({"Bucket": "b", "Delete": {"Objects": objects}});
    let deleted = result(ask(&mut services, "aws-sdk:s3:deleteObjects", "D", &delete))["Deleted"].clone();
    assert_eq!((&deleted[0]["DeleteMarker"], &deleted[1]), (&json!(true), &json!({"Key": "l", "VersionId": copied})));
    let marker = json!({"Bucket": "b", "Key": "k", "VersionId": deleted[0]["DeleteMarkerVersionId"]});
    let refused = failure(ask(&mut services, "aws-sdk:s3:getObject", "G", &marker));
    assert!(refused.cause.starts_with("The specified method is not allowed"), "{}", refused.cause);
    let full = failure(ask(&mut services, "aws-sdk:s3:deleteBucket", "B", &bucket));
    assert!(full.cause.starts_with("The bucket you tried to delete is not empty"), "{}", full.cause);
}

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
fn mocks_come_before_what_is_built_in() {
    let mut services = services();
    let text = r#"{"StateMachines": {"machine": {"TestCases": {"T": {"A": "Once", "Act": "Once", "Wait": "Once"}}}},
        "MockedResponses": {"Once": {"0": {"Return": "mocked"}}}}"#;
    let file = MockFile::read(&Source::new("m.json", text)).unwrap();
    for (machine, case) in file.test_case("T").unwrap() {
        services.mock(machine, case);
    }
    assert_eq!(result(ask(&mut services, "batch:submitJob", "A", &json!({}))), "mocked");
    let activity = "arn:aws:states:us-east-1:111111111111:activity:a";
    assert_eq!(result(ask(&mut services, activity, "Act", &json!({}))), "mocked");
    assert_eq!(ask(&mut services, activity, "Other", &json!({})).completion, Completion::Never);
    let waits = json!({"QueueUrl": "q", "MessageBody": "m"});
    let waited = ask(&mut services, "sqs:sendMessage.waitForTaskToken", "Wait", &waits);
    assert!(waited.submitted.as_ref().is_some_and(|answer| answer["MessageId"].is_string()));
    assert_eq!(result(waited), "mocked");
    let unknown = failure(ask(&mut services, "batch:submitJob", "B", &json!({})));
    assert!(
        unknown.cause.starts_with("there is no simulated service for arn:aws:states:::batch:submitJob"),
        "{}",
        unknown.cause
    );
}

#[test]
fn faults_strike_as_often_as_they_should() {
    let mut services = services();
    for fault in ["throttle Put twice", "delay sns:publish 5 seconds once", "fail Get with My.Error", "hang Slow once"]
    {
        services.faults.add(fault.parse().unwrap());
    }
    services.record();
    let message = json!({"TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": "m"});
    let throttled: Vec<_> =
        (0..2).map(|_| failure(ask(&mut services, "dynamodb:putItem", "Put", &json!({}))).error).collect();
    assert_eq!(throttled, ["DynamoDB.ProvisionedThroughputExceededException"; 2]);
    assert_eq!(failure(ask(&mut services, "dynamodb:putItem", "Put", &json!({}))).error, "States.Runtime");
    assert_eq!(ask(&mut services, "sns:publish", "P", &message).duration, Duration::from_secs(5));
    assert_eq!(ask(&mut services, "sns:publish", "P", &message).duration, Duration::ZERO);
    assert_eq!(failure(ask(&mut services, "sns:publish", "Get", &message)).error, "My.Error");
    assert_eq!(services.faults.unused().collect::<Vec<_>>(), ["Slow"]);
    assert_eq!(ask(&mut services, "sns:publish", "Slow", &message).completion, Completion::Never);
    assert_eq!(services.recorded().len(), 7);
    assert_eq!(services.recorded()[3].resource.arn(), "arn:aws:states:::sns:publish");
    services.forget_recorded();
    assert!(services.recorded().is_empty());
}

#[test]
fn queues_and_topics_take_what_they_document() {
    let mut services = services();
    let long = "x".repeat(129);
    let queue = |name: &str, more: Value| {
        let mut arguments = json!({"QueueUrl": name, "MessageBody": "m"});
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ("aws-sdk:sqs:sendMessage", arguments)
    };
    let topic = |more: Value| {
        let mut arguments = json!({"TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": "m"});
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ("sns:publish", arguments)
    };
    let attributes: Map<String, Value> =
        (0..11).map(|n| (n.to_string(), json!({"DataType": "String", "StringValue": "v"}))).collect();
    let entries = |count: usize| (0..count).map(|n| json!({"Id": n.to_string(), "Message": "m"})).collect::<Vec<_>>();
    let batch = |entries: Vec<Value>| {
        let topic = "arn:aws:sns:us-east-1:123456789012:t";
        ("aws-sdk:sns:publishBatch", json!({"TopicArn": topic, "PublishBatchRequestEntries": entries}))
    };
    for ((call, arguments), error, cause) in [
        (queue("q", json!({"DelaySeconds": 901})), "Sqs.SqsException", "Value 901 for parameter DelaySeconds"),
        (
            queue("q", json!({"MessageDeduplicationId": "a"})),
            "Sqs.SqsException",
            "Value a for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this \
             queue type.",
        ),
        (
            queue("q.fifo", json!({"MessageGroupId": long})),
            "Sqs.SqsException",
            &format!("Value {long} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include"),
        ),
        (
            queue("q.fifo", json!({"MessageGroupId": "a", "DelaySeconds": 5})),
            "Sqs.SqsException",
            "Value 5 for parameter DelaySeconds is invalid. Reason: The request include parameter",
        ),
        (
            queue("q", json!({ "MessageAttributes": attributes })),
            "Sqs.SqsException",
            "Number of message attributes [11] exceeds the allowed maximum [10].",
        ),
        (
            queue("q", json!({"MessageAttributes": {"a": {"DataType": "String", "StringValue": ""}}})),
            "Sqs.SqsException",
            "The message attribute 'a' must contain non-empty message attribute value",
        ),
        (
            queue("q", json!({"MessageBody": "a\u{1}"})),
            "Sqs.InvalidMessageContentsException",
            "Invalid binary character '#x1'",
        ),
        (
            queue("q", json!({"DelaySeconds": "5", "Unknown": 1, "MessageBody": 5})),
            "States.Runtime",
            "The Parameters '{\"QueueUrl\":\"q\",\"MessageBody\":5,\"DelaySeconds\":\"5\",\"Unknown\":1}' could not be used to start \
             the Task: [The value for the field 'MessageBody' must be a STRING, The value for the field 'DelaySeconds' must be a NUMBER, \
             The field \"Unknown\" is not supported by Step Functions]",
        ),
        (
            ("aws-sdk:sqs:sendMessageBatch", json!({"QueueUrl": "q", "Entries": [{"Id": "a b", "MessageBody": "m"}]})),
            "Sqs.InvalidBatchEntryIdException",
            "A batch entry id can only contain",
        ),
        (topic(json!({"Subject": "s".repeat(101)})), "SNS.InvalidParameterException", "Invalid parameter: Subject ("),
        (topic(json!({"Subject": "a\nb"})), "SNS.InvalidParameterException", "Invalid parameter: Subject ("),
        (
            topic(json!({"MessageStructure": "json"})),
            "SNS.InvalidParameterException",
            "Invalid parameter: Message Structure - JSON message body failed to parse (",
        ),
        (
            topic(json!({"MessageStructure": "json", "Message": {"email": "m"}})),
            "SNS.InvalidParameterException",
            "Invalid parameter: Message Structure - No default entry in JSON message body (",
        ),
        (
            topic(json!({"MessageDeduplicationId": "d"})),
            "SNS.InvalidParameterException",
            "Invalid parameter: MessageDeduplicationId Reason: The request includes",
        ),
        (
            ("sns:publish", json!({"Message": "m"})),
            "SNS.InvalidParameterException",
            "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter (",
        ),
        (batch(entries(0)), "Sns.EmptyBatchRequestException", "The batch request doesn't contain any entries. ("),
        (batch(entries(11)), "Sns.TooManyEntriesInBatchRequestException", "The batch request contains more entries"),
        (
            batch([entries(1), entries(1)].concat()),
            "Sns.BatchEntryIdsNotDistinctException",
            "Two or more batch entries in the request have the same Id. (",
        ),
    ] {
        let refused = failure(ask(&mut services, call, "S", &arguments));
        assert_eq!(refused.error, error, "{arguments}");
        assert!(refused.cause.starts_with(cause), "{} NOT {cause}", refused.cause);
    }
    for (call, arguments) in [
        queue("q", json!({"MessageGroupId": "fair", "MessageBody": {"a": 1}})),
        topic(json!({"MessageStructure": "json", "Message": "{\"default\": \"m\"}", "Subject": "s".repeat(100)})),
        topic(json!({"MessageGroupId": "fair"})),
        batch(entries(10)),
    ] {
        assert!(
            matches!(ask(&mut services, call, "S", &arguments).completion, Completion::Succeeded(_)),
            "{arguments}"
        );
    }
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

#[test]
fn s3_gives_what_is_asked_for_and_under_the_conditions_that_are_asked() {
    let mut services = services();
    services.s3.create_bucket("b", false);
    let put =
        result(ask(&mut services, "aws-sdk:s3:putObject", "S", &json!({"Bucket": "b", "Key": "k", "Body": 12345})));
    let of_object = |more: Value| {
        let mut arguments = json!({"Bucket": "b", "Key": "k"});
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        arguments
    };
    for (range, body, place) in [
        ("bytes=1-2", "23", Some("bytes 1-2/5")),
        ("bytes=3-", "45", Some("bytes 3-4/5")),
        ("bytes=-2", "45", Some("bytes 3-4/5")),
        ("bytes=0-99", "12345", Some("bytes 0-4/5")),
        ("bytes=2-1", "12345", None),
        ("lines=1", "12345", None),
    ] {
        let answer = result(ask(&mut services, "aws-sdk:s3:getObject", "S", &of_object(json!({ "Range": range }))));
        assert_eq!((&answer["Body"], &answer["ContentLength"]), (&json!(body), &json!(body.len())), "{range}");
        assert_eq!(answer.get("ContentRange").and_then(Value::as_str), place, "{range}");
    }
    let attributes = of_object(json!({"ObjectAttributes": ["ObjectSize", "Checksum"]}));
    let attributes = result(ask(&mut services, "aws-sdk:s3:getObjectAttributes", "S", &attributes));
    let checksum = json!({"ChecksumCRC32": put["ChecksumCRC32"], "ChecksumType": "FULL_OBJECT"});
    assert_eq!((&attributes["ObjectSize"], &attributes["Checksum"]), (&json!(5), &checksum));
    assert_eq!((attributes.get("ETag"), attributes.get("StorageClass")), (None, None));
    let listed = result(ask(&mut services, "aws-sdk:s3:listObjectsV2", "S", &json!({"Bucket": "b"})));
    let entry = &listed["Contents"][0];
    assert_eq!((&entry["ChecksumAlgorithm"], &entry["ChecksumType"]), (&json!(["CRC32"]), &json!("FULL_OBJECT")));
    let copy = json!({"Bucket": "b", "Key": "l", "CopySource": "b/k"});
    let copied = result(ask(&mut services, "aws-sdk:s3:copyObject", "S", &copy));
    assert_eq!(copied["CopyObjectResult"]["ChecksumCRC32"], put["ChecksumCRC32"]);

    let etag = put["ETag"].clone();
    let long = json!({"Bucket": "b", "Key": "k".repeat(1025)});
    for (call, arguments, error, cause) in [
        (
            "getObject",
            of_object(json!({"Range": "bytes=5-"})),
            "S3.S3Exception",
            "The requested range is not satisfiable",
        ),
        (
            "getObject",
            of_object(json!({"IfMatch": "\"other\""})),
            "S3.S3Exception",
            "At least one of the pre-conditions",
        ),
        (
            "headObject",
            of_object(json!({ "IfNoneMatch": etag })),
            "S3.S3Exception",
            "null (Service: S3, Status Code: 304",
        ),
        ("putObject", of_object(json!({"IfMatch": "other"})), "S3.S3Exception", "At least one of the pre-conditions"),
        (
            "putObject",
            json!({"Bucket": "b", "Key": "new", "IfMatch": "x"}),
            "S3.NoSuchKeyException",
            "The specified key",
        ),
        ("putObject", long, "S3.S3Exception", "Your key is too long (Service: S3, Status Code: 400"),
        ("getObjectAttributes", of_object(json!({})), "States.Runtime", "The Parameters "),
    ] {
        let refused = failure(ask(&mut services, &format!("aws-sdk:s3:{call}"), "S", &arguments));
        assert_eq!(refused.error, error, "{call} {arguments}");
        assert!(refused.cause.starts_with(cause), "{} NOT {cause}", refused.cause);
    }
    let same = of_object(json!({ "IfMatch": etag }));
    assert_eq!(result(ask(&mut services, "aws-sdk:s3:getObject", "S", &same))["Body"], "12345");
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
