use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::HttpApi;
use crate::stack::{Handle, PolicyDocument, Value};

/// [`AWS::Serverless::Function`](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html).
/// The SAM translator makes its role, of its policies and the managed one that lets a function write its own log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ServerlessFunction {
    architectures: Vec<String>,
    code_uri: String,
    environment: Environment,
    events: IndexMap<String, FunctionEvent>,
    handler: String,
    memory_size: u32,
    policies: Vec<PolicyDocument>,
    runtime: String,
    timeout: u32,
}

/// What a function is told by its environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Environment {
    variables: IndexMap<String, Value>,
}

/// What a function is called for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "Type", content = "Properties", deny_unknown_fields)]
pub enum FunctionEvent {
    /// Requests to an HTTP API.
    HttpApi(HttpApiRoute),
}

/// A [route of an HTTP API](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-httpapi.html).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
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
            memory_size: 256,
            policies: vec![policy],
            runtime: "python3.13".to_owned(),
            timeout: 10,
        }
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
