//! The types of resources that a CloudFormation or SAM template declares, and what the names, references and ARNs of each look like.

/// How a resource is called that gives itself no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Generated {
    /// `STACK-LOGICALID-RANDOM`, the
    /// [rule](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html).
    WithStack,
    /// The same in small letters, which are the only ones that a bucket's name has.
    LowerCase,
    /// `LOGICALID-RANDOM`: the
    /// [handler](https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-stepfunctions) of state machines leaves the
    /// stack out.
    WithoutStack,
}

/// What is known of a type.
struct Facts {
    text: &'static str,
    /// The property that gives the name.
    name: Option<&'static str>,
    generated: Generated,
    /// Whether `Ref` is the ARN rather than the name.
    ref_is_arn: bool,
    /// The ARN, where `*` is the name and the account and region are left out if the service has none.
    arn: Option<(&'static str, &'static str)>,
    /// The attributes that `Fn::GetAtt` is known to take. Empty: not known.
    attributes: &'static [&'static str],
}

const fn plain(text: &'static str) -> Facts {
    Facts { text, name: None, generated: Generated::WithStack, ref_is_arn: false, arn: None, attributes: &[] }
}

impl Facts {
    const fn named(mut self, property: &'static str) -> Self {
        self.name = Some(property);
        self
    }

    const fn arn(mut self, service: &'static str, resource: &'static str) -> Self {
        self.arn = Some((service, resource));
        self
    }

    const fn ref_is_arn(mut self) -> Self {
        self.ref_is_arn = true;
        self
    }

    const fn attributes(mut self, attributes: &'static [&'static str]) -> Self {
        self.attributes = attributes;
        self
    }

    const fn generated(mut self, generated: Generated) -> Self {
        self.generated = generated;
        self
    }
}

macro_rules! resource_types {
    ($($variant:ident = $facts:expr),* $(,)?) => {
        /// A type of resource that something here asks about. There are many more.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "each is named after its type")]
        pub enum ResourceType {
            $($variant),*
        }

        impl ResourceType {
            /// All types that are known by name.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            fn facts(self) -> &'static Facts {
                match self {
                    $(Self::$variant => {
                        static FACTS: Facts = $facts;
                        &FACTS
                    })*
                }
            }
        }
    };
}

