//! What comes before a service answers, and how it refuses.

use super::*;

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
