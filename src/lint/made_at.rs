//! Where in its program a synthesized stack says what a finding is about: that is where it is mended.
//!
//! The framework notes the line that made each construct. Within the file of that line, the state's name and the value that is wrong are
//! looked for as they are written; what is there once, or once behind the state's name, is the place.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::loaded::{Frame, LoadedStack};
use crate::source::{LineIndex, Position, Source, Span, tokens};

use super::finding::Finding;

/// A place in a program.
#[derive(Debug, Clone)]
pub struct MadeAt {
    /// The file, with `/` between its parts.
    pub file: String,
    /// Where it begins.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
    /// The text and the place in it, where the file can be read.
    pub shown: Option<(Source, Span)>,
}

/// Programs that were read.
#[derive(Debug, Default)]
pub struct Programs(HashMap<PathBuf, Option<Source>>);

impl Programs {
    /// Where in its program a finding is mended; `None` for one in a file that people write, and where nothing is noted.
    pub fn made_at(&mut self, stack: &LoadedStack, finding: &Finding) -> Option<MadeAt> {
        let joined = stack.joined.as_deref().filter(|joined| joined.synthesized)?;
        let place = &finding.place;
        let document = stack.documents.get(place.document)?;
        if !stack.is_template(place.document) && !document.path.starts_with(&joined.name) {
            return None;
        }
        let (_, origin) = stack.origin(place)?;
        let first = origin.frames.first()?;
        let written = document.source.text.get(place.span.start..place.span.end).unwrap_or_default();
        let wanted = Wanted::of(&place.pointer, written, &finding.message);
        for frame in &origin.frames {
            let found = self.read(&frame.path).and_then(|source| Some((source.clone(), wanted.find(&source.text)?)));
            if let Some((source, span)) = found {
                return Some(at(&frame.path, source, span));
            }
        }
        Some(match self.read(&first.path).and_then(|source| Some((source.clone(), line(&source.text, first)?))) {
            Some((source, span)) => at(&first.path, source, span),
            None => {
                let position = Position { line: first.line, column: first.column };
                let file = slashes(&first.path);
                MadeAt { file, start: position, end: position, shown: None }
            }
        })
    }

    fn read(&mut self, path: &Path) -> Option<&Source> {
        let read = || Source::read(path).ok();
        self.0.entry(path.to_owned()).or_insert_with(read).as_ref()
    }
}

fn slashes(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

fn at(path: &Path, source: Source, span: Span) -> MadeAt {
    let lines = LineIndex::new(&source.text);
    let (start, end) = (lines.position(&source.text, span.start), lines.position(&source.text, span.end));
    MadeAt { file: slashes(path), start, end, shown: Some((source, span)) }
}

/// The rest of a line from a column on.
fn line(text: &str, frame: &Frame) -> Option<Span> {
    let start: usize = text.split_inclusive('\n').take(frame.line - 1).map(str::len).sum();
    let content = text.get(start..)?.lines().next()?.trim_end();
    let column = content.char_indices().map(|(at, _)| at).nth(frame.column - 1).unwrap_or(0);
    Some(Span { start: start + column, end: start + content.len().max(column) })
}

/// What a program would have written where a finding is.
struct Wanted {
    state: Option<String>,
    values: Vec<String>,
}

impl Wanted {
    fn of(pointer: &str, written: &str, message: &str) -> Self {
        let tokens: Vec<String> = tokens(pointer).collect();
        let state = tokens.iter().rposition(|token| token == "States").and_then(|at| tokens.get(at + 1)).cloned();
        let bare = written.trim().trim_matches(|c| matches!(c, '"' | '\\' | '\''));
        let mut values = vec![bare.replace("\\\"", "\"").replace("\\\\", "\\")];
        // What the message quotes, where it is a part of what is written.
        let quoted = message.split('`').skip(1).step_by(2).filter(|text| bare.contains(text) || text.contains("$."));
        values.extend(quoted.map(str::to_owned));
        values.retain(|value| value.len() > 2 && !value.contains(['\n', '{']) && state.as_ref() != Some(value));
        Self { state, values }
    }

    fn find(&self, text: &str) -> Option<Span> {
        let state = self.state.as_deref().and_then(|name| only(&quoted(text, name)));
        let behind = |places: &[Span]| match state {
            Some(state) => places.iter().find(|place| place.start > state.start).copied().or_else(|| only(places)),
            None => only(places),
        };
        let value = self.values.iter().find_map(|value| {
            // A word that is no literal may be anything; a path is none of the program's own words.
            let is_path = value.contains("$.") || value.contains("$states");
            behind(&quoted(text, value)).or_else(|| is_path.then(|| behind(&places(text, value)))?)
        });
        value.or(state)
    }
}

fn only(places: &[Span]) -> Option<Span> {
    match places {
        [only] => Some(*only),
        _ => None,
    }
}

fn places(text: &str, part: &str) -> Vec<Span> {
    text.match_indices(part).map(|(start, part)| Span { start, end: start + part.len() }).collect()
}

/// The literals that say exactly this.
fn quoted(text: &str, part: &str) -> Vec<Span> {
    let is_literal = |place: &Span| {
        let before = text[..place.start].chars().next_back();
        before.is_some_and(|c| matches!(c, '\'' | '"' | '`')) && text[place.end..].chars().next() == before
    };
    places(text, part).into_iter().filter(is_literal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: &str = "const record = new Put(this, 'Record', {\n  key: at('$.detail.object.kei'),\n});\nnew Wait(this, 'Rest');\nother('Rest');\n";

    fn found(pointer: &str, written: &str, message: &str) -> Option<&'static str> {
        Wanted::of(pointer, written, message).find(PROGRAM).map(|span| &PROGRAM[span.start..span.end])
    }

    #[test]
    fn what_is_wrong_is_found_as_the_program_writes_it() {
        let state = "/Resources/M/Properties/DefinitionString/States/Record/Parameters/Key";
        assert_eq!(found(state, "\\\"$.detail.object.kei\\\"", ""), Some("$.detail.object.kei"));
        assert_eq!(found(state, "\\\"Nothing like this\\\"", ""), Some("Record"));
        assert_eq!(found(state, "x", "`$.detail.object.kei` is not there"), Some("$.detail.object.kei"));
        assert_eq!(found("/Resources/M/Properties/DefinitionString/States/Rest", "Rest", ""), None);
        assert_eq!(found("/Resources/M", "M1234ABCD", ""), None);
    }
}
