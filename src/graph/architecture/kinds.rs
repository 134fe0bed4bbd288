//! What the types of resources look like.

use crate::aws::ResourceType;
use crate::graph::NodeKind;

/// The kind of box that a resource of a type is.
pub(super) fn kind(resource_type: &str) -> NodeKind {
    match ResourceType::of(resource_type) {
        Some(ResourceType::S3Bucket) => NodeKind::Bucket,
        Some(ResourceType::EventsEventBus) => NodeKind::EventBus,
        Some(ResourceType::EventsRule) => NodeKind::Rule,
        Some(ResourceType::SchedulerSchedule) => NodeKind::Schedule,
        Some(ResourceType::StepFunctionsStateMachine | ResourceType::ServerlessStateMachine) => NodeKind::StateMachine,
        Some(ResourceType::DynamoDbTable | ResourceType::DynamoDbGlobalTable | ResourceType::ServerlessSimpleTable) => {
            NodeKind::Table
        }
        Some(ResourceType::SqsQueue) => NodeKind::Queue,
        Some(ResourceType::SnsTopic) => NodeKind::Topic,
        Some(ResourceType::LambdaFunction | ResourceType::ServerlessFunction) => NodeKind::Function,
        Some(ResourceType::CloudWatchAlarm) => NodeKind::Alarm,
        Some(ResourceType::LogsLogGroup) => NodeKind::Log,
        _ if is_api(resource_type) => NodeKind::Api,
        _ => of_service(resource_type),
    }
}

/// The kind of everything that a service has, where its resources are much alike.
fn of_service(resource_type: &str) -> NodeKind {
    let prefix = resource_type.split("::").nth(1).unwrap_or_default().to_ascii_lowercase();
    match service(&prefix).0 {
        kind @ (NodeKind::Compute | NodeKind::Query | NodeKind::Model | NodeKind::Mail | NodeKind::Key) => kind,
        _ => NodeKind::Other,
    }
}

/// Whether it is an API as a whole.
pub(super) fn is_api(resource_type: &str) -> bool {
    [ResourceType::REST_APIS, ResourceType::HTTP_APIS].as_flattened().iter().any(|api| resource_type == *api)
}

/// Whether it is a part of an API, and stands for it.
pub(super) fn is_part_of_api(resource_type: &str) -> bool {
    resource_type.starts_with("AWS::ApiGateway") && !is_api(resource_type)
}

/// Whether it says something about other resources, and is none that events pass.
pub(super) fn is_left_out(resource_type: &str) -> bool {
    const SERVICES: [&str; 6] = ["IAM", "EC2", "KMS", "CloudFormation", "Route53", "CertificateManager"];
    const TYPES: [ResourceType; 14] = [
        ResourceType::CloudWatchDashboard,
        ResourceType::LambdaEventInvokeConfig,
        ResourceType::LambdaLayerVersion,
        ResourceType::LambdaPermission,
        ResourceType::LambdaVersion,
        ResourceType::LogsMetricFilter,
        ResourceType::LogsResourcePolicy,
        ResourceType::S3BucketPolicy,
        ResourceType::SnsTopicPolicy,
        ResourceType::SqsQueuePolicy,
        ResourceType::ServerlessLayerVersion,
        ResourceType::ServerlessConnector,
        ResourceType::EventsEventBusPolicy,
        ResourceType::CloudWatchCompositeAlarm,
    ];
    let service = resource_type.split("::").nth(1).unwrap_or_default();
    resource_type.is_empty() || SERVICES.contains(&service) || TYPES.iter().any(|known| resource_type == *known)
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
pub(in crate::graph) fn service(prefix: &str) -> (NodeKind, String) {
    let (kind, name) = match prefix {
        "dynamodb" => (NodeKind::Table, "DynamoDB"),
        "s3" => (NodeKind::Bucket, "S3"),
        "sqs" => (NodeKind::Queue, "SQS"),
        "sns" => (NodeKind::Topic, "SNS"),
        "lambda" => (NodeKind::Function, "Lambda"),
        "states" | "sfn" => (NodeKind::StateMachine, "Step Functions"),
        "events" | "eventbridge" => (NodeKind::EventBus, "EventBridge"),
        "scheduler" => (NodeKind::Schedule, "EventBridge Scheduler"),
        "kms" => (NodeKind::Key, "KMS"),
        "secretsmanager" => (NodeKind::Key, "Secrets Manager"),
        "apigateway" => (NodeKind::Api, "API Gateway"),
        "cloudwatch" => (NodeKind::Alarm, "CloudWatch"),
        "ecs" => (NodeKind::Compute, "ECS"),
        "eks" => (NodeKind::Compute, "EKS"),
        "batch" => (NodeKind::Compute, "Batch"),
        "codebuild" => (NodeKind::Compute, "CodeBuild"),
        "athena" => (NodeKind::Query, "Athena"),
        "glue" => (NodeKind::Query, "Glue"),
        "elasticmapreduce" | "emr-serverless" | "emrcontainers" => (NodeKind::Query, "EMR"),
        "redshift-data" | "redshiftdata" => (NodeKind::Query, "Redshift"),
        "sagemaker" => (NodeKind::Model, "SageMaker"),
        "ses" | "sesv2" => (NodeKind::Mail, "SES"),
        "logs" => (NodeKind::Log, "CloudWatch Logs"),
        "execute-api" => (NodeKind::Api, "an HTTP API"),
        "rekognition" | "textract" | "comprehend" | "transcribe" | "translate" | "bedrock" | "polly"
        | "bedrockruntime" => {
            let mut letters = prefix.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            return (NodeKind::Model, format!("{first}{}", letters.as_str()));
        }
        other => (NodeKind::Other, other),
    };
    (kind, name.to_owned())
}
