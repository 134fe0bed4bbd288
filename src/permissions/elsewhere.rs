//! What allows an action besides the role that does it: the policies of what it is done to.

use crate::aws::ResourceType;
use crate::loaded::LoadedTemplate;
use crate::source::Node;

use super::allowed::Principal;
use super::granted::Granted;
use super::needed::Need;

/// Whether a policy of the resource itself may allow what the role does not.
pub(super) fn may_allow(template: &LoadedTemplate, need: &Need) -> bool {
    let policies: &[ResourceType] = match need.action.split(':').next().unwrap_or_default() {
        "s3" => &[ResourceType::S3BucketPolicy],
        "sqs" => &[ResourceType::SqsQueuePolicy, ResourceType::SqsQueueInlinePolicy],
        "sns" => &[ResourceType::SnsTopicPolicy, ResourceType::SnsTopicInlinePolicy],
        "lambda" => {
            // A permission for another service does not help the role.
            let permissions = template.of_type(ResourceType::LambdaPermission);
            let mut bodies = permissions.filter_map(|permission| template.properties(&permission.logical_id));
            return bodies.any(|properties| {
                let principal = properties.get("Principal").and_then(Node::as_str);
                principal.is_none_or(|name| !name.ends_with(".amazonaws.com") || name.starts_with("states."))
            });
        }
        "events" => &[ResourceType::EventsEventBusPolicy],
        "kms" => return key_may_allow(template, need),
        "secretsmanager" => &[ResourceType::SecretsManagerResourcePolicy],
        "dynamodb" => return has_table_policy(template),
        _ => &[],
    };
    let documents = policies.iter().flat_map(|resource_type| template.of_type(*resource_type));
    documents.into_iter().any(|policy| {
        let properties = template.properties(&policy.logical_id);
        let Some(document) = properties.and_then(|properties| properties.get("PolicyDocument")) else { return true };
        let policy = Granted::of_document(template, &policy.logical_id, document, "/PolicyDocument");
        speaks_of_roles(&policy, &need.action)
    })
}

/// Whether a policy may allow an action to a role by itself.
fn speaks_of_roles(policy: &Granted, action: &str) -> bool {
    let of_role = |principal: &Principal| matches!(principal, Principal::Anybody | Principal::Somebody);
    let mut statements = policy.statements.iter();
    policy.open
        || statements.any(|statement| statement.allows(action, None) && statement.principals.iter().any(of_role))
}

/// A table's policy stands in the table, a global table's in each replica.
fn has_table_policy(template: &LoadedTemplate) -> bool {
    let mut tables = ResourceType::TABLES.iter().flat_map(|resource_type| template.of_type(*resource_type));
    tables.any(|table| {
        let Some(properties) = template.properties(&table.logical_id) else { return false };
        let replicas = properties.get("Replicas").map_or(&[][..], Node::items);
        std::iter::once(properties).chain(replicas).any(|holder| holder.get("ResourcePolicy").is_some())
    })
}

/// Whether the policy of a key of the template may allow an action by itself. A key that is elsewhere has a policy that is not known.
fn key_may_allow(template: &LoadedTemplate, need: &Need) -> bool {
    let Some(id) = need.resource.as_deref().and_then(|arn| arn.rsplit_once(":key/")).map(|(_, id)| id) else {
        return true;
    };
    let document = template.properties(id).and_then(|properties| properties.get("KeyPolicy"));
    document.is_none_or(|document| {
        speaks_of_roles(&Granted::of_document(template, id, document, "/KeyPolicy"), &need.action)
    })
}
