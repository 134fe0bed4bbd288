use crate::source::Node;

use super::references::references;
use super::resolve::Resolver;
use super::template::LoadedTemplate;
use super::{Call, Place};
use crate::aws::ResourceType;

/// A resource of which only its names matter here.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedResource {
    /// The logical id in the template.
    pub logical_id: String,
    /// The name, as far as it is known before the deployment.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Where it is declared.
    pub place: Place,
}

/// An S3 bucket.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedBucket {
    /// What it is called.
    pub resource: LoadedResource,
    /// Whether it sends its events to EventBridge; `None` if a function decides.
    pub sends_to_event_bridge: Option<bool>,
}

/// The resources of some types.
pub(super) fn of_types(
    template: &LoadedTemplate,
    resolver: &Resolver<'_>,
    types: &[ResourceType],
) -> Vec<LoadedResource> {
    let resources = template.resources.values().filter(|resource| resource.is_one_of(types));
    let resources = resources.map(|resource| LoadedResource {
        logical_id: resource.logical_id.clone(),
        name: resolver.physical_name(&resource.logical_id),
        arn: resolver.arn(&resource.logical_id),
        place: resource.place.clone(),
    });
    resources.collect()
}

/// The buckets of a template.
pub(super) fn buckets(template: &LoadedTemplate, resolver: &Resolver<'_>) -> Vec<LoadedBucket> {
    let buckets = of_types(template, resolver, &[ResourceType::S3Bucket]).into_iter();
    let buckets = buckets.map(|resource| {
        let switched_on = by_custom_resource(template, &resource.logical_id);
        let sends_to_event_bridge =
            switched_on.then_some(true).or_else(|| sends(template, resolver, &resource.logical_id));
        LoadedBucket { resource, sends_to_event_bridge }
    });
    buckets.collect()
}

/// Whether the resource with which the CDK sets a bucket's notifications switches its events on.
fn by_custom_resource(template: &LoadedTemplate, bucket: &str) -> bool {
    template.of_type("Custom::S3BucketNotifications").any(|resource| {
        let Some(properties) = template.properties(&resource.logical_id) else { return false };
        let names = |node: &Node| references(node).iter().any(|reference| reference.name == bucket);
        let configuration = properties.get("NotificationConfiguration");
        properties.get("BucketName").is_some_and(names)
            && configuration.is_some_and(|node| node.get("EventBridgeConfiguration").is_some())
    })
}

fn sends(template: &LoadedTemplate, resolver: &Resolver<'_>, logical_id: &str) -> Option<bool> {
    let Some(properties) = template.properties(logical_id) else { return Some(false) };
    if Call::of(properties).is_some() {
        return None;
    }
    let Some(notifications) = properties.get("NotificationConfiguration") else { return Some(false) };
    if Call::of(notifications).is_some() {
        return None;
    }
    let Some(configuration) = notifications.get("EventBridgeConfiguration") else { return Some(false) };
    match configuration.get("EventBridgeEnabled") {
        _ if Call::of(configuration).is_some() => None,
        Some(node) if Call::of(node).is_some() => None,
        Some(node) => Some(resolver.text(node) != "false"),
        None => Some(true),
    }
}
