use super::optimized::Optimized;
use super::{Call, Style};
use crate::aws::service_model::Service;

/// What the names of a service's errors begin with, if that is known: `DynamoDB` of the optimized integration, `DynamoDb` of the AWS
/// SDK's. A name in the other style's spelling catches nothing. The service is spelled as in the ARN of an integration of this style, or
/// of an optimized one.
pub fn error_prefix(style: Style, service: &str) -> Option<&'static str> {
    match style {
        Style::Sdk => Service::find(Optimized::sdk_name(service)).map(|found| found.prefix),
        Style::Optimized => OPTIMIZED.iter().find(|(name, _)| *name == service).map(|(_, prefix)| *prefix),
    }
}

/// Whether the errors of some service begin with this: `Lambda`, `DynamoDb`.
pub fn is_prefix(text: &str) -> bool {
    let of_sdk = |service: &str| error_prefix(Style::Sdk, service) == Some(text);
    OPTIMIZED.iter().any(|(_, prefix)| *prefix == text) || of_sdk(&text.to_ascii_lowercase())
}

/// What the names of the errors of optimized integrations begin with.
const OPTIMIZED: &[(&str, &str)] = &[
    ("dynamodb", "DynamoDB"),
    ("events", "EventBridge"),
    ("lambda", "Lambda"),
    ("sns", "SNS"),
    ("sqs", "SQS"),
    ("states", "StepFunctions"),
];

/// The errors of services that workflows call most, without the service's prefix, and whether trying again helps. The models have no
/// errors, so these are from the references of [DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html),
/// [Lambda](https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception),
/// [S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html) and
/// [Step Functions](https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html#API_StartExecution_Errors).
const SERVICE_ERRORS: &[(&str, &[(&str, bool)])] = &[
    (
        "dynamodb",
        &[
            ("ConditionalCheckFailedException", false),
            ("InternalServerError", true),
            ("ItemCollectionSizeLimitExceededException", false),
            ("ProvisionedThroughputExceededException", true),
            ("RequestLimitExceeded", true),
            ("ResourceNotFoundException", false),
            ("SdkClientException", true),
            ("ThrottlingException", true),
            ("TransactionCanceledException", false),
            ("TransactionConflictException", true),
        ],
    ),
    (
        "lambda",
        &[
            ("AWSLambdaException", true),
            ("ResourceNotFoundException", false),
            ("SdkClientException", true),
            ("ServiceException", true),
            ("TooManyRequestsException", true),
        ],
    ),
    ("s3", &[("S3Exception", true), ("SdkClientException", true)]),
    (
        "states",
        &[
            ("ExecutionAlreadyExistsException", false),
            ("ExecutionLimitExceededException", true),
            ("InvalidExecutionInputException", false),
            ("SdkClientException", true),
            ("StateMachineDoesNotExistException", false),
        ],
    ),
];

/// The names of errors that a call is known to report, as a Retry or Catch names them, and whether trying again helps.
pub fn reported_errors(call: &Call) -> Vec<(String, bool)> {
    let Some(prefix) = call.error_prefix() else { return Vec::new() };
    let service = if call.service() == "sfn" { "states" } else { call.service() };
    let known = SERVICE_ERRORS.iter().find(|(name, _)| *name == service);
    known
        .into_iter()
        .flat_map(|(_, errors)| *errors)
        .map(|(name, again)| (format!("{prefix}.{name}"), *again))
        .collect()
}
