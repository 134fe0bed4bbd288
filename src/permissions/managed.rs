//! Policies that AWS manages, as far as they are known here.

/// A policy's name, and all that it allows, by service.
const KNOWN: &[(&str, &[&str])] = &[
    ("AWSLambdaBasicExecutionRole", &["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]),
    ("AWSLambdaRole", &["lambda:InvokeFunction"]),
    (
        "AWSLambda_FullAccess",
        &[
            "lambda:*",
            "states:Describe*",
            "states:List*",
            "tag:*",
            "xray:*",
            "logs:*",
            "cloudformation:*",
            "cloudwatch:*",
            "ec2:*",
            "kms:*",
            "iam:*",
        ],
    ),
    ("AWSStepFunctionsFullAccess", &["states:*"]),
    ("AWSStepFunctionsReadOnlyAccess", &["states:List*", "states:Describe*", "states:Get*"]),
    ("AWSXRayDaemonWriteAccess", &["xray:*"]),
    ("AWSXrayWriteOnlyAccess", &["xray:*"]),
    ("AdministratorAccess", &["*"]),
    ("AmazonBedrockFullAccess", &["bedrock:*", "kms:*", "iam:*", "ec2:*", "sagemaker:*"]),
    (
        "AmazonDynamoDBFullAccess",
        &[
            "dynamodb:*",
            "dax:*",
            "application-autoscaling:*",
            "cloudwatch:*",
            "datapipeline:*",
            "ec2:*",
            "iam:*",
            "kms:*",
            "kinesis:*",
            "lambda:*",
            "sns:*",
            "resource-groups:*",
            "tag:*",
        ],
    ),
    (
        "AmazonDynamoDBReadOnlyAccess",
        &[
            "dynamodb:BatchGet*",
            "dynamodb:Describe*",
            "dynamodb:Get*",
            "dynamodb:List*",
            "dynamodb:PartiQLSelect",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dax:*",
            "cloudwatch:*",
            "kms:*",
            "kinesis:*",
            "sns:*",
        ],
    ),
    ("AmazonEventBridgeFullAccess", &["events:*", "schemas:*", "scheduler:*", "pipes:*", "iam:*", "secretsmanager:*"]),
    ("AmazonRekognitionFullAccess", &["rekognition:*"]),
    ("AmazonS3FullAccess", &["s3:*", "s3-object-lambda:*"]),
    ("AmazonS3ReadOnlyAccess", &["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:*"]),
    ("AmazonSESFullAccess", &["ses:*"]),
    ("AmazonSNSFullAccess", &["sns:*"]),
    ("AmazonSQSFullAccess", &["sqs:*"]),
    ("AmazonTextractFullAccess", &["textract:*"]),
    ("CloudWatchFullAccess", &["autoscaling:*", "cloudwatch:*", "logs:*", "sns:*", "iam:*", "oam:*"]),
    ("CloudWatchLogsFullAccess", &["logs:*", "cloudwatch:GenerateQuery"]),
    ("ComprehendFullAccess", &["comprehend:*", "s3:*", "iam:*"]),
    ("TranslateFullAccess", &["translate:*", "comprehend:*", "cloudwatch:*", "s3:*", "iam:*"]),
];

/// The policy that SAM attaches to the role of a state machine that is traced, unless that has a role of its own
/// ([translator](https://github.com/aws/serverless-application-model), `stepfunctions/generators.py`).
pub(super) const OF_TRACES: &str = "AWSXRayDaemonWriteAccess";

/// What the policy of a name or ARN allows; `None` if it is not known.
pub(super) fn actions(policy: &str) -> Option<(&'static str, &'static [&'static str])> {
    let name = match policy.rsplit_once('/') {
        Some((arn, name)) if arn.contains(":iam::aws:policy") => name,
        Some(_) => return None,
        None => policy,
    };
    KNOWN.iter().find(|(known, _)| *known == name).copied()
}