resource_types! {
    ApiGatewayMethod = plain("AWS::ApiGateway::Method"),
    ApiGatewayResource = plain("AWS::ApiGateway::Resource"),
    ApiGatewayRestApi = plain("AWS::ApiGateway::RestApi"),
    ApiGatewayStage = plain("AWS::ApiGateway::Stage"),
    ApiGatewayV2Api = plain("AWS::ApiGatewayV2::Api"),
    ApiGatewayV2Integration = plain("AWS::ApiGatewayV2::Integration"),
    ApiGatewayV2Route = plain("AWS::ApiGatewayV2::Route"),
    ApiGatewayV2Stage = plain("AWS::ApiGatewayV2::Stage"),
    CloudFormationCustomResource = plain("AWS::CloudFormation::CustomResource"),
    CloudFormationStack = plain("AWS::CloudFormation::Stack"),
    CloudWatchAlarm = plain("AWS::CloudWatch::Alarm"),
    CloudWatchCompositeAlarm = plain("AWS::CloudWatch::CompositeAlarm"),
    CloudWatchDashboard = plain("AWS::CloudWatch::Dashboard"),
    DynamoDbGlobalTable = plain("AWS::DynamoDB::GlobalTable").named("TableName").arn("dynamodb", "table/*")
        .attributes(&["Arn", "StreamArn", "TableId"]),
    DynamoDbTable = plain("AWS::DynamoDB::Table").named("TableName").arn("dynamodb", "table/*").attributes(&["Arn", "StreamArn"]),
    EcsCluster = plain("AWS::ECS::Cluster").arn("ecs", "cluster/*"),
    EcsTaskDefinition = plain("AWS::ECS::TaskDefinition").arn("ecs", "task-definition/*:1").ref_is_arn(),
    EventsEventBus = plain("AWS::Events::EventBus").named("Name").arn("events", "event-bus/*"),
    EventsEventBusPolicy = plain("AWS::Events::EventBusPolicy"),
    EventsRule = plain("AWS::Events::Rule").named("Name").arn("events", "rule/*").attributes(&["Arn"]),
    IamGroup = plain("AWS::IAM::Group"),
    IamGroupPolicy = plain("AWS::IAM::GroupPolicy"),
    IamManagedPolicy = plain("AWS::IAM::ManagedPolicy").arn("iam", "policy/*").ref_is_arn(),
    IamPolicy = plain("AWS::IAM::Policy"),
    IamRole = plain("AWS::IAM::Role").named("RoleName").arn("iam", "role/*").attributes(&["Arn", "RoleId"]),
    IamRolePolicy = plain("AWS::IAM::RolePolicy"),
    IamUser = plain("AWS::IAM::User"),
    IamUserPolicy = plain("AWS::IAM::UserPolicy"),
    KmsAlias = plain("AWS::KMS::Alias"),
    KmsKey = plain("AWS::KMS::Key").arn("kms", "key/*").attributes(&["Arn", "KeyId"]),
    LambdaEventInvokeConfig = plain("AWS::Lambda::EventInvokeConfig"),
    LambdaEventSourceMapping = plain("AWS::Lambda::EventSourceMapping"),
    LambdaFunction = plain("AWS::Lambda::Function").named("FunctionName").arn("lambda", "function:*")
        .attributes(&["Arn", "SnapStartResponse"]),
    LambdaLayerVersion = plain("AWS::Lambda::LayerVersion"),
    LambdaPermission = plain("AWS::Lambda::Permission"),
    LambdaVersion = plain("AWS::Lambda::Version"),
    LoadBalancer = plain("AWS::ElasticLoadBalancingV2::LoadBalancer").ref_is_arn(),
    LoadBalancerTargetGroup = plain("AWS::ElasticLoadBalancingV2::TargetGroup").ref_is_arn(),
    LogsLogGroup = plain("AWS::Logs::LogGroup").named("LogGroupName").arn("logs", "log-group:*:*").attributes(&["Arn"]),
    LogsMetricFilter = plain("AWS::Logs::MetricFilter"),
    LogsResourcePolicy = plain("AWS::Logs::ResourcePolicy"),
    PipesPipe = plain("AWS::Pipes::Pipe"),
    S3Bucket = plain("AWS::S3::Bucket").named("BucketName").arn("s3", "*").generated(Generated::LowerCase).attributes(&[
        "Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL", "MetadataTableConfiguration",
    ]),
    S3BucketPolicy = plain("AWS::S3::BucketPolicy"),
    SchedulerSchedule = plain("AWS::Scheduler::Schedule"),
    SecretsManagerResourcePolicy = plain("AWS::SecretsManager::ResourcePolicy"),
    SecretsManagerSecret = plain("AWS::SecretsManager::Secret").arn("secretsmanager", "secret:*-AAAAAA").ref_is_arn(),
    ServerlessApi = plain("AWS::Serverless::Api"),
    ServerlessApplication = plain("AWS::Serverless::Application"),
    ServerlessConnector = plain("AWS::Serverless::Connector"),
    ServerlessFunction = plain("AWS::Serverless::Function").named("FunctionName").arn("lambda", "function:*").attributes(&["Arn"]),
    ServerlessHttpApi = plain("AWS::Serverless::HttpApi"),
    ServerlessLayerVersion = plain("AWS::Serverless::LayerVersion"),
    ServerlessSimpleTable = plain("AWS::Serverless::SimpleTable").named("TableName").arn("dynamodb", "table/*"),
    ServerlessStateMachine = plain("AWS::Serverless::StateMachine").named("Name").arn("states", "stateMachine:*").ref_is_arn()
        .generated(Generated::WithoutStack).attributes(&["Arn", "Name", "StateMachineRevisionId"]),
    SnsSubscription = plain("AWS::SNS::Subscription"),
    SnsTopic = plain("AWS::SNS::Topic").named("TopicName").arn("sns", "*").ref_is_arn().attributes(&["TopicArn", "TopicName"]),
    SnsTopicInlinePolicy = plain("AWS::SNS::TopicInlinePolicy"),
    SnsTopicPolicy = plain("AWS::SNS::TopicPolicy"),
    SqsQueue = plain("AWS::SQS::Queue").named("QueueName").arn("sqs", "*").attributes(&["Arn", "QueueName", "QueueUrl"]),
    SqsQueueInlinePolicy = plain("AWS::SQS::QueueInlinePolicy"),
    SqsQueuePolicy = plain("AWS::SQS::QueuePolicy"),
    StepFunctionsActivity = plain("AWS::StepFunctions::Activity").named("Name").arn("states", "activity:*").ref_is_arn(),
    StepFunctionsStateMachine = plain("AWS::StepFunctions::StateMachine").named("StateMachineName").arn("states", "stateMachine:*")
        .ref_is_arn().generated(Generated::WithoutStack).attributes(&["Arn", "Name", "StateMachineRevisionId"]),
}

/// The custom resources with which the CDK sets something of a resource that CloudFormation has no property for, or has one that the CDK does
/// not use (aws-cdk-lib 2.276.0, read 2026-11-29). None switches events on that it does not say.
pub const CDK_SETTINGS: [&str; 4] = [
    "Custom::S3BucketNotifications",
    "Custom::S3AutoDeleteObjects",
    "Custom::CDKBucketDeployment",
    "Custom::LogRetention",
];

impl ResourceType {
    /// The types of DynamoDB tables that have DynamoDB's own properties.
    pub const TABLES: [Self; 2] = [Self::DynamoDbTable, Self::DynamoDbGlobalTable];
    /// The types of APIs of API Gateway's first kind.
    pub const REST_APIS: [Self; 2] = [Self::ServerlessApi, Self::ApiGatewayRestApi];
    /// The types of its HTTP APIs.
    pub const HTTP_APIS: [Self; 2] = [Self::ServerlessHttpApi, Self::ApiGatewayV2Api];
    /// The types of Lambda functions.
    pub const FUNCTIONS: [Self; 2] = [Self::LambdaFunction, Self::ServerlessFunction];
    /// The types of state machines.
    pub const STATE_MACHINES: [Self; 2] = [Self::ServerlessStateMachine, Self::StepFunctionsStateMachine];

