//! What a resource is called before it is deployed: names and ARNs that are made up, the same ones every time.

/// The account that a stack is taken to be deployed in.
pub const ACCOUNT: &str = "123456789012";
/// The Region that a stack is taken to be deployed in.
pub const REGION: &str = "us-east-1";
/// What a stack is taken to be called.
pub const STACK_NAME: &str = "stack";

/// The value of a [pseudo parameter](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html).
pub fn pseudo(name: &str) -> Option<String> {
    Some(match name {
        "AWS::AccountId" => ACCOUNT.to_owned(),
        "AWS::Region" => REGION.to_owned(),
        "AWS::Partition" => "aws".to_owned(),
        "AWS::URLSuffix" => "amazonaws.com".to_owned(),
        "AWS::StackName" => STACK_NAME.to_owned(),
        "AWS::StackId" => arn("cloudformation", &format!("stack/{STACK_NAME}/00000000-0000-0000-0000-000000000000")),
        "AWS::NoValue" | "AWS::NotificationARNs" => String::new(),
        _ => return None,
    })
}

fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}")
}

/// The ARN of a resource of a type with a name.
pub(super) fn resource_arn(resource_type: &str, name: &str) -> String {
    match resource_type {
        "AWS::S3::Bucket" => format!("arn:aws:s3:::{name}"),
        "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" | "AWS::Serverless::SimpleTable" => {
            arn("dynamodb", &format!("table/{name}"))
        }
        "AWS::SQS::Queue" => arn("sqs", name),
        "AWS::SNS::Topic" => arn("sns", name),
        "AWS::Lambda::Function" | "AWS::Serverless::Function" => arn("lambda", &format!("function:{name}")),
        "AWS::StepFunctions::StateMachine" | "AWS::Serverless::StateMachine" => {
            arn("states", &format!("stateMachine:{name}"))
        }
        "AWS::StepFunctions::Activity" => arn("states", &format!("activity:{name}")),
        "AWS::IAM::Role" => format!("arn:aws:iam::{ACCOUNT}:role/{name}"),
        "AWS::IAM::ManagedPolicy" => format!("arn:aws:iam::{ACCOUNT}:policy/{name}"),
        "AWS::Events::Rule" => arn("events", &format!("rule/{name}")),
        "AWS::Events::EventBus" => arn("events", &format!("event-bus/{name}")),
        "AWS::Logs::LogGroup" => arn("logs", &format!("log-group:{name}:*")),
        "AWS::ECS::Cluster" => arn("ecs", &format!("cluster/{name}")),
        "AWS::ECS::TaskDefinition" => arn("ecs", &format!("task-definition/{name}:1")),
        "AWS::KMS::Key" => arn("kms", &format!("key/{name}")),
        "AWS::SecretsManager::Secret" => arn("secretsmanager", &format!("secret:{name}-AAAAAA")),
        other => {
            let mut words = other.split("::").skip(1);
            let service = words.next().unwrap_or("unknown").to_ascii_lowercase();
            arn(&service, &format!("{}/{name}", words.next().unwrap_or("resource").to_ascii_lowercase()))
        }
    }
}

/// The property that gives a resource of a type its name.
pub(super) fn name_property(resource_type: &str) -> Option<&'static str> {
    Some(match resource_type {
        "AWS::S3::Bucket" => "BucketName",
        "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" | "AWS::Serverless::SimpleTable" => "TableName",
        "AWS::SQS::Queue" => "QueueName",
        "AWS::SNS::Topic" => "TopicName",
        "AWS::Lambda::Function" | "AWS::Serverless::Function" => "FunctionName",
        "AWS::StepFunctions::StateMachine" => "StateMachineName",
        "AWS::IAM::Role" => "RoleName",
        "AWS::Logs::LogGroup" => "LogGroupName",
        "AWS::Serverless::StateMachine"
        | "AWS::Events::Rule"
        | "AWS::Events::EventBus"
        | "AWS::StepFunctions::Activity" => "Name",
        _ => return None,
    })
}

/// Whether `Ref` of a resource of this type is its ARN rather than its name.
pub(super) fn ref_is_arn(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "AWS::SNS::Topic"
            | "AWS::StepFunctions::StateMachine"
            | "AWS::Serverless::StateMachine"
            | "AWS::StepFunctions::Activity"
            | "AWS::IAM::ManagedPolicy"
            | "AWS::SecretsManager::Secret"
            | "AWS::ECS::TaskDefinition"
            | "AWS::ElasticLoadBalancingV2::LoadBalancer"
            | "AWS::ElasticLoadBalancingV2::TargetGroup"
    )
}

/// The name of a resource that gives itself none: its logical id, in the characters that its service takes.
pub(super) fn name(resource_type: &str, logical_id: &str) -> String {
    match resource_type {
        "AWS::S3::Bucket" => logical_id.to_ascii_lowercase(),
        _ => logical_id.to_owned(),
    }
}
