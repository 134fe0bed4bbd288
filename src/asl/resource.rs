use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::ErrorName;

/// The service call that a task makes: its
/// [`Resource`](https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html).
///
/// ```
/// use bucketbook::asl::Integration;
/// let put: Integration = "arn:aws:states:::dynamodb:putItem".parse().unwrap();
/// assert_eq!(put, Integration::optimized("dynamodb", "putItem"));
/// assert_eq!(put.iam_action(), "dynamodb:PutItem");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Integration {
    style: Style,
    service: String,
    action: String,
}

/// The two ways in which Step Functions calls a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// [Optimized](https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html): made for Step Functions.
    Optimized,
    /// [AWS SDK](https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html): any call of any API.
    Sdk,
}

/// Why a text is no integration.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is not a service integration: expected arn:aws:states:::SERVICE:ACTION or arn:aws:states:::aws-sdk:SERVICE:ACTION"
)]
pub struct ResourceError(String);

const ARN: &str = "arn:aws:states:::";
const SDK: &str = "aws-sdk:";

impl Integration {
    /// An optimized integration.
    pub fn optimized(service: &str, action: &str) -> Self {
        Self { style: Style::Optimized, service: service.to_owned(), action: action.to_owned() }
    }

    /// An AWS SDK integration.
    pub fn sdk(service: &str, action: &str) -> Self {
        Self { style: Style::Sdk, service: service.to_owned(), action: action.to_owned() }
    }

    /// How the service is called.
    pub fn style(&self) -> Style {
        self.style
    }

    /// The service, as the ARN spells it: `dynamodb`.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The IAM action that a role needs for the call: `dynamodb:PutItem`. It is named after the call, but for two of S3's.
    pub fn iam_action(&self) -> String {
        match (self.service.as_str(), self.action.as_str()) {
            ("s3", "listObjectsV2") => return "s3:ListBucket".to_owned(),
            ("s3", "headObject") => return "s3:GetObject".to_owned(),
            _ => {}
        }
        let mut letters = self.action.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        format!("{}:{}{}", self.service, first.map(String::from).unwrap_or_default(), letters.as_str())
    }

    /// The name under which a task reports the service's `exception`. The two styles spell the service differently
    /// (`DynamoDB.`, `DynamoDb.`), and a name in the wrong spelling catches nothing.
    pub fn error(&self, exception: &str) -> ErrorName {
        let prefix = match (self.service.as_str(), self.style) {
            ("dynamodb", Style::Optimized) => "DynamoDB".to_owned(),
            ("dynamodb", Style::Sdk) => "DynamoDb".to_owned(),
            (service, _) => {
                let mut letters = service.chars();
                let first = letters.next().map(|c| c.to_ascii_uppercase());
                first.into_iter().chain(letters).collect()
            }
        };
        ErrorName::new(format!("{prefix}.{exception}"))
    }
}

impl fmt::Display for Integration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sdk = match self.style {
            Style::Optimized => "",
            Style::Sdk => SDK,
        };
        write!(f, "{ARN}{sdk}{}:{}", self.service, self.action)
    }
}

impl FromStr for Integration {
    type Err = ResourceError;

    fn from_str(text: &str) -> Result<Self, ResourceError> {
        let refused = || ResourceError(text.to_owned());
        let rest = text.strip_prefix(ARN).ok_or_else(refused)?;
        let (style, rest) = match rest.strip_prefix(SDK) {
            Some(rest) => (Style::Sdk, rest),
            None => (Style::Optimized, rest),
        };
        match rest.split_once(':') {
            Some((service, action)) if !service.is_empty() && !action.is_empty() => {
                Ok(Self { style, service: service.to_owned(), action: action.to_owned() })
            }
            _ => Err(refused()),
        }
    }
}

impl TryFrom<String> for Integration {
    type Error = ResourceError;

    fn try_from(text: String) -> Result<Self, ResourceError> {
        text.parse()
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
    fn arns_are_read_and_written() {
        for arn in ["arn:aws:states:::dynamodb:putItem", "arn:aws:states:::aws-sdk:dynamodb:query"] {
            assert_eq!(arn.parse::<Integration>().unwrap().to_string(), arn);
        }
        for arn in ["", "arn:aws:states:::", "arn:aws:states:::dynamodb", "arn:aws:lambda:us-east-1:1:function:f"] {
            assert!(arn.parse::<Integration>().is_err(), "{arn}");
        }
    }

    #[test]
    fn a_list_of_objects_is_a_permission_on_the_bucket() {
        assert_eq!(Integration::optimized("s3", "listObjectsV2").iam_action(), "s3:ListBucket");
    }

    #[test]
    fn each_style_spells_its_errors() {
        let name = "ConditionalCheckFailedException";
        let put = Integration::optimized("dynamodb", "putItem");
        let query = Integration::sdk("dynamodb", "query");
        assert_eq!(put.error(name).as_str(), "DynamoDB.ConditionalCheckFailedException");
        assert_eq!(query.error(name).as_str(), "DynamoDb.ConditionalCheckFailedException");
    }
}
