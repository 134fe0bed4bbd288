//! What `lint` found, each finding with the lines of the source that it is about.

use std::collections::HashMap;

use serde::Serialize;

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::loaded::{LoadedStack, Place};
use crate::source::{LineIndex, Span};

/// How many lines are shown before the place, and after it.
const AROUND: usize = 2;
/// The most lines of a long place that are shown.
const MAX_LINES: usize = 8;
/// The most characters of a long line that are shown.
const MAX_LINE: usize = 160;

/// A finding, as a report tells it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FindingReport {
    /// The rule's id.
    pub rule: &'static str,
    /// The rule's name.
    pub name: &'static str,
    /// What the rule is about, in a line.
    pub title: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What will happen.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether `lint --fix` mends it.
    pub fixable: bool,
    /// Where it is.
    pub at: PlaceReport,
}

/// A place, with the lines around it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaceReport {
    /// The file, from the template's directory.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// The JSON Pointer of the value.
    pub pointer: String,
    /// The lines.
    pub excerpt: Vec<ExcerptLine>,
}

/// A line of an excerpt.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExcerptLine {
    /// Its number, from 1.
    pub line: usize,
    /// What stands before the place.
    pub before: String,
    /// What of the place stands in this line.
    pub marked: String,
    /// What stands after it.
    pub after: String,
}

/// The findings in the order in which they were given.
pub(super) fn findings(stack: &LoadedStack, findings: &[Finding], files: &[String]) -> Vec<FindingReport> {
    let mut places = Places::new(stack, files);
    let told = findings.iter().filter_map(|finding| {
        Some(FindingReport {
            rule: finding.rule.id.0,
            name: finding.rule.name,
            title: finding.rule.title(),
            severity: finding.severity,
            message: finding.message.clone(),
            help: finding.help.clone(),
            fixable: finding.fix.is_some(),
            at: places.tell(&finding.place)?,
        })
    });
    told.collect()
}

/// Tells places; the lines of each file are counted once.
pub(super) struct Places<'a> {
    stack: &'a LoadedStack,
    files: &'a [String],
    lines: HashMap<usize, LineIndex>,
}

impl<'a> Places<'a> {
    pub(super) fn new(stack: &'a LoadedStack, files: &'a [String]) -> Self {
        Self { stack, files, lines: HashMap::new() }
    }

    /// A place with its lines.
    pub(super) fn tell(&mut self, place: &Place) -> Option<PlaceReport> {
        let text = &self.stack.documents.get(place.document)?.source.text;
        let lines = self.lines.entry(place.document).or_insert_with(|| LineIndex::new(text));
        let start = lines.position(text, place.span.start);
        Some(PlaceReport {
            file: self.files.get(place.document)?.clone(),
            line: start.line,
            column: start.column,
            pointer: place.pointer.clone(),
            excerpt: excerpt(text, place.span, start.line),
        })
    }
}

fn excerpt(text: &str, span: Span, line: usize) -> Vec<ExcerptLine> {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.floor_char_boundary(span.end.clamp(start, text.len()));
    // An empty place, or one that ends where a line does, is in the line where it begins.
    let end = if text[start..end].ends_with('\n') { end - 1 } else { end };
    let mut from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let mut number = line;
    for _ in 0..AROUND {
        if from == 0 {
            break;
        }
        from = text[..from - 1].rfind('\n').map_or(0, |at| at + 1);
        number -= 1;
    }
    let mut shown = Vec::new();
    let mut behind = 0;
    while from <= text.len() && shown.len() < MAX_LINES && behind <= AROUND {
        let to = text[from..].find('\n').map_or(text.len(), |at| from + at);
        let (a, b) = (start.clamp(from, to), end.clamp(from, to));
        shown.push(cut(number, &text[from..a], &text[a..b], text[b..to].trim_end_matches('\r')));
        behind += usize::from(to >= end);
        if to == text.len() {
            break;
        }
        from = to + 1;
        number += 1;
    }
    shown
}

/// A line of which, if it is long, what is near the place is shown.
fn cut(line: usize, before: &str, marked: &str, after: &str) -> ExcerptLine {
    let long = before.chars().count() + marked.chars().count() + after.chars().count() > MAX_LINE;
    let first = |text: &str, most: usize| match text.char_indices().nth(most).filter(|_| long) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    let last = |text: &str, most: usize| {
        let count = text.chars().count();
        match text.char_indices().nth(count.saturating_sub(most)).filter(|_| long && count > most) {
            Some((start, _)) => format!("…{}", &text[start..]),
            None => text.to_owned(),
        }
    };
    let kept = if marked.is_empty() { MAX_LINE } else { MAX_LINE / 4 };
    let before = if marked.is_empty() { first(before, kept) } else { last(before, kept) };
    ExcerptLine { line, before, marked: first(marked, MAX_LINE / 2), after: first(after, kept) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, part: &str) -> Vec<String> {
        let start = text.find(part).unwrap();
        let line = text[..start].matches('\n').count() + 1;
        let lines = excerpt(text, Span { start, end: start + part.len() }, line);
        lines.iter().map(|l| format!("{}:{}[{}]{}", l.line, l.before, l.marked, l.after)).collect()
    }

    #[test]
    fn a_place_is_shown_with_the_lines_around_it() {
        let text = "one\ntwo\nthree\nfour\nfive\nsix\n";
        assert_eq!(shown(text, "hre"), ["1:one[]", "2:two[]", "3:t[hre]e", "4:[]four", "5:[]five"]);
        assert_eq!(shown(text, "one"), ["1:[one]", "2:[]two", "3:[]three"]);
        assert_eq!(shown(text, "six"), ["4:four[]", "5:five[]", "6:[six]", "7:[]"]);
        assert_eq!(shown(text, "ree\nfou"), ["1:one[]", "2:two[]", "3:th[ree]", "4:[fou]r", "5:[]five", "6:[]six"]);
    }

    #[test]
    fn long_lines_are_cut() {
        let text = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let lines = shown(&text, "X");
        assert_eq!(lines[0].chars().filter(|c| *c == 'a').count(), MAX_LINE / 4);
        assert!(lines[0].contains("[X]b") && lines[0].ends_with('…'), "{}", lines[0]);
    }
}
