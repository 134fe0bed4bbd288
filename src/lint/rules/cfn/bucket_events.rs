use serde_json::Value;

use crate::aws::{CDK_SETTINGS, ResourceType};
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{LoadedRule, LoadedStack};

rule! {
    /// Bucket that does not send events to EventBridge
    ///
    /// # What it does
    /// Reports rules for events of a bucket in the same template that does not send its events to EventBridge.
    ///
    /// Source: [EventBridge for buckets](https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-event-notifications-eventbridge.html).
    ///
    /// # Why is this bad
    /// The rule never matches: an upload starts nothing, and no error shows it.
    ///
    /// # Example
    /// ```yaml
    /// FilesBucket:
    ///   Type: AWS::S3::Bucket
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// FilesBucket:
    ///   Type: AWS::S3::Bucket
    ///   Properties:
    ///     NotificationConfiguration:
    ///       EventBridgeConfiguration:
    ///         EventBridgeEnabled: true
    /// ```
    pub(super) static RULE: "CFN406", "bucket-events", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    let Some(template) = &stack.template else { return };
    // A resource of one's own, or a macro, may switch the events on.
    let custom = |resource_type: &str| {
        let of_own = resource_type.starts_with("Custom::") && !CDK_SETTINGS.contains(&resource_type);
        of_own || resource_type == ResourceType::CloudFormationCustomResource
    };
    if template.other_transforms || template.resources.values().any(|resource| custom(&resource.resource_type)) {
        return;
    }
    for bucket in stack.buckets.iter().filter(|bucket| bucket.sends_to_event_bridge == Some(false)) {
        for rule in stack.rules.iter().filter(|rule| waits_for(rule, &bucket.resource.name)) {
            let id = &bucket.resource.logical_id;
            let message = format!(
                "the rule `{}` never matches: the bucket `{id}` does not send its events to EventBridge",
                rule.logical_id
            );
            findings.add(bucket.resource.place.clone(), message).help(match stack.is_synthesized() {
                true => "set `eventBridgeEnabled: true` on the bucket",
                false => "NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}",
            });
        }
    }
}

/// Whether a rule is about S3's own events of a bucket.
fn waits_for(rule: &LoadedRule, bucket: &str) -> bool {
    let Some((pattern, _)) = &rule.pattern else { return false };
    let lists = |pointer: &str, name: &str| {
        pattern.pointer(pointer).and_then(Value::as_array).is_some_and(|list| list.iter().any(|one| one == name))
    };
    lists("/source", "aws.s3")
        && lists("/detail/bucket/name", bucket)
        && !lists("/detail-type", "AWS API Call via CloudTrail")
}
