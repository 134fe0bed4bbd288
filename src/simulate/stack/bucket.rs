use serde_json::{Map, Value, json};

use super::is_made;
use crate::eventbridge::CompiledPattern;
use crate::loaded::LoadedStack;
use crate::source::Node;

/// A bucket of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its logical id; `None` for one that only a rule's pattern tells of.
    pub logical_id: Option<String>,
    /// The name of the bucket, made up where only a deployment knows it.
    pub name: String,
    /// Whether it keeps versions.
    pub versioned: bool,
    /// Whether it tells EventBridge what happens in it.
    pub sends_to_event_bridge: bool,
    /// Whether only policies tell of it: somebody else made it.
    pub elsewhere: bool,
}

impl Bucket {
    /// A bucket that the template does not declare.
    fn of_others(name: String, sends_to_event_bridge: bool) -> Self {
        Self { logical_id: None, name, versioned: false, sends_to_event_bridge, elsewhere: false }
    }

    /// Whether a rule with this pattern can be for the bucket's events: whatever else it asks for, it does not ask for another source or
    /// another bucket.
    pub(super) fn may_be_meant(&self, pattern: &Value) -> bool {
        let event = json!({"source": "aws.s3", "detail": {"bucket": {"name": self.name}}});
        let mut asked = Map::new();
        if let Some(source) = pattern.get("source") {
            asked.insert("source".to_owned(), source.clone());
        }
        if let Some(name) = pattern.pointer("/detail/bucket/name") {
            asked.insert("detail".to_owned(), json!({"bucket": {"name": name}}));
        }
        asked.is_empty()
            || CompiledPattern::parse(&Value::Object(asked).to_string())
                .is_ok_and(|asked| asked.matches(&event.to_string()).unwrap_or(false))
    }
}

/// The buckets that a template declares, and those of other stacks that its rules name.
pub(super) fn buckets(stack: &LoadedStack) -> Vec<Bucket> {
    let made = stack.buckets.iter().filter(|bucket| is_made(stack, &bucket.resource.logical_id));
    let declared = made.map(|bucket| Bucket {
        logical_id: Some(bucket.resource.logical_id.clone()),
        name: bucket.resource.name.clone(),
        versioned: is_versioned(stack, &bucket.resource.logical_id),
        sends_to_event_bridge: bucket.sends_to_event_bridge != Some(false),
        elsewhere: false,
    });
    let mut buckets: Vec<Bucket> = declared.collect();
    for name in stack.rules.iter().filter_map(|rule| rule.pattern.as_ref()).flat_map(|(pattern, _)| named(pattern)) {
        if !buckets.iter().any(|bucket| bucket.name == name) {
            buckets.push(Bucket::of_others(name, true));
        }
    }
    let mut names = Vec::new();
    stack.template.iter().for_each(|template| allowed(&template.root, &mut names));
    for name in names {
        if !buckets.iter().any(|bucket| bucket.name == name) {
            buckets.push(Bucket { elsewhere: true, ..Bucket::of_others(name, false) });
        }
    }
    buckets
}

/// The names of buckets in ARNs, as policies have them.
fn allowed(node: &Node, names: &mut Vec<String>) {
    if let Some((_, rest)) = node.as_str().and_then(|text| text.split_once(":s3:::")) {
        let name = rest.split('/').next().unwrap_or(rest);
        let is_name = name.len() >= 3
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte));
        names.extend(is_name.then(|| name.to_owned()));
    }
    node.items().iter().for_each(|item| allowed(item, names));
    node.entries().iter().for_each(|(_, value)| allowed(value, names));
}

fn is_versioned(stack: &LoadedStack, logical_id: &str) -> bool {
    let properties = stack.template.as_ref().and_then(|template| template.properties(logical_id));
    let status = properties.and_then(|node| node.get("VersioningConfiguration")?.get("Status"));
    match (status, stack.resolver()) {
        (Some(status), Some(resolver)) => resolver.text(status) == "Enabled",
        _ => false,
    }
}

/// The names of buckets that a pattern asks for.
fn named(pattern: &Value) -> impl Iterator<Item = String> {
    let names = pattern.pointer("/detail/bucket/name").and_then(Value::as_array).into_iter().flatten();
    names.filter_map(Value::as_str).map(str::to_owned)
}
