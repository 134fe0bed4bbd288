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

/// An HTTP API that answers from the table: `GET /files` and `GET /files/{key}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApiSpec {
    /// What answers the requests.
    #[serde(rename = "type")]
    pub api_type: ApiType,
    /// Who may ask.
    pub auth: ApiAuth,
    /// How many requests are let through.
    pub throttling: ThrottlingSpec,
    /// Whether every request leaves a line in a log.
    pub access_logs: AccessLogs,
    /// How its logs are kept: the access logs and those of its function. Without it, as `state_machine.logging` says; where that
    /// is off too, access logs are kept for 30 days, and a function's own log by nobody but Lambda, for ever.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "section::present")]
    pub logs: Option<ApiLogsSpec>,
    /// Whether X-Ray traces requests: through the REST API and the function (HTTP APIs have no tracing). Without it, as
    /// `state_machine.tracing` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracing: Option<bool>,
}

/// How the logs of the API are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApiLogsSpec {
    /// For how many days CloudWatch keeps the logs.
    pub retention_days: Deferred<LogRetention>,
    /// Whose keys encrypt the logs. Without it, CloudWatch's own.
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
    /// DynamoDB, asked by API Gateway itself: a REST API with mapping templates, and no code.
    #[default]
    Direct,
    /// A function in Python, behind an HTTP API (with `auth: api-key`, behind a REST API).
    Lambda,
}

/// Who may ask the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ApiAuth {
    /// Who signs with AWS credentials that allow `execute-api:Invoke`.
    #[default]
    Iam,
    /// Who sends an API key in `x-api-key`. Keys meter clients; they are a weak proof of who is asking.
    ApiKey,
    /// Who sends a token of this issuer in `Authorization`. For the type `lambda`.
    Jwt(JwtSpec),
    /// Who sends a token of a Cognito user pool in `Authorization`.
    Cognito(CognitoSpec),
    /// Everybody. Never the default: it has to be written down.
    None,
}

/// A Cognito user pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CognitoSpec {
    /// The user pool whose tokens are taken.
    pub user_pool: UserPoolArn,
    /// The ids of the app clients whose tokens are taken. The type `lambda` has to have them; `direct` takes every client's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clients: Option<Audience>,
}

/// An issuer of JSON Web Tokens, and for whom its tokens have to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JwtSpec {
    /// The issuer, as its tokens name it: `https://example.auth0.com/`. Below it is its `.well-known/openid-configuration`.
    pub issuer: JwtIssuer,
    /// What a token's `aud` has to be one of; where a token has none, its `client_id`.
    pub audience: Audience,
}

/// How many requests are let through, of all clients together. What is beyond gets the answer 429.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ThrottlingSpec {
    /// Requests a second.
    pub rate: NonZeroU32,
    /// Requests at once, above the rate.
    pub burst: NonZeroU32,
}

/// Whether every request leaves a line in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AccessLogs {
    /// A line of JSON for every request, in a log group that keeps it for 30 days.
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
