use crate::aws::ResourceType;
use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::task::{Given, ServiceTask, substitution};
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::below;
use crate::source::Node;

rule! {
    /// Parameter that names the wrong resource
    ///
    /// # What it does
    /// Checks what substitutions put into the parameters that say what a call works on: `TableName` takes a table, `QueueUrl` the URL
    /// of a queue, `TopicArn` the ARN of a topic, `Bucket` the name of a bucket, `FunctionName` a function, `StateMachineArn` a state
    /// machine, and the `Resource` of a Task the ARN of a function or an activity. Only resources of the same template are looked at, and
    /// texts that are plainly something else, such as an ARN for `QueueUrl`.
    ///
    /// Source: the references of the calls, such as
    /// [SendMessage](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
    ///
    /// # Why is this bad
    /// The service refuses every call.
    ///
    /// # Example
    /// ```yaml
    /// DefinitionSubstitutions:
    ///   QueueUrl: !GetAtt FilesQueue.Arn
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// DefinitionSubstitutions:
    ///   QueueUrl: !Ref FilesQueue
    /// ```
    pub(super) static RULE: "API208", "wrong-resource", Error = State(check);
}

/// How a parameter names what it takes.
#[derive(Clone, Copy, PartialEq)]
enum By {
    Name,
    NameOrArn,
    Arn,
    Url,
}

/// A parameter: the services that have it, its name, what it takes, how, and in words.
type Parameter = (&'static [&'static str], &'static str, &'static [ResourceType], By, &'static str);

const PARAMETERS: &[Parameter] = &[
    (
        &["dynamodb"],
        "TableName",
        &[ResourceType::DynamoDbTable, ResourceType::DynamoDbGlobalTable, ResourceType::ServerlessSimpleTable],
        By::NameOrArn,
        "the name or the ARN of a table",
    ),
    (&["sqs"], "QueueUrl", &[ResourceType::SqsQueue], By::Url, "the URL of a queue"),
    (&["sns"], "TopicArn", &[ResourceType::SnsTopic], By::Arn, "the ARN of a topic"),
    (&["s3"], "Bucket", &[ResourceType::S3Bucket], By::Name, "the name of a bucket"),
    (&["lambda"], "FunctionName", &ResourceType::FUNCTIONS, By::NameOrArn, "the name or the ARN of a function"),
    (&["states", "sfn"], "StateMachineArn", &ResourceType::STATE_MACHINES, By::Arn, "the ARN of a state machine"),
];

/// What a Task without a service's call runs.
const RUN: [ResourceType; 3] =
    [ResourceType::LambdaFunction, ResourceType::ServerlessFunction, ResourceType::StepFunctionsActivity];

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    if let Some(node) = state.get("Resource").filter(|_| state.is(StateType::Task))
        && let Some(problem) = problem(machine, node, &RUN, By::Arn)
    {
        let message =
            format!("{problem}, and `Resource` takes the ARN of a function or an activity: the definition is refused");
        findings.add(machine.place(&state.pointer_to("Resource"), node), message);
    }
    let Some(task) = ServiceTask::of(state, machine) else { return };
    let Some(parameters) = task.parameters else { return };
    for (services, field, types, by, words) in PARAMETERS {
        if !services.contains(&task.call.service()) {
            continue;
        }
        let node = match Given::of(parameters, field) {
            Given::Literal(_, node) | Given::Open(node) => node,
            Given::Nothing => continue,
        };
        let literal = matches!(Given::of(parameters, field), Given::Literal(..));
        let of_text = || node.as_str().filter(|_| literal).and_then(|text| misread(text, types[0]));
        let Some(problem) = problem(machine, node, types, *by).or_else(of_text) else { continue };
        let message = format!("{problem}, and `{field}` takes {words}: the call fails each time");
        findings.add(machine.place(&below(&task.pointer, field), node), message);
    }
}

/// What a text plainly is that names no resource of this type.
fn misread(text: &str, kind: ResourceType) -> Option<String> {
    let is_arn = text.starts_with("arn:");
    match kind {
        ResourceType::SqsQueue if is_arn => Some("this is an ARN".to_owned()),
        ResourceType::S3Bucket if text.starts_with("arn:") && text.contains(":s3:::") => {
            Some("this is an ARN".to_owned())
        }
        ResourceType::S3Bucket if text.starts_with("s3://") => Some("this is a URI".to_owned()),
        ResourceType::SnsTopic if !is_arn || !text.contains(":sns:") => Some("this is no ARN of a topic".to_owned()),
        _ if ResourceType::STATE_MACHINES.contains(&kind) && !(is_arn && text.contains(":stateMachine:")) => {
            Some("this is no ARN of a state machine".to_owned())
        }
        _ => None,
    }
}

/// What is wrong with what a substitution puts in, if that is just what a resource's `Ref` or ARN gives.
fn problem(machine: &MachineView<'_>, node: &Node, types: &[ResourceType], by: By) -> Option<String> {
    let found = substitution(node, machine.machine)?;
    let (id, given) = (found.logical_id.as_deref()?, found.value.as_str()?);
    let template = machine.stack.template.as_ref()?;
    let kind = ResourceType::of(&template.resources.get(id)?.resource_type)?;
    let resolver = machine.stack.resolver()?;
    let (name, arn) = (resolver.physical_name(id), resolver.arn(id));
    let url = format!("/{name}");
    let is_url = kind == ResourceType::SqsQueue && given.starts_with("https://") && given.ends_with(&url);
    // A text in which the reference is only a part may name anything.
    let is = match given {
        _ if given == name => By::Name,
        _ if given == arn => By::Arn,
        _ if is_url => By::Url,
        _ => return None,
    };
    if !types.contains(&kind) {
        // An alias or a version stands for a function, and what has no ARN here is not known well enough.
        return kind.arn("", "", "").is_some().then(|| format!("`{id}` is of type `{}`", kind.as_str()));
    }
    let right = match by {
        By::NameOrArn => is != By::Url,
        _ => is == by,
    };
    let given = match is {
        By::Name => "the name",
        By::Arn | By::NameOrArn => "the ARN",
        By::Url => "the URL",
    };
    (!right).then(|| format!("this is {given} of `{id}`"))
}
