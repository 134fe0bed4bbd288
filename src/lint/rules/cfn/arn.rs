use crate::aws::ResourceType;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedStack, LoadedTemplate};
use crate::source::Node;

rule! {
    /// Reference that gives no ARN
    ///
    /// # What it does
    /// Checks properties that take the ARN of something (roles, targets of rules, dead-letter queues, sources of events) and have a
    /// `Ref` or an attribute of a resource that gives a name or a URL, or an ARN of something else; and the other way round, properties that
    /// take a name or a URL (the roles of a policy, the queues of a queue policy) and have an ARN.
    ///
    /// Source: the references of the properties, such as
    /// [RoleArn](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html), and the [return
    /// values](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html) of `Ref`.
    ///
    /// # Why is this bad
    /// The service refuses the value, and the deployment fails.
    ///
    /// # Example
    /// ```yaml
    /// RoleArn: !Ref WorkflowRole   # the role's name
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// RoleArn: !GetAtt WorkflowRole.Arn
    /// ```
    pub(super) static RULE: "CFN417", "no-arn", Error = Stack(check);
}

/// What a property takes.
#[derive(Clone, Copy)]
enum Takes {
    /// An ARN.
    Arn,
    /// The ARN of a resource of this type.
    ArnOf(ResourceType),
    /// The URL of a queue.
    QueueUrl,
    /// The name of a resource of this type.
    NameOf(ResourceType),
}

use Takes::{Arn, ArnOf, NameOf, QueueUrl};

/// Properties by their paths, where `*` is any item of a list or any entry of a mapping.
const PROPERTIES: &[(ResourceType, &str, Takes)] = &[
    (ResourceType::ServerlessStateMachine, "Role", ArnOf(ResourceType::IamRole)),
    (ResourceType::ServerlessStateMachine, "Events/*/Properties/DeadLetterConfig/Arn", ArnOf(ResourceType::SqsQueue)),
    (ResourceType::ServerlessFunction, "Role", ArnOf(ResourceType::IamRole)),
    (ResourceType::ServerlessFunction, "Events/*/Properties/Queue", ArnOf(ResourceType::SqsQueue)),
    (ResourceType::ServerlessFunction, "Events/*/Properties/Stream", Arn),
    (ResourceType::ServerlessFunction, "Events/*/Properties/Topic", ArnOf(ResourceType::SnsTopic)),
    (ResourceType::ApiGatewayMethod, "Integration/Credentials", ArnOf(ResourceType::IamRole)),
    (ResourceType::ApiGatewayV2Integration, "CredentialsArn", ArnOf(ResourceType::IamRole)),
    (ResourceType::IamPolicy, "Roles/*", NameOf(ResourceType::IamRole)),
    (ResourceType::IamManagedPolicy, "Roles/*", NameOf(ResourceType::IamRole)),
    (ResourceType::IamRolePolicy, "RoleName", NameOf(ResourceType::IamRole)),
    (ResourceType::S3BucketPolicy, "Bucket", NameOf(ResourceType::S3Bucket)),
    (ResourceType::StepFunctionsStateMachine, "RoleArn", ArnOf(ResourceType::IamRole)),
    (ResourceType::LambdaFunction, "Role", ArnOf(ResourceType::IamRole)),
    (ResourceType::LambdaEventSourceMapping, "EventSourceArn", Arn),
    (ResourceType::LambdaPermission, "SourceArn", Arn),
    (ResourceType::EventsRule, "RoleArn", ArnOf(ResourceType::IamRole)),
    (ResourceType::EventsRule, "Targets/*/Arn", Arn),
    (ResourceType::EventsRule, "Targets/*/RoleArn", ArnOf(ResourceType::IamRole)),
    (ResourceType::EventsRule, "Targets/*/DeadLetterConfig/Arn", ArnOf(ResourceType::SqsQueue)),
    (ResourceType::SchedulerSchedule, "Target/Arn", Arn),
    (ResourceType::SchedulerSchedule, "Target/RoleArn", ArnOf(ResourceType::IamRole)),
    (ResourceType::SchedulerSchedule, "Target/DeadLetterConfig/Arn", ArnOf(ResourceType::SqsQueue)),
    (ResourceType::PipesPipe, "RoleArn", ArnOf(ResourceType::IamRole)),
    (ResourceType::PipesPipe, "Source", Arn),
    (ResourceType::PipesPipe, "Target", Arn),
    (ResourceType::SqsQueue, "RedrivePolicy/deadLetterTargetArn", ArnOf(ResourceType::SqsQueue)),
    (ResourceType::SnsSubscription, "TopicArn", ArnOf(ResourceType::SnsTopic)),
    (ResourceType::SnsTopicPolicy, "Topics/*", ArnOf(ResourceType::SnsTopic)),
    (ResourceType::SqsQueuePolicy, "Queues/*", QueueUrl),
    (ResourceType::S3Bucket, "NotificationConfiguration/QueueConfigurations/*/Queue", ArnOf(ResourceType::SqsQueue)),
    (ResourceType::S3Bucket, "NotificationConfiguration/TopicConfigurations/*/Topic", ArnOf(ResourceType::SnsTopic)),
    (ResourceType::S3Bucket, "NotificationConfiguration/LambdaConfigurations/*/Function", Arn),
    (ResourceType::CloudWatchAlarm, "AlarmActions/*", Arn),
];

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    let Some(template) = stack.template.as_ref().filter(|template| !template.other_transforms) else { return };
    for (id, resource) in &template.resources {
        let Some(properties) = template.properties(id) else { continue };
        for (_, path, takes) in PROPERTIES.iter().filter(|(of, ..)| resource.resource_type == *of) {
            let steps: Vec<&str> = path.split('/').collect();
            let mut found = Vec::new();
            values(properties, &steps, String::new(), &mut found);
            for (pointer, node) in found {
                judge(
                    template,
                    id,
                    (*takes, steps.iter().rev().find(|step| **step != "*").copied().unwrap_or_default()),
                    (&pointer, node),
                    findings,
                );
            }
        }
    }
}

