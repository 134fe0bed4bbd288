use super::fault::CallFault;
use super::find::{find, target};
use super::optimized::{Custom, Optimized, Parameters};
use super::{Integration, Pattern, Style, error_prefix, iam};
use crate::aws::needs::Job;
use crate::aws::service_model::{Action, Service, Type, capital};

/// A call of a service that Step Functions can make.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    pub(super) service: &'static str,
    pub(super) action: &'static str,
    pub(super) pattern: Pattern,
    pub(super) how: How,
}

/// How a call is made.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    Optimized(&'static Optimized),
    Sdk(&'static Service, Action),
    /// What a Distributed Map reads from or writes to: only S3's actions.
    Map,
}

/// What a call answers.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// The type whose members the answer has.
    pub of: Type,
    /// Members that Step Functions adds.
    pub metadata: &'static [&'static str],
    /// Members that hold any JSON, where the service's own answer has a text.
    pub json: &'static [&'static str],
}

const METADATA: &[&str] = &["SdkHttpMetadata", "SdkResponseMetadata"];

impl Call {
    /// The call that a Task's `Resource` names. `Ok(None)` if it names something else: a function, an activity, or what is
    /// only known when it is deployed.
    ///
    /// # Errors
    /// There is no such call.
    pub fn find(resource: &str) -> Result<Option<Self>, CallFault> {
        find(resource)
    }

    /// The call of this service's action that waits for its answer, if there is one.
    pub fn named(style: Style, service: &str, action: &str) -> Option<Self> {
        Integration::new(style, service, action, Pattern::RequestResponse).call()
    }

    /// The call that the `Resource` of a Distributed Map's `ItemReader` or `ResultWriter` names.
    pub fn of_map(resource: &str) -> Option<Self> {
        let (service, action) = target(resource)?.0.split_once(':')?;
        Self::of_map_named(service, action)
    }

    pub(super) fn of_map_named(service: &str, action: &str) -> Option<Self> {
        let known = ["getObject", "listObjectsV2", "putObject"].into_iter().find(|known| *known == action);
        let action = known.filter(|_| service == "s3")?;
        Some(Self { service: "s3", action, pattern: Pattern::RequestResponse, how: How::Map })
    }

