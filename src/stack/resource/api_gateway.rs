use crate::aws::cloudformation::Pseudo;
use indexmap::IndexMap;
use serde::Serialize;

use crate::stack::openapi::Document;
use crate::stack::{Handle, LogGroup, Sub, Value};

/// The name of the one stage: the first part of every path.
pub(super) const STAGE: &str = "v1";

/// [`AWS::Serverless::Api`](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html):
/// a REST API, its stage, and a deployment for every change of what it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ServerlessApi {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_log_setting: Option<AccessLogSetting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth: Option<Auth>,
    definition_body: Box<Document>,
    method_settings: Vec<MethodSetting>,
    open_api_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    propagate_tags: Option<bool>,
    stage_name: String,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    tags: IndexMap<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracing_enabled: Option<bool>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    variables: IndexMap<String, Value>,
}

/// Where [access logs](https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html) go, and what is in a line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccessLogSetting {
    destination_arn: Value,
    format: String,
}

/// What holds for methods of a stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MethodSetting {
    http_method: String,
    resource_path: String,
    throttling_burst_limit: u32,
    throttling_rate_limit: u32,
}

/// [API keys](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiauth.html): the
/// SAM translator makes a key, and the usage plan without which a key opens nothing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Auth {
    api_key_required: bool,
    usage_plan: UsagePlan,
}

/// The usage plan of the API's keys.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UsagePlan {
    create_usage_plan: String,
}

/// The line that a request leaves in the log: what was asked, by whom, what came of it, and where the time went.
const LOG_FIELDS: [(&str, &str); 11] = [
    ("requestId", "$context.requestId"),
    ("requestTime", "$context.requestTime"),
    ("sourceIp", "$context.identity.sourceIp"),
    ("caller", "$context.identity.caller"),
    ("httpMethod", "$context.httpMethod"),
    ("path", "$context.path"),
    ("status", "$context.status"),
    ("responseLength", "$context.responseLength"),
    ("responseLatency", "$context.responseLatency"),
    ("integrationStatus", "$context.integration.status"),
    // The message may hold quotes, and nothing escapes it without putting it in quotes that a request without an error has not.
    ("error", "$context.error.responseType"),
];

impl ServerlessApi {
    /// An API that is what the document says, with a number of requests a second, and as many more at once, that it takes.
    /// The stage variables are what its mapping templates see as `$stageVariables`.
    pub fn new(definition_body: Document, (rate, burst): (u32, u32), variables: IndexMap<String, Value>) -> Self {
        Self {
            access_log_setting: None,
            auth: None,
            definition_body: Box::new(definition_body),
            method_settings: vec![MethodSetting {
                http_method: "*".to_owned(),
                resource_path: "/*".to_owned(),
                throttling_burst_limit: burst,
                throttling_rate_limit: rate,
            }],
            open_api_version: "3.0.1".to_owned(),
            propagate_tags: None,
            stage_name: STAGE.to_owned(),
            tags: IndexMap::new(),
            tracing_enabled: None,
            variables,
        }
    }

    /// The same, logging every request.
    pub fn logging_to(mut self, group: &Handle<LogGroup>) -> Self {
        self.access_log_setting = Some(AccessLogSetting::json(group, &LOG_FIELDS));
        self
    }

    /// The same, asking for an API key, and with one to begin with.
    pub fn with_api_key(mut self) -> Self {
        let usage_plan = UsagePlan { create_usage_plan: "PER_API".to_owned() };
        self.auth = Some(Auth { api_key_required: true, usage_plan });
        self
    }

    /// The same, with these tags: the API, its stage, its usage plan and its key.
    pub fn tagged(mut self, tags: IndexMap<String, Value>) -> Self {
        self.propagate_tags = (!tags.is_empty()).then_some(true);
        self.tags = tags;
        self
    }

    /// The same, traced by X-Ray.
    pub fn traced(mut self) -> Self {
        self.tracing_enabled = Some(true);
        self
    }
}

impl Handle<ServerlessApi> {
    /// Where its paths begin.
    pub fn url(&self) -> Value {
        url(self)
    }
}

/// Where the paths of an API begin, whatever its kind.
pub(super) fn url<R>(api: &Handle<R>) -> Value {
    let host = api.within(Sub::default().text("https://")).text(".execute-api.").pseudo(Pseudo::Region);
    host.text(".").pseudo(Pseudo::UrlSuffix).text("/").text(STAGE).into()
}

impl AccessLogSetting {
    /// A line of JSON for each request.
    pub(super) fn json(group: &Handle<LogGroup>, fields: &[(&str, &str)]) -> Self {
        let fields: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect();
        Self { destination_arn: group.arn(), format: format!("{{{}}}", fields.join(",")) }
    }
}
