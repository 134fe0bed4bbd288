use crate::aws::cloudformation::Pseudo;
use crate::aws::{ResourceType, resource_schema, sam};
use crate::diagnostic::Severity;
use crate::lint::Findings;
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedStack, LoadedTemplate, Place, Reference, Resource, below, references};
use crate::source::Node;

rule! {
    /// Reference to a resource that does not exist
    ///
    /// # What it does
    /// Checks that `Ref`, `GetAtt`, `Sub` and `DependsOn` name a parameter or resource of the template, a pseudo parameter, a
    /// resource that SAM generates (such as the role of a function), or a module, and that the resource's type has the attribute
    /// that is asked for. Templates with custom macros are skipped.
    ///
    /// Sources: [Ref](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html), and the
    /// published schemas of the resource types.
    ///
    /// # Why is this bad
    /// CloudFormation refuses the template.
    ///
    /// # Example
    /// ```yaml
    /// DefinitionSubstitutions:
    ///   TableName: !Ref FileTable   # the table is called FilesTable
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// DefinitionSubstitutions:
    ///   TableName: !Ref FilesTable
    /// ```
    pub(super) static RULE: "CFN404", "dangling-reference", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for written in stack.written().iter().filter(|written| !written.other_transforms) {
        template(written, findings);
    }
}

fn template(template: &LoadedTemplate, findings: &mut Findings<'_>) {
    for section in ["Globals", "Conditions", "Resources", "Outputs"] {
        let Some(node) = template.root.get(section) else { continue };
        for reference in references(node) {
            // SAM reads a version or alias of a function off a `Ref` with a point in it.
            let name = reference.name.split('.').next().unwrap_or_default();
            if is_known(template, name) {
                attribute(template, section, &reference, findings);
                continue;
            }
            let shown: String = name.chars().take(80).collect();
            let message = format!("there is no parameter or resource `{shown}`: the template is refused");
            let pointer = format!("/{section}{}", reference.pointer);
            let place = Place { document: template.document, pointer, span: reference.span };
            let finding = findings.add(place, message);
            if let Some(near) = nearest(name, names(template)) {
                finding.help(format!("did you mean `{near}`?"));
            } else if reference.function == "Sub" {
                finding.help(format!("`${{!{shown}}}` leaves it as it is"));
            }
        }
    }
    for resource in template.resources.values() {
        depends(template, &resource.logical_id, findings);
    }
}

/// Says that a resource has no such attribute: an error if it is a misspelling, a warning if a new one may have come.
fn attribute(template: &LoadedTemplate, section: &str, reference: &Reference, findings: &mut Findings<'_>) {
    let Some(name) = reference.attribute.as_deref() else { return };
    let Some(resource) = template.resources.get(&reference.name) else { return };
    if name == "StreamArn" && has_no_stream(template, resource) {
        let message = format!("`{}` has no stream, and so no `StreamArn`: the deployment fails", reference.name);
        let pointer = format!("/{section}{}", reference.pointer);
        let finding = findings.add(Place { document: template.document, pointer, span: reference.span }, message);
        finding.help("add a `StreamSpecification` to the table");
        return;
    }
    let Some(known) = attributes(&resource.resource_type) else { return };
    // An attribute may hold others: `Endpoint.Address`.
    let first = name.split('.').next().unwrap_or_default();
    let generated = sam::referable(&resource.resource_type).contains(&first);
    if generated || known.iter().any(|known| known == first) || first.contains(['{', '$']) {
        return;
    }
    let near = |known: &&str| strsim::damerau_levenshtein(&known.to_lowercase(), &name.to_lowercase()) <= 1;
    let near = known.iter().map(String::as_str).find(near);
    let shown: String = name.chars().take(80).collect();
    let unless = if near.is_some() { "" } else { ", unless that is newer than the schemas here" };
    let message = format!(
        "a resource of type `{}` has no attribute `{shown}`: the template is refused{unless}",
        resource.resource_type
    );
    let pointer = format!("/{section}{}", reference.pointer);
    let finding = findings.add(Place { document: template.document, pointer, span: reference.span }, message);
    match near {
        Some(near) => _ = finding.help(format!("did you mean `{near}`?")),
        None if (1..=6).contains(&known.len()) => {
            finding.severity(Severity::Warning).help(format!("it has `{}`", known.join("`, `")));
        }
        None => _ = finding.severity(Severity::Warning),
    }
}

