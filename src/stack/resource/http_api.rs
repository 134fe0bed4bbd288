use serde::{Deserialize, Serialize};

use super::AccessLogSetting;
use super::api_gateway::{STAGE, url};
use crate::stack::{Handle, LogGroup, Value};

/// [`AWS::Serverless::HttpApi`](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-httpapi.html):
/// an HTTP API, whose routes are the events of functions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct HttpApi {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    access_log_settings: Option<AccessLogSetting>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    auth: Option<HttpApiAuth>,
    default_route_settings: RouteSettings,
    stage_name: String,
}

/// Who may ask an [HTTP API](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-httpapi-httpapiauth.html).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct HttpApiAuth {
    default_authorizer: String,
    enable_iam_authorizer: bool,
}

/// What holds for all routes of a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RouteSettings {
    throttling_burst_limit: u32,
    throttling_rate_limit: u32,
}

/// What a line of the log says: what was asked, by whom, and what came of it.
const LOG_FIELDS: [(&str, &str); 9] = [
    ("requestId", "$context.requestId"),
    ("requestTime", "$context.requestTime"),
    ("sourceIp", "$context.identity.sourceIp"),
    ("caller", "$context.identity.caller"),
    ("routeKey", "$context.routeKey"),
    ("path", "$context.path"),
    ("status", "$context.status"),
    ("responseLength", "$context.responseLength"),
    ("responseLatency", "$context.responseLatency"),
];

impl HttpApi {
    /// An API with a number of requests a second, and as many more at once, that it takes.
    pub fn new((rate, burst): (u32, u32)) -> Self {
        Self {
            access_log_settings: None,
            auth: None,
            default_route_settings: RouteSettings { throttling_burst_limit: burst, throttling_rate_limit: rate },
            stage_name: STAGE.to_owned(),
        }
    }

    /// The same, for requests signed with AWS credentials.
    pub fn with_iam(mut self) -> Self {
        self.auth = Some(HttpApiAuth { default_authorizer: "AWS_IAM".to_owned(), enable_iam_authorizer: true });
        self
    }

    /// The same, logging every request.
    pub fn logging_to(mut self, group: &Handle<LogGroup>) -> Self {
        self.access_log_settings = Some(AccessLogSetting::json(group, &LOG_FIELDS));
        self
    }
}

impl Handle<HttpApi> {
    /// Where its paths begin.
    pub fn url(&self) -> Value {
        url(self)
    }
}
