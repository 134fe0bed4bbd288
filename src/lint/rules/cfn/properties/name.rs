//! The rules of services for the names of resources, which are in no schema.

use crate::aws::ResourceType;
use crate::lint::Findings;
use crate::loaded::{Call, LoadedTemplate, below, replace};
use crate::name::{NameError, StateMachineName, TableName};
use crate::source::{Kind, Node};

use super::is_unknown;

/// Looks at the name that a resource gives itself.
pub(super) fn check(template: &LoadedTemplate, id: &str, properties: &Node, findings: &mut Findings<'_>) {
    let Some(kind) = template.resources.get(id).and_then(|resource| ResourceType::of(&resource.resource_type)) else {
        return;
    };
    let Some(property) = kind.name_property() else { return };
    if let Some(node) = properties.get(property) {
        substituted(template, id, (kind, property), node, findings);
    }
    let Some(node) = properties.get(property).filter(|node| Call::of(node).is_none() && !is_unknown(node)) else {
        return;
    };
    let Some(name) = node.as_str() else { return };
    let place = || template.place(id, &below("", property), node);
    let (service, error) = if ResourceType::STATE_MACHINES.contains(&kind) {
        // The schema knows how long it may be.
        let long = (1..=80).contains(&name.chars().count());
        ("Step Functions", long.then(|| StateMachineName::parse(name).err()).flatten())
    } else if kind == ResourceType::ServerlessSimpleTable || ResourceType::TABLES.contains(&kind) {
        ("DynamoDB", TableName::parse(name).err())
    } else {
        if let Some(message) = fifo(kind, properties, name) {
            findings.add(place(), message);
        }
        return;
    };
    let Some(error) = error.as_ref().map(NameError::to_string) else { return };
    let (message, help) = error.split_once('\n').unwrap_or((&error, ""));
    let finding = findings.add(place(), format!("{service} refuses the name: {message}"));
    if !help.is_empty() {
        finding.help(help);
    }
}

/// The characters that the names of a type have: those of [buckets](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html),
/// [log groups](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html), tables, queues and topics.
fn allowed(kind: ResourceType) -> Option<fn(char) -> bool> {
    Some(match kind {
        ResourceType::S3Bucket => |c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c),
        ResourceType::LogsLogGroup => |c| c.is_ascii_alphanumeric() || ".-_/#".contains(c),
        ResourceType::SqsQueue | ResourceType::SnsTopic => |c| c.is_ascii_alphanumeric() || ".-_".contains(c),
        _ if ResourceType::TABLES.contains(&kind) => |c| c.is_ascii_alphanumeric() || ".-_".contains(c),
        _ => return None,
    })
}

/// What a `Sub` says itself of a name: its own characters have to be such as the name may have.
fn substituted(
    template: &LoadedTemplate,
    id: &str,
    (kind, property): (ResourceType, &str),
    node: &Node,
    findings: &mut Findings<'_>,
) {
    let Some(call) = Call::of(node).filter(|call| call.name == "Sub") else { return };
    let Some(text) = call.sub().and_then(|(text, _)| text.as_str()) else { return };
    let Some(allowed) = allowed(kind).filter(|_| !text.contains("{{") && !text.contains("${!")) else { return };
    let own = replace(text, 4096, |_| Some(String::new()));
    let Some(wrong) = own.chars().find(|c| !allowed(*c)) else { return };
    let message = format!("the name of a resource of type `{}` has no `{wrong}`: the deployment fails", kind.as_str());
    findings.add(template.place(id, &below("", property), node), message);
}

/// The name of a [FIFO queue](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html) or
/// [topic](https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html) ends with `.fifo`, and that of no other has a point.
fn fifo(kind: ResourceType, properties: &Node, name: &str) -> Option<String> {
    let (switch, what) = match kind {
        ResourceType::SqsQueue => ("FifoQueue", "queue"),
        ResourceType::SnsTopic => ("FifoTopic", "topic"),
        _ => return None,
    };
    let ends = name.ends_with(".fifo");
    let on = match properties.get(switch) {
        None => Some(false),
        Some(node) => match (&node.kind, node.as_str()) {
            (Kind::Bool(on), _) => Some(*on),
            (_, Some("true")) => Some(true),
            (_, Some("false")) => Some(false),
            _ => None,
        },
    };
    match on? {
        true if !ends => Some(format!("the name of a FIFO {what} ends with `.fifo`: the deployment fails")),
        false if ends => {
            Some(format!("only a FIFO {what} (`{switch}: true`) has a name with `.fifo`: the deployment fails"))
        }
        _ => None,
    }
}
