//! Where the resources of a joined template come from.

use indexmap::IndexMap;

use crate::loaded::Place;
use crate::source::{Node, below};

use super::joining::{Frame, Origin};
use super::names::Names;
use super::part::Part;

/// Notes where the resources of a part come from, by their ids in the joined template.
pub(super) fn collect(part: &Part, at: usize, names: &Names, root: &Node, origins: &mut IndexMap<String, Origin>) {
    let keys = root.get("Resources").map_or(&[][..], Node::entries).iter();
    let places: std::collections::HashMap<&str, _> = keys.filter_map(|(k, _)| Some((k.as_str()?, k.span))).collect();
    for id in part.resources() {
        let Some(name) = names.resource(at, id) else { continue };
        let Some(span) = places.get(name) else { continue };
        let place = Place { document: part.document, pointer: below("/Resources", name), span: *span };
        let frames = part.path_of(id).map(|path| frames(part, path)).unwrap_or_default();
        let construct = part.construct_of(id);
        origins.insert(name.to_owned(), Origin { written: id.to_owned(), place, construct, frames });
    }
}

/// The lines that made a construct. Of one that was made late (a policy, when something was granted) the CDK notes lines of its own
/// only: then those of the nearest construct around it count.
fn frames(part: &Part, path: &str) -> Vec<Frame> {
    let mut around = Some(path);
    while let Some(path) = around {
        let found = part.frames.get(path).or_else(|| part.frames.get(&format!("{path}/Resource")));
        if let Some(found) = found {
            return found.clone();
        }
        around = path.rsplit_once('/').map(|(above, _)| above);
    }
    Vec::new()
}
