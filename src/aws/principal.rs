//! The names by which policies know AWS's services:
//! [service principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services).

/// The service principal of API Gateway.
pub const API_GATEWAY: &str = "apigateway.amazonaws.com";
/// CloudWatch, whose alarms tell topics.
pub const CLOUD_WATCH: &str = "cloudwatch.amazonaws.com";
/// The service principal of CloudWatch Logs.
pub const CLOUD_WATCH_LOGS: &str = "logs.amazonaws.com";
/// The service principal of EventBridge.
pub const EVENT_BRIDGE: &str = "events.amazonaws.com";
/// The service principal of Lambda.
pub const LAMBDA: &str = "lambda.amazonaws.com";
/// S3, as it writes [access logs](https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html).
pub const S3_ACCESS_LOGS: &str = "logging.s3.amazonaws.com";
/// The service principal of Step Functions.
pub const STEP_FUNCTIONS: &str = "states.amazonaws.com";
/// The service principal of EventBridge Pipes.
pub const PIPES: &str = "pipes.amazonaws.com";
/// The service principal of EventBridge Scheduler.
pub const SCHEDULER: &str = "scheduler.amazonaws.com";
