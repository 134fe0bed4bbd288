//! What AWS asks of a role, or of the policy of a key, beyond the action that a call is named after.
//!
//! `stack` writes its statements from these lists, and `permissions` demands them of everybody's stacks.
//!
//! The links lead to where AWS documents each list. Not every entry has been compared with its page yet: a job that is not listed counts as
//! unknown, and which of the `logs:` actions AWS refuses a state machine without is an interpretation.

use super::TableOperation;

/// What happens without a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// Something beside the work itself is lost, or it fails under some conditions only.
    Degrades,
    /// The state fails each time.
    Fails,
    /// AWS refuses to create the resource.
    Refused,
}

/// An IAM action, and what happens without it.
pub type Needed = (&'static str, Weight);

/// What Step Functions asks of the role of a state machine that
/// [logs](https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy). Four of
/// the eight are what CloudWatch Logs asks of whoever
/// [creates a delivery](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html); the others are for
/// later changes of it.
pub const LOG_DELIVERY: [Needed; 8] = [
    ("logs:CreateLogDelivery", Weight::Refused),
    ("logs:DeleteLogDelivery", Weight::Degrades),
    ("logs:DescribeLogGroups", Weight::Refused),
    ("logs:DescribeResourcePolicies", Weight::Refused),
    ("logs:GetLogDelivery", Weight::Degrades),
    ("logs:ListLogDeliveries", Weight::Degrades),
    ("logs:PutResourcePolicy", Weight::Refused),
    ("logs:UpdateLogDelivery", Weight::Degrades),
];

/// Whether an action of [CloudWatch Logs](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html) has no
/// resource of its own, so that only a statement on `*` allows it.
pub fn takes_no_resource(action: &str) -> bool {
    action.starts_with("logs:") && (action.contains("LogDeliver") || action.ends_with("ResourcePolicy"))
        || action == "logs:DescribeResourcePolicies"
}

/// What Step Functions asks of a role to send
/// [traces](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html#xray-iam).
pub const TRACES_OF_EXECUTIONS: [Needed; 4] = [
    ("xray:GetSamplingRules", Weight::Degrades),
    ("xray:GetSamplingTargets", Weight::Degrades),
    ("xray:PutTelemetryRecords", Weight::Degrades),
    ("xray:PutTraceSegments", Weight::Degrades),
];

/// What Lambda asks of a role to send
/// [traces](https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html).
pub const TRACES_OF_FUNCTIONS: [Needed; 2] =
    [("xray:PutTelemetryRecords", Weight::Degrades), ("xray:PutTraceSegments", Weight::Degrades)];

/// What a function asks of its role to write to a
/// [log group](https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html) that is there already.
pub const LOG_OF_FUNCTION: [Needed; 2] =
    [("logs:CreateLogStream", Weight::Degrades), ("logs:PutLogEvents", Weight::Degrades)];

/// What a rule asks of its role, to [start a state
/// machine](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html).
pub const TO_STATE_MACHINE: &str = "states:StartExecution";
/// What whoever [calls a function](https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html) needs.
pub const TO_FUNCTION: &str = "lambda:InvokeFunction";
/// What a rule needs of the policy of the [queue](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html)
/// that it sends to, its own dead letters among that.
pub const TO_QUEUE: &str = "sqs:SendMessage";
/// What rules and alarms need of the policy of the
/// [topic](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html) that they tell.
pub const TO_TOPIC: &str = "sns:Publish";
/// What S3 needs of the policy of the bucket that it writes [access
/// logs](https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html) to.
pub const TO_BUCKET: &str = "s3:PutObject";

/// What a Distributed Map asks of its own machine's role:
/// [to start its child executions](https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html).
pub const START_CHILDREN: Needed = (TO_STATE_MACHINE, Weight::Fails);
/// To watch and to stop them.
pub const WATCH_CHILDREN: [Needed; 2] =
    [("states:DescribeExecution", Weight::Degrades), ("states:StopExecution", Weight::Degrades)];
/// To go on with those that failed, when the execution is redriven.
pub const REDRIVE_CHILDREN: Needed = ("states:RedriveExecution", Weight::Degrades);

/// What [`.sync`](https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html#connect-iam-sync-async)
/// asks for where the service's events tell when a job ends. Without them AWS refuses to create the state machine: `is not authorized
/// to create managed-rule`.
pub const MANAGED_RULE: [Needed; 3] = [
    ("events:DescribeRule", Weight::Refused),
    ("events:PutRule", Weight::Refused),
    ("events:PutTargets", Weight::Refused),
];

/// What `.sync` asks for besides the call.
#[derive(Debug)]
pub struct Job {
    /// The service, as a task's `Resource` spells it.
    service: &'static str,
    /// The actions that start such a job.
    actions: &'static [&'static str],
    /// The managed rule by which Step Functions learns that the job has ended; `None` where it only polls.
    pub rule: Option<&'static str>,
    /// What it polls with.
    pub poll: &'static [&'static str],
    /// What it stops the job with when the execution is stopped.
    pub stop: &'static [&'static str],
}

