//! The templates that a template nests, found on disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::aws::ResourceType;
use crate::loaded::definition::beside;
use crate::loaded::document::Document;
use crate::loaded::include::included;
use crate::loaded::intrinsic::Call;
use crate::loaded::{LoadFault, Overlay, is_template, uploaded};
use crate::source::Node;

use super::{Joined, Part};

/// How deep stacks may be nested, and how many parts an app may have.
const MAX_DEPTH: usize = 12;
const MAX_PARTS: usize = 500;

/// Adds the parts that are nested in those that there are, and in these.
pub(in crate::loaded) fn add_nested(
    documents: &mut Vec<Document>,
    parts: &mut Vec<Part>,
    faults: &mut Vec<LoadFault>,
    about: &Joined,
    overlay: &Overlay,
) {
    let mut at = 0;
    while at < parts.len() && parts.len() < MAX_PARTS {
        let depth = std::iter::successors(Some(at), |at| parts.get(*at)?.inside.as_ref().map(|(parent, _)| *parent));
        let above: Vec<PathBuf> =
            depth.filter_map(|at| Some(documents.get(parts.get(at)?.document)?.path.clone())).collect();
        if above.len() > MAX_DEPTH {
            at += 1;
            continue;
        }
        for (id, path) in nested(&parts[at], &above[0], about, overlay) {
            if parts.len() >= MAX_PARTS || above.contains(&path) {
                continue;
            }
            let mut found = Vec::new();
            let Ok(document) = Document::read(&path, documents.len(), &mut found, overlay) else { continue };
            let Some(root) = document.root.clone().filter(|root| is_template(root)) else { continue };
            let root = included(&root, &path, overlay).unwrap_or(root);
            let parent = &parts[at];
            let part = Part {
                document: documents.len(),
                root,
                // Its name is made up when it is deployed.
                stack_name: None,
                prefix: format!("{}{id}", if parent.inside.is_some() { parent.prefix.as_str() } else { "" }),
                inside: Some((at, id)),
                construct: parent.construct.clone(),
                frames: Arc::clone(&parent.frames),
            };
            faults.extend(found);
            documents.push(document);
            parts.push(part);
        }
        at += 1;
    }
}

/// The nested stacks of a part whose templates are files here.
fn nested(part: &Part, template: &Path, about: &Joined, overlay: &Overlay) -> Vec<(String, PathBuf)> {
    let resources = part.root.get("Resources").map_or(&[][..], Node::entries).iter();
    let nested = resources.filter_map(|(key, body)| {
        let property = match ResourceType::of(body.get("Type")?.as_str()?)? {
            ResourceType::CloudFormationStack => "TemplateURL",
            ResourceType::ServerlessApplication => "Location",
            _ => return None,
        };
        let location = body.get("Properties")?.get(property)?;
        let path =
            file(location, body, template, about).or_else(|| uploaded::file(template, location.as_str()?, overlay))?;
        Some((key.as_str()?.to_owned(), path))
    });
    nested.collect()
}

/// The file that a template's location is.
fn file(location: &Node, body: &Node, template: &Path, about: &Joined) -> Option<PathBuf> {
    let asset = body.get("Metadata").and_then(|metadata| metadata.get("aws:asset:path")).and_then(Node::as_str);
    if let Some(asset) = asset {
        return Some(beside(template, asset));
    }
    match location.as_str().filter(|_| Call::of(location).is_none()) {
        Some(path) if !path.contains("://") && !path.contains("${") => Some(beside(template, path)),
        // The address of an asset ends in the key of its object.
        _ => {
            let texts: Vec<&str> = location.walk().filter_map(Node::as_str).collect();
            let is_end = |key: &str| texts.iter().any(|text| text.ends_with(key));
            about.assets.iter().find(|(key, _)| is_end(key)).map(|(_, path)| path.clone())
        }
    }
}
