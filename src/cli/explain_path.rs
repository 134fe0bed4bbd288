//! `lint --explain-path`: what is known of a place, as an editor shows it.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::diagnostic::Diagnostic;
use crate::ide;
use crate::loaded::{GivenInput, LoadedStack, Overlay, find_over};
use crate::pages::Page;
use crate::source::Source;

use super::failure::Failure;
use super::outcome::Outcome;
use super::output;

/// A place in a file: `template.yaml:12:7`, both counted from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlaceArg {
    path: PathBuf,
    line: usize,
    column: usize,
}

impl FromStr for PlaceArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.rsplit_once(':').and_then(|(rest, column)| Some((rest.rsplit_once(':')?, column)));
        let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number > 0);
        let read = parts.and_then(|((path, line), column)| Some((path, number(line)?, number(column)?)));
        match read.filter(|(path, ..)| !path.is_empty()) {
            Some((path, line, column)) => Ok(Self { path: PathBuf::from(path), line, column }),
            None => Err("expected FILE:LINE:COL, such as `m.asl.json:12:7`".to_owned()),
        }
    }
}

/// Prints what is known of a place. The stack that its file belongs to is looked for at `paths`.
pub(super) fn run(place: &PlaceArg, paths: &[PathBuf], inputs: Vec<GivenInput>) -> anyhow::Result<Outcome> {
    if let Some((page, text)) = page(&place.path) {
        let offset = place.offset(&text)?;
        return told(page.hover(&text, offset));
    }
    let mut stack = stack_of(&place.path, paths)?;
    stack.inputs = inputs;
    let same = |path: &Path| same(path, &place.path);
    let document = stack.documents.iter().position(|document| same(&document.path)).unwrap_or_default();
    let text = stack.documents.get(document).map_or("", |document| document.source.text.as_str());
    let offset = place.offset(text)?;
    told(ide::hover(&stack, document, offset))
}

impl PlaceArg {
    /// The byte that is meant.
    fn offset(&self, text: &str) -> anyhow::Result<usize> {
        let missing = || {
            let message = format!("`{}` has no line {}, column {}", self.path.display(), self.line, self.column);
            Failure::new(Diagnostic::error(message)).into()
        };
        offset(text, self.line, self.column).ok_or_else(missing)
    }
}

fn told(hover: Option<ide::Hover>) -> anyhow::Result<Outcome> {
    match hover {
        Some(hover) => output::print(&format!("{}\n", hover.text.trim_end()))?,
        None => {
            output::tell("nothing is known about this position: choose a path, a state, a call, a resource or a key\n")?
        }
    }
    Ok(Outcome::Fine)
}

/// The spec or the scenario that a file is, with its text.
fn page(path: &Path) -> Option<(Page, String)> {
    let text = Source::read(path).ok()?.text;
    Some((Page::of(path, &text)?, text))
}

fn same(left: &Path, right: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    real(left) == real(right)
}

/// The stack that a file belongs to: a template that names it, or the file itself. Where nobody says where to look, the folders above the
/// file are looked at, as an editor has them open.
fn stack_of(path: &Path, paths: &[PathBuf]) -> anyhow::Result<LoadedStack> {
    let holds = |stack: &LoadedStack| stack.documents.iter().any(|document| same(&document.path, path));
    let above = if paths.is_empty() { above(path) } else { Vec::new() };
    for around in std::iter::once(paths).chain(above.chunks(1)).filter(|paths| !paths.is_empty()) {
        // An editor sees each template by itself.
        let stacks = find_over(around, &Overlay::default()).map(|found| found.stacks).unwrap_or_default();
        if let Some(stack) =
            stacks.into_iter().find(|stack| holds(stack) && (stack.template.is_some() || !paths.is_empty()))
        {
            return Ok(stack);
        }
    }
    let mut alone = find_over(&[path.to_owned()], &Overlay::default()).map_err(Failure::from)?.stacks;
    let nothing = || Failure::new(Diagnostic::error(format!("`{}` belongs to no stack", path.display())));
    alone.pop().ok_or_else(|| nothing().into())
}

/// How many folders above a file are looked at, where the working directory is not one of them.
const MOST_ABOVE: usize = 2;

/// The folders above a file up to the working directory, the nearest first.
fn above(path: &Path) -> Vec<PathBuf> {
    let Ok(real) = std::fs::canonicalize(path) else { return Vec::new() };
    let folders: Vec<PathBuf> = real.ancestors().skip(1).map(Path::to_owned).collect();
    let here = std::env::current_dir().and_then(std::fs::canonicalize).ok();
    let most = here.and_then(|here| folders.iter().position(|folder| *folder == here)).map_or(MOST_ABOVE, |at| at + 1);
    folders.into_iter().take(most).collect()
}

/// The byte at a line and a column.
fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let content = text.get(start..)?.lines().next().filter(|_| text.split_inclusive('\n').count() >= line)?;
    let at = content.char_indices().map(|(at, _)| at).chain([content.len()]).nth(column - 1)?;
    Some(start + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_and_found() {
        let place: PlaceArg = "a:b/m.json:2:3".parse().unwrap();
        assert_eq!((place.path, place.line, place.column), (PathBuf::from("a:b/m.json"), 2, 3));
        assert!("m.json:2".parse::<PlaceArg>().is_err() && "m.json:0:1".parse::<PlaceArg>().is_err());
        assert_eq!(offset("a\néb\n", 2, 2), Some(4));
        assert_eq!(offset("a\n", 9, 1), None);
        assert_eq!(offset("a\n", 1, 9), None);
    }
}
