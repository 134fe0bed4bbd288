//! [OpenAPI](https://spec.openapis.org/oas/v3.0.3.html), as much of it as an API of this crate is described with, and API Gateway's
//! [extensions](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html) that say what
//! answers each operation.

mod integration;
mod schema;

use indexmap::IndexMap;
use serde::Serialize;

pub use integration::{Integration, IntegrationResponse, RequestValidator};
pub use schema::{Schema, SchemaType};

/// The version of OpenAPI: the newest that API Gateway takes.
const VERSION: &str = "3.0.1";

/// The name of the request validator that every operation has.
const VALIDATOR: &str = "parameters";

/// A description of an API.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    openapi: String,
    /// What it is called.
    pub info: Info,
    /// Its operations, by path. All of them are read with GET.
    pub paths: IndexMap<String, PathItem>,
    /// What its operations refer to.
    pub components: Components,
    #[serde(rename = "x-amazon-apigateway-request-validators", default, skip_serializing_if = "IndexMap::is_empty")]
    request_validators: IndexMap<String, RequestValidator>,
}

/// What an API is called.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Info {
    /// Its title.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Its version.
    pub version: String,
}

/// What can be done at a path.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathItem {
    /// It can be read.
    pub get: Operation,
}

/// A method of a path: what it takes and answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// Its name, for generators of clients.
    pub operation_id: String,
    /// What it does, in a line.
    pub summary: String,
    /// What it does, at length.
    pub description: String,
    /// What it is asked.
    pub parameters: Vec<Parameter>,
    /// What it answers, by status code.
    pub responses: IndexMap<String, Response>,
    /// Who may ask: any of these schemes; nobody has to say who they are where it is empty.
    pub security: Vec<SecurityRequirement>,
    #[serde(rename = "x-amazon-apigateway-request-validator", default, skip_serializing_if = "Option::is_none")]
    request_validator: Option<String>,
    #[serde(rename = "x-amazon-apigateway-integration", default, skip_serializing_if = "Option::is_none")]
    integration: Option<Integration>,
}

/// The schemes, by name, that a request has to meet all of, and what each is asked for in particular.
pub type SecurityRequirement = IndexMap<String, Vec<String>>;

/// A parameter of an operation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it stands.
    #[serde(rename = "in")]
    pub place: Place,
    /// Whether it has to be there.
    pub required: bool,
    /// What it means.
    pub description: String,
    /// What it may be.
    pub schema: Schema,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// In a header.
    Header,
    /// In the path.
    Path,
    /// Behind the `?`.
    Query,
}

/// An answer of an operation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Response {
    /// When it is given.
    pub description: String,
    /// Its body, by media type.
    pub content: IndexMap<String, MediaType>,
}

/// The body of an answer, in one media type.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MediaType {
    /// What it looks like.
    pub schema: Schema,
}

/// What operations refer to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Components {
    /// Bodies and their parts. API Gateway makes models of them, whose names are letters and digits.
    pub schemas: IndexMap<String, Schema>,
    /// Ways to say who is asking.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub security_schemes: IndexMap<String, SecurityScheme>,
}

/// A way to say who is asking. All that API Gateway has are a header to OpenAPI, but for bearer tokens.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SecurityScheme {
    #[serde(rename = "type")]
    kind: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(rename = "in", default, skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheme: Option<String>,
    #[serde(rename = "bearerFormat", default, skip_serializing_if = "Option::is_none")]
    bearer_format: Option<String>,
    #[serde(rename = "x-amazon-apigateway-authtype", default, skip_serializing_if = "Option::is_none")]
    auth_type: Option<String>,
    #[serde(rename = "x-amazon-apigateway-authorizer", default, skip_serializing_if = "Option::is_none")]
    authorizer: Option<Authorizer>,
}

/// Who looks at a token.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Authorizer {
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "providerARNs")]
    provider_arns: Vec<String>,
}

impl Document {
    /// An API of these paths.
    pub fn new(info: Info, paths: IndexMap<String, PathItem>, components: Components) -> Self {
        Self { openapi: VERSION.to_owned(), info, paths, components, request_validators: IndexMap::new() }
    }

    /// The same as API Gateway is told it, with what answers each path under the name that API Gateway has for it. Requests
    /// without a required parameter are refused before anything is asked.
    pub fn answered_by(&self, integrations: impl IntoIterator<Item = (String, Operation, Integration)>) -> Self {
        let validator = RequestValidator { validate_request_body: false, validate_request_parameters: true };
        let item = |operation: Operation, integration| PathItem {
            get: Operation {
                request_validator: Some(VALIDATOR.to_owned()),
                integration: Some(integration),
                ..operation
            },
        };
        let answered = integrations.into_iter().map(|(path, operation, by)| (path, item(operation, by)));
        Self {
            paths: answered.collect(),
            request_validators: IndexMap::from([(VALIDATOR.to_owned(), validator)]),
            ..self.clone()
        }
    }
}

impl Operation {
    /// An operation that nothing answers yet.
    pub fn new(operation_id: &str, summary: &str, description: &str) -> Self {
        Self {
            operation_id: operation_id.to_owned(),
            summary: summary.to_owned(),
            description: description.to_owned(),
            parameters: Vec::new(),
            responses: IndexMap::new(),
            security: Vec::new(),
            request_validator: None,
            integration: None,
        }
    }
}

impl Response {
    /// A body of JSON.
    pub fn json(description: &str, schema: Schema) -> Self {
        let content = IndexMap::from([("application/json".to_owned(), MediaType { schema })]);
        Self { description: description.to_owned(), content }
    }
}

impl SecurityScheme {
    /// [Signature version 4](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).
    pub fn signature_v4() -> Self {
        let scheme = Self::header("Authorization", "A request signed with AWS credentials (Signature Version 4)");
        Self { auth_type: Some("awsSigv4".to_owned()), ..scheme }
    }

    /// An API key.
    pub fn api_key() -> Self {
        Self::header("x-api-key", "An API key of the usage plan")
    }

    /// A token of a Cognito user pool.
    pub fn cognito(user_pool_arn: &str) -> Self {
        let kind = "cognito_user_pools".to_owned();
        let scheme = Self::header("Authorization", "An ID token of the Cognito user pool");
        let authorizer = Authorizer { kind: kind.clone(), provider_arns: vec![user_pool_arn.to_owned()] };
        Self { auth_type: Some(kind), authorizer: Some(authorizer), ..scheme }
    }

    /// A JSON Web Token of an issuer, for one of an audience.
    pub fn jwt(issuer: &str, audience: &[String]) -> Self {
        let audience = audience.join(", ");
        let description = format!("A token of {issuer} whose aud (or client_id) is one of: {audience}");
        Self {
            kind: "http".to_owned(),
            name: None,
            place: None,
            scheme: Some("bearer".to_owned()),
            bearer_format: Some("JWT".to_owned()),
            ..Self::header("", &description)
        }
    }

    fn header(name: &str, description: &str) -> Self {
        Self {
            kind: "apiKey".to_owned(),
            description: description.to_owned(),
            name: Some(name.to_owned()),
            place: Some(Place::Header),
            scheme: None,
            bearer_format: None,
            auth_type: None,
            authorizer: None,
        }
    }
}
