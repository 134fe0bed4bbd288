//! What may be typed at a place.

use std::path::Path;

use crate::lint::FieldsOf;
use crate::loaded::{LoadedMachine, LoadedStack};
use crate::outline::{Language, Outline};

use super::complete_definition::{Place, fields};
use super::cursor::cursor;
use super::proposals::{Completion, Proposals};
use super::{complete_template, spot};

/// What may be typed at a byte of a document. `text` is what stands there now; the stack may be of a text that was mended.
pub fn completions(stack: &LoadedStack, document: usize, text: &str, offset: usize) -> Vec<Completion> {
    let path = stack.documents.get(document).map(|document| document.path.clone()).unwrap_or_default();
    completions_of_file(&path, stack, document, text, offset)
}

/// The same, of a document that lies at a path: its own path may say where it lies in a folder.
pub fn completions_of_file(
    path: &Path,
    stack: &LoadedStack,
    document: usize,
    text: &str,
    offset: usize,
) -> Vec<Completion> {
    let Some(of) = stack.documents.get(document) else { return Vec::new() };
    let mut found = Proposals::new(cursor(text, offset, of.json));
    found.path = path.to_owned();
    let machine = machine_at(stack, document, &found.cursor.path);
    match machine {
        Some((machine, path)) => {
            if let Some(outline) = Outline::new(stack, machine) {
                Place::new(&outline, path).propose(&mut found);
            }
        }
        None if stack.template.is_none() => begin(&of.path, text, &mut found),
        None => complete_template::propose(stack, document, &mut found),
    }
    found.finish()
}

/// What may be typed at a byte of a file that is no stack yet: one that is being begun, by its name.
pub fn completions_of_new(path: &Path, text: &str, offset: usize) -> Vec<Completion> {
    let json = path.extension().is_some_and(|extension| extension == "json") || text.trim_start().starts_with('{');
    let mut found = Proposals::new(cursor(text, offset, json));
    begin(path, text, &mut found);
    found.finish()
}

fn begin(path: &Path, text: &str, found: &mut Proposals) {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let has = |section: &str| text.lines().any(|line| line.trim_start_matches([' ', '{', '"']).starts_with(section));
    if name.contains(".asl") {
        if found.cursor.on_key && found.cursor.path.is_empty() {
            fields(FieldsOf::Machine, Language::Unknown, &|_| false, found);
        }
    } else if name.starts_with("template.") || name.ends_with(".template") || TEMPLATES.iter().any(|one| has(one)) {
        complete_template::outside(None, found);
    }
}

/// What a template begins with.
const TEMPLATES: [&str; 3] = ["AWSTemplateFormatVersion", "Transform", "Resources"];

/// The machine whose definition a way leads into, and the way within it.
fn machine_at<'a>(
    stack: &'a LoadedStack,
    document: usize,
    path: &[String],
) -> Option<(&'a LoadedMachine, Vec<String>)> {
    stack.machines.iter().find_map(|machine| {
        let definition = machine.definition.as_ref().filter(|definition| definition.document == document)?;
        let prefix = spot::path_of(&definition.pointer);
        path.strip_prefix(prefix.as_slice()).map(|rest| (machine, rest.to_vec()))
    })
}