    /// The service, as the resource names it.
    pub fn service(&self) -> &'static str {
        self.service
    }

    /// The action, as the resource names it.
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// How it is waited for.
    pub fn pattern(&self) -> Pattern {
        self.pattern
    }

    /// Whether it is an `aws-sdk:` call.
    pub fn is_sdk(&self) -> bool {
        matches!(self.how, How::Sdk(..))
    }

    /// The service and action, as one text.
    pub fn name(&self) -> String {
        format!("{}:{}", self.service, self.action)
    }

    /// Whether it is this action of DynamoDB, S3 or another service whose two styles have one name.
    pub fn is(&self, service: &str, action: &str) -> bool {
        self.service == service && self.action == action
    }

    /// The structure of its parameters, if it is known.
    pub fn parameters(&self) -> Option<Type> {
        match self.how {
            How::Sdk(service, Action::Modelled(Some(input), _)) => Type::shape(service, input, true),
            How::Map if self.action != "putObject" => {
                let service = Service::find(self.service)?;
                match *service.block().actions.get(self.action)? {
                    Action::Modelled(Some(input), _) => Type::shape(service, input, true),
                    _ => None,
                }
            }
            How::Optimized(optimized) => self.modelled(optimized).and_then(|(service, action)| match action {
                Action::Modelled(Some(input), _) => Type::shape(service, input, false),
                _ => None,
            }),
            _ => None,
        }
    }

    /// The names of its parameters, if they are no service's own.
    pub fn custom(&self) -> Option<Custom> {
        match self.how {
            How::Optimized(Optimized { parameters: Parameters::Custom(custom), .. }) => Some(*custom),
            _ => None,
        }
    }

    /// The parameters that a call needs of which no model is published: the
    /// [`ResultWriter`](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html) of a Map,
    /// [Bedrock](https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock.html).
    pub(super) fn required(&self) -> &'static [&'static str] {
        match self.how {
            How::Map if self.action == "putObject" => &["Bucket"],
            How::Optimized(_) if self.is("bedrock", "invokeModel") => &["ModelId"],
            _ => &[],
        }
    }

    /// The members, from the outermost, that take any JSON where the service takes a text.
    pub fn any_json(&self) -> &'static [&'static str] {
        match self.how {
            How::Optimized(optimized) => optimized.any,
            _ => &[],
        }
    }

    /// What it answers, if that is known.
    pub fn answer(&self) -> Option<Answer> {
        if self.is("states", "startExecution") && self.pattern.is_sync() {
            let json: &[&str] = if self.pattern == Pattern::Sync2 { &["Input", "Output"] } else { &[] };
            let of = output(Service::find("sfn")?, "describeExecution", false)?;
            return Some(Answer { of, metadata: METADATA, json });
        }
        // A job of [Athena's](https://docs.aws.amazon.com/step-functions/latest/dg/sample-athena-query.html) answers what is known of the query.
        if self.is("athena", "startQueryExecution") && self.pattern.is_sync() {
            let of = output(Service::find("athena")?, "getQueryExecution", false)?;
            return Some(Answer { of, metadata: METADATA, json: &[] });
        }
        if self.pattern != Pattern::RequestResponse {
            return None;
        }
        match self.how {
            How::Sdk(service, _) => Some(Answer { of: output(service, self.action, true)?, metadata: &[], json: &[] }),
            How::Optimized(Optimized { parameters: Parameters::Of(service, action), .. }) => {
                let json: &[&str] = if self.is("lambda", "invoke") { &["Payload"] } else { &[] };
                Some(Answer { of: output(Service::find(service)?, action, false)?, metadata: METADATA, json })
            }
            _ => None,
        }
    }

    /// The IAM actions that a role needs for the call itself, and whether that is certain: if not, no role can be said to lack one. What
    /// `.sync` takes besides is the [`Job`]'s.
    pub fn iam_actions(&self) -> (Vec<String>, bool) {
        match self.how {
            How::Optimized(optimized) => {
                let actions: Vec<String> = optimized.iam.iter().map(|action| (*action).to_owned()).collect();
                // An API without authorization by IAM asks for no permission.
                let certain = !actions.is_empty() && optimized.service != "apigateway";
                (actions, certain)
            }
            How::Sdk(service, _) => iam::actions(service, self.action),
            How::Map if self.action == "listObjectsV2" => (vec!["s3:ListBucket".to_owned()], true),
            How::Map => (vec![format!("s3:{}", capital(self.action))], true),
        }
    }

    /// The job that it starts and waits for, if it does and what that needs is known.
    pub fn job(&self) -> Option<&'static Job> {
        Job::find(self.service, self.action).filter(|_| self.pattern.is_sync())
    }

    /// What the names of its errors begin with, if that is known: the two styles spell most services differently, and a name in the
    /// other style's spelling catches nothing.
    pub fn error_prefix(&self) -> Option<&'static str> {
        match self.how {
            How::Sdk(..) => error_prefix(Style::Sdk, self.service),
            How::Optimized(_) => error_prefix(Style::Optimized, self.service),
            How::Map => None,
        }
    }

    fn modelled(&self, optimized: &'static Optimized) -> Option<(&'static Service, Action)> {
        let Parameters::Of(service, action) = optimized.parameters else { return None };
        let service = Service::find(service)?;
        Some((service, *service.block().actions.get(action)?))
    }
}

