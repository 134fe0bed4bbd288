use crate::aws::ResourceType;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{LoadedStack, references};
use crate::source::Node;

rule! {
    /// Bucket name compared with another kind of value
    ///
    /// # What it does
    /// Reports patterns that compare `detail.bucket.name` with an ARN, or with the name of a resource that is not a bucket.
    ///
    /// Source: [events of S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html).
    ///
    /// # Why is this bad
    /// The event contains the bucket's name, which never equals such a value: the rule never starts anything.
    ///
    /// # Example
    /// ```yaml
    /// detail: { bucket: { name: [!GetAtt FilesBucket.Arn] } }
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// detail: { bucket: { name: [!Ref FilesBucket] } }
    /// ```
    pub(super) static RULE: "EVT503", "bucket-name", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    let Some(template) = &stack.template else { return };
    for rule in &stack.rules {
        let Some((_, place)) = &rule.pattern else { continue };
        let pattern =
            stack.documents.get(place.document).and_then(|document| document.root.as_ref()?.pointer(&place.pointer));
        let path = ["detail", "bucket", "name"];
        let Some(names) = pattern.and_then(|pattern| path.iter().try_fold(pattern, |node, name| node.get(name))) else {
            continue;
        };
        for (at, node) in names.items().iter().enumerate() {
            if let Some((why, help)) = wrong(template, node) {
                let pointer = format!("{}/detail/bucket/name/{at}", place.pointer);
                let place = crate::loaded::Place { document: place.document, pointer, span: node.span };
                findings.add(place, format!("`{}` never matches: {why}", rule.logical_id)).help(help);
            }
        }
    }
}

fn wrong(template: &crate::loaded::LoadedTemplate, node: &Node) -> Option<(String, String)> {
    if node.tag.is_none() && node.as_str().is_some_and(|text| text.starts_with("arn:")) {
        return Some(("an event contains the bucket's name, not its ARN".to_owned(), "the name alone".to_owned()));
    }
    // Only a value that is nothing but one reference is sure to be that.
    let found = references(node);
    let [reference] = found.as_slice() else { return None };
    let resource = template.resources.get(&reference.name)?;
    let bucket = resource.resource_type == ResourceType::S3Bucket;
    match (reference.function, reference.attribute.as_deref()) {
        ("GetAtt", Some("Arn")) if bucket => Some((
            "an event contains the bucket's name, not its ARN".to_owned(),
            format!("`!Ref {}` is the name", reference.name),
        )),
        ("Ref", _)
            if !bucket && resource.resource_type.starts_with("AWS::") && !resource.resource_type.contains("S3") =>
        {
            Some((format!("`{}` is not a bucket", reference.name), "the `Ref` of a bucket is its name".to_owned()))
        }
        _ => None,
    }
}