/// The values that a path leads to.
fn values<'a>(node: &'a Node, steps: &[&str], pointer: String, found: &mut Vec<(String, &'a Node)>) {
    let Some((step, rest)) = steps.split_first() else { return found.push((pointer, node)) };
    if Call::of(node).is_some() {
        return;
    }
    for (at, item) in node.items().iter().enumerate().filter(|_| *step == "*") {
        values(item, rest, format!("{pointer}/{at}"), found);
    }
    for (key, value) in node.entries() {
        let Some(name) = key.as_str().filter(|name| *step == "*" || name == step) else { continue };
        values(value, rest, format!("{pointer}{}", crate::loaded::below("", name)), found);
    }
}

fn judge(
    template: &LoadedTemplate,
    id: &str,
    (takes, property): (Takes, &str),
    (pointer, node): (&str, &Node),
    findings: &mut Findings<'_>,
) {
    let Some(call) = Call::of(node) else { return };
    let (name, attribute) = match call.name {
        "Ref" => (call.text(), None),
        "GetAtt" => match call.attribute() {
            Some((name, attribute)) => (Some(name), Some(attribute)),
            None => return,
        },
        _ => return,
    };
    let Some(resource) = name.and_then(|name| template.resources.get(name)) else { return };
    let Some(kind) = ResourceType::of(&resource.resource_type) else { return };
    let name = &resource.logical_id;
    let is_arn = match attribute {
        None => !kind.ref_is_no_arn(),
        Some(attribute) => attribute.ends_with("Arn"),
    };
    let problem = match takes {
        Arn | ArnOf(_) if !is_arn && kind.ref_is_no_arn() => {
            let given = attribute.map_or_else(|| "`Ref`".to_owned(), |attribute| format!("`{attribute}`"));
            Some((format!("{given} of `{name}` gives no ARN"), format!("`!GetAtt {name}.Arn`")))
        }
        Arn | ArnOf(_) if attribute.is_some_and(|attribute| attribute.ends_with("Name")) => {
            Some((format!("the name of `{name}` is no ARN"), format!("`!Ref {name}`")))
        }
        NameOf(wanted) if kind == wanted && is_arn && attribute.is_some() => {
            Some((format!("the ARN of `{name}` is no name"), format!("`!Ref {name}`")))
        }
        ArnOf(wanted) if kind != wanted && (is_arn && kind.arn(name, "", "").is_some()) => Some((
            format!("`{name}` is of type `{}`", kind.as_str()),
            format!("it takes one of type `{}`", wanted.as_str()),
        )),
        QueueUrl if kind == ResourceType::SqsQueue && attribute == Some("Arn") => {
            Some((format!("the ARN of `{name}` is no URL"), format!("`!Ref {name}`")))
        }
        _ => None,
    };
    if let Some((problem, help)) = problem {
        let message = format!("{problem}, and `{property}` takes {}: the deployment fails", words(takes));
        findings.add(template.place(id, pointer, node), message).help(help);
    }
}

fn words(takes: Takes) -> String {
    match takes {
        Arn => "an ARN".to_owned(),
        ArnOf(ResourceType::IamRole) => "the ARN of a role".to_owned(),
        ArnOf(ResourceType::SqsQueue) => "the ARN of a queue".to_owned(),
        ArnOf(ResourceType::SnsTopic) => "the ARN of a topic".to_owned(),
        ArnOf(kind) => format!("the ARN of one of type `{}`", kind.as_str()),
        QueueUrl => "the URL of a queue".to_owned(),
        NameOf(ResourceType::S3Bucket) => "the name of a bucket".to_owned(),
        NameOf(_) => "the name of a role".to_owned(),
    }
}
