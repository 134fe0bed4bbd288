//! A text within a text: where each byte of a `DefinitionString` stands in the template that holds it.

use crate::source::{Fault, Kind, Node, Span};

/// A text that was put together from pieces of a document.
#[derive(Debug, Default)]
pub(super) struct Embedded {
    /// The text.
    pub(super) text: String,
    /// For each byte of it the byte of the document that it came from.
    places: Vec<usize>,
}

impl Embedded {
    /// Adds what a scalar of the document says. `raw` is the scalar as it is spelled there, from `start` on.
    pub(super) fn scalar(&mut self, said: &str, raw: &str, start: usize) {
        let mut rest = raw.char_indices().peekable();
        for c in said.chars() {
            let place = start + spelled(c, &mut rest, raw);
            self.places.extend(std::iter::repeat_n(place, c.len_utf8()));
        }
        self.text.push_str(said);
    }

    /// Adds a text that as a whole stands for a place.
    pub(super) fn stand_in(&mut self, text: &str, place: Span) {
        self.places.extend(std::iter::repeat_n(place.start, text.len()));
        self.text.push_str(text);
    }

    /// Makes `${!Literal}` what `Fn::Sub` makes it, `${Literal}`.
    pub(super) fn unescape(&mut self) {
        let marks: Vec<usize> = self.text.match_indices("${!").map(|(at, _)| at + 2).collect();
        if marks.is_empty() {
            return;
        }
        let mut marks_left = marks.iter().peekable();
        let mut at = 0;
        self.places.retain(|_| {
            let mark = marks_left.next_if_eq(&&at).is_some();
            at += 1;
            !mark
        });
        self.text = self.text.replace("${!", "${");
    }

    fn place(&self, span: Span) -> Span {
        let at = |offset: usize| self.places.get(offset).or(self.places.last()).copied().unwrap_or(0);
        let start = at(span.start);
        let end = if span.end > span.start { at(span.end - 1) + 1 } else { start };
        Span { start, end: end.max(start) }
    }

    /// The same tree with the places of the document.
    pub(super) fn placed(&self, mut node: Node) -> Node {
        node.span = self.place(node.span);
        node.kind = match node.kind {
            Kind::Sequence(items) => Kind::Sequence(items.into_iter().map(|item| self.placed(item)).collect()),
            Kind::Mapping(entries) => {
                Kind::Mapping(entries.into_iter().map(|(k, v)| (self.placed(k), self.placed(v))).collect())
            }
            other => other,
        };
        node
    }

    /// The same fault at its place in the document.
    pub(super) fn placed_fault(&self, fault: Fault) -> Fault {
        Fault { span: fault.span.map(|span| self.place(span)), ..fault }
    }
}

/// Where in `raw` a character is spelled; `rest` is behind it then. What only the spelling has (indentation, quotes, the head
/// of a block) is passed over, but never past the end of what could still be a spelling.
fn spelled(c: char, rest: &mut std::iter::Peekable<std::str::CharIndices<'_>>, raw: &str) -> usize {
    while let Some((at, r)) = rest.peek().copied() {
        if r == '\\' && c != '\\' {
            rest.next();
            pass_escape(rest);
            return at;
        }
        if r == c || (c.is_whitespace() && r.is_whitespace()) {
            rest.next();
            // `\\` and `''` spell one character with two.
            if rest.peek().is_some_and(|(_, next)| *next == r && (r == '\\' || r == '\'') && c == r) {
                rest.next();
            }
            return at;
        }
        if c.is_whitespace() {
            return at;
        }
        rest.next();
    }
    raw.len()
}

/// Passes what follows the backslash of an escape.
fn pass_escape(rest: &mut std::iter::Peekable<std::str::CharIndices<'_>>) {
    let digits = match rest.next() {
        Some((_, 'u')) => 4,
        Some((_, 'x')) => 2,
        Some((_, 'U')) => 8,
        _ => 0,
    };
    for _ in 0..digits {
        rest.next();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_in_every_spelling() {
        for (raw, said) in [
            ("|\n    {\n      \"A\": \"é\",\n      \"B\": 1\n    }\n", "{\n  \"A\": \"é\",\n  \"B\": 1\n}\n"),
            (r#""{\n \"A\": \"\u00e9\", \"B\": 1}""#, "{\n \"A\": \"é\", \"B\": 1}"),
            ("'{\"A\": 1, \"x''y\": 2, \"B\": 1}'", "{\"A\": 1, \"x'y\": 2, \"B\": 1}"),
            (">-\n  {\"A\": 1,\n   \"B\":\n  1}", "{\"A\": 1,\n \"B\": 1}"),
        ] {
            let mut embedded = Embedded::default();
            embedded.scalar(said, raw, 100);
            let at = said.find('B').unwrap();
            let place = embedded.place(Span { start: at, end: at + 1 });
            assert_eq!(&raw[place.start - 100..place.end - 100], "B", "{raw}");
        }
    }
}
