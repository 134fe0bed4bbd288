//! What is chosen about the API over the table.

use std::fmt;
use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::audience::Audience;
use super::bounded::LogRetention;
use super::hardening::Encryption;
use super::section;
use crate::name::{JwtIssuer, UserPoolArn};
use crate::stack::Deferred;

/// An HTTP API over the table: `GET /files` and `GET /files/{key}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApiSpec {
    /// What answers the requests.
    #[serde(rename = "type")]
    pub api_type: ApiType,
    /// Who may call the API.
    pub auth: ApiAuth,
    /// How many requests are accepted.
    pub throttling: ThrottlingSpec,
    /// Whether every request is logged.
    pub access_logs: AccessLogs,
    /// How the access logs and the logs of its function are kept. By default, as in `state_machine.logging`; if that is off too,
    /// access logs are kept for 30 days, and Lambda keeps the function's log forever.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "section::present")]
    pub logs: Option<ApiLogsSpec>,
    /// Whether X-Ray traces requests through the REST API and the function (HTTP APIs have no tracing). By default, as in
    /// `state_machine.tracing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracing: Option<bool>,
}

/// How the logs of the API are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApiLogsSpec {
    /// How many days CloudWatch keeps the logs.
    pub retention_days: Deferred<LogRetention>,
    /// Which key encrypts the logs. By default, CloudWatch's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<Encryption>,
}

impl Default for ApiLogsSpec {
    fn default() -> Self {
        Self { retention_days: LogRetention::MONTH.into(), encryption: None }
    }
}

/// What answers the requests of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ApiType {
    /// API Gateway calls DynamoDB: a REST API with mapping templates, without code.
    #[default]
    Direct,
    /// A function in Python, behind an HTTP API (with `auth: api-key`, behind a REST API).
    Lambda,
}

/// Who may call the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ApiAuth {
    /// Callers that sign with AWS credentials that allow `execute-api:Invoke`.
    #[default]
    Iam,
    /// Callers that send an API key in `x-api-key`. Keys are for metering clients; they are weak authentication.
    ApiKey,
    /// Callers that send a token of this issuer in `Authorization`. Only with the type `lambda`.
    Jwt(JwtSpec),
    /// Callers that send a token of a Cognito user pool in `Authorization`.
    Cognito(CognitoSpec),
    /// Everybody.
    None,
}

/// A Cognito user pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CognitoSpec {
    /// The ARN of the user pool whose tokens are accepted.
    pub user_pool: UserPoolArn,
    /// The IDs of the app clients whose tokens are accepted. Required with the type `lambda`; `direct` accepts the tokens of every
    /// client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clients: Option<Audience>,
}

/// An issuer of JSON Web Tokens, and the audience that its tokens must have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JwtSpec {
    /// The issuer, as its tokens contain it: `https://example.auth0.com/`. It must serve `.well-known/openid-configuration` below
    /// this URL.
    pub issuer: JwtIssuer,
    /// The accepted values of a token's `aud`, or of its `client_id` if it has no `aud`.
    pub audience: Audience,
}

/// How many requests are accepted from all clients together. Others get status 429.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ThrottlingSpec {
    /// Requests per second.
    pub rate: NonZeroU32,
    /// The size of a burst of requests above the rate.
    pub burst: NonZeroU32,
}

/// Whether every request is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AccessLogs {
    /// A line of JSON for every request, in a log group.
    #[default]
    Json,
    /// No access logs.
    None,
}

/// A hundred, twice as many as the rate: a page that opens a few listings at once is no attack.
const BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(99);
const RATE: NonZeroU32 = NonZeroU32::MIN.saturating_add(49);

impl Default for ThrottlingSpec {
    fn default() -> Self {
        Self { rate: RATE, burst: BURST }
    }
}

/// Reads the section of the API, for which its type can stand: `api: direct`.
pub(super) fn section<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ApiSpec>, D::Error> {
    deserializer.deserialize_any(ApiSection).map(Some)
}

struct ApiSection;

impl<'de> Visitor<'de> for ApiSection {
    type Value = ApiSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`direct`, `lambda` or a mapping")
    }

    fn visit_unit<E: Error>(self) -> Result<ApiSpec, E> {
        Ok(ApiSpec::default())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<ApiSpec, E> {
        let api_type = ApiType::deserialize(StrDeserializer::new(text))?;
        Ok(ApiSpec { api_type, ..ApiSpec::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ApiSpec, A::Error> {
        ApiSpec::deserialize(MapAccessDeserializer::new(map))
    }
}