/// Whether a table keeps no [stream](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html) of its changes.
fn has_no_stream(template: &LoadedTemplate, resource: &Resource) -> bool {
    let plain = |properties: &&Node| {
        let whole = |(key, _): &(Node, Node)| key.as_str().is_some_and(|key| !key.contains("::") && key != "<<");
        Call::of(properties).is_none() && properties.entries().iter().all(whole)
    };
    resource.is_one_of(&[ResourceType::DynamoDbTable, ResourceType::DynamoDbGlobalTable])
        && !template.other_transforms
        && template
            .properties(&resource.logical_id)
            .filter(plain)
            .is_some_and(|properties| properties.get("StreamSpecification").is_none())
}

/// The attributes of a type; those of a type of SAM are those of what it becomes.
fn attributes(resource_type: &str) -> Option<Vec<String>> {
    resource_schema::attributes(sam::becomes(resource_type).unwrap_or(resource_type))
}

fn depends(template: &LoadedTemplate, logical_id: &str, findings: &mut Findings<'_>) {
    let Some(node) = template.section("Resources", logical_id).and_then(|resource| resource.get("DependsOn")) else {
        return;
    };
    let pointer = format!("{}/DependsOn", below("/Resources", logical_id));
    let one = node.as_str().map(|_| (node, pointer.clone()));
    let several = node.items().iter().enumerate().map(|(at, item)| (item, format!("{pointer}/{at}")));
    for (node, pointer) in one.into_iter().chain(several) {
        let Some(name) =
            node.as_str().filter(|name| !template.resources.contains_key(*name) && !is_generated(template, name))
        else {
            continue;
        };
        let message =
            format!("there is no resource `{}`: the template is refused", name.chars().take(80).collect::<String>());
        let finding = findings.add(Place { document: template.document, pointer, span: node.span }, message);
        if let Some(near) = nearest(name, template.resources.keys().map(String::as_str)) {
            finding.help(format!("did you mean `{near}`?"));
        }
    }
}

fn is_known(template: &LoadedTemplate, name: &str) -> bool {
    Pseudo::of(name).is_some()
        || template.resources.contains_key(name)
        || template.section("Parameters", name).is_some()
        || is_generated(template, name)
}

/// Whether a resource of this name may be added: SAM's names begin with those of the resources that it makes them for, also where these
/// have connectors; those of a [module](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/modules.html) with the module's, and so do those of
/// Rain's modules, and of the template's `Modules`.
fn is_generated(template: &LoadedTemplate, name: &str) -> bool {
    let connected = |id: &str| template.section("Resources", id).is_some_and(|node| node.get("Connectors").is_some());
    let made_for = |id: &str, resource_type: &str| {
        let by_sam = ResourceType::of_sam(resource_type).is_some()
            && ResourceType::of(resource_type)
                .is_none_or(|kind| name.strip_prefix(id).is_some_and(|rest| sam_adds(template, id, kind, rest)));
        template.serverless && (by_sam || connected(id))
            || resource_type.ends_with("::MODULE")
            || is_module(template, id)
    };
    let modules =
        template.root.get("Modules").map_or(&[][..], Node::entries).iter().filter_map(|(key, _)| key.as_str());
    if modules.into_iter().any(|module| name.starts_with(module)) {
        return true;
    }
    let mut resources = template.resources.iter();
    template.serverless && name.starts_with("Serverless")
        || resources.any(|(id, resource)| name.starts_with(id.as_str()) && made_for(id, &resource.resource_type))
}

/// Whether SAM may call a resource that it makes for another one by its name and this. Of functions and state machines it is known
/// [what it adds](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html).
fn sam_adds(template: &LoadedTemplate, id: &str, kind: ResourceType, rest: &str) -> bool {
    if !matches!(kind, ResourceType::ServerlessFunction | ResourceType::ServerlessStateMachine) {
        return true;
    }
    let events = template.properties(id).and_then(|properties| properties.get("Events"));
    let of_event = events.is_some_and(|events| {
        Call::of(events).is_some()
            || events.entries().iter().any(|(key, _)| key.as_str().is_none_or(|event| rest.starts_with(event)))
    });
    of_event || sam::ADDED.iter().any(|added| rest.starts_with(added))
}

/// Whether a resource's `Type` is what a tool puts in: `!Rain::Module FILE`.
fn is_module(template: &LoadedTemplate, id: &str) -> bool {
    let kind = template.section("Resources", id).and_then(|node| node.get("Type"));
    kind.is_some_and(|kind| kind.tag.is_some() || kind.as_str().is_none())
}

fn names(template: &LoadedTemplate) -> impl Iterator<Item = &str> {
    let parameters = template.root.get("Parameters").map_or(&[][..], Node::entries).iter();
    template.resources.keys().map(String::as_str).chain(parameters.filter_map(|(key, _)| key.as_str()))
}
