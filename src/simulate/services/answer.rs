//! What every answer of a service carries besides its result: ids, dates, HTTP headers, and how errors are worded.

use chrono::{DateTime, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

use super::{ServiceCall, TaskError};
use crate::aws::integration::{Integration, Style, error_prefix};
use crate::aws::states::error;
use crate::simulate::{Timestamp, random};

/// The ids that services give out, in an order that the seed decides.
#[derive(Debug, Clone)]
pub struct Ids(ChaCha8Rng);

impl Ids {
    /// The ids of a seed.
    pub fn seeded(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A random UUID, as requests, messages and events have.
    pub fn uuid(&mut self) -> String {
        random::uuid(&mut self.0)
    }

    /// A number of random capital letters and digits, as in the ids of DynamoDB's and S3's requests.
    pub fn letters(&mut self, count: usize) -> String {
        const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUV0123456789";
        let mut text = String::with_capacity(count);
        while text.len() < count {
            let mut bits: u64 = self.0.random();
            for _ in 0..12.min(count - text.len()) {
                text.push(char::from(LETTERS[(bits & 31) as usize]));
                bits >>= 5;
            }
        }
        text
    }
}

/// A header's `Date`: `Mon, 23 Nov 2026 16:31:52 GMT`.
pub(super) fn http_date(now: Timestamp) -> String {
    let time = DateTime::<Utc>::from_timestamp_millis(now.millis()).unwrap_or_default();
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Adds what [optimized integrations](https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html) tell of
/// the HTTP exchange: `SdkHttpMetadata` and `SdkResponseMetadata`.
pub(super) fn add_metadata(answer: &mut Map<String, Value>, headers: &[(&str, &str)], request_id: String) {
    let all: Map<_, _> = headers.iter().map(|(name, value)| ((*name).to_owned(), json!([value]))).collect();
    let last: Map<_, _> = headers.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
    let metadata = [("AllHttpHeaders", all.into()), ("HttpHeaders", last.into()), ("HttpStatusCode", 200.into())];
    let metadata: Map<String, Value> = metadata.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    answer.insert("SdkHttpMetadata".to_owned(), metadata.into());
    let response = Map::from_iter([("RequestId".to_owned(), Value::from(request_id))]);
    answer.insert("SdkResponseMetadata".to_owned(), response.into());
}

/// An optimized integration's answer, with the headers of a service that speaks JSON or XML.
pub(super) fn optimized(answer: Value, content_type: &str, now: Timestamp, ids: &mut Ids) -> Value {
    let Value::Object(mut answer) = answer else { return answer };
    let length = serde_json::to_vec(&answer).map_or(0, |text| text.len()).to_string();
    let (request_id, date) = (ids.uuid(), http_date(now));
    let headers = [
        ("x-amzn-RequestId", request_id.as_str()),
        ("connection", "keep-alive"),
        ("Content-Length", &length),
        ("Date", &date),
        ("Content-Type", content_type),
    ];
    add_metadata(&mut answer, &headers, request_id.clone());
    answer.into()
}

/// The answer in the style of the call.
pub(super) fn styled(answer: Value, content_type: &str, call: &ServiceCall<'_>, ids: &mut Ids) -> Value {
    match call.resource.integration().map(Integration::style) {
        Some(Style::Optimized) => optimized(answer, content_type, call.now, ids),
        _ => answer,
    }
}

/// The field, if it is there, and Step Functions' refusal if it is not.
pub(super) fn required<'a>(arguments: &'a Value, name: &str) -> Result<&'a Value, TaskError> {
    arguments
        .get(name)
        .ok_or_else(|| refused_parameters(arguments, &[format!("The field \"{name}\" is required but was missing")]))
}

/// The same of a field that holds a text.
pub(super) fn required_text<'a>(arguments: &'a Value, name: &str) -> Result<&'a str, TaskError> {
    required(arguments, name)?
        .as_str()
        .ok_or_else(|| refused_parameters(arguments, &[format!("The value for the field '{name}' must be a STRING")]))
}

/// How a service's errors are named and worded, which differs between optimized integrations (they speak through the first
/// Java SDK) and `aws-sdk:` ones (through the second).
#[derive(Debug, Clone, Copy)]
pub(super) struct ErrorStyle {
    /// The service, as the ARN of an optimized integration spells it: `dynamodb`.
    pub(super) service: &'static str,
    /// What an optimized integration's cause calls the service: `AmazonDynamoDBv2`.
    pub(super) optimized_service: &'static str,
    /// The error that an optimized integration reports for what its SDK has no exception for: `AmazonDynamoDBException`.
    pub(super) optimized_other: &'static str,
    /// The same for the SDK: `DynamoDbException`.
    pub(super) sdk_other: &'static str,
}

/// An error that a service answers.
#[derive(Debug, Clone)]
pub(super) struct Refusal<'a> {
    /// The exception, where both SDKs know one: `ConditionalCheckFailedException`. `None` for what they have no class for.
    pub(super) exception: Option<&'a str>,
    /// The service's own code: `ValidationException`.
    pub(super) code: &'a str,
    /// The HTTP status.
    pub(super) status: u16,
    /// What happened.
    pub(super) message: &'a str,
}

impl ErrorStyle {
    /// The error as a task reports it.
    pub(super) fn error(self, style: Style, refusal: &Refusal<'_>, request_id: &str) -> TaskError {
        let Refusal { exception, code, status, message } = refusal;
        let prefix = error_prefix(style, self.service).unwrap_or(self.service);
        match style {
            Style::Optimized => TaskError::new(
                format!("{prefix}.{}", exception.unwrap_or(self.optimized_other)),
                format!(
                    "{message} (Service: {}; Status Code: {status}; Error Code: {code}; Request ID: {request_id}; Proxy: null)",
                    self.optimized_service
                ),
            ),
            Style::Sdk => TaskError::new(
                format!("{prefix}.{}", exception.unwrap_or(self.sdk_other)),
                format!("{message} (Service: {prefix}, Status Code: {status}, Request ID: {request_id})"),
            ),
        }
    }
}

/// The error of a call whose parameters Step Functions itself refuses: the service never hears of it. No `Retry` and no
/// `Catch` takes a `States.Runtime`.
pub(super) fn refused_parameters(arguments: &Value, faults: &[String]) -> TaskError {
    let faults = faults.join(", ");
    TaskError::new(
        error::RUNTIME,
        format!("The Parameters '{arguments}' could not be used to start the Task: [{faults}]"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_ids_again() {
        let (mut one, mut other) = (Ids::seeded(7), Ids::seeded(7));
        let id = one.uuid();
        assert_eq!(id, other.uuid());
        assert_ne!(id, one.uuid());
        assert_eq!((id.len(), &id[14..15]), (36, "4"), "{id}");
        assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"), "{id}");
        assert_eq!(one.letters(52).len(), 52);
        assert_ne!(Ids::seeded(8).uuid(), id);
    }

    #[test]
    fn dates_are_those_of_http() {
        assert_eq!(http_date(Timestamp::from_millis(1_795_451_512_345)), "Mon, 23 Nov 2026 16:31:52 GMT");
    }
}
