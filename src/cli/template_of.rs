//! The template that a definition belongs to, for a user who named the definition alone.

use std::path::{Path, PathBuf};

use crate::loaded::{DefinitionSource, LoadedStack, load};

use super::stack_source::{TEMPLATES, seen_from_here};

/// How many directories above the definition's own are searched.
const ABOVE: usize = 2;

/// The template beside a definition, or up to two directories above it, that has a state machine with this definition.
pub(super) fn template_of(definition: &Path) -> Option<PathBuf> {
    let definition = std::fs::canonicalize(definition).ok().filter(|path| path.is_file())?;
    let directories = definition.ancestors().skip(1).take(ABOVE + 1);
    let mut known = directories.flat_map(|directory| TEMPLATES.iter().map(|name| directory.join(name)));
    let found = known
        .find(|path| path.is_file() && load(std::slice::from_ref(path)).is_ok_and(|stacks| uses(&stacks, &definition)));
    found.map(|path| seen_from_here(&path))
}

/// Whether a machine of the stacks reads its definition from this file.
fn uses(stacks: &[LoadedStack], file: &Path) -> bool {
    let is_file = |stack: &LoadedStack| {
        let definitions = stack.machines.iter().filter_map(|machine| machine.definition.as_ref());
        let mut from_files = definitions.filter(|definition| matches!(definition.source, DefinitionSource::File));
        from_files.any(|definition| {
            let document = stack.documents.get(definition.document);
            document.is_some_and(|one| std::fs::canonicalize(&one.path).is_ok_and(|path| path == file))
        })
    };
    stacks.iter().filter(|stack| stack.template.is_some()).any(is_file)
}
