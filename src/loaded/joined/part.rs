use std::collections::HashMap;
use std::sync::Arc;

use crate::source::Node;

use super::joining::Frame;

/// A template that is joined with others.
#[derive(Debug, Clone)]
pub(in crate::loaded) struct Part {
    /// The document that it is.
    pub(in crate::loaded) document: usize,
    /// The whole of it.
    pub(in crate::loaded) root: Arc<Node>,
    /// What its stack is deployed as, where that is known.
    pub(in crate::loaded) stack_name: Option<String>,
    /// What tells its ids from those of other parts.
    pub(in crate::loaded) prefix: String,
    /// The part that it is nested in, and the id of the resource there.
    pub(in crate::loaded) inside: Option<(usize, String)>,
    /// The path of the construct that its stack is: `Prod/Data`.
    pub(in crate::loaded) construct: Option<String>,
    /// The lines that made the constructs, by their paths: first the innermost.
    pub(in crate::loaded) frames: Arc<HashMap<String, Vec<Frame>>>,
}

impl Part {
    /// A template that stands for itself.
    pub(super) fn alone(root: Arc<Node>) -> Self {
        Self {
            document: 0,
            root,
            stack_name: None,
            prefix: String::new(),
            inside: None,
            construct: None,
            frames: Arc::default(),
        }
    }

    /// The body of a resource.
    pub(super) fn resource(&self, logical_id: &str) -> Option<&Node> {
        self.root.get("Resources")?.get(logical_id)
    }

    /// The logical ids of its resources.
    pub(super) fn resources(&self) -> impl Iterator<Item = &str> {
        let resources = self.root.get("Resources").map_or(&[][..], Node::entries);
        resources.iter().filter_map(|(key, _)| key.as_str())
    }

    /// The path of the construct that a resource belongs to, without the name that the CDK gives the resource itself in it.
    pub(super) fn construct_of(&self, logical_id: &str) -> Option<String> {
        let path = self.path_of(logical_id)?;
        let path = ["/Resource", "/Default"].iter().find_map(|last| path.strip_suffix(last)).unwrap_or(path);
        Some(path.to_owned())
    }

    /// The path of a resource in the tree of constructs.
    pub(super) fn path_of(&self, logical_id: &str) -> Option<&str> {
        self.resource(logical_id)?.get("Metadata")?.get("aws:cdk:path")?.as_str()
    }
}
