use super::Style;
use super::optimized::Optimized;
use crate::aws::service_model::Service;

/// What the names of a service's errors begin with, if that is known: `DynamoDB` of the optimized integration, `DynamoDb` of the AWS
/// SDK's. A name in the other style's spelling catches nothing. The service is spelled as in the ARN of an integration of this style, or
/// of an optimized one.
pub fn error_prefix(style: Style, service: &str) -> Option<&'static str> {
    match style {
        Style::Sdk => Service::find(Optimized::sdk_name(service)).map(|found| found.prefix),
        Style::Optimized => match service {
            "dynamodb" => Some("DynamoDB"),
            "events" => Some("EventBridge"),
            "lambda" => Some("Lambda"),
            "sns" => Some("SNS"),
            "sqs" => Some("SQS"),
            "states" => Some("StepFunctions"),
            _ => None,
        },
    }
}