impl Job {
    /// The job that a call with `.sync` starts, if what it needs is known.
    pub fn find(service: &str, action: &str) -> Option<&'static Self> {
        JOBS.iter().find(|job| job.service == service && job.actions.contains(&action))
    }

    /// All that it asks for.
    pub fn actions(&self) -> impl Iterator<Item = &'static str> {
        let rule = self.rule.iter().flat_map(|_| MANAGED_RULE).map(|(action, _)| action);
        rule.chain(self.poll.iter().copied()).chain(self.stop.iter().copied())
    }

    /// What happens without the actions that it polls with: where there is no rule, nobody learns that the job has ended.
    pub fn weight_of_poll(&self) -> Weight {
        if self.rule.is_none() { Weight::Fails } else { Weight::Degrades }
    }
}

const fn job(
    service: &'static str,
    actions: &'static [&'static str],
    rule: Option<&'static str>,
    poll: &'static [&'static str],
    stop: &'static [&'static str],
) -> Job {
    Job { service, actions, rule, poll, stop }
}

/// The jobs, each from the page of its
/// [integration](https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html), "IAM policies". Only the page of EMR Serverless was compared line by line; the others are from excerpts of these
/// pages and from public templates.
static JOBS: &[Job] = &[
    job("athena", &["startQueryExecution"], None, &["athena:GetQueryExecution"], &["athena:StopQueryExecution"]),
    job(
        "batch",
        &["submitJob"],
        Some("StepFunctionsGetEventsForBatchJobsRule"),
        &["batch:DescribeJobs"],
        &["batch:TerminateJob"],
    ),
    job(
        "codebuild",
        &["startBuild"],
        Some("StepFunctionsGetEventForCodeBuildStartBuildRule"),
        &["codebuild:BatchGetBuilds"],
        &["codebuild:StopBuild"],
    ),
    job(
        "codebuild",
        &["startBuildBatch"],
        Some("StepFunctionsGetEventForCodeBuildStartBuildBatchRule"),
        &["codebuild:BatchGetBuildBatches"],
        &["codebuild:StopBuildBatch"],
    ),
    job("databrew", &["startJobRun"], None, &["databrew:ListJobRuns"], &["databrew:StopJobRun"]),
    job("ecs", &["runTask"], Some("StepFunctionsGetEventsForECSTaskRule"), &["ecs:DescribeTasks"], &["ecs:StopTask"]),
    job("eks", &["createCluster"], None, &["eks:DescribeCluster"], &["eks:DeleteCluster"]),
    job("eks", &["deleteCluster"], None, &["eks:DescribeCluster"], &[]),
    job("eks", &["createNodegroup"], None, &["eks:DescribeNodegroup"], &["eks:DeleteNodegroup"]),
    job("eks", &["deleteNodegroup"], None, &["eks:DescribeNodegroup"], &[]),
    job(
        "elasticmapreduce",
        &["createCluster"],
        Some("StepFunctionsGetEventForEMRRunJobFlowRule"),
        &["elasticmapreduce:DescribeCluster"],
        &["elasticmapreduce:TerminateJobFlows"],
    ),
    job(
        "elasticmapreduce",
        &["terminateCluster"],
        Some("StepFunctionsGetEventForEMRTerminateJobFlowsRule"),
        &["elasticmapreduce:DescribeCluster"],
        &[],
    ),
    job(
        "elasticmapreduce",
        &["addStep"],
        Some("StepFunctionsGetEventForEMRAddJobFlowStepsRule"),
        &["elasticmapreduce:DescribeStep"],
        &["elasticmapreduce:CancelSteps"],
    ),
    job(
        "emr-serverless",
        &["createApplication"],
        Some("StepFunctionsGetEventsForEMRServerlessApplicationRule"),
        &["emr-serverless:GetApplication"],
        &["emr-serverless:DeleteApplication"],
    ),
    job(
        "emr-serverless",
        &["startApplication"],
        Some("StepFunctionsGetEventsForEMRServerlessApplicationRule"),
        &["emr-serverless:GetApplication"],
        &["emr-serverless:StopApplication"],
    ),
    job(
        "emr-serverless",
        &["stopApplication", "deleteApplication"],
        Some("StepFunctionsGetEventsForEMRServerlessApplicationRule"),
        &["emr-serverless:GetApplication"],
        &[],
    ),
    job(
        "emr-serverless",
        &["startJobRun"],
        Some("StepFunctionsGetEventsForEMRServerlessJobRule"),
        &["emr-serverless:GetJobRun"],
        &["emr-serverless:CancelJobRun"],
    ),
    job(
        "emr-serverless",
        &["cancelJobRun"],
        Some("StepFunctionsGetEventsForEMRServerlessJobRule"),
        &["emr-serverless:GetJobRun"],
        &[],
    ),
    job("glue", &["startJobRun"], None, &["glue:GetJobRun"], &["glue:BatchStopJobRun"]),
    job(
        "mediaconvert",
        &["createJob"],
        Some("StepFunctionsGetEventsForMediaConvertJobRule"),
        &["mediaconvert:GetJob"],
        &["mediaconvert:CancelJob"],
    ),
    job(
        "sagemaker",
        &["createTrainingJob"],
        Some("StepFunctionsGetEventsForSageMakerTrainingJobsRule"),
        &["sagemaker:DescribeTrainingJob"],
        &["sagemaker:StopTrainingJob"],
    ),
    job(
        "sagemaker",
        &["createTransformJob"],
        Some("StepFunctionsGetEventsForSageMakerTransformJobsRule"),
        &["sagemaker:DescribeTransformJob"],
        &["sagemaker:StopTransformJob"],
    ),
    job(
        "sagemaker",
        &["createHyperParameterTuningJob"],
        Some("StepFunctionsGetEventsForSageMakerTuningJobsRule"),
        &["sagemaker:DescribeHyperParameterTuningJob"],
        &["sagemaker:StopHyperParameterTuningJob"],
    ),
    job(
        "sagemaker",
        &["createLabelingJob"],
        Some("StepFunctionsGetEventsForSageMakerLabelingJobsRule"),
        &["sagemaker:DescribeLabelingJob"],
        &["sagemaker:StopLabelingJob"],
    ),
    job(
        "sagemaker",
        &["createProcessingJob"],
        Some("StepFunctionsGetEventsForSageMakerProcessingJobsRule"),
        &["sagemaker:DescribeProcessingJob"],
        &["sagemaker:StopProcessingJob"],
    ),
    job(
        "states",
        &["startExecution"],
        Some("StepFunctionsGetEventsForStepFunctionsExecutionRule"),
        &["states:DescribeExecution"],
        &["states:StopExecution"],
    ),
];

