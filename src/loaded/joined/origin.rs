//! Where the resources of a joined template come from.

use std::path::PathBuf;

use indexmap::IndexMap;

use crate::loaded::{LoadedMachine, LoadedStack, Place};
use crate::source::{Node, below, tokens};

use super::Part;
use super::names::Names;

/// A line of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Its file, as it is found from here.
    pub path: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1.
    pub column: usize,
}

/// Where a resource comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// Its logical id as its own template has it.
    pub written: String,
    /// Where it stands.
    pub place: Place,
    /// The path of the construct that made it: `Data/Files`.
    pub construct: Option<String>,
    /// The lines of the program that made it: first the innermost.
    pub frames: Vec<Frame>,
}

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

impl LoadedStack {
    /// Whether a framework wrote the stack.
    pub fn is_synthesized(&self) -> bool {
        self.joined.as_deref().is_some_and(|joined| joined.synthesized)
    }

    /// The resource that a place is within and where that comes from; of a definition in a file of its own, its state machine.
    pub fn origin(&self, place: &Place) -> Option<(&str, &Origin)> {
        let joined = self.joined.as_deref()?;
        let alone = !self.is_template(place.document);
        let id = match !alone {
            true => {
                let mut tokens = tokens(&place.pointer);
                (tokens.next()? == "Resources").then(|| tokens.next())??.to_string()
            }
            false => {
                let has = |machine: &&LoadedMachine| {
                    machine.definition.as_ref().is_some_and(|definition| definition.document == place.document)
                };
                self.machines.iter().find(has)?.logical_id.clone()?
            }
        };
        // Some rules look at each template as it is written.
        let as_written =
            |(_, origin): &(&String, &Origin)| origin.written == id && origin.place.document == place.document;
        let found =
            joined.origins.get_key_value(&id).filter(|(_, origin)| alone || origin.place.document == place.document);
        let (name, origin) = found.or_else(|| joined.origins.iter().find(as_written))?;
        Some((name, origin))
    }
}
