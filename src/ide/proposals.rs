//! What is proposed at a cursor.

use std::path::PathBuf;

use crate::source::Span;

use super::cursor::Cursor;

/// What a proposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// A field.
    Field,
    /// One of a few values.
    Value,
    /// A state, a resource, a parameter: something that is declared.
    Reference,
    /// A variable.
    Variable,
    /// A function.
    Function,
    /// A service or its action.
    Call,
}

/// Something that may be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is shown.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A few words beside it.
    pub detail: String,
    /// What is put in.
    pub insert: String,
    /// What that replaces.
    pub span: Span,
}

/// The most that is proposed.
const MOST: usize = 2000;

/// What is proposed so far.
pub(super) struct Proposals {
    pub(super) cursor: Cursor,
    /// Where the file lies; empty where it is not known.
    pub(super) path: PathBuf,
    found: Vec<Completion>,
}

impl Proposals {
    pub(super) fn new(cursor: Cursor) -> Self {
        Self { cursor, path: PathBuf::new(), found: Vec::new() }
    }

    /// Whether a value may be typed. An item of a list that has just been begun may become a value or a mapping.
    pub(super) fn takes_value(&self) -> bool {
        let in_list = self.cursor.path.last().is_some_and(|token| token.parse::<usize>().is_ok());
        !self.cursor.on_key || (in_list && !self.cursor.json && self.cursor.tag.is_none())
    }

    /// A key, with what follows it.
    pub(super) fn key(&mut self, name: &str, detail: impl Into<String>) {
        let Cursor { quoted, json, has_value, .. } = self.cursor;
        let insert = match (quoted, json, has_value) {
            (true, ..) | (_, false, true) => name.to_owned(),
            (false, true, true) => format!("\"{name}\""),
            (false, true, false) => format!("\"{name}\": "),
            (false, false, false) => format!("{name}: "),
        };
        self.add(name, CompletionKind::Field, detail, insert, None);
    }

    /// A value that is a text.
    pub(super) fn text(&mut self, name: &str, kind: CompletionKind, detail: impl Into<String>) {
        let plain = |c: char| c.is_alphanumeric() || "_-.:/ ".contains(c);
        let needs = self.cursor.json || !name.chars().all(plain) || name.contains(": ");
        let insert = if self.cursor.quoted || !needs { name.to_owned() } else { format!("\"{name}\"") };
        self.add(name, kind, detail, insert, None);
    }

    /// A value that stands without quotes.
    pub(super) fn word(&mut self, name: &str) {
        self.add(name, CompletionKind::Value, "", name.to_owned(), None);
    }

    /// A value that is written as it is: a function of CloudFormation.
    pub(super) fn raw(&mut self, label: &str, detail: impl Into<String>, insert: String) {
        self.add(label, CompletionKind::Reference, detail, insert, None);
    }

    /// A part of a text: it replaces what is typed of it, from `from` on.
    pub(super) fn part(
        &mut self,
        label: &str,
        kind: CompletionKind,
        detail: impl Into<String>,
        insert: String,
        from: usize,
    ) {
        let span = Span { start: self.cursor.span.start + from, end: self.cursor.span.end };
        self.add(label, kind, detail, insert, Some(span));
    }

    fn add(
        &mut self,
        label: &str,
        kind: CompletionKind,
        detail: impl Into<String>,
        insert: String,
        span: Option<Span>,
    ) {
        if self.found.len() < MOST && !self.found.iter().any(|one| one.label == label) {
            let span = span.unwrap_or(self.cursor.span);
            self.found.push(Completion { label: label.to_owned(), kind, detail: detail.into(), insert, span });
        }
    }

    pub(super) fn finish(self) -> Vec<Completion> {
        self.found
    }
}
