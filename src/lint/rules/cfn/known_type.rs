use crate::aws::cloudformation::TRANSFORMS;
use crate::aws::resource_schema;
use crate::diagnostic::Severity;
use crate::lint::Findings;
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::loaded::{LoadedStack, LoadedTemplate, Place, below};
use crate::source::Node;

rule! {
    /// Resource type or transform that CloudFormation does not know
    ///
    /// # What it does
    /// Checks that the type of a resource that begins with `AWS::` exists, that a template with SAM's types has SAM's `Transform`,
    /// and that a transform that begins with `AWS::` exists. CloudFormation gets new types, so a type is only reported if it is a
    /// misspelling of a known one.
    ///
    /// Sources: the [resource types](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html)
    /// in the published schemas, and the [transforms](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html).
    ///
    /// # Why is this bad
    /// CloudFormation refuses the template: `Unrecognized resource types`.
    ///
    /// # Example
    /// ```yaml
    /// Inbox: {Type: AWS::S3::Buckets}
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Inbox: {Type: AWS::S3::Bucket}
    /// ```
    pub(super) static RULE: "CFN416", "unknown-type", Warning = Stack(check);
}

/// The transform that makes SAM's types into CloudFormation's.
const SAM: &str = "AWS::Serverless-2016-10-31";

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    stack.written().iter().for_each(|written| template(written, findings));
}

fn template(template: &LoadedTemplate, findings: &mut Findings<'_>) {
    transforms(template, findings);
    for resource in template.resources.values() {
        let Some(node) = template.section("Resources", &resource.logical_id).and_then(|node| node.get("Type")) else {
            continue;
        };
        let pointer = format!("{}/Type", below("/Resources", &resource.logical_id));
        let place = Place { document: template.document, pointer, span: node.span };
        let name = resource.resource_type.as_str();
        if name.starts_with("AWS::Serverless::") {
            if template.root.get("Transform").is_none() && template.root.get("Resources").is_some() {
                let message = format!("CloudFormation does not know `{name}` without SAM's transform");
                findings.add(place, message).help(format!("add `Transform: {SAM}` to the template"));
                return;
            }
            continue;
        }
        if resource_schema::types().any(|known| known == name) || name.ends_with("::MODULE") {
            continue;
        }
        if let Some(near) = misspelt(name) {
            let message = format!("there is no resource type `{name}`: the template is refused");
            findings.add(place, message).severity(Severity::Error).help(format!("did you mean `{near}`?"));
        }
    }
}

/// The type that one of AWS's is surely meant to be: of the same service, and hardly different.
fn misspelt(name: &str) -> Option<&'static str> {
    let (service, kind) = name.strip_prefix("AWS::")?.split_once("::")?;
    let near = |known: &&str| {
        let Some((of, known)) = known.strip_prefix("AWS::").and_then(|known| known.split_once("::")) else {
            return false;
        };
        let same = of.eq_ignore_ascii_case(service) && known.eq_ignore_ascii_case(kind);
        let slips = |left: &str, right: &str| strsim::damerau_levenshtein(left, right);
        same || (of == service && kind.len() > 3 && slips(known, kind) == 1)
            || (known == kind && service.len() > 3 && slips(of, service) == 1)
    };
    resource_schema::types().find(near)
}

/// Names of transforms that begin as AWS's do.
fn transforms(template: &LoadedTemplate, findings: &mut Findings<'_>) {
    let Some(node) = template.root.get("Transform") else { return };
    let named = node.as_str().map(|_| (node, "/Transform".to_owned()));
    let several = node.items().iter().enumerate().map(|(at, item)| (item, format!("/Transform/{at}")));
    for (node, pointer) in named.into_iter().chain(several) {
        let ours = |node: &Node| node.as_str().is_some_and(|name| name.starts_with("AWS::"));
        let Some(name) = node.as_str().filter(|name| ours(node) && !TRANSFORMS.contains(name)) else { continue };
        let shown: String = name.chars().take(80).collect();
        let place = Place { document: template.document, pointer, span: node.span };
        let finding = findings.add(place, format!("AWS has no transform `{shown}`: the template is refused"));
        if let Some(near) = nearest(name, TRANSFORMS) {
            finding.severity(Severity::Error).help(format!("did you mean `{near}`?"));
        }
    }
}
