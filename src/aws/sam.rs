//! What SAM's translator knows besides the properties of its resources.
//!
//! Source: [`serverless-application-model`](https://github.com/aws/serverless-application-model), `plugins/globals/globals.py` and
//! `model/lambda_.py` as of November 2026.

/// The sections of `Globals`, each with the properties that it takes.
pub const GLOBALS: &[(&str, &[&str])] = &[
    (
        "Function",
        &[
            "Handler",
            "Runtime",
            "CodeUri",
            "DeadLetterQueue",
            "Description",
            "MemorySize",
            "Timeout",
            "VpcConfig",
            "Environment",
            "Tags",
            "PropagateTags",
            "Tracing",
            "KmsKeyArn",
            "AutoPublishAlias",
            "AutoPublishAliasAllProperties",
            "Layers",
            "DeploymentPreference",
            "RolePath",
            "PermissionsBoundary",
            "ReservedConcurrentExecutions",
            "ProvisionedConcurrencyConfig",
            "AssumeRolePolicyDocument",
            "EventInvokeConfig",
            "FileSystemConfigs",
            "CodeSigningConfigArn",
            "Architectures",
            "SnapStart",
            "EphemeralStorage",
            "FunctionUrlConfig",
            "RuntimeManagementConfig",
            "LoggingConfig",
            "RecursiveLoop",
            "SourceKMSKeyArn",
            "TenancyConfig",
            "DurableConfig",
            "CapacityProviderConfig",
            "FunctionScalingConfig",
            "PublishToLatestPublished",
            "VersionDeletionPolicy",
        ],
    ),
    (
        "Api",
        &[
            "Auth",
            "Name",
            "DefinitionUri",
            "CacheClusterEnabled",
            "CacheClusterSize",
            "MergeDefinitions",
            "Variables",
            "EndpointConfiguration",
            "MethodSettings",
            "BinaryMediaTypes",
            "MinimumCompressionSize",
            "Cors",
            "GatewayResponses",
            "AccessLogSetting",
            "CanarySetting",
            "TracingEnabled",
            "OpenApiVersion",
            "Domain",
            "AlwaysDeploy",
            "PropagateTags",
            "SecurityPolicy",
            "EndpointAccessMode",
        ],
    ),
    (
        "HttpApi",
        &[
            "Auth",
            "AccessLogSettings",
            "StageVariables",
            "Tags",
            "CorsConfiguration",
            "DefaultRouteSettings",
            "Domain",
            "RouteSettings",
            "FailOnWarnings",
            "PropagateTags",
        ],
    ),
    ("SimpleTable", &["SSESpecification"]),
    ("StateMachine", &["PropagateTags"]),
    ("LayerVersion", &["PublishLambdaVersion"]),
    (
        "CapacityProvider",
        &["VpcConfig", "OperatorRole", "Tags", "InstanceRequirements", "ScalingConfig", "KmsKeyArn", "PropagateTags"],
    ),
    (
        "WebSocketApi",
        &[
            "AccessLogSettings",
            "ApiKeySelectionExpression",
            "DefaultRouteSettings",
            "DisableExecuteApiEndpoint",
            "DisableSchemaValidation",
            "Domain",
            "FailOnWarnings",
            "IpAddressType",
            "PropagateTags",
            "RouteSelectionExpression",
            "RouteSettings",
            "StageVariables",
            "Tags",
        ],
    ),
];

/// The events of a function or a state machine of which SAM makes a rule or a schedule.
pub const EVENTS_WITH_RULES: [&str; 4] = ["CloudWatchEvent", "EventBridgeRule", "Schedule", "ScheduleV2"];

/// What an event invoke configuration can send to; the first two SAM makes itself where no ARN is given.
pub const DESTINATIONS: [&str; 5] = ["SQS", "SNS", "EventBridge", "Lambda", "S3Bucket"];

/// What SAM adds to the name of a function or a state machine to call a resource that it makes for it, apart from the names of its events.
pub const ADDED: [&str; 12] = [
    "Alias",
    "CodeDeploy",
    "DeadLetter",
    "Deployment",
    "Destination",
    "Event",
    "Permission",
    "Policy",
    "Role",
    "Trigger",
    "Url",
    "Version",
];

/// The resource type that SAM makes of one of its own, where `Ref` and `Fn::GetAtt` of the one are those of the other
/// ([generated resources](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html)).
pub fn becomes(resource_type: &str) -> Option<&'static str> {
    Some(match resource_type {
        "AWS::Serverless::Api" => "AWS::ApiGateway::RestApi",
        "AWS::Serverless::Function" => "AWS::Lambda::Function",
        "AWS::Serverless::HttpApi" => "AWS::ApiGatewayV2::Api",
        "AWS::Serverless::LayerVersion" => "AWS::Lambda::LayerVersion",
        "AWS::Serverless::SimpleTable" => "AWS::DynamoDB::Table",
        "AWS::Serverless::StateMachine" => "AWS::StepFunctions::StateMachine",
        _ => return None,
    })
}

/// The [generated resources](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html) of a resource that
/// `Ref`, `Fn::Sub` and `Fn::GetAtt` reach through it: `${Function.Alias}`.
pub fn referable(resource_type: &str) -> &'static [&'static str] {
    match resource_type {
        "AWS::Serverless::Api" => &["Deployment", "DomainName", "Stage", "UsagePlan", "UsagePlanKey", "ApiKey"],
        "AWS::Serverless::Function" => &["Alias", "DestinationQueue", "DestinationTopic", "Version"],
        "AWS::Serverless::HttpApi" => &["DomainName", "Stage"],
        "AWS::Serverless::StateMachine" => &["Alias", "Version"],
        _ => &[],
    }
}
