use indexmap::IndexMap;
use serde::Serialize;

use super::AccessLogSetting;
use super::api_gateway::{STAGE, url};
use crate::stack::{Handle, LogGroup, Value};

/// [`AWS::Serverless::HttpApi`](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-httpapi.html):
/// an HTTP API, whose routes are the events of functions.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct HttpApi {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_log_settings: Option<AccessLogSetting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth: Option<HttpApiAuth>,
    default_route_settings: RouteSettings,
    #[serde(skip_serializing_if = "Option::is_none")]
    propagate_tags: Option<bool>,
    stage_name: String,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    tags: IndexMap<String, Value>,
}

/// Who may ask an [HTTP API](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-httpapi-httpapiauth.html).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct HttpApiAuth {
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    authorizers: IndexMap<String, JwtAuthorizer>,
    default_authorizer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_iam_authorizer: Option<bool>,
}

/// A [JWT authorizer](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html): who signs the
/// tokens that are taken, and for whom they have to be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct JwtAuthorizer {
    identity_source: String,
    jwt_configuration: JwtConfiguration,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct JwtConfiguration {
    audience: Vec<String>,
    issuer: String,
}

/// What holds for all routes of a stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
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

/// Who is asking, by a token.
const TOKEN_SUBJECT: &str = "$context.authorizer.claims.sub";

impl HttpApi {
    /// An API with a number of requests a second, and as many more at once, that it takes.
    pub fn new((rate, burst): (u32, u32)) -> Self {
        Self {
            access_log_settings: None,
            auth: None,
            default_route_settings: RouteSettings { throttling_burst_limit: burst, throttling_rate_limit: rate },
            propagate_tags: None,
            stage_name: STAGE.to_owned(),
            tags: IndexMap::new(),
        }
    }

    /// The same, for requests signed with AWS credentials.
    pub fn with_iam(mut self) -> Self {
        self.auth = Some(HttpApiAuth {
            authorizers: IndexMap::new(),
            default_authorizer: "AWS_IAM".to_owned(),
            enable_iam_authorizer: Some(true),
        });
        self
    }

    /// The same, for requests with a token of an issuer for one of an audience.
    pub fn with_jwt(mut self, issuer: &str, audience: &[String]) -> Self {
        const NAME: &str = "Jwt";
        let jwt_configuration = JwtConfiguration { audience: audience.to_vec(), issuer: issuer.to_owned() };
        let identity_source = "$request.header.Authorization".to_owned();
        let authorizer = JwtAuthorizer { identity_source, jwt_configuration };
        self.auth = Some(HttpApiAuth {
            authorizers: IndexMap::from([(NAME.to_owned(), authorizer)]),
            default_authorizer: NAME.to_owned(),
            enable_iam_authorizer: None,
        });
        self
    }

    /// The same, logging every request.
    pub fn logging_to(mut self, group: &Handle<LogGroup>) -> Self {
        let by_token = self.auth.as_ref().is_some_and(|auth| !auth.authorizers.is_empty());
        let caller = |field: &str| by_token && field == "caller";
        let fields = LOG_FIELDS.map(|(name, value)| (name, if caller(name) { TOKEN_SUBJECT } else { value }));
        self.access_log_settings = Some(AccessLogSetting::json(group, &fields));
        self
    }

    /// The same, with these tags: the API and its stage.
    pub fn tagged(mut self, tags: IndexMap<String, Value>) -> Self {
        self.propagate_tags = (!tags.is_empty()).then_some(true);
        self.tags = tags;
        self
    }
}

impl Handle<HttpApi> {
    /// Where its paths begin.
    pub fn url(&self) -> Value {
        url(self)
    }
}
