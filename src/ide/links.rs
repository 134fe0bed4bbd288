//! From a template to the files of its definitions, and back.

use crate::loaded::{DefinitionSource, LoadedStack};
use crate::source::Span;

use super::spot::path_of;

/// The document and the place that a byte leads to: from `DefinitionUri` to its file, and from the beginning of a definition (`StartAt`,
/// `States`, `Comment`) to the resource.
pub fn link(stack: &LoadedStack, document: usize, offset: usize) -> Option<(usize, Span)> {
    let template = stack.template.as_ref()?;
    for machine in &stack.machines {
        let Some(definition) = machine.definition.as_ref().filter(|one| one.source == DefinitionSource::File) else {
            continue;
        };
        if document == template.document {
            let uri = machine.logical_id.as_deref().and_then(|id| template.properties(id)?.get("DefinitionUri"));
            if uri.is_some_and(|uri| uri.span.start <= offset && offset <= uri.span.end) {
                return Some((definition.document, Span::default()));
            }
        } else if document == definition.document {
            let (trail, on_key) = super::spot::trail(&definition.root, offset);
            let place = machine.place.as_ref()?;
            if on_key && trail.last().is_some_and(|step| path_of(&step.pointer).len() == 1) {
                return Some((place.document, place.span));
            }
        }
    }
    None
}
