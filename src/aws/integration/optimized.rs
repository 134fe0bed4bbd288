use super::Pattern::{self, RequestResponse, Sync, Sync2, WaitForTaskToken};

/// An [optimized integration](https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html).
#[derive(Debug)]
pub(super) struct Optimized {
    pub(super) service: &'static str,
    pub(super) action: &'static str,
    /// How it can be called.
    pub(super) patterns: &'static [Pattern],
    /// Where its types are.
    pub(super) parameters: Parameters,
    /// Its IAM actions.
    pub(super) iam: &'static [&'static str],
    /// The members, from the outermost, that take any JSON where the service takes a text.
    pub(super) any: &'static [&'static str],
}

/// Where the parameters of an optimized integration are described.
#[derive(Debug, Clone, Copy)]
pub(super) enum Parameters {
    /// As of the service's own action: of this service of the archive, and this action.
    Of(&'static str, &'static str),
    /// Named here.
    Custom(Custom),
    /// Not known.
    Unknown,
}

/// The parameters of an integration that is not one of a service's own actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Custom {
    /// Those that it needs.
    pub required: &'static [&'static str],
    /// Those that it may have.
    pub optional: &'static [&'static str],
}

const CALL: &[Pattern] = &[RequestResponse];
const JOB: &[Pattern] = &[RequestResponse, Sync];
const TOKEN: &[Pattern] = &[RequestResponse, WaitForTaskToken];
const TASK: &[Pattern] = &[RequestResponse, Sync, WaitForTaskToken];

const API_GATEWAY: Custom = Custom {
    required: &["ApiEndpoint", "Method"],
    optional: &["Headers", "Stage", "Path", "QueryParameters", "RequestBody", "AllowNullValues", "AuthType"],
};
const HTTP: Custom = Custom {
    required: &["ApiEndpoint", "Method"],
    optional: &["Authentication", "InvocationConfig", "Headers", "QueryParameters", "RequestBody", "Transform"],
};

const fn own(
    service: &'static str,
    action: &'static str,
    patterns: &'static [Pattern],
    of: (&'static str, &'static str),
    iam: &'static [&'static str],
) -> Optimized {
    let (model, call) = of;
    let parameters = if call.is_empty() { Parameters::Unknown } else { Parameters::Of(model, call) };
    Optimized { service, action, patterns, parameters, iam, any: &[] }
}

const fn any(mut integration: Optimized, any: &'static [&'static str]) -> Optimized {
    integration.any = any;
    integration
}

const fn other(mut integration: Optimized, parameters: Parameters) -> Optimized {
    integration.parameters = parameters;
    integration
}

/// One whose parameters are those of its own action, in a service of this name.
macro_rules! same {
    ($service:literal, $action:literal, $patterns:expr, $model:literal, $iam:expr) => {
        own($service, $action, $patterns, ($model, $action), $iam)
    };
}