    /// The type that a template names so, if it is one of these.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.as_str() == text)
    }

    /// What a type of SAM's is called behind `AWS::Serverless::`, known or not; `None` for any other type.
    pub fn of_sam(text: &str) -> Option<&str> {
        text.strip_prefix("AWS::Serverless::")
    }

    /// As templates name it: `AWS::S3::Bucket`.
    pub fn as_str(self) -> &'static str {
        self.facts().text
    }

    /// The property that gives a resource its name.
    pub fn name_property(self) -> Option<&'static str> {
        self.facts().name
    }

    /// Whether `Ref` of a resource of this type is its ARN rather than its name.
    pub fn ref_is_arn(self) -> bool {
        self.facts().ref_is_arn
    }

    /// Whether resources of this type have an ARN and `Ref` is something else: a name, a URL, an id.
    pub fn ref_is_no_arn(self) -> bool {
        self.facts().arn.is_some() && !self.facts().ref_is_arn
    }

    /// The attributes that `Fn::GetAtt` takes; empty where they are not known.
    pub fn attributes(self) -> &'static [&'static str] {
        self.facts().attributes
    }

    /// The ARN of a resource with this name; `None` if it is not known how that looks.
    pub fn arn(self, name: &str, region: &str, account: &str) -> Option<String> {
        let (service, resource) = self.facts().arn?;
        let (region, account) = match service {
            "s3" => ("", ""),
            "iam" => ("", account),
            _ => (region, account),
        };
        Some(format!("arn:aws:{service}:{region}:{account}:{}", resource.replacen('*', name, 1)))
    }

    /// What the name of a resource without one can look like when it is deployed, as a pattern: `*-Files-*`. How the stack is called is
    /// decided then, so any wildcard that may match such a name has to count as matching.
    pub fn generated_name(self, logical_id: &str) -> String {
        match self.facts().generated {
            Generated::WithStack => format!("*-{logical_id}-*"),
            Generated::LowerCase => format!("*-{}-*", logical_id.to_ascii_lowercase()),
            Generated::WithoutStack => format!("{logical_id}-*"),
        }
    }

    /// The type whose ARNs look like this one, and the resource's name in it, with what may follow it.
    pub fn of_arn(arn: &str) -> Option<(Self, &str, &str)> {
        let parts = super::Arn::read(arn)?;
        let matching = |known: &Self| {
            let (service, resource) = known.facts().arn.filter(|(service, _)| *service == parts.service)?;
            let (prefix, _) = resource.split_once('*')?;
            let rest = parts.resource.strip_prefix(prefix)?;
            debug_assert_eq!(service, parts.service);
            let (name, behind) = rest.find([':', '/']).map_or((rest, ""), |at| rest.split_at(at));
            Some((*known, name, behind))
        };
        Self::ALL.iter().find_map(matching)
    }
}

impl PartialEq<ResourceType> for str {
    fn eq(&self, other: &ResourceType) -> bool {
        self == other.as_str()
    }
}

impl PartialEq<ResourceType> for &str {
    fn eq(&self, other: &ResourceType) -> bool {
        *self == other.as_str()
    }
}

impl PartialEq<ResourceType> for String {
    fn eq(&self, other: &ResourceType) -> bool {
        self == other.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_back() {
        for known in ResourceType::ALL {
            assert_eq!(ResourceType::of(known.as_str()), Some(*known));
        }
        assert_eq!(ResourceType::of("AWS::S3::bucket"), None);
    }

    #[test]
    fn arns_name_what_they_belong_to() {
        for known in ResourceType::ALL {
            let Some(arn) = known.arn("Name", "us-east-1", "111111111111") else { continue };
            let (found, name, _) = ResourceType::of_arn(&arn).unwrap();
            assert_eq!(found.facts().arn, known.facts().arn, "{arn}");
            assert_eq!(
                name,
                if *known == ResourceType::SecretsManagerSecret { "Name-AAAAAA" } else { "Name" },
                "{arn}"
            );
        }
        let index = "arn:aws:dynamodb:us-east-1:1:table/T/index/I";
        assert_eq!(ResourceType::of_arn(index), Some((ResourceType::DynamoDbGlobalTable, "T", "/index/I")));
        assert_eq!(ResourceType::of_arn("arn:aws:glue:us-east-1:1:job/j"), None);
    }

    #[test]
    fn only_state_machines_leave_the_stack_out_of_their_names() {
        for (known, expected) in [
            (ResourceType::DynamoDbTable, "*-Files-*"),
            (ResourceType::S3Bucket, "*-files-*"),
            (ResourceType::StepFunctionsActivity, "*-Files-*"),
            (ResourceType::StepFunctionsStateMachine, "Files-*"),
            (ResourceType::ServerlessStateMachine, "Files-*"),
        ] {
            assert_eq!(known.generated_name("Files"), expected);
        }
    }
}
