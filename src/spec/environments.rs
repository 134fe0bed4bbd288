//! One spec for several environments: what each of them has differently.
//!
//! An overlay is merged into the spec before anything is read: mappings key by key, everything else as a whole. Since every value
//! keeps its place in the text, what is wrong with a merged spec is shown in the overlay that brought it about.

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::name::EnvironmentName;
use crate::source::{Fault, Kind, Node};

/// The key of the overlays.
pub(super) const KEY: &str = "environments";

/// The key of an overlay that lists what it leaves out.
const WITHOUT: &str = "without";

/// The environments, by their names.
pub type Environments = IndexMap<EnvironmentName, Overlay>;

/// The differences of an environment: any keys of the spec, and `without`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Overlay(Option<Map<String, Value>>);

impl JsonSchema for Overlay {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Overlay".into()
    }

    /// The keys of the spec are put in by [`Spec::json_schema`](super::Spec::json_schema).
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["object", "null"],
            "description": "The differences of an environment. Mappings are merged key by key; strings, numbers and lists replace those of the spec.",
            "properties": {
                "without": {
                    "type": "array",
                    "description": "What this environment leaves out of the spec, such as `alarms` or `bucket.access_logs`.",
                    "items": { "type": "string" },
                    "examples": [["alarms", "bucket.access_logs"]],
                },
            },
            "additionalProperties": false,
        })
    }
}

/// The names of the environments of a spec, in the order of the text.
pub(super) fn names(root: &Node) -> Vec<&str> {
    root.get(KEY).map_or(&[][..], Node::entries).iter().filter_map(|(name, _)| name.as_str()).collect()
}

/// The spec without its overlays.
pub(super) fn base(root: &Node) -> Node {
    let mut base = root.clone();
    if let Kind::Mapping(entries) = &mut base.kind {
        entries.retain(|(key, _)| key.as_str() != Some(KEY));
    }
    base
}

/// The spec of an environment.
///
/// # Errors
/// There is no such environment, its overlay has overlays of its own, or leaves out what is not there.
pub(super) fn merged(root: &Node, name: &str) -> Result<Node, Fault> {
    let known = root.get(KEY).map_or(&[][..], Node::entries);
    let Some((_, overlay)) = known.iter().find(|(key, _)| key.as_str() == Some(name)) else {
        return Err(unknown(root, name));
    };
    if let Some((key, _)) = overlay.entries().iter().find(|(key, _)| key.as_str() == Some(KEY)) {
        let fault = Fault::new("an environment cannot contain environments").at(key.span);
        return Err(fault.help("put every environment directly below `environments`"));
    }
    let mut spec = base(root);
    for path in overlay.get(WITHOUT).map_or(&[][..], Node::items) {
        leave_out(&mut spec, path)?;
    }
    if let Some(without) = overlay.get(WITHOUT).filter(|without| !matches!(without.kind, Kind::Sequence(_))) {
        let fault = Fault::new(format!("expected a list, found {}", without.describe())).at(without.span);
        return Err(fault.help("for example `without: [alarms]`"));
    }
    merge(&mut spec, &without_key(overlay));
    Ok(spec)
}

fn unknown(root: &Node, name: &str) -> Fault {
    let names = names(root);
    let shown: String = name.chars().take(60).collect();
    let fault = Fault::new(format!("the spec has no environment `{shown}`"));
    if names.is_empty() {
        return fault.help("it has no `environments`; leave out --environment, or add some");
    }
    let listed: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let fault = fault.help(format!("it has {}", listed.join(", ")));
    match root.get(KEY) {
        Some(environments) => fault.at(environments.span),
        None => fault,
    }
}

fn without_key(overlay: &Node) -> Node {
    let mut overlay = overlay.clone();
    if let Kind::Mapping(entries) = &mut overlay.kind {
        entries.retain(|(key, _)| key.as_str() != Some(WITHOUT));
    }
    overlay
}

/// Takes what a path such as `bucket.access_logs` names out of the spec.
fn leave_out(spec: &mut Node, path: &Node) -> Result<(), Fault> {
    let Some(text) = path.as_str() else {
        return Err(Fault::new(format!("expected the name of a key, found {}", path.describe())).at(path.span));
    };
    let (parents, last) = text.rsplit_once('.').map_or(("", text), |(parents, last)| (parents, last));
    let mut steps = parents.split('.').filter(|step| !step.is_empty());
    let parent = steps.try_fold(spec, |node, step| match &mut node.kind {
        Kind::Mapping(entries) => {
            entries.iter_mut().find(|(key, _)| key.as_str() == Some(step)).map(|(_, value)| value)
        }
        _ => None,
    });
    let Some(Kind::Mapping(entries)) = parent.map(|node| &mut node.kind) else { return Err(not_there(text, path)) };
    match entries.iter().position(|(key, _)| key.as_str() == Some(last)) {
        Some(at) => {
            entries.remove(at);
            Ok(())
        }
        None => Err(not_there(text, path)),
    }
}

fn not_there(text: &str, path: &Node) -> Fault {
    let shown: String = text.chars().take(60).collect();
    let fault = Fault::new(format!("`without` names `{shown}`, which the spec does not contain")).at(path.span);
    fault.help("give the full name of a key of the spec, such as `bucket.access_logs`")
}

/// Merges an overlay into a node: mappings key by key, everything else as a whole. A key without a value (`backfill:`) turns its
/// section on, and leaves one that is there as it is.
fn merge(base: &mut Node, overlay: &Node) {
    match (&mut base.kind, &overlay.kind) {
        (Kind::Mapping(_), Kind::Null) => {}
        (Kind::Mapping(entries), Kind::Mapping(changes)) if !is_function(entries) && !is_function(changes) => {
            for (key, change) in changes {
                match entries.iter_mut().find(|(known, _)| known.kind == key.kind) {
                    Some((_, value)) => merge(value, change),
                    None => entries.push((key.clone(), change.clone())),
                }
            }
        }
        _ => *base = overlay.clone(),
    }
}

/// Whether a mapping is a function of CloudFormation, which is a value and not a section.
fn is_function(entries: &[(Node, Node)]) -> bool {
    let name = entries.first().filter(|_| entries.len() == 1).and_then(|(key, _)| key.as_str());
    name.is_some_and(|name| name == "Ref" || name.starts_with("Fn::"))
}