/// All of them; those of a service stand together.
pub(super) static OPTIMIZED: &[Optimized] = &[
    other(own("apigateway", "invoke", TOKEN, ("", ""), &["execute-api:Invoke"]), Parameters::Custom(API_GATEWAY)),
    same!("athena", "startQueryExecution", JOB, "athena", &["athena:StartQueryExecution"]),
    same!("athena", "stopQueryExecution", CALL, "athena", &["athena:StopQueryExecution"]),
    same!("athena", "getQueryExecution", CALL, "athena", &["athena:GetQueryExecution"]),
    same!("athena", "getQueryResults", CALL, "athena", &["athena:GetQueryResults"]),
    same!("batch", "submitJob", JOB, "batch", &["batch:SubmitJob"]),
    own("bedrock", "invokeModel", CALL, ("", ""), &["bedrock:InvokeModel"]),
    same!("bedrock", "createModelCustomizationJob", JOB, "bedrock", &["bedrock:CreateModelCustomizationJob"]),
    same!("codebuild", "startBuild", JOB, "codebuild", &["codebuild:StartBuild"]),
    same!("codebuild", "stopBuild", CALL, "codebuild", &["codebuild:StopBuild"]),
    same!("codebuild", "batchDeleteBuilds", CALL, "codebuild", &["codebuild:BatchDeleteBuilds"]),
    same!("codebuild", "batchGetReports", CALL, "codebuild", &["codebuild:BatchGetReports"]),
    same!("codebuild", "startBuildBatch", JOB, "codebuild", &["codebuild:StartBuildBatch"]),
    same!("codebuild", "stopBuildBatch", CALL, "codebuild", &["codebuild:StopBuildBatch"]),
    same!("codebuild", "retryBuildBatch", JOB, "codebuild", &["codebuild:RetryBuildBatch"]),
    same!("codebuild", "deleteBuildBatch", CALL, "codebuild", &["codebuild:DeleteBuildBatch"]),
    same!("databrew", "startJobRun", JOB, "databrew", &["databrew:StartJobRun"]),
    same!("dynamodb", "getItem", CALL, "dynamodb", &["dynamodb:GetItem"]),
    same!("dynamodb", "putItem", CALL, "dynamodb", &["dynamodb:PutItem"]),
    same!("dynamodb", "updateItem", CALL, "dynamodb", &["dynamodb:UpdateItem"]),
    same!("dynamodb", "deleteItem", CALL, "dynamodb", &["dynamodb:DeleteItem"]),
    same!("ecs", "runTask", TASK, "ecs", &["ecs:RunTask"]),
    same!("eks", "createCluster", JOB, "eks", &["eks:CreateCluster"]),
    same!("eks", "createNodegroup", JOB, "eks", &["eks:CreateNodegroup"]),
    same!("eks", "deleteCluster", JOB, "eks", &["eks:DeleteCluster"]),
    same!("eks", "deleteNodegroup", JOB, "eks", &["eks:DeleteNodegroup"]),
    own("eks", "call", CALL, ("", ""), &[]),
    own("eks", "runJob", JOB, ("", ""), &[]),
    own("elasticmapreduce", "createCluster", JOB, ("", ""), &["elasticmapreduce:RunJobFlow"]),
    own("elasticmapreduce", "terminateCluster", JOB, ("", ""), &["elasticmapreduce:TerminateJobFlows"]),
    own("elasticmapreduce", "addStep", JOB, ("", ""), &["elasticmapreduce:AddJobFlowSteps"]),
    own("elasticmapreduce", "cancelStep", CALL, ("", ""), &["elasticmapreduce:CancelSteps"]),
    own(
        "elasticmapreduce",
        "setClusterTerminationProtection",
        CALL,
        ("", ""),
        &["elasticmapreduce:SetTerminationProtection"],
    ),
    own("elasticmapreduce", "modifyInstanceFleetByName", CALL, ("", ""), &["elasticmapreduce:ModifyInstanceFleet"]),
    own("elasticmapreduce", "modifyInstanceGroupByName", CALL, ("", ""), &["elasticmapreduce:ModifyInstanceGroups"]),
    same!("emr-containers", "createVirtualCluster", CALL, "emrcontainers", &["emr-containers:CreateVirtualCluster"]),
    same!("emr-containers", "deleteVirtualCluster", JOB, "emrcontainers", &["emr-containers:DeleteVirtualCluster"]),
    same!("emr-containers", "startJobRun", JOB, "emrcontainers", &["emr-containers:StartJobRun"]),
    same!("emr-serverless", "createApplication", JOB, "emrserverless", &["emr-serverless:CreateApplication"]),
    same!("emr-serverless", "startApplication", JOB, "emrserverless", &["emr-serverless:StartApplication"]),
    same!("emr-serverless", "stopApplication", JOB, "emrserverless", &["emr-serverless:StopApplication"]),
    same!("emr-serverless", "deleteApplication", JOB, "emrserverless", &["emr-serverless:DeleteApplication"]),
    same!("emr-serverless", "startJobRun", JOB, "emrserverless", &["emr-serverless:StartJobRun"]),
    same!("emr-serverless", "cancelJobRun", JOB, "emrserverless", &["emr-serverless:CancelJobRun"]),
    any(same!("events", "putEvents", TOKEN, "eventbridge", &["events:PutEvents"]), &["Entries", "Detail"]),
    same!("glue", "startJobRun", JOB, "glue", &["glue:StartJobRun"]),
    other(own("http", "invoke", CALL, ("", ""), &["states:InvokeHTTPEndpoint"]), Parameters::Custom(HTTP)),
    any(same!("lambda", "invoke", TOKEN, "lambda", &["lambda:InvokeFunction"]), &["Payload"]),
    own("mediaconvert", "createJob", JOB, ("", ""), &["mediaconvert:CreateJob"]),
    same!("sagemaker", "createEndpoint", CALL, "sagemaker", &["sagemaker:CreateEndpoint"]),
    same!("sagemaker", "createEndpointConfig", CALL, "sagemaker", &["sagemaker:CreateEndpointConfig"]),
    same!("sagemaker", "createHyperParameterTuningJob", JOB, "sagemaker", &["sagemaker:CreateHyperParameterTuningJob"]),
    same!("sagemaker", "createLabelingJob", JOB, "sagemaker", &["sagemaker:CreateLabelingJob"]),
    same!("sagemaker", "createModel", CALL, "sagemaker", &["sagemaker:CreateModel"]),
    same!("sagemaker", "createProcessingJob", JOB, "sagemaker", &["sagemaker:CreateProcessingJob"]),
    same!("sagemaker", "createTrainingJob", JOB, "sagemaker", &["sagemaker:CreateTrainingJob"]),
    same!("sagemaker", "createTransformJob", JOB, "sagemaker", &["sagemaker:CreateTransformJob"]),
    same!("sagemaker", "updateEndpoint", CALL, "sagemaker", &["sagemaker:UpdateEndpoint"]),
    any(same!("sns", "publish", TOKEN, "sns", &["sns:Publish"]), &["Message"]),
    any(same!("sqs", "sendMessage", TOKEN, "sqs", &["sqs:SendMessage"]), &["MessageBody"]),
    any(
        own(
            "states",
            "startExecution",
            &[RequestResponse, Sync, Sync2, WaitForTaskToken],
            ("sfn", "startExecution"),
            &["states:StartExecution"],
        ),
        &["Input"],
    ),
];

