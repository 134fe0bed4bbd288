//! Which keys of a template encrypt which of its resources.

use crate::aws::ResourceType;
use crate::loaded::{LoadedStack, LoadedTemplate, Resolver, references};
use crate::source::Node;

/// The resources of a template that are encrypted with keys of the same template.
pub(crate) struct Keys {
    encrypted: Vec<(String, Key)>,
}

/// A key of the template.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key {
    pub(crate) logical_id: String,
    pub(crate) arn: String,
}

impl Keys {
    /// Those of a stack; `None` if it has no template.
    pub(crate) fn of(stack: &LoadedStack) -> Option<Self> {
        let template = stack.template.as_ref()?;
        let resolver = Resolver::new(template);
        let encrypted = template.resources.values().filter_map(|resource| {
            let id = &resource.logical_id;
            let node = setting(&resource.resource_type, template.properties(id)?)?;
            Some((resolver.arn(id), key(template, &resolver, node)?))
        });
        Some(Self { encrypted: encrypted.collect() })
    }

    /// The key that encrypts the resource of an ARN, or what is within it: an index, an object.
    pub(crate) fn of_resource(&self, arn: &str) -> Option<&Key> {
        let is = |own: &str| arn == own || arn.strip_prefix(own).is_some_and(|rest| rest.starts_with('/'));
        self.encrypted.iter().find(|(own, _)| is(own)).map(|(_, key)| key)
    }
}

/// The value that says which key encrypts a resource.
fn setting<'a>(resource_type: &str, properties: &'a Node) -> Option<&'a Node> {
    match ResourceType::of(resource_type)? {
        ResourceType::DynamoDbTable | ResourceType::ServerlessSimpleTable => {
            properties.get("SSESpecification")?.get("KMSMasterKeyId")
        }
        ResourceType::SqsQueue | ResourceType::SnsTopic => properties.get("KmsMasterKeyId"),
        ResourceType::LogsLogGroup => properties.get("KmsKeyId"),
        ResourceType::S3Bucket => {
            let rules = properties.get("BucketEncryption")?.get("ServerSideEncryptionConfiguration")?;
            rules.items().first()?.get("ServerSideEncryptionByDefault")?.get("KMSMasterKeyID")
        }
        _ => None,
    }
}

/// The key of the template that a value refers to, by itself or by an alias.
fn key(template: &LoadedTemplate, resolver: &Resolver<'_>, node: &Node) -> Option<Key> {
    let mut found = references(node);
    for _ in 0..2 {
        let [reference] = found.as_slice() else { return None };
        let id = reference.name.clone();
        match ResourceType::of(&template.resources.get(&id)?.resource_type)? {
            ResourceType::KmsKey => return Some(Key { arn: resolver.arn(&id), logical_id: id }),
            ResourceType::KmsAlias => found = references(template.properties(&id)?.get("TargetKeyId")?),
            _ => return None,
        }
    }
    None
}
