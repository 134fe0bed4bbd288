//! What it takes to call something for EventBridge Scheduler, for EventBridge Pipes and for API Gateway: the actions of IAM, and the calls
//! that there are.

use super::ResourceType;

/// The action that lets a [schedule](https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html) or a
/// [pipe](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html) call a resource of this type; waiting for a
/// state machine's answer is an action of its own. `None` for types that nothing is known of.
pub fn to_call(kind: ResourceType, waits: bool) -> Option<&'static str> {
    match kind {
        _ if ResourceType::STATE_MACHINES.contains(&kind) && waits => Some("states:StartSyncExecution"),
        _ if ResourceType::STATE_MACHINES.contains(&kind) => Some("states:StartExecution"),
        _ if ResourceType::FUNCTIONS.contains(&kind) => Some("lambda:InvokeFunction"),
        ResourceType::SqsQueue => Some("sqs:SendMessage"),
        ResourceType::SnsTopic => Some("sns:Publish"),
        ResourceType::EventsEventBus => Some("events:PutEvents"),
        _ => None,
    }
}

/// What a pipe does to its [source](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html).
pub fn to_poll(kind: ResourceType) -> Option<&'static [&'static str]> {
    match kind {
        ResourceType::SqsQueue => Some(&["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]),
        ResourceType::DynamoDbTable | ResourceType::DynamoDbGlobalTable => {
            Some(&["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"])
        }
        _ => None,
    }
}

/// A call that an HTTP API makes by itself.
pub struct Subtype {
    /// How `IntegrationSubtype` says it.
    pub name: &'static str,
    /// The action of IAM.
    pub action: &'static str,
    /// The `RequestParameters` that it needs.
    pub required: &'static [&'static str],
    /// Those that it may have besides.
    pub optional: &'static [&'static str],
}

const fn subtype(
    name: &'static str,
    action: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
) -> Subtype {
    Subtype { name, action, required, optional }
}

impl Subtype {
    /// The [first-class integrations](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html)
    /// of HTTP APIs.
    pub const ALL: [Self; 10] = [
        subtype(
            "EventBridge-PutEvents",
            "events:PutEvents",
            &["Detail", "DetailType", "Source"],
            &["Time", "EventBusName", "Resources", "Region", "TraceHeader"],
        ),
        subtype(
            "SQS-SendMessage",
            "sqs:SendMessage",
            &["QueueUrl", "MessageBody"],
            &[
                "DelaySeconds",
                "MessageAttributes",
                "MessageDeduplicationId",
                "MessageGroupId",
                "MessageSystemAttributes",
                "Region",
            ],
        ),
        subtype(
            "SQS-ReceiveMessage",
            "sqs:ReceiveMessage",
            &["QueueUrl"],
            &[
                "AttributeNames",
                "MaxNumberOfMessages",
                "MessageAttributeNames",
                "ReceiveRequestAttemptId",
                "VisibilityTimeout",
                "WaitTimeSeconds",
                "Region",
            ],
        ),
        subtype("SQS-DeleteMessage", "sqs:DeleteMessage", &["ReceiptHandle", "QueueUrl"], &["Region"]),
        subtype("SQS-PurgeQueue", "sqs:PurgeQueue", &["QueueUrl"], &["Region"]),
        subtype(
            "AppConfig-GetConfiguration",
            "appconfig:GetConfiguration",
            &["Application", "Environment", "Configuration", "ClientId"],
            &["ClientConfigurationVersion", "Region"],
        ),
        subtype(
            "Kinesis-PutRecord",
            "kinesis:PutRecord",
            &["StreamName", "Data", "PartitionKey"],
            &["SequenceNumberForOrdering", "ExplicitHashKey", "Region"],
        ),
        subtype(
            "StepFunctions-StartExecution",
            "states:StartExecution",
            &["StateMachineArn"],
            &["Name", "Input", "Region"],
        ),
        subtype(
            "StepFunctions-StartSyncExecution",
            "states:StartSyncExecution",
            &["StateMachineArn"],
            &["Name", "Input", "Region", "TraceHeader"],
        ),
        subtype(
            "StepFunctions-StopExecution",
            "states:StopExecution",
            &["ExecutionArn"],
            &["Cause", "Error", "Region"],
        ),
    ];

    /// The one of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        const ALL: &[Subtype] = &Subtype::ALL;
        ALL.iter().find(|subtype| subtype.name == name)
    }
}
