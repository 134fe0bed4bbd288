use crate::asl::{ErrorName, Retrier};
use crate::aws::integration::{Integration, Style};
use crate::aws::states::JitterStrategy;

/// How a call of DynamoDB is tried again when DynamoDB is busy or faulty: about a minute long, at random intervals, so that
/// executions that were throttled together do not come back together.
///
/// The names are those of DynamoDB's [common errors](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html)
/// and of the SDK exceptions that carry them. Errors that Step Functions has no class for come under the SDK's general
/// one, a throttled request among them, so that one is tried again as well.
pub(super) fn retry(call: &Integration) -> Vec<Retrier> {
    let general = match call.style() {
        Style::Optimized => "AmazonDynamoDBException",
        Style::Sdk => "DynamoDbException",
    };
    let exceptions = [
        general,
        "InternalServerError",
        "InternalServerErrorException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestLimitExceededException",
        "SdkClientException",
        "ThrottlingException",
    ];
    vec![backing_off(exceptions.iter().map(|exception| ErrorName::of(call, exception)).collect())]
}

/// How a call of S3 is tried again. S3 asks to [slow down](https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html)
/// where a prefix gets too many requests; the SDK has no class for that, nor for faults of S3's own, so both come under its general one.
pub(super) fn retry_s3(call: &Integration) -> Vec<Retrier> {
    vec![backing_off(["S3Exception", "SdkClientException"].map(|exception| ErrorName::of(call, exception)).into())]
}

/// A retrier for these errors that takes about a minute, at random intervals.
pub(super) fn backing_off(error_equals: Vec<ErrorName>) -> Retrier {
    Retrier {
        error_equals,
        interval_seconds: 1,
        max_attempts: 6,
        backoff_rate: 2.0,
        max_delay_seconds: 30,
        jitter_strategy: JitterStrategy::Full,
    }
}
