//! What SAM's translator knows besides the properties of its resources.
//!
//! Source: [`serverless-application-model`](https://github.com/aws/serverless-application-model), `plugins/globals/globals.py` and
//! `model/lambda_.py` as of November 2026, and the files that single facts name.

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

/// The accesses of an event of Amazon MQ; the first must occur once. Source: `model/eventsources/pull.py`, as all about polled events.
pub const BROKER_ACCESS: [&str; 2] = ["BASIC_AUTH", "VIRTUAL_HOST"];

/// The access of an event of DocumentDB, which must occur once.
pub const DATABASE_ACCESS: [&str; 1] = ["BASIC_AUTH"];

/// How a function authenticates itself at Kafka, one at most.
pub const KAFKA_AUTHENTICATION: [&str; 4] =
    ["SASL_SCRAM_256_AUTH", "SASL_SCRAM_512_AUTH", "BASIC_AUTH", "CLIENT_CERTIFICATE_TLS_AUTH"];

/// The other accesses of an event of Kafka.
pub const KAFKA_ACCESS: [&str; 3] = ["VPC_SUBNET", "VPC_SECURITY_GROUP", "SERVER_ROOT_CA_CERTIFICATE"];

/// What the schema registry of an event of Kafka needs.
pub const SCHEMA_REGISTRY_FIELDS: [&str; 3] = ["SchemaRegistryURI", "EventRecordFormat", "SchemaValidationConfigs"];

/// The formats in which a function gets the records of Kafka.
pub const RECORD_FORMATS: [&str; 2] = ["JSON", "SOURCE"];

/// The events of a function that isolates tenants. Source: `model/sam_resources.py`, as the CORS of URLs.
pub const TENANT_EVENTS: [&str; 2] = ["Api", "HttpApi"];

/// What a field of the CORS of a function's URL takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlCors {
    /// A list of texts.
    List,
    /// True or false.
    Boolean,
    /// A whole number.
    Number,
}

impl UrlCors {
    /// What it takes, for messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "a list",
            Self::Boolean => "true or false",
            Self::Number => "a number",
        }
    }
}

/// The fields of the CORS of a function's URL.
pub const URL_CORS: [(&str, UrlCors); 6] = [
    ("AllowOrigins", UrlCors::List),
    ("AllowMethods", UrlCors::List),
    ("AllowCredentials", UrlCors::Boolean),
    ("AllowHeaders", UrlCors::List),
    ("ExposeHeaders", UrlCors::List),
    ("MaxAge", UrlCors::Number),
];

/// What a REST API cannot have whose description is a file. Source: `model/api/api_generator.py`, as all about REST APIs.
pub const DESCRIBED_REST_API: [&str; 6] =
    ["Auth", "Cors", "DisableExecuteApiEndpoint", "GatewayResponses", "MergeDefinitions", "Models"];

/// The fields of `Cors` of a REST API.
pub const CORS: [&str; 5] = ["AllowMethods", "AllowHeaders", "AllowOrigin", "MaxAge", "AllowCredentials"];

/// The endpoints of a domain of a REST API.
pub const CUSTOM_DOMAIN_ENDPOINTS: [&str; 3] = ["EDGE", "REGIONAL", "PRIVATE"];

/// The fields of a gateway response.
pub const GATEWAY_RESPONSE: [&str; 3] = ["ResponseParameters", "ResponseTemplates", "StatusCode"];

/// The fields of the `ResponseParameters` of a gateway response. Source: `model/apigateway.py`.
pub const GATEWAY_RESPONSE_PARAMETERS: [&str; 3] = ["Headers", "Paths", "QueryStrings"];

/// The fields of `MutualTlsAuthentication`.
pub const MUTUAL_TLS: [&str; 2] = ["TruststoreUri", "TruststoreVersion"];

/// The fields of a usage plan.
pub const USAGE_PLAN: [&str; 6] = ["CreateUsagePlan", "Description", "Quota", "Tags", "Throttle", "UsagePlanName"];

/// The values of `CreateUsagePlan`.
pub const USAGE_PLANS: [&str; 3] = ["PER_API", "SHARED", "NONE"];

/// What an HTTP API cannot have whose description is a file. Source: `model/api/http_api_generator.py`, as all about HTTP APIs.
pub const DESCRIBED_HTTP_API: [&str; 6] =
    ["Auth", "CorsConfiguration", "Description", "DisableExecuteApiEndpoint", "Name", "Tags"];

/// The fields of `CorsConfiguration`.
pub const HTTP_CORS: [&str; 6] =
    ["AllowMethods", "AllowHeaders", "AllowOrigins", "MaxAge", "ExposeHeaders", "AllowCredentials"];

/// The routes of a WebSocket API whose names are not letters and digits. Source: `model/api/websocket_api_generator.py`, as all about
/// WebSocket APIs.
pub const SPECIAL_ROUTES: [&str; 3] = ["$connect", "$disconnect", "$default"];

/// How a WebSocket API authorizes connections.
pub const WEB_SOCKET_AUTH: [&str; 3] = ["AWS_IAM", "CUSTOM", "NONE"];

/// The addresses of a WebSocket API.
pub const IP_ADDRESS_TYPES: [&str; 2] = ["ipv4", "dualstack"];

/// The events that are read from a position on.
pub const STREAM_EVENTS: [&str; 5] = ["DocumentDB", "DynamoDB", "Kinesis", "MSK", "SelfManagedKafka"];

/// Where Lambda begins to read. Source:
/// [CreateEventSourceMapping](https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html).
pub const STARTING_POSITIONS: [&str; 3] = ["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"];