/// What tells a caller of S3 that an object is missing: to whoever may not list the bucket S3 says that it is
/// [forbidden](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
pub const MISSING_OBJECT: Needed = ("s3:ListBucket", Weight::Degrades);

/// Whether an action of S3 is one on objects, whose ARNs have a `/`: the
/// [resource types](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html) of its actions.
pub fn is_of_object(action: &str) -> bool {
    let Some(name) = action.strip_prefix("s3:") else { return false };
    let verbs = ["Get", "Put", "Delete", "Restore"];
    matches!(name, "AbortMultipartUpload" | "ListMultipartUploadParts")
        || verbs.iter().any(|verb| name.strip_prefix(verb).is_some_and(|rest| rest.starts_with("Object")))
}

/// The calls that ask S3 about one object.
pub const OF_OBJECTS: [&str; 3] = ["getObject", "getObjectTagging", "headObject"];

/// What a service asks of a key for a caller with this permission, where the key encrypts what the call works on:
/// [DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html),
/// [SQS](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html),
/// [SNS](https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html) and
/// [S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html), whose tags are no part of what is encrypted.
/// Of a table, whoever only reads needs the key to decrypt.
pub fn of_key(action: &str) -> &'static [Needed] {
    const READ: &[Needed] = &[("kms:Decrypt", Weight::Fails), ("kms:DescribeKey", Weight::Degrades)];
    const WRITE: &[Needed] = &[
        ("kms:Decrypt", Weight::Fails),
        ("kms:DescribeKey", Weight::Degrades),
        ("kms:Encrypt", Weight::Degrades),
        ("kms:GenerateDataKey*", Weight::Degrades),
        ("kms:ReEncrypt*", Weight::Degrades),
    ];
    const SEND: &[Needed] = &[("kms:Decrypt", Weight::Fails), ("kms:GenerateDataKey*", Weight::Fails)];
    // An object may be encrypted otherwise than the bucket does by default.
    const GET: &[Needed] = &[("kms:Decrypt", Weight::Degrades)];
    const PUT: &[Needed] = &[("kms:GenerateDataKey*", Weight::Degrades)];
    match action {
        _ if TableOperation::of_iam(action).is_some_and(|operation| !operation.writes()) => READ,
        _ if action.starts_with("dynamodb:") => WRITE,
        "sqs:SendMessage" | "sns:Publish" => SEND,
        "sqs:ReceiveMessage" | "s3:GetObject" | "s3:GetObjectVersion" => GET,
        "s3:PutObject" => PUT,
        _ => &[],
    }
}

