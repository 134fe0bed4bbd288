//! Texts as the protocol counts them: lines and characters, where a character is two bytes (UTF-16) unless both sides say UTF-8.

use gen_lsp_types::{Position, Range};

use crate::source::Span;

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    /// Code units of UTF-16, which every client knows.
    #[default]
    Utf16,
    /// Bytes.
    Utf8,
}

impl Encoding {
    fn width(self, text: &str) -> usize {
        match self {
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf8 => text.len(),
        }
    }
}

/// The beginning of a file that says that it is UTF-8. It is no part of the text, and the client may count it.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Where the lines of a text begin. A line ends with `\n`, `\r\n` or `\r`.
#[derive(Debug, Clone)]
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    encoding: Encoding,
    /// Whether the client's first line begins with a byte order mark that the text does not have.
    marked: bool,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str, encoding: Encoding, marked: bool) -> Self {
        let bytes = text.as_bytes();
        let ends = |at: &usize| bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        let starts = std::iter::once(0).chain((0..bytes.len()).filter(ends).map(|at| at + 1)).collect();
        Self { text, starts, encoding, marked }
    }

    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// The position of a byte.
    pub(super) fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let before = self.text.get(self.starts[line]..offset).unwrap_or_default();
        let character = self.encoding.width(before) + self.mark(line);
        Position { line: number(line), character: number(character) }
    }

    /// The range of a stretch of the text.
    pub(super) fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end.max(span.start)) }
    }

    /// The byte at a position. What lies behind the end of a line is its end, as the protocol has it.
    pub(super) fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).copied() else { return self.text.len() };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let content = self.text[start..end].trim_end_matches(['\n', '\r']);
        let mut left = (position.character as usize).saturating_sub(self.mark(line));
        for (at, c) in content.char_indices() {
            let width = self.encoding.width(&content[at..at + c.len_utf8()]);
            if left < width {
                return start + at;
            }
            left -= width;
        }
        start + content.len()
    }

    /// The stretch of the text that a range is.
    pub(super) fn span(&self, range: Range) -> Span {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        Span { start: start.min(end), end: start.max(end) }
    }

    fn mark(&self, line: usize) -> usize {
        let mut buffer = [0; 3];
        if self.marked && line == 0 { self.encoding.width(BYTE_ORDER_MARK.encode_utf8(&mut buffer)) } else { 0 }
    }
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A text that a client has open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Buffer {
    /// The text, without a byte order mark.
    pub(super) text: String,
    /// Whether the client's text begins with one.
    pub(super) marked: bool,
    /// The client's number of the text.
    pub(super) version: i32,
}

impl Buffer {
    pub(super) fn new(text: &str, version: i32) -> Self {
        let plain = text.strip_prefix(BYTE_ORDER_MARK);
        Self { text: plain.unwrap_or(text).to_owned(), marked: plain.is_some(), version }
    }

    /// Replaces a part of the text.
    pub(super) fn edit(&mut self, range: Range, new: &str, encoding: Encoding) {
        let span = Lines::new(&self.text, encoding, self.marked).span(range);
        self.text.replace_range(span.start..span.end, new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn columns_are_code_units_of_utf_16() {
        let text = "é😀x\r\nb\rc\n";
        let lines = Lines::new(text, Encoding::Utf16, false);
        assert_eq!(lines.position(text.find('x').unwrap()), position(0, 3));
        assert_eq!(lines.position(text.find('b').unwrap()), position(1, 0));
        assert_eq!(lines.position(text.find('c').unwrap()), position(2, 0));
        assert_eq!(lines.position(text.len()), position(3, 0));
        let bytes = Lines::new(text, Encoding::Utf8, false);
        assert_eq!(bytes.position(text.find('x').unwrap()), position(0, 6));
    }

    #[test]
    fn every_byte_comes_back_from_its_position() {
        let text = "a: é\r\n  😀: [1]\r\nlast";
        for (encoding, marked) in [(Encoding::Utf16, false), (Encoding::Utf8, false), (Encoding::Utf16, true)] {
            let lines = Lines::new(text, encoding, marked);
            for (at, c) in text.char_indices().filter(|(_, c)| *c != '\n') {
                assert_eq!(lines.offset(lines.position(at)), at, "{c:?} {encoding:?}");
            }
        }
    }

    #[test]
    fn positions_beyond_the_text_are_its_ends() {
        let lines = Lines::new("ab\r\ncd", Encoding::Utf16, false);
        assert_eq!(lines.offset(position(0, 99)), 2);
        assert_eq!(lines.offset(position(9, 0)), 6);
        assert_eq!(Lines::new("😀", Encoding::Utf16, false).offset(position(0, 1)), 0);
    }

    #[test]
    fn a_byte_order_mark_is_counted_and_no_text() {
        let mut buffer = Buffer::new("\u{feff}a: 1\n", 1);
        assert_eq!((buffer.text.as_str(), buffer.marked), ("a: 1\n", true));
        let one = Lines::new(&buffer.text, Encoding::Utf16, true).range(Span { start: 3, end: 4 });
        assert_eq!(one, Range { start: position(0, 4), end: position(0, 5) });
        buffer.edit(one, "22", Encoding::Utf16);
        assert_eq!(buffer.text, "a: 22\n");
    }
}
