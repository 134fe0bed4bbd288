use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};
use crate::loaded::LoadedTemplate;
use crate::permissions::Granted;
use crate::permissions::Needs;

rule! {
    /// A call that the state machine's role does not allow
    ///
    /// # What it does
    /// Holds the calls of a workflow against the role that the same template gives it: SAM's policy templates, statements, policies that name
    /// the role, and AWS's own policies. Where a policy is not known, or something else may allow the call, nothing is said.
    ///
    /// # Why is this bad
    /// The state fails each time: `is not authorized to perform`.
    ///
    /// # Example
    /// ```yaml
    /// Policies:
    ///   - DynamoDBReadPolicy: { TableName: !Ref FilesTable }   # and the workflow calls dynamodb:putItem
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Policies:
    ///   - Statement:
    ///       - { Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt FilesTable.Arn }
    /// ```
    pub(super) static RULE: "IAM601", "missing-permission", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(granted) = Granted::of(machine).filter(|granted| !granted.open) else { return };
    let Some(template) = machine.stack.template.as_ref() else { return };
    for need in Needs::of(machine).all.iter().filter(|need| need.certain) {
        let action = need.action.as_str();
        if granted.allows(action, need.resource.as_deref()) || others_may_allow(template, action) {
            continue;
        }
        let id = machine.machine.logical_id.as_deref().unwrap_or_default();
        // Region and account are made up: what follows them is what the template says.
        let resource = need.resource.as_deref().and_then(|arn| arn.splitn(6, ':').nth(5)).unwrap_or("*");
        let message = if granted.knows(action) {
            format!(
                "the role of `{id}` allows `{action}` on other resources only, not on `{resource}`: the state fails each time"
            )
        } else {
            format!("the role of `{id}` does not allow `{action}`: the state fails each time")
        };
        let help = format!("a statement for its role: `{{Effect: Allow, Action: {action}, Resource: ...}}`");
        findings.add(need.place.clone(), message).help(help);
    }
}

/// Whether a policy of the resource itself may allow what the role does not.
fn others_may_allow(template: &LoadedTemplate, action: &str) -> bool {
    let policies: &[&str] = match action.split(':').next().unwrap_or_default() {
        "s3" => &["AWS::S3::BucketPolicy"],
        "sqs" => &["AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy"],
        "sns" => &["AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy"],
        "lambda" => {
            // A permission for another service does not help the role.
            let permissions = template.of_type("AWS::Lambda::Permission");
            let mut bodies = permissions.filter_map(|permission| template.properties(&permission.logical_id));
            return bodies.any(|properties| {
                let principal = properties.get("Principal").and_then(|node| node.as_str());
                principal.is_none_or(|name| !name.ends_with(".amazonaws.com") || name.starts_with("states."))
            });
        }
        "events" => &["AWS::Events::EventBusPolicy"],
        // A key's own policy always has a say, wherever the key is.
        "kms" => return true,
        "secretsmanager" => &["AWS::SecretsManager::ResourcePolicy"],
        "dynamodb" => {
            let tables = template.of_type("AWS::DynamoDB::Table");
            let mut bodies = tables.filter_map(|table| template.properties(&table.logical_id));
            return bodies.any(|properties| properties.get("ResourcePolicy").is_some());
        }
        _ => &[],
    };
    policies.iter().any(|resource_type| template.of_type(resource_type).next().is_some())
}
