//! Templates that are deployed together, joined into one: the stacks of an app, and the stacks nested in a stack. Values that one hands to
//! another (exports, outputs, parameters) are replaced by what they stand for, so that everybody who reads the joined template sees a
//! table's key or a role's grants wherever they are declared.
//!
//! Each document keeps its own part of the joined template, under the ids that the resources have there; spans stay places of the text.

mod joining;
mod names;
mod nested;
mod origin;
mod part;
mod rewrite;

use std::sync::Arc;

use indexmap::IndexMap;

use crate::source::{Kind, Node, Span};

use super::document::Document;
use super::template::LoadedTemplate;
use super::{LoadFault, LoadedStack, Overlay};

pub use joining::{Frame, Joined, Origin};
pub(super) use nested::add_nested;
pub(super) use part::Part;

use names::Names;
use rewrite::Rewriter;

impl LoadedStack {
    /// Reads a template whose document is there, joined with those that are nested in it.
    pub(super) fn with_nested(mut self, root: Arc<Node>, overlay: &Overlay) -> Self {
        let mut parts = vec![Part::alone(Arc::clone(&root))];
        let name = self.documents.first().map(|document| document.path.clone()).unwrap_or_default();
        let about = Joined { name, ..Joined::default() };
        add_nested(&mut self.documents, &mut parts, &mut self.faults, &about, overlay);
        if parts.len() == 1 {
            self.read_template(root, IndexMap::new(), overlay);
            return self;
        }
        Self::from_parts(self.documents, &parts, self.faults, about, overlay)
    }

    /// Reads the stack that several templates make together. `about` has no origins yet.
    pub(super) fn from_parts(
        mut documents: Vec<Document>,
        parts: &[Part],
        faults: Vec<LoadFault>,
        about: Joined,
        overlay: &Overlay,
    ) -> Self {
        let names = Names::of(parts);
        let rewriter = Rewriter::new(parts, &names);
        let mut joined = about;
        let mut sections: IndexMap<&str, Vec<(Node, Node)>> = IndexMap::new();
        for (at, part) in parts.iter().enumerate() {
            joined.written.push(LoadedTemplate::read(part.document, Arc::clone(&part.root)));
            let root = rewriter.part(at);
            origin::collect(part, at, &names, &root, &mut joined.origins);
            for section in SECTIONS {
                let entries = root.get(section).map_or(&[][..], Node::entries);
                let known = sections.entry(section).or_default();
                let new = |(key, _): &&(Node, Node)| !known.iter().any(|(other, _)| other.as_str() == key.as_str());
                let new: Vec<_> = entries.iter().filter(new).cloned().collect();
                known.extend(new);
            }
            if let Some(document) = documents.get_mut(part.document) {
                document.root = Some(Arc::new(root));
            }
        }
        let text = |text: &str| Node { kind: Kind::String(text.to_owned()), span: Span::default(), tag: None };
        let sections = sections.into_iter().filter(|(section, entries)| *section == "Resources" || !entries.is_empty());
        let mut entries: Vec<(Node, Node)> = sections
            .map(|(section, entries)| {
                let all = Node { kind: Kind::Mapping(entries), span: Span::default(), tag: None };
                (text(section), all)
            })
            .collect();
        // A transform that is not known may change anything, in whichever template it is.
        let odd = joined.written.iter().position(|template| template.other_transforms).unwrap_or_default();
        if let Some(transform) = parts.get(odd).and_then(|part| part.root.get("Transform")) {
            entries.push((text("Transform"), transform.clone()));
        }
        let root = Node { kind: Kind::Mapping(entries), span: Span::default(), tag: None };
        let mut stack = Self { documents, faults, joined: Some(Arc::new(joined)), ..Self::default() };
        stack.read_template(Arc::new(root), IndexMap::new(), overlay);
        stack
    }
}

/// The sections that a joined template has.
const SECTIONS: [&str; 4] = ["Parameters", "Mappings", "Conditions", "Resources"];

#[cfg(test)]
mod tests;
