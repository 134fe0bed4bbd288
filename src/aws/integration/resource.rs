use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::find::{Parts, target};
use super::{Integration, Pattern, Style};
use crate::aws::Arn;

/// The [`Resource`](https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html) of a task, of an `ItemReader` or of
/// a `ResultWriter`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Resource {
    /// A [service integration](https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html):
    /// `arn:aws:states:::dynamodb:putItem`, `arn:aws:states:::aws-sdk:s3:getObject`.
    Service {
        /// The call.
        call: Integration,
        /// The ARN, in whichever partition.
        arn: String,
    },
    /// A [Lambda function](https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html) called by its own ARN.
    Function {
        /// The ARN.
        arn: String,
    },
    /// An [activity](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-activities.html), whose workers poll.
    Activity {
        /// The ARN.
        arn: String,
    },
    /// A text that becomes an ARN later, such as `${FunctionArn}`, or the ARN of something that a task cannot call.
    Other {
        /// The text.
        text: String,
    },
}

/// Why a text is no resource.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ResourceError {
    /// It is no ARN, nor a text that may become one.
    #[error("`{0}` is not a resource: an ARN was expected")]
    NotAnArn(String),
    /// It is not the ARN of a service integration.
    #[error(
        "`{0}` is not a service integration: expected arn:aws:states:::SERVICE:ACTION or arn:aws:states:::aws-sdk:SERVICE:ACTION"
    )]
    Other(String),
}

impl Resource {
    /// An optimized integration that waits for the service's answer.
    pub fn optimized(service: &str, action: &str) -> Self {
        Integration::optimized(service, action).into()
    }

    /// The text that it was read from.
    pub fn arn(&self) -> &str {
        match self {
            Self::Service { arn, .. } | Self::Function { arn } | Self::Activity { arn } => arn,
            Self::Other { text } => text,
        }
    }

    /// The call, if it is a service integration.
    pub fn integration(&self) -> Option<&Integration> {
        match self {
            Self::Service { call, .. } => Some(call),
            _ => None,
        }
    }

    /// The service that is called, as the ARN spells it. A function's is `lambda`, an activity's is `states`.
    pub fn service(&self) -> Option<&str> {
        match self {
            Self::Service { call, .. } => Some(call.service()),
            Self::Function { .. } => Some("lambda"),
            Self::Activity { .. } => Some("states"),
            Self::Other { .. } => None,
        }
    }

    /// The call of a service integration, as the ARN spells it, without the pattern.
    pub fn action(&self) -> Option<&str> {
        self.integration().map(Integration::action)
    }

    /// What the task waits for. An activity waits for its worker in its own way, and counts as a request with a response.
    pub fn pattern(&self) -> Pattern {
        self.integration().map_or(Pattern::RequestResponse, Integration::pattern)
    }

    /// Whether this is `service`'s `action`, in either style.
    pub fn is(&self, service: &str, action: &str) -> bool {
        self.integration().is_some_and(|call| call.is(service, action))
    }

    /// The `resourceType` of a history event: `dynamodb`, `aws-sdk:dynamodb`.
    pub fn resource_type(&self) -> Option<String> {
        self.integration().map(|call| match call.style() {
            Style::Sdk => format!("aws-sdk:{}", call.service()),
            Style::Optimized => call.service().to_owned(),
        })
    }

    /// The `resource` of a history event: `putItem`, `sendMessage.waitForTaskToken`, or the whole ARN of a function.
    pub fn event_resource(&self) -> String {
        match self {
            Self::Service { call, .. } => format!("{}{}", call.action(), call.pattern()),
            other => other.arn().to_owned(),
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.arn())
    }
}

impl From<Integration> for Resource {
    fn from(call: Integration) -> Self {
        Self::Service { arn: call.to_string(), call }
    }
}

impl FromStr for Resource {
    type Err = ResourceError;

    fn from_str(text: &str) -> Result<Self, ResourceError> {
        let arn = text.to_owned();
        if let Some(call) = called(text) {
            return Ok(Self::Service { call, arn });
        }
        Ok(match Arn::read(text) {
            Some(Arn { service: "lambda", .. }) => Self::Function { arn },
            Some(Arn { service: "states", resource, .. }) if resource.starts_with("activity:") => {
                Self::Activity { arn }
            }
            None if !text.contains("${") && !text.starts_with("arn:") => return Err(ResourceError::NotAnArn(arn)),
            _ => Self::Other { text: arn },
        })
    }
}

/// The integration that an ARN names.
fn called(arn: &str) -> Option<Integration> {
    let (target, plain) = target(arn)?;
    let parts = Parts::read(target)?;
    // With a region and an account it may be the ARN of anything that Step Functions has.
    let is_call = plain || parts.style == Style::Sdk || parts.is_optimized();
    let pattern = Pattern::with_suffix(parts.suffix).filter(|_| is_call)?;
    Some(Integration::new(parts.style, parts.service, parts.action, pattern))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_say_what_is_called() {
        let cases: [(&str, Option<&str>, &str, Pattern); 7] = [
            ("arn:aws:states:::dynamodb:putItem", Some("dynamodb"), "putItem", Pattern::RequestResponse),
            ("arn:aws:states:::aws-sdk:s3:getObject", Some("aws-sdk:s3"), "getObject", Pattern::RequestResponse),
            (
                "arn:aws-cn:states:::states:startExecution.sync:2",
                Some("states"),
                "startExecution.sync:2",
                Pattern::Sync2,
            ),
            ("arn:aws:states:::states:startExecution.sync", Some("states"), "startExecution.sync", Pattern::Sync),
            (
                "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                Some("sqs"),
                "sendMessage.waitForTaskToken",
                Pattern::WaitForTaskToken,
            ),
            (
                "arn:aws:states:eu-west-1:1:activity:a",
                None,
                "arn:aws:states:eu-west-1:1:activity:a",
                Pattern::RequestResponse,
            ),
            ("${FunctionArn}", None, "${FunctionArn}", Pattern::RequestResponse),
        ];
        for (arn, resource_type, event_resource, pattern) in cases {
            let resource: Resource = arn.parse().unwrap();
            assert_eq!(resource.to_string(), arn);
            assert_eq!(resource.resource_type().as_deref(), resource_type, "{arn}");
            assert_eq!(resource.event_resource(), event_resource, "{arn}");
            assert_eq!(resource.pattern(), pattern, "{arn}");
        }
        assert!("putItem".parse::<Resource>().is_err());
    }

    #[test]
    fn a_function_is_no_integration() {
        let function: Resource = "arn:aws:lambda:eu-west-1:111111111111:function:f:live".parse().unwrap();
        assert!(matches!(function, Resource::Function { .. }));
        assert_eq!(function.service(), Some("lambda"));
    }
}