/// The service whose calls use a key for a caller with this permission, as
/// [`kms:ViaService`](https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service) has it.
pub fn via_service(action: &str) -> Option<&str> {
    action.split(':').next().filter(|service| matches!(*service, "dynamodb" | "sqs" | "sns" | "s3"))
}

/// What EventBridge asks of a key to [send to an encrypted queue](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html), and
/// CloudWatch to [tell an encrypted topic](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html).
pub const SENDER_OF_KEY: [&str; 2] = ["kms:Decrypt", "kms:GenerateDataKey*"];

/// What CloudWatch Logs asks of the key of a
/// [log group](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html).
pub const LOGS_OF_KEY: [&str; 5] =
    ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_found_by_its_call() {
        let found = Job::find("states", "startExecution").unwrap();
        assert_eq!(found.rule, Some("StepFunctionsGetEventsForStepFunctionsExecutionRule"));
        assert_eq!(Job::find("glue", "startJobRun").unwrap().weight_of_poll(), Weight::Fails);
        assert!(Job::find("dynamodb", "putItem").is_none());
    }

    #[test]
    fn whoever_reads_a_table_needs_the_key_to_decrypt() {
        let names = |action| of_key(action).iter().map(|(name, _)| *name).collect::<Vec<_>>();
        assert_eq!(names("dynamodb:Query"), ["kms:Decrypt", "kms:DescribeKey"]);
        assert!(names("dynamodb:PutItem").contains(&"kms:Encrypt"));
        assert!(names("s3:GetObjectTagging").is_empty() && names("s3:ListBucket").is_empty());
    }
}
