//! `wildcard`: texts with gaps.

use thiserror::Error;

/// Why a text is no [wildcard pattern](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching).
/// Positions are bytes of the text from 1. The messages are those of EventBridge.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WildcardError {
    /// Two asterisks stand side by side.
    #[error("Consecutive wildcard characters at pos {0}")]
    Consecutive(usize),
    /// A backslash stands before something other than an asterisk or a backslash.
    #[error("Invalid escape character at pos {0}")]
    Escape(usize),
}

/// The literal pieces of a wildcard pattern, with a gap of any length between each two. The quotes that enclose a JSON
/// string belong to the first and the last piece, so there is always at least one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Wildcard {
    pieces: Vec<Vec<u8>>,
}

impl Wildcard {
    pub(super) fn parse(text: &str) -> Result<Self, WildcardError> {
        let mut pieces = Vec::new();
        let mut piece = vec![b'"'];
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let next = bytes.get(at + 1).copied();
            match (byte, next) {
                (b'*', Some(b'*')) => return Err(WildcardError::Consecutive(at + 1)),
                (b'*', _) => pieces.push(std::mem::take(&mut piece)),
                (b'\\', Some(escaped @ (b'*' | b'\\'))) => {
                    piece.push(escaped);
                    at += 1;
                }
                (b'\\', _) => return Err(WildcardError::Escape(at + 1)),
                _ => piece.push(byte),
            }
            at += 1;
        }
        piece.push(b'"');
        pieces.push(piece);
        Ok(Self { pieces })
    }

    /// The literal pieces, of which the first begins with the opening quote and the last ends with the closing one.
    pub(super) fn pieces(&self) -> &[Vec<u8>] {
        &self.pieces
    }

    /// Whether a text, with its quotes, fits. Each piece is taken where it first occurs, which never spoils a later one, so
    /// there is nothing to go back on.
    pub(super) fn matches(&self, quoted: &[u8]) -> bool {
        let (Some((first, middle)), Some(last)) = (self.pieces.split_first(), self.pieces.last()) else { return false };
        let Some((_, middle)) = middle.split_last() else { return quoted == first.as_slice() };
        let Some(mut rest) = quoted.strip_prefix(first.as_slice()).and_then(|rest| rest.strip_suffix(last.as_slice()))
        else {
            return false;
        };
        middle.iter().all(|piece| {
            let found = find(rest, piece);
            rest = found.map_or(&[], |at| &rest[at + piece.len()..]);
            found.is_some()
        })
    }
}

/// Where `piece` first occurs, found in time linear in both lengths (Knuth, Morris and Pratt).
fn find(text: &[u8], piece: &[u8]) -> Option<usize> {
    let mut borders = vec![0; piece.len()];
    let mut matched = 0;
    for at in 1..piece.len() {
        matched = extend(piece, &borders, matched, piece[at]);
        borders[at] = matched;
    }
    matched = 0;
    for (at, byte) in text.iter().enumerate() {
        matched = extend(piece, &borders, matched, *byte);
        if matched == piece.len() {
            return Some(at + 1 - matched);
        }
    }
    piece.is_empty().then_some(0)
}

/// How much of `piece` is matched after one more byte.
fn extend(piece: &[u8], borders: &[usize], mut matched: usize, byte: u8) -> usize {
    while matched > 0 && piece.get(matched) != Some(&byte) {
        matched = borders[matched - 1];
    }
    matched + usize::from(piece.get(matched) == Some(&byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Wildcard::parse(pattern).unwrap().matches(format!("\"{text}\"").as_bytes())
    }

    #[test]
    fn an_asterisk_is_any_text() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("dir/*/a.png", "dir/x/y/a.png", true),
            ("dir/*/a.png", "dir/a.png", false),
            ("*ab*abc", "abababc", true),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            (r"a\*", "a*", true),
            (r"a\*", "ab", false),
            (r"a\\*", r"a\b", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_refused_and_where() {
        for (pattern, error) in [
            ("**", "Consecutive wildcard characters at pos 1"),
            ("a**b", "Consecutive wildcard characters at pos 2"),
            ("a\\", "Invalid escape character at pos 2"),
            (r"a\b", "Invalid escape character at pos 2"),
        ] {
            assert_eq!(Wildcard::parse(pattern).unwrap_err().to_string(), error, "{pattern}");
        }
    }

    /// The definition, slow and plain.
    fn by_definition(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, _) => text.is_empty(),
            (Some((b'*', rest)), None) => by_definition(rest, text),
            (Some((b'*', rest)), Some((_, tail))) => by_definition(rest, text) || by_definition(pattern, tail),
            (Some((byte, rest)), Some((found, tail))) => byte == found && by_definition(rest, tail),
            (Some(_), None) => false,
        }
    }

    proptest! {
        #[test]
        fn it_agrees_with_the_definition(pattern in "(\\*?[ab]{1,3}){0,4}\\*?", text in "[ab]{0,10}") {
            prop_assert_eq!(matches(&pattern, &text), by_definition(pattern.as_bytes(), text.as_bytes()));
        }
    }
}
