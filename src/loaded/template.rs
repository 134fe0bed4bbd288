use std::sync::Arc;

use indexmap::IndexMap;

use crate::aws::ResourceType;
use crate::source::Node;

use super::Place;
use crate::source::below;

/// A SAM or CloudFormation [template](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html)
/// as it was read: nothing in it has been judged.
#[derive(Debug, Clone)]
pub struct LoadedTemplate {
    /// The document that it is.
    pub document: usize,
    /// The whole of it.
    pub root: Arc<Node>,
    /// Whether it asks for the SAM transform.
    pub serverless: bool,
    /// Whether a transform other than SAM's changes it in ways that are not known here.
    pub other_transforms: bool,
    /// The resources by their logical ids, in the order of the text.
    pub resources: IndexMap<String, Resource>,
    /// The values that somebody gave parameters; the others have their defaults.
    pub parameters: IndexMap<String, String>,
}

/// A resource of a template.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// The logical id of the resource.
    pub logical_id: String,
    /// Its `Type`; empty if that is missing.
    pub resource_type: String,
    /// Where it stands: its key.
    pub place: Place,
    /// Its `Condition`.
    pub condition: Option<String>,
}

impl Resource {
    /// Whether it is of one of some types.
    pub fn is_one_of(&self, types: &[ResourceType]) -> bool {
        types.iter().any(|known| self.resource_type == *known)
    }
}

impl LoadedTemplate {
    /// Reads what a template declares.
    pub(super) fn read(document: usize, root: Arc<Node>) -> Self {
        let transforms: Vec<&str> = root.get("Transform").map_or_else(Vec::new, |transform| {
            transform.as_str().into_iter().chain(transform.items().iter().filter_map(Node::as_str)).collect()
        });
        let is_sam = |name: &&str| name.starts_with("AWS::Serverless-");
        let serverless = transforms.iter().any(is_sam)
            || root
                .get("Resources")
                .is_some_and(|r| r.entries().iter().any(|(_, v)| ResourceType::of_sam(resource_type(v)).is_some()));
        let other_transforms = transforms.iter().any(|name| !is_sam(name))
            || root
                .get("Transform")
                .is_some_and(|t| !t.entries().is_empty() || t.items().iter().any(|i| i.as_str().is_none()))
            || root.get("Resources").is_some_and(|r| r.get("Fn::Transform").is_some());
        let resources = root.get("Resources").map_or_else(IndexMap::new, |resources| {
            let entries = resources.entries().iter();
            entries
                .filter_map(|(key, value)| Some((key.as_str()?.to_owned(), resource(document, key, value)?)))
                .collect()
        });
        Self { document, serverless, other_transforms, resources, root, parameters: IndexMap::new() }
    }

    /// The properties of a resource.
    pub fn properties(&self, logical_id: &str) -> Option<&Node> {
        self.section("Resources", logical_id)?.get("Properties")
    }

    /// An entry of one of the template's sections: `Parameters`, `Conditions`, `Mappings`.
    pub fn section(&self, section: &str, name: &str) -> Option<&Node> {
        if section == "Resources" && !self.resources.contains_key(name) {
            return None;
        }
        self.root.get(section)?.get(name)
    }

    /// The place of a property of a resource; `pointer` is below its `Properties`.
    pub fn place(&self, logical_id: &str, pointer: &str, node: &Node) -> Place {
        let pointer = format!("{}/Properties{pointer}", below("/Resources", logical_id));
        let document = self.resources.get(logical_id).map_or(self.document, |resource| resource.place.document);
        Place { document, pointer, span: node.span }
    }

    /// The resources of a type.
    pub fn of_type<T>(&self, resource_type: T) -> impl Iterator<Item = &Resource>
    where
        String: PartialEq<T>,
    {
        self.resources.values().filter(move |resource| resource.resource_type == resource_type)
    }
}

fn resource_type(node: &Node) -> &str {
    node.get("Type").and_then(Node::as_str).unwrap_or_default()
}

fn resource(document: usize, key: &Node, node: &Node) -> Option<Resource> {
    let logical_id = key.as_str()?.to_owned();
    Some(Resource {
        resource_type: resource_type(node).to_owned(),
        place: Place { document, pointer: below("/Resources", &logical_id), span: key.span },
        condition: node.get("Condition").and_then(Node::as_str).map(str::to_owned),
        logical_id,
    })
}
