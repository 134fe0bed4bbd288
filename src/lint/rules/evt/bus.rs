use serde_json::Value;

use crate::diagnostic::Severity;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::LoadedStack;

rule! {
    /// S3 events on a custom event bus
    ///
    /// # What it does
    /// Reports rules for S3 events on a custom event bus, if no rule in the template forwards events to that bus. This is an error
    /// if the bucket is in the same template; otherwise another stack may forward the events.
    ///
    /// Source: [Events from AWS services](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events.html): services send
    /// to the default event bus.
    ///
    /// # Why is this bad
    /// S3 sends its events to the account's default event bus. The rule never starts anything.
    ///
    /// # Example
    /// ```yaml
    /// Type: EventBridgeRule
    /// Properties:
    ///   EventBusName: !Ref FilesBus
    ///   Pattern: {source: [aws.s3], detail: {bucket: {name: [!Ref FilesBucket]}}}
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Type: EventBridgeRule
    /// Properties:
    ///   Pattern: {source: [aws.s3], detail: {bucket: {name: [!Ref FilesBucket]}}}
    /// ```
    pub(super) static RULE: "EVT504", "custom-bus", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for rule in stack.rules.iter().filter(|rule| rule.enabled) {
        let (Some((pattern, place)), Some(bus)) = (&rule.pattern, &rule.event_bus) else { continue };
        let list = |pointer: &str| pattern.pointer(pointer).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let only_s3 = !list("/source").is_empty() && list("/source").iter().all(|source| source == "aws.s3");
        if !only_s3 || stack.hears_services(rule) {
            continue;
        }
        let of_stack =
            |name: &Value| stack.buckets.iter().any(|bucket| Some(bucket.resource.name.as_str()) == name.as_str());
        let buckets = list("/detail/bucket/name");
        let severity =
            if !buckets.is_empty() && buckets.iter().all(of_stack) { Severity::Error } else { Severity::Warning };
        let message =
            format!("`{}` never matches: S3 sends its events to the default bus, not to `{bus}`", rule.logical_id);
        findings.add(place.clone(), message).severity(severity).help("remove `EventBusName`");
    }
}
