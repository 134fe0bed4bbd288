use crate::aws::TableOperation;
use crate::aws::service_model::{Service, capital};

/// Services whose IAM actions are named after their calls, but for those in [`RENAMED`].
const CERTAIN: &[&str] = &[
    "athena",
    "bedrockruntime",
    "cloudwatch",
    "cloudwatchlogs",
    "comprehend",
    "dynamodb",
    "eventbridge",
    "firehose",
    "glue",
    "kinesis",
    "kms",
    "lambda",
    "polly",
    "rekognition",
    "secretsmanager",
    "sfn",
    "sns",
    "sqs",
    "ssm",
    "textract",
    "transcribe",
    "translate",
];

/// Calls that need other actions than one of their own name. None: what is needed depends on the parameters.
const RENAMED: &[(&str, &str, &[&str])] = &[
    ("bedrockruntime", "converse", &["bedrock:InvokeModel"]),
    ("bedrockruntime", "converseStream", &["bedrock:InvokeModelWithResponseStream"]),
    ("bedrockruntime", "startAsyncInvoke", &["bedrock:InvokeModel"]),
    ("dynamodb", "batchExecuteStatement", &[]),
    ("dynamodb", "executeStatement", &[]),
    ("dynamodb", "executeTransaction", &[]),
    ("eventbridge", "testEventPattern", &[]),
    ("lambda", "invoke", &["lambda:InvokeFunction"]),
    ("lambda", "invokeAsync", &["lambda:InvokeFunction"]),
    ("s3", "abortMultipartUpload", &["s3:AbortMultipartUpload"]),
    ("s3", "completeMultipartUpload", &["s3:PutObject"]),
    ("s3", "copyObject", &["s3:GetObject", "s3:PutObject"]),
    ("s3", "createBucket", &["s3:CreateBucket"]),
    ("s3", "createMultipartUpload", &["s3:PutObject"]),
    ("s3", "deleteBucket", &["s3:DeleteBucket"]),
    ("s3", "deleteObject", &["s3:DeleteObject"]),
    ("s3", "deleteObjectTagging", &["s3:DeleteObjectTagging"]),
    ("s3", "deleteObjects", &["s3:DeleteObject"]),
    ("s3", "getBucketLocation", &["s3:GetBucketLocation"]),
    ("s3", "getBucketPolicy", &["s3:GetBucketPolicy"]),
    ("s3", "getBucketTagging", &["s3:GetBucketTagging"]),
    ("s3", "getBucketVersioning", &["s3:GetBucketVersioning"]),
    ("s3", "getObject", &["s3:GetObject"]),
    ("s3", "getObjectAcl", &["s3:GetObjectAcl"]),
    ("s3", "getObjectTagging", &["s3:GetObjectTagging"]),
    ("s3", "headBucket", &["s3:ListBucket"]),
    ("s3", "headObject", &["s3:GetObject"]),
    ("s3", "listBuckets", &["s3:ListAllMyBuckets"]),
    ("s3", "listMultipartUploads", &["s3:ListBucketMultipartUploads"]),
    ("s3", "listObjectVersions", &["s3:ListBucketVersions"]),
    ("s3", "listObjects", &["s3:ListBucket"]),
    ("s3", "listObjectsV2", &["s3:ListBucket"]),
    ("s3", "listParts", &["s3:ListMultipartUploadParts"]),
    ("s3", "putObject", &["s3:PutObject"]),
    ("s3", "putObjectAcl", &["s3:PutObjectAcl"]),
    ("s3", "putObjectTagging", &["s3:PutObjectTagging"]),
    ("s3", "restoreObject", &["s3:RestoreObject"]),
    ("s3", "uploadPart", &["s3:PutObject"]),
    ("sns", "publishBatch", &["sns:Publish"]),
    ("sqs", "changeMessageVisibilityBatch", &["sqs:ChangeMessageVisibility"]),
    ("sqs", "deleteMessageBatch", &["sqs:DeleteMessage"]),
    ("sqs", "sendMessageBatch", &["sqs:SendMessage"]),
];

/// The IAM actions of an `aws-sdk:` call, and whether that is certain.
pub(super) fn actions(service: &Service, action: &str) -> (Vec<String>, bool) {
    if let Some(operation) = TableOperation::of(action).filter(|_| service.name == "dynamodb") {
        let permission = operation.permission();
        return (permission.iter().cloned().collect(), permission.is_some());
    }
    if let Some((_, _, needed)) = RENAMED.iter().find(|(name, call, _)| *name == service.name && *call == action) {
        return (needed.iter().map(|action| (*action).to_owned()).collect(), !needed.is_empty());
    }
    let prefix = match service.iam {
        "monitoring" => "cloudwatch",
        "email" => "ses",
        prefix => prefix,
    };
    (vec![format!("{prefix}:{}", capital(action))], CERTAIN.contains(&service.name))
}
