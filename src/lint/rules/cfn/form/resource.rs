use super::{place, shown};
use crate::aws::cloudformation::{self, DELETION_POLICIES, UPDATE_REPLACE_POLICIES};
use crate::lint::Findings;
use crate::lint::near::only_near;
use crate::loaded::{Call, LoadedTemplate, below};
use crate::source::{Kind, Node};

/// Looks at an entry of `Resources`.
pub(super) fn check(template: &LoadedTemplate, key: &Node, resource: &Node, findings: &mut Findings<'_>) {
    let Some(name) = key.as_str().filter(|name| !name.starts_with("Fn::") && *name != "<<") else { return };
    let pointer = below("/Resources", name);
    let shown = shown(name);
    if !name.chars().all(|c| c.is_ascii_alphanumeric()) && !name.contains(['{', '<']) {
        let message = format!("`{shown}` is no logical id, which has letters and digits only: the template is refused");
        findings.add(place(template, &pointer, key), message);
    }
    if !matches!(resource.kind, Kind::Mapping(_)) && resource.tag.is_none() {
        let message = format!(
            "the resource `{shown}` is {}, and has to be a mapping: the template is refused",
            resource.describe()
        );
        findings.add(place(template, &pointer, key), message).help("look whether its lines are indented below it");
    }
    depends(template, resource, &pointer, findings);
    if matches!(resource.kind, Kind::Mapping(_)) && Call::of(resource).is_none() {
        attributes(template, (key, resource), &pointer, findings);
        kept(template, resource, ("DeletionPolicy", &DELETION_POLICIES), &pointer, findings);
        kept(template, resource, ("UpdateReplacePolicy", &UPDATE_REPLACE_POLICIES), &pointer, findings);
    }
}

/// What stands beside a resource's properties.
fn attributes(template: &LoadedTemplate, (key, resource): (&Node, &Node), pointer: &str, findings: &mut Findings<'_>) {
    let names: Vec<&str> = resource.entries().iter().filter_map(|(key, _)| key.as_str()).collect();
    // A tool, or a merged mapping, may add what is missing.
    let whole =
        names.len() == resource.entries().len() && !names.iter().any(|name| name.contains("::") || *name == "<<");
    if whole && !names.contains(&"Type") {
        let message = format!(
            "the resource `{}` has no `Type`: the template is refused",
            shown(key.as_str().unwrap_or_default())
        );
        findings.add(place(template, pointer, key), message);
    }
    for (key, _) in resource.entries() {
        let known = cloudformation::OF_RESOURCES;
        let Some(name) = key.as_str().filter(|name| !known.contains(name)) else { continue };
        let Some(near) = only_near(name, known) else { continue };
        let message = format!("a resource has no `{}`: the template is refused", shown(name));
        findings.add(place(template, &below(pointer, name), key), message).help(format!("did you mean `{near}`?"));
    }
}

/// What happens to a resource when it goes is one of the words that CloudFormation knows for this.
fn kept(
    template: &LoadedTemplate,
    resource: &Node,
    (name, known): (&str, &[&str]),
    pointer: &str,
    findings: &mut Findings<'_>,
) {
    let Some(node) = resource.get(name).filter(|node| Call::of(node).is_none()) else { return };
    let Some(text) = node.as_str().filter(|text| !known.contains(text) && !text.contains(['{', '<'])) else { return };
    let message =
        format!("`{name}` is one of `{}`, not `{}`: the template is refused", known.join("`, `"), shown(text));
    findings.add(place(template, &below(pointer, name), node), message);
}

/// What a resource waits for is named by a text or by several.
fn depends(template: &LoadedTemplate, resource: &Node, pointer: &str, findings: &mut Findings<'_>) {
    let Some(node) = resource.get("DependsOn") else { return };
    let is_text = |node: &Node| node.as_str().is_some();
    let right = is_text(node) || matches!(&node.kind, Kind::Sequence(items) if items.iter().all(is_text));
    if !right && Call::of(node).is_none() {
        let message = "`DependsOn` is the logical id of a resource, or a list of them: the template is refused";
        findings.add(place(template, &format!("{pointer}/DependsOn"), node), message);
    }
}
