//! A place in a text, and what stands there.

use crate::source::{Fault, Span};

/// What reading a YAML text gives, unless it is no YAML.
pub(super) type Result<T> = std::result::Result<T, Fault>;

/// A place in a text that moves forward, and counts columns as it does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    /// The byte.
    pub(super) at: usize,
    /// The character, from the beginning of the text.
    pub(super) index: usize,
    /// The line, from 0.
    pub(super) line: usize,
    /// The column, from 0, in characters.
    pub(super) column: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, index: 0, line: 0, column: 0 }
    }

    /// The byte that stands `ahead` bytes further on; 0 behind the end.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// How many bytes the line break has that stands here; 0 if none does.
    pub(super) fn line_break(&self) -> usize {
        line_break(self.rest())
    }

    pub(super) fn at_break_or_end(&self) -> bool {
        self.at_end() || self.line_break() > 0
    }

    pub(super) fn is_blank(&self) -> bool {
        matches!(self.byte(0), b' ' | b'\t')
    }

    /// Whether a blank, a line break or the end stands `ahead` bytes further on.
    pub(super) fn is_space(&self, ahead: usize) -> bool {
        let rest = self.rest().get(ahead..).unwrap_or_default();
        rest.first().is_none_or(|byte| matches!(byte, b' ' | b'\t')) || line_break(rest) > 0
    }

    /// Whether a document begins or ends here: `---` or `...` at the start of a line.
    pub(super) fn document_mark(&self) -> bool {
        self.column == 0 && (self.rest().starts_with(b"---") || self.rest().starts_with(b"...")) && self.is_space(3)
    }

    /// Moves over bytes of one line.
    pub(super) fn skip(&mut self, bytes: usize) {
        let end = self.text.len().min(self.at + bytes);
        let passed = self.text.as_bytes().get(self.at..end).unwrap_or_default();
        let characters = passed.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        self.at = end;
        self.index += characters;
        self.column += characters;
    }

    /// Moves over the blanks that stand here, and says whether there were any.
    pub(super) fn skip_blanks(&mut self) -> bool {
        let from = self.at;
        while self.is_blank() {
            self.skip(1);
        }
        self.at > from
    }

    /// Moves over a line break, and gives what it is in a text.
    pub(super) fn skip_break(&mut self) -> &'a str {
        let length = self.line_break();
        let passed = self.text.get(self.at..self.at + length).unwrap_or_default();
        if length > 0 {
            self.at += length;
            self.index += passed.chars().count();
            self.line += 1;
            self.column = 0;
        }
        match length {
            0 => "",
            // Unicode's separators of lines and paragraphs stay what they are.
            3 => passed,
            _ => "\n",
        }
    }

    /// Moves to the end of the line.
    pub(super) fn skip_line(&mut self) {
        self.skip(self.bytes_to_break());
    }

    /// How many bytes there are before the next line break.
    pub(super) fn bytes_to_break(&self) -> usize {
        let rest = self.rest();
        (0..rest.len()).find(|at| line_break(&rest[*at..]) > 0).unwrap_or(rest.len())
    }

    /// The character that stands here.
    pub(super) fn character(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    /// From a byte to here.
    pub(super) fn since(&self, start: usize) -> Span {
        Span { start, end: self.at }
    }

    /// A fault at this place.
    pub(super) fn fault(&self, message: &str) -> Fault {
        fault(message, Span { start: self.at, end: self.at })
    }
}

/// What is wrong with a text that is no YAML.
pub(super) fn fault(message: &str, span: Span) -> Fault {
    Fault::new(format!("this is not YAML: {message}")).at(span)
}

fn line_break(rest: &[u8]) -> usize {
    match rest {
        [b'\r', b'\n', ..] | [0xC2, 0x85, ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
        _ => 0,
    }
}
