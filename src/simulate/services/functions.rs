//! Lambda functions, which have no code here: they give back what they are given, or what they are told to.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answer::{Ids, add_metadata, http_date, refused_parameters};
use super::{ServiceCall, TaskError, not_here};
use crate::aws::integration::{Style, function_name};

/// Functions, by name.
#[derive(Debug, Default)]
pub struct Functions {
    behaviours: BTreeMap<String, Behaviour>,
}

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
            return self.run(call.resource.arn(), call.arguments);
        };
        if integration.action() != "invoke" {
            return Err(not_here(call));
        }
        let name = call.arguments["FunctionName"].as_str().unwrap_or_default();
        let empty = json!({});
        let payload = call.arguments.get("Payload").unwrap_or(&empty);
        // An object or a list becomes the JSON text that the API takes; a number or a truth value does not.
        if payload.is_number() || payload.is_boolean() {
            let fault = "The value for the field 'Payload' must be a STRING".to_owned();
            return Err(refused_parameters(call.arguments, &[fault]));
        }
        if call.arguments["InvocationType"] == "Event" {
            return Ok(json!({"Payload": "", "StatusCode": 202}));
        }
        match integration.style() {
            Style::Optimized => Ok(invoked(self.run(name, payload)?, call, ids)),
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

/// [`lambda:invoke`](https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html)'s answer.
fn invoked(payload: Value, call: &ServiceCall<'_>, ids: &mut Ids) -> Value {
    let length = payload.to_string().len().to_string();
    let (request_id, date, trace) = (ids.uuid(), http_date(call.now), format!("root=1-{}", ids.uuid()));
    let headers = [
        ("X-Amz-Executed-Version", "$LATEST"),
        ("x-amzn-Remapped-Content-Length", "0"),
        ("Connection", "keep-alive"),
        ("x-amzn-RequestId", request_id.as_str()),
        ("Content-Length", &length),
        ("Date", &date),
        ("X-Amzn-Trace-Id", &trace),
        ("Content-Type", "application/json"),
    ];
    let mut answer = serde_json::Map::new();
    answer.insert("ExecutedVersion".to_owned(), "$LATEST".into());
    answer.insert("Payload".to_owned(), payload);
    add_metadata(&mut answer, &headers, request_id.clone());
    answer.insert("StatusCode".to_owned(), 200.into());
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
