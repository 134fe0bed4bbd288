//! What the types of resources look like.

use crate::graph::NodeKind;

/// The kind of box that a resource of a type is.
pub(super) fn kind(resource_type: &str) -> NodeKind {
    match resource_type {
        "AWS::S3::Bucket" => NodeKind::Bucket,
        "AWS::Events::EventBus" => NodeKind::EventBus,
        "AWS::Events::Rule" => NodeKind::Rule,
        "AWS::Scheduler::Schedule" => NodeKind::Schedule,
        "AWS::StepFunctions::StateMachine" | "AWS::Serverless::StateMachine" => NodeKind::StateMachine,
        "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" | "AWS::Serverless::SimpleTable" => NodeKind::Table,
        "AWS::SQS::Queue" => NodeKind::Queue,
        "AWS::SNS::Topic" => NodeKind::Topic,
        "AWS::Lambda::Function" | "AWS::Serverless::Function" => NodeKind::Function,
        "AWS::CloudWatch::Alarm" => NodeKind::Alarm,
        "AWS::Logs::LogGroup" => NodeKind::Log,
        _ if is_api(resource_type) => NodeKind::Api,
        _ => NodeKind::Other,
    }
}

/// Whether it is an API as a whole.
pub(super) fn is_api(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "AWS::Serverless::Api" | "AWS::Serverless::HttpApi" | "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api"
    )
}

/// Whether it is a part of an API, and stands for it.
pub(super) fn is_part_of_api(resource_type: &str) -> bool {
    resource_type.starts_with("AWS::ApiGateway") && !is_api(resource_type)
}

/// Whether it says something about other resources, and is none that events pass.
pub(super) fn is_left_out(resource_type: &str) -> bool {
    const SERVICES: [&str; 6] = ["IAM", "EC2", "KMS", "CloudFormation", "Route53", "CertificateManager"];
    const TYPES: [&str; 14] = [
        "AWS::CloudWatch::Dashboard",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::LayerVersion",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Version",
        "AWS::Logs::MetricFilter",
        "AWS::Logs::ResourcePolicy",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::Serverless::LayerVersion",
        "AWS::Serverless::Connector",
        "AWS::Events::EventBusPolicy",
        "AWS::CloudWatch::CompositeAlarm",
    ];
    let service = resource_type.split("::").nth(1).unwrap_or_default();
    resource_type.is_empty() || SERVICES.contains(&service) || TYPES.contains(&resource_type)
}

/// What people call the service of a type of resource: `DynamoDB table`, `ECS TaskDefinition`.
pub(super) fn described(resource_type: &str) -> String {
    let name = match kind(resource_type) {
        NodeKind::Bucket => "S3 bucket",
        NodeKind::EventBus => "EventBridge bus",
        NodeKind::Rule => "EventBridge rule",
        NodeKind::Schedule => "EventBridge schedule",
        NodeKind::StateMachine => "Step Functions",
        NodeKind::Table => "DynamoDB table",
        NodeKind::Queue => "SQS queue",
        NodeKind::Topic => "SNS topic",
        NodeKind::Function => "Lambda function",
        NodeKind::Log => "CloudWatch logs",
        NodeKind::Api => "API Gateway",
        _ => return resource_type.split("::").skip(1).collect::<Vec<_>>().join(" "),
    };
    name.to_owned()
}

/// The service behind the prefix of an IAM action or an ARN, as a box of its own: what is outside the template.
pub(super) fn service(prefix: &str) -> (NodeKind, String) {
    let (kind, name) = match prefix {
        "dynamodb" => (NodeKind::Table, "DynamoDB"),
        "s3" => (NodeKind::Bucket, "S3"),
        "sqs" => (NodeKind::Queue, "SQS"),
        "sns" => (NodeKind::Topic, "SNS"),
        "lambda" => (NodeKind::Function, "Lambda"),
        "states" => (NodeKind::StateMachine, "Step Functions"),
        "events" => (NodeKind::EventBus, "EventBridge"),
        "logs" => (NodeKind::Log, "CloudWatch Logs"),
        "execute-api" => (NodeKind::Api, "an HTTP API"),
        "rekognition" | "textract" | "comprehend" | "transcribe" | "translate" | "bedrock" | "polly" => {
            let mut letters = prefix.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            return (NodeKind::Other, format!("{first}{}", letters.as_str()));
        }
        other => (NodeKind::Other, other),
    };
    (kind, name.to_owned())
}
