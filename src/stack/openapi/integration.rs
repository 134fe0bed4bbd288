use indexmap::IndexMap;
use serde::Serialize;

use crate::stack::resource::{Role, ServerlessFunction};
use crate::stack::{Handle, TableCall, Value};

const JSON: &str = "application/json";

/// What API Gateway asks in place of an operation: a service of AWS, in the service's own terms. See
/// [`x-amazon-apigateway-integration`](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Integration {
    #[serde(skip_serializing_if = "Option::is_none")]
    credentials: Option<Value>,
    http_method: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    passthrough_behavior: Option<String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    request_templates: IndexMap<String, String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    responses: IndexMap<String, IntegrationResponse>,
    #[serde(rename = "type")]
    kind: String,
    uri: Value,
}

/// What becomes of a service's answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationResponse {
    response_templates: IndexMap<String, String>,
    status_code: String,
}

/// What of a request is looked at before it is answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestValidator {
    pub(super) validate_request_body: bool,
    pub(super) validate_request_parameters: bool,
}

impl Integration {
    /// Makes a call of DynamoDB, as a role, with the parameters that a mapping template makes of the request.
    ///
    /// A request with a body of some other media type is refused: it would be handed to DynamoDB as it came.
    pub fn of(call: &TableCall, role: &Handle<Role>, request_template: String) -> Self {
        Self {
            credentials: Some(role.arn()),
            http_method: "POST".to_owned(),
            passthrough_behavior: Some("never".to_owned()),
            request_templates: IndexMap::from([(JSON.to_owned(), request_template)]),
            responses: IndexMap::new(),
            kind: "aws".to_owned(),
            uri: call.integration_uri(),
        }
    }

    /// Hands a request to a function, and the function's answer to the client, both as they are.
    pub fn of_function(function: &Handle<ServerlessFunction>) -> Self {
        Self {
            credentials: None,
            http_method: "POST".to_owned(),
            passthrough_behavior: None,
            request_templates: IndexMap::new(),
            responses: IndexMap::new(),
            kind: "aws_proxy".to_owned(),
            uri: function.invocation_uri(),
        }
    }

    /// The same, with a mapping template for the answers whose status code a regular expression matches; `default` is the
    /// one for all others.
    pub fn answering(mut self, pattern: &str, status_code: u16, template: String) -> Self {
        let response_templates = IndexMap::from([(JSON.to_owned(), template)]);
        let response = IntegrationResponse { response_templates, status_code: status_code.to_string() };
        self.responses.insert(pattern.to_owned(), response);
        self
    }
}
