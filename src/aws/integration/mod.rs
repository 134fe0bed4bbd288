//! What a task can call: the `Resource` of a task read in one place, and what is known of the call that it names.
//!
//! [`Resource`] is what a text names: a service integration, a function, an activity, or what only a deployment tells.
//! [`Integration`] is a call that is written, [`Call`] one that is known to exist: it has the [`Type`](super::service_model::Type) of its
//! parameters and of its answer, the [`Pattern`]s in which it can be called, the names of its errors and its IAM actions. [`check()`]
//! holds a tree of parameters against the type.
//!
//! The [optimized integrations](https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html) are a table
//! here, because no service model has them.

use std::fmt;
use std::str::FromStr;

mod call;
mod check;
mod error;
mod fault;
mod find;
mod function;
mod iam;
mod limit;
mod list;
mod optimized;
mod pattern;
mod resource;

pub use call::{Answer, Call};
pub use check::{ParameterFault, ParameterProblem, check};
pub use error::{error_prefix, is_prefix, reported_errors};
pub use fault::CallFault;
pub use function::function_name;
pub use list::{optimized_calls, sdk_actions, sdk_services};
pub use optimized::Custom;
pub use pattern::{Pattern, Style};
pub use resource::{Resource, ResourceError};

use super::needs::Job;
use super::service_model::capital;

/// A resource without what all integrations begin with: `dynamodb:putItem`, `aws-sdk:s3:getObject`. Another ARN as it is.
pub fn short_resource(arn: &str) -> &str {
    arn.strip_prefix(ARN).unwrap_or(arn)
}

/// The same without the style as well: `s3:getObject`.
pub fn called(arn: &str) -> &str {
    let short = short_resource(arn);
    short.strip_prefix(SDK).unwrap_or(short)
}

const ARN: &str = "arn:aws:states:::";
const SDK: &str = "aws-sdk:";

/// A [service integration](https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html): a call that a task makes.
///
/// ```
/// use bucketbook::aws::integration::Integration;
/// let put: Integration = "arn:aws:states:::dynamodb:putItem".parse().unwrap();
/// assert_eq!(put, Integration::optimized("dynamodb", "putItem"));
/// assert_eq!(put.iam_actions(), ["dynamodb:PutItem"]);
/// assert_eq!(put.error_name("ThrottlingException"), "DynamoDB.ThrottlingException");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(into = "String")]
pub struct Integration {
    style: Style,
    service: String,
    action: String,
    pattern: Pattern,
}

impl Integration {
    /// An optimized integration that waits for the service's answer.
    pub fn optimized(service: &str, action: &str) -> Self {
        Self::new(Style::Optimized, service, action, Pattern::RequestResponse)
    }

    /// An AWS SDK integration that waits for the service's answer.
    pub fn sdk(service: &str, action: &str) -> Self {
        Self::new(Style::Sdk, service, action, Pattern::RequestResponse)
    }

    fn new(style: Style, service: &str, action: &str, pattern: Pattern) -> Self {
        Self { style, service: service.to_owned(), action: action.to_owned(), pattern }
    }

    /// How the service is called.
    pub fn style(&self) -> Style {
        self.style
    }

    /// The service, as the ARN spells it: `dynamodb`.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The call, as the ARN spells it, without the pattern: `putItem`.
    pub fn action(&self) -> &str {
        &self.action
    }

    /// What the task waits for.
    pub fn pattern(&self) -> Pattern {
        self.pattern
    }

    /// Whether this is `service`'s `action`, in either style.
    pub fn is(&self, service: &str, action: &str) -> bool {
        self.service == service && self.action == action
    }

    /// The call that it names, of a task or of a distributed Map, if there is one and it is in the published models.
    pub fn call(&self) -> Option<Call> {
        let of_map = || Call::of_map_named(&self.service, &self.action).filter(|_| self.style == Style::Optimized);
        find::named(&find::Parts::of(self)).ok().flatten().or_else(of_map)
    }

    /// The IAM actions that a role needs for it. Of a call that is not known, the one that is named after it.
    pub fn iam_actions(&self) -> Vec<String> {
        match self.call() {
            Some(call) => {
                let of_job = call.job().into_iter().flat_map(Job::actions).map(str::to_owned);
                call.iam_actions().0.into_iter().chain(of_job).collect()
            }
            None => vec![format!("{}:{}", self.service, capital(&self.action))],
        }
    }

    /// The name under which a task reports the service's `exception`. The two styles spell most services differently
    /// (`DynamoDB.`, `DynamoDb.`), and a name in the wrong spelling catches nothing.
    pub fn error_name(&self, exception: &str) -> String {
        let prefix = error_prefix(self.style, &self.service);
        format!("{}.{exception}", prefix.unwrap_or(&capital(&self.service)))
    }
}

impl fmt::Display for Integration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sdk = match self.style {
            Style::Optimized => "",
            Style::Sdk => SDK,
        };
        write!(f, "{ARN}{sdk}{}:{}{}", self.service, self.action, self.pattern)
    }
}

impl FromStr for Integration {
    type Err = ResourceError;

    fn from_str(text: &str) -> Result<Self, ResourceError> {
        match text.parse()? {
            Resource::Service { call, .. } => Ok(call),
            _ => Err(ResourceError::Other(text.to_owned())),
        }
    }
}

impl From<Integration> for String {
    fn from(integration: Integration) -> String {
        integration.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrations_are_read_and_written() {
        for arn in [
            "arn:aws:states:::dynamodb:putItem",
            "arn:aws:states:::aws-sdk:dynamodb:query",
            "arn:aws:states:::states:startExecution.sync:2",
        ] {
            assert_eq!(arn.parse::<Integration>().unwrap().to_string(), arn);
        }
        for arn in ["", "arn:aws:states:::", "arn:aws:states:::dynamodb", "arn:aws:lambda:us-east-1:1:function:f"] {
            assert!(arn.parse::<Integration>().is_err(), "{arn}");
        }
    }

    #[test]
    fn each_style_spells_its_errors_and_permissions() {
        for (call, error, actions) in [
            (Integration::optimized("dynamodb", "putItem"), "DynamoDB.X", "dynamodb:PutItem"),
            (Integration::sdk("dynamodb", "query"), "DynamoDb.X", "dynamodb:Query"),
            (Integration::sdk("s3", "headObject"), "S3.X", "s3:GetObject"),
            (Integration::sdk("s3", "listObjectsV2"), "S3.X", "s3:ListBucket"),
            (Integration::optimized("s3", "listObjectsV2"), "S3.X", "s3:ListBucket"),
            (Integration::optimized("sqs", "sendMessage"), "SQS.X", "sqs:SendMessage"),
            (Integration::sdk("sqs", "sendMessage"), "Sqs.X", "sqs:SendMessage"),
            (Integration::optimized("lambda", "invoke"), "Lambda.X", "lambda:InvokeFunction"),
            (Integration::sdk("sfn", "startExecution"), "Sfn.X", "states:StartExecution"),
            (Integration::optimized("events", "putEvents"), "EventBridge.X", "events:PutEvents"),
        ] {
            assert_eq!(call.error_name("X"), error, "{call}");
            assert_eq!(call.iam_actions(), [actions], "{call}");
        }
    }
}