fn output(service: &'static Service, action: &str, sdk: bool) -> Option<Type> {
    match service.block().actions.get(action)? {
        Action::Modelled(_, Some(output)) => Type::shape(service, *output, sdk),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::service_model::Kind;

    fn found(resource: &str) -> String {
        match Call::find(&format!("arn:aws:states:::{resource}")) {
            Ok(Some(call)) => format!("{}{}", call.name(), call.pattern().suffix()),
            Ok(None) => "unknown".to_owned(),
            Err(fault) => format!("{fault} -> {}", fault.meant().unwrap_or("?")),
        }
    }

    #[test]
    fn resources_name_calls() {
        for resource in [
            "dynamodb:putItem",
            "states:startExecution.sync:2",
            "lambda:invoke.waitForTaskToken",
            "glue:startJobRun.sync",
            "http:invoke",
            "emr-serverless:startJobRun.sync",
        ] {
            assert_eq!(found(resource), resource);
        }
        assert_eq!(found("aws-sdk:dynamodb:query"), "dynamodb:query");
        assert_eq!(found("aws-sdk:s3:listBuckets.waitForTaskToken"), "s3:listBuckets.waitForTaskToken");
        assert_eq!(found("aws-sdk:rds:describeDBInstances"), "rds:describeDBInstances");
    }

    #[test]
    fn what_names_no_call_is_told_what_was_meant() {
        for (resource, expected) in [
            ("dynamodb:PutItem", "`dynamodb` has no action `PutItem` -> dynamodb:putItem"),
            ("dynamodb:query", "`dynamodb:query` is not an optimized integration -> aws-sdk:dynamodb:query"),
            ("s3:getObject", "`s3:getObject` is not an optimized integration -> aws-sdk:s3:getObject"),
            ("dynamodb:frobnicate", "`dynamodb` has no action `frobnicate` -> ?"),
            ("dynamdb:putItem", "unknown service `dynamdb` -> dynamodb:putItem"),
            (
                "eventbridge:putEvents",
                "`eventbridge:putEvents` is not an optimized integration -> aws-sdk:eventbridge:putEvents",
            ),
            ("dynamodb:putItem.sync", "`dynamodb:putItem` cannot be called with `.sync` -> ?"),
            (
                "lambda:invoke.waitfortasktoken",
                "`lambda:invoke` cannot be called with `.waitfortasktoken` -> lambda:invoke.waitForTaskToken",
            ),
            ("aws-sdk:dynamoDB:query", "unknown service `dynamoDB` -> aws-sdk:dynamodb:query"),
            ("aws-sdk:states:startExecution", "unknown service `states` -> aws-sdk:sfn:startExecution"),
            ("aws-sdk:s3:GetObject", "`s3` has no action `GetObject` -> aws-sdk:s3:getObject"),
            (
                "aws-sdk:sfn:startExecution.sync",
                "`aws-sdk:sfn:startExecution` cannot be called with `.sync` -> states:startExecution.sync",
            ),
            ("aws-sdk:lookoutvision:startModel", "unknown"),
            ("lambda", "`lambda` has no action: expected SERVICE:ACTION or aws-sdk:SERVICE:ACTION -> ?"),
        ] {
            assert_eq!(found(resource), expected);
        }
    }

    #[test]
    fn other_resources_are_not_judged() {
        for resource in [
            "arn:aws:lambda:us-east-1:111111111111:function:f",
            "arn:aws:states:us-east-1:111111111111:activity:a",
            "${FunctionArn}",
            "arn:aws:states:::${Call}",
            "arn:aws:states:::lambda:${Action}",
            "",
            "arn:",
            "arn:${",
        ] {
            assert!(Call::find(resource).unwrap().is_none(), "{resource}");
        }
        let placed = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:aws-sdk:s3:getObject";
        assert!(Call::find(placed).unwrap().is_some());
        for partition in ["aws-cn", "${AWS::Partition}", "${Partition}", "<partition>"] {
            assert!(Call::find(&format!("arn:{partition}:states:::sns:publish")).unwrap().is_some(), "{partition}");
        }
    }

    #[test]
    fn answers_have_members() {
        let query = Call::find("arn:aws:states:::aws-sdk:dynamodb:query").unwrap().unwrap();
        let answer = query.answer().unwrap();
        assert!(matches!(answer.of.member("Count").unwrap().of.kind(), Kind::Integer));
        let Kind::List(item) = answer.of.member("Items").unwrap().of.kind() else { panic!() };
        let Kind::Map(value) = item.kind() else { panic!() };
        assert_eq!(value.member("Bool").unwrap().native, "BOOL");
        assert!(answer.of.member("Item").is_none());
    }

    #[test]
    fn calls_need_permissions() {
        for (resource, expected) in [
            ("dynamodb:putItem", "dynamodb:PutItem"),
            ("aws-sdk:dynamodb:query", "dynamodb:Query"),
            ("aws-sdk:s3:headObject", "s3:GetObject"),
            ("aws-sdk:s3:listObjectsV2", "s3:ListBucket"),
            ("aws-sdk:s3:copyObject", "s3:GetObject s3:PutObject"),
            ("lambda:invoke", "lambda:InvokeFunction"),
            ("aws-sdk:eventbridge:putEvents", "events:PutEvents"),
            ("states:startExecution.sync", "states:StartExecution"),
            ("aws-sdk:bedrockruntime:converse", "bedrock:InvokeModel"),
        ] {
            let call = Call::find(&format!("arn:aws:states:::{resource}")).unwrap().unwrap();
            assert_eq!(call.iam_actions(), (expected.split(' ').map(str::to_owned).collect(), true), "{resource}");
        }
    }
}
