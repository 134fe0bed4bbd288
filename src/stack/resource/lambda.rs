use crate::aws::cloudformation::Pseudo;
use crate::aws::needs;
use crate::aws::principal;
use indexmap::IndexMap;
use serde::Serialize;

use super::api_gateway::STAGE;
use super::{HttpApi, ServerlessApi};
use crate::stack::{Handle, LogGroup, PolicyDocument, Role, Sub, Value};

/// [`AWS::Serverless::Function`](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html).
/// Where it has no role, the SAM translator makes one, of its policies and the managed one that lets a function write its own log.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ServerlessFunction {
    architectures: Vec<String>,
    code_uri: String,
    environment: Environment,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    events: IndexMap<String, FunctionEvent>,
    handler: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    logging_config: Option<FunctionLogging>,
    memory_size: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions_boundary: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    policies: Vec<PolicyDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Value>,
    runtime: String,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    tags: IndexMap<String, Value>,
    timeout: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracing: Option<String>,
}

/// Where a function [writes its log](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-loggingconfig.html).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FunctionLogging {
    log_group: Value,
}

/// [`AWS::Lambda::Permission`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html):
/// who may call a function.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Permission {
    action: String,
    function_name: Value,
    principal: String,
    source_arn: Value,
}

impl Permission {
    /// A REST API may call a function for GET of the paths that begin with this one.
    pub fn of_api(api: &Handle<ServerlessApi>, path: &str, function: &Handle<ServerlessFunction>) -> Self {
        let arn = Sub::default().text("arn:").pseudo(Pseudo::Partition).text(":execute-api:").pseudo(Pseudo::Region);
        let arn = api.within(arn.text(":").pseudo(Pseudo::AccountId).text(":"));
        Self {
            action: needs::TO_FUNCTION.to_owned(),
            function_name: function.reference(),
            principal: principal::API_GATEWAY.to_owned(),
            source_arn: arn.text("/").text(STAGE).text("/GET").text(path).text("*").into(),
        }
    }
}

impl Handle<ServerlessFunction> {
    /// Where an [integration](https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html) of API Gateway sends a request.
    pub(in crate::stack) fn invocation_uri(&self) -> Value {
        let uri = Sub::default().text("arn:").pseudo(Pseudo::Partition).text(":apigateway:").pseudo(Pseudo::Region);
        let uri = uri.text(":lambda:path/2015-03-31/functions/").value(&self.attribute("Arn"));
        uri.text("/invocations").into()
    }
}

/// What a function is told by its environment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Environment {
    variables: IndexMap<String, Value>,
}

/// What a function is called for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "Type", content = "Properties")]
pub enum FunctionEvent {
    /// Requests to an HTTP API.
    HttpApi(HttpApiRoute),
}

/// A [route of an HTTP API](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-httpapi.html).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct HttpApiRoute {
    api_id: Value,
    method: String,
    path: String,
}

impl HttpApiRoute {
    /// GET of a path.
    pub fn get(api: &Handle<HttpApi>, path: &str) -> Self {
        Self { api_id: api.reference(), method: "GET".to_owned(), path: path.to_owned() }
    }
}

impl ServerlessFunction {
    /// A function in Python, whose `handler.py` has a `handler`.
    pub fn in_python(code_uri: &str, policy: PolicyDocument) -> Self {
        Self {
            architectures: vec!["arm64".to_owned()],
            code_uri: code_uri.to_owned(),
            environment: Environment { variables: IndexMap::new() },
            events: IndexMap::new(),
            handler: "handler.handler".to_owned(),
            logging_config: None,
            memory_size: 256,
            permissions_boundary: None,
            policies: vec![policy],
            role: None,
            runtime: "python3.13".to_owned(),
            tags: IndexMap::new(),
            timeout: 10,
            tracing: None,
        }
    }

    /// Whether it names its role, so that SAM makes none.
    pub fn has_role(&self) -> bool {
        self.role.is_some()
    }

    /// The same, with the `handler` of another module.
    pub fn handled_by(mut self, module: &str) -> Self {
        self.handler = format!("{module}.handler");
        self
    }

    /// The same, writing into a log group that is there already, as a role that may do that and whatever else the function does.
    pub fn logging_to(mut self, group: &Handle<LogGroup>, role: &Handle<Role>) -> Self {
        self.logging_config = Some(FunctionLogging { log_group: group.reference() });
        self.role = Some(role.arn());
        self.policies = Vec::new();
        self
    }

    /// The same, where the role that SAM makes may do no more than this policy says.
    pub fn bounded_by(mut self, boundary: Option<Value>) -> Self {
        self.permissions_boundary = boundary.filter(|_| self.role.is_none());
        self
    }

    /// The same, with these tags. The role that the SAM translator makes has them too.
    pub fn tagged(mut self, tags: IndexMap<String, Value>) -> Self {
        self.tags = tags;
        self
    }

    /// The same, traced by X-Ray. The role that the SAM translator makes may do what that takes.
    pub fn traced(mut self) -> Self {
        self.tracing = Some("Active".to_owned());
        self
    }

    /// The same, with these variables in its environment.
    pub fn with_environment(mut self, variables: IndexMap<String, Value>) -> Self {
        self.environment = Environment { variables };
        self
    }

    /// The same, called for these routes.
    pub fn answering(mut self, routes: impl IntoIterator<Item = (String, HttpApiRoute)>) -> Self {
        self.events = routes.into_iter().map(|(name, route)| (name, FunctionEvent::HttpApi(route))).collect();
        self
    }
}