impl Optimized {
    pub(super) fn find(service: &str, action: &str) -> Option<&'static Self> {
        OPTIMIZED.iter().find(|found| found.service == service && found.action == action)
    }

    /// The actions of a service.
    pub(super) fn actions(service: &str) -> impl Iterator<Item = &'static str> {
        OPTIMIZED.iter().filter(move |found| found.service == service).map(|found| found.action)
    }

    /// The service of the archive whose own calls the `aws-sdk:` style would make instead.
    pub(super) fn sdk_name(service: &str) -> &str {
        match service {
            "states" | "stepfunctions" => "sfn",
            "events" => "eventbridge",
            "logs" => "cloudwatchlogs",
            "elasticmapreduce" => "emr",
            "emr-containers" => "emrcontainers",
            "emr-serverless" => "emrserverless",
            "cognito-idp" => "cognitoidentityprovider",
            "stepFunctions" => "sfn",
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::service_model::{Action, Service};

    #[test]
    fn every_integration_finds_its_types() {
        for found in OPTIMIZED {
            let Parameters::Of(service, action) = found.parameters else { continue };
            let block = Service::find(service).unwrap_or_else(|| panic!("{service}")).block();
            let modelled = matches!(block.actions.get(action), Some(Action::Modelled(Some(_), _)));
            assert!(modelled, "{service}:{action}");
        }
    }
}
