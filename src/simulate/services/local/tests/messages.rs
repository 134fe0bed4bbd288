//! Queues, topics and the event bus.

use super::*;

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
fn a_fifo_queue_takes_a_message_once_in_five_minutes() {
    let mut services = services();
    let mut send = |body: &str, id: Option<&str>, seconds: i64| {
        let mut arguments = json!({"QueueUrl": "q.fifo", "MessageBody": body, "MessageGroupId": "g"});
        if let Some(id) = id {
            arguments["MessageDeduplicationId"] = id.into();
        }
        let answer = result(ask_at(&mut services, "aws-sdk:sqs:sendMessage", "S", &arguments, seconds));
        (answer["MessageId"].clone(), services.sqs.messages("q.fifo").count())
    };
    let (first, _) = send("a", Some("1"), 0);
    assert_eq!(send("b", Some("1"), 299), (first.clone(), 1), "the same id");
    assert_eq!(send("b", Some("2"), 299).1, 2, "another id");
    assert_eq!(send("b", Some("1"), 300).1, 3, "the same id, five minutes later");
    let (content, count) = send("c", None, 300);
    assert_eq!(count, 4);
    assert_eq!(send("c", None, 400), (content, 4), "the same content");
    assert_eq!(send("d", None, 400).1, 5);
}
