//! What a task calls: its `Resource`, read out of any definition.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::asl::Style;

/// The [`Resource`](https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html) of a task, of an `ItemReader` or of
/// a `ResultWriter`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Resource {
    /// A [service integration](https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html):
    /// `arn:aws:states:::dynamodb:putItem`, `arn:aws:states:::aws-sdk:s3:getObject`.
    Service {
        /// Optimized or AWS SDK.
        style: Style,
        /// The service, as the ARN spells it: `dynamodb`.
        service: String,
        /// The call, as the ARN spells it: `putItem`.
        action: String,
        /// What the task waits for.
        pattern: Pattern,
        /// The ARN.
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

/// What a task waits for, the
/// [integration pattern](https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Pattern {
    /// The service's answer.
    #[default]
    RequestResponse,
    /// The end of the job that the call started: `.sync`.
    Sync,
    /// The same, with the job's output as JSON: `.sync:2`.
    Sync2,
    /// Somebody who returns the task's token: `.waitForTaskToken`.
    WaitForTaskToken,
}

/// Why a text is no resource.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a resource: an ARN was expected")]
pub struct ForeignResourceError(String);

impl Resource {
    /// An optimized integration that waits for the service's answer.
    pub fn optimized(service: &str, action: &str) -> Self {
        Self::Service {
            style: Style::Optimized,
            service: service.to_owned(),
            action: action.to_owned(),
            pattern: Pattern::RequestResponse,
            arn: format!("arn:aws:states:::{service}:{action}"),
        }
    }

    /// The text that it was read from.
    pub fn arn(&self) -> &str {
        match self {
            Self::Service { arn, .. } | Self::Function { arn } | Self::Activity { arn } => arn,
            Self::Other { text } => text,
        }
    }

    /// The service that is called, as the ARN spells it. A function's is `lambda`, an activity's is `states`.
    pub fn service(&self) -> Option<&str> {
        match self {
            Self::Service { service, .. } => Some(service),
            Self::Function { .. } => Some("lambda"),
            Self::Activity { .. } => Some("states"),
            Self::Other { .. } => None,
        }
    }

    /// The call of a service integration, as the ARN spells it, without the pattern.
    pub fn action(&self) -> Option<&str> {
        match self {
            Self::Service { action, .. } => Some(action),
            _ => None,
        }
    }

    /// What the task waits for. An activity waits for its worker in its own way, and counts as a request with a response.
    pub fn pattern(&self) -> Pattern {
        match self {
            Self::Service { pattern, .. } => *pattern,
            _ => Pattern::RequestResponse,
        }
    }

    /// Whether this is `service`'s `action`, in either style.
    pub fn is(&self, service: &str, action: &str) -> bool {
        matches!(self, Self::Service { service: s, action: a, .. } if s == service && a == action)
    }

    /// The `resourceType` of a history event: `dynamodb`, `aws-sdk:dynamodb`.
    pub fn resource_type(&self) -> Option<String> {
        match self {
            Self::Service { style: Style::Sdk, service, .. } => Some(format!("aws-sdk:{service}")),
            Self::Service { service, .. } => Some(service.clone()),
            _ => None,
        }
    }

    /// The `resource` of a history event: `putItem`, `sendMessage.waitForTaskToken`, or the whole ARN of a function.
    pub fn event_resource(&self) -> String {
        match self {
            Self::Service { action, pattern, .. } => format!("{action}{pattern}"),
            other => other.arn().to_owned(),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RequestResponse => "",
            Self::Sync => ".sync",
            Self::Sync2 => ".sync:2",
            Self::WaitForTaskToken => ".waitForTaskToken",
        })
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.arn())
    }
}

impl FromStr for Resource {
    type Err = ForeignResourceError;

    fn from_str(text: &str) -> Result<Self, ForeignResourceError> {
        let arn = text.to_owned();
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let [prefix, _, service, region, account, rest] = parts[..] else {
            let pending = text.contains("${") || text.starts_with("arn:");
            return if pending { Ok(Self::Other { text: arn }) } else { Err(ForeignResourceError(arn)) };
        };
        Ok(match service {
            _ if prefix != "arn" => Self::Other { text: arn },
            "lambda" => Self::Function { arn },
            "states" if rest.starts_with("activity:") => Self::Activity { arn },
            "states" if region.is_empty() && account.is_empty() => integration(rest, &arn),
            _ => Self::Other { text: arn },
        })
    }
}

fn integration(rest: &str, arn: &str) -> Resource {
    let (rest, pattern) = [Pattern::Sync2, Pattern::Sync, Pattern::WaitForTaskToken]
        .into_iter()
        .find_map(|pattern| Some((rest.strip_suffix(&pattern.to_string())?, pattern)))
        .unwrap_or((rest, Pattern::RequestResponse));
    let (style, call) = match rest.strip_prefix("aws-sdk:") {
        Some(call) => (Style::Sdk, call),
        None => (Style::Optimized, rest),
    };
    match call.split_once(':') {
        Some((service, action)) if !service.is_empty() && !action.is_empty() => Resource::Service {
            style,
            service: service.to_owned(),
            action: action.to_owned(),
            pattern,
            arn: arn.to_owned(),
        },
        _ => Resource::Other { text: arn.to_owned() },
    }
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
