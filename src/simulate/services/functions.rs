//! Lambda functions, which have no code here: they give back what they are given, or what they are told to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::answer::{ErrorStyle, Ids, Refusal, add_metadata, http_date, refused_parameters};
use super::{ServiceCall, TaskError, not_here};
use crate::aws::integration::{Style, function_name};
use crate::simulate::s3_events::Origin;

/// What the stack's Lambda functions do when they are called, by their names.
#[derive(Debug, Default)]
pub struct Functions {
    behaviours: BTreeMap<String, Behaviour>,
    removed: BTreeSet<String>,
}

/// How Lambda's errors are spelled.
const ERRORS: ErrorStyle = ErrorStyle {
    service: "lambda",
    optimized_service: "AWSLambda",
    optimized_other: "AWSLambdaException",
    sdk_other: "LambdaException",
};

/// What a function does.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Behaviour {
    /// It returns its event.
    #[default]
    Echo,
    /// It returns this.
    Returns(Value),
    /// It raises this.
    Throws(TaskError),
}

impl Functions {
    /// Removes a function, by its name or its ARN, unless it was told what to do.
    pub fn remove(&mut self, name: &str) {
        self.removed.insert(function_name(name).to_owned());
    }

    /// The error of a function that does not exist.
    fn found(&self, name: &str, style: Style, ids: &mut Ids) -> Result<(), TaskError> {
        let name = function_name(name);
        if self.behaviours.contains_key(name) || !self.removed.contains(name) {
            return Ok(());
        }
        let Origin { account, region } = Origin::default();
        let message = format!("Function not found: arn:aws:lambda:{region}:{account}:function:{name}");
        let code = "ResourceNotFoundException";
        let refusal = Refusal { exception: Some(code), code, status: 404, message: &message };
        Err(ERRORS.error(style, &refusal, &ids.uuid()))
    }

    /// Tells a function what to do. Functions that were told nothing echo.
    pub fn set(&mut self, name: &str, behaviour: Behaviour) {
        self.behaviours.insert(function_name(name).to_owned(), behaviour);
    }

    fn run(&self, name: &str, event: &Value) -> Result<Value, TaskError> {
        match self.behaviours.get(function_name(name)) {
            None | Some(Behaviour::Echo) => Ok(event.clone()),
            Some(Behaviour::Returns(result)) => Ok(result.clone()),
            Some(Behaviour::Throws(error)) => Err(error.clone()),
        }
    }

    /// Answers a call: of a function's own ARN, or of `lambda:invoke`.
    pub(super) fn call(&self, call: &ServiceCall<'_>, ids: &mut Ids) -> Result<Value, TaskError> {
        let Some(integration) = call.resource.integration() else {
            self.found(call.resource.arn(), Style::Optimized, ids)?;
            return self.run(call.resource.arn(), call.arguments);
        };
        if integration.action() != "invoke" {
            return Err(not_here(call));
        }
        let name = call.arguments["FunctionName"].as_str().unwrap_or_default();
        self.found(name, integration.style(), ids)?;
        let empty = json!({});
        let payload = call.arguments.get("Payload").unwrap_or(&empty);
        // An object or a list becomes the JSON text that the API takes; a number or a truth value does not.
        if payload.is_number() || payload.is_boolean() {
            let fault = "The value for the field 'Payload' must be a STRING".to_owned();
            return Err(refused_parameters(call.arguments, &[fault]));
        }
        // Nobody waits for the function, or it is not called at all.
        let at_once = match call.arguments["InvocationType"].as_str() {
            Some("Event") => Some(202),
            Some("DryRun") => Some(204),
            _ => None,
        };
        if let Some(status) = at_once {
            return Ok(match integration.style() {
                Style::Optimized => invoked(None, status, call, ids),
                Style::Sdk => json!({"Payload": "", "StatusCode": status}),
            });
        }
        match integration.style() {
            Style::Optimized => Ok(invoked(Some(self.run(name, payload)?), 200, call, ids)),
            // The SDK moves bytes: what goes in is JSON text, and so is what comes out, an error too.
            Style::Sdk => {
                let event = payload.as_str().and_then(|text| serde_json::from_str(text).ok());
                let result = self.run(name, event.as_ref().unwrap_or(payload));
                let (fault, payload) = match result {
                    Ok(result) => (None, result),
                    Err(error) => (Some("Unhandled"), json!({"errorMessage": error.cause, "errorType": error.error})),
                };
                let mut answer =
                    json!({"ExecutedVersion": "$LATEST", "Payload": payload.to_string(), "StatusCode": 200});
                if let Some(fault) = fault {
                    answer["FunctionError"] = fault.into();
                }
                Ok(answer)
            }
        }
    }
}

/// [`lambda:invoke`](https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html)'s answer; without a payload where it is given
/// before the function ends.
fn invoked(payload: Option<Value>, status: u16, call: &ServiceCall<'_>, ids: &mut Ids) -> Value {
    let length = payload.as_ref().map_or(0, |payload| payload.to_string().len()).to_string();
    let (request_id, date, trace) = (ids.uuid(), http_date(call.now), format!("root=1-{}", ids.uuid()));
    let version = payload.as_ref().map(|_| ("X-Amz-Executed-Version", "$LATEST"));
    let headers = version.into_iter().chain([
        ("x-amzn-Remapped-Content-Length", "0"),
        ("Connection", "keep-alive"),
        ("x-amzn-RequestId", request_id.as_str()),
        ("Content-Length", &length),
        ("Date", &date),
        ("X-Amzn-Trace-Id", &trace),
        ("Content-Type", "application/json"),
    ]);
    let headers: Vec<_> = headers.collect();
    let mut answer = serde_json::Map::new();
    if payload.is_some() {
        answer.insert("ExecutedVersion".to_owned(), "$LATEST".into());
    }
    answer.insert("Payload".to_owned(), payload.unwrap_or_else(|| "".into()));
    add_metadata(&mut answer, &headers, request_id.clone());
    answer["SdkHttpMetadata"]["HttpStatusCode"] = status.into();
    answer.insert("StatusCode".to_owned(), status.into());
    answer.into()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_function_has_one_name() {
        let arn = "arn:aws:lambda:eu-west-1:111111111111:function:f";
        for text in ["f", "f:live", arn, &format!("{arn}:$LATEST")] {
            assert_eq!(super::function_name(text), "f", "{text}");
        }
    }
}
