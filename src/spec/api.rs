//! What is chosen about the API over the table.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::name::UserPoolArn;

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
}

/// What answers the requests of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ApiType {
    /// DynamoDB, asked by API Gateway itself: a REST API with mapping templates, and no code.
    #[default]
    Direct,
    /// A function in Python, behind an HTTP API. It takes the auth `iam` and `none`.
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
    /// Who sends an ID token of a Cognito user pool in `Authorization`.
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
