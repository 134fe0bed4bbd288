use crate::source::Span;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A word: a keyword, a function, or the name of an attribute.
    Word,
    /// `#name`.
    Name,
    /// `:value`.
    Value,
    /// Digits, as in `[0]`.
    Number,
    /// Anything else: `=`, `<>`, `(`, or what no expression has.
    Sign,
}

/// A token, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    pub(super) text: &'t str,
    pub(super) start: usize,
}

impl Token<'_> {
    pub(super) fn span(&self) -> Span {
        Span { start: self.start, end: self.end() }
    }

    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The tokens of an expression. Every text has some: what no expression has becomes a sign, which the parser refuses in its place.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if matches!(first, ' ' | '\t' | '\r' | '\n') {
            at += 1;
            continue;
        }
        let (kind, length) = token(first, rest);
        tokens.push(Token { kind, text: &rest[..length], start: at });
        at += length;
    }
    tokens
}

/// The kind and length of the token that `rest` begins with.
fn token(first: char, rest: &str) -> (TokenKind, usize) {
    let word =
        |from: usize| from + rest[from..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    match first {
        '#' | ':' if word(1) > 1 => (if first == '#' { TokenKind::Name } else { TokenKind::Value }, word(1)),
        '0'..='9' => (TokenKind::Number, rest.bytes().take_while(u8::is_ascii_digit).count()),
        'a'..='z' | 'A'..='Z' | '_' => (TokenKind::Word, word(0)),
        '<' if rest.starts_with("<>") || rest.starts_with("<=") => (TokenKind::Sign, 2),
        '>' if rest.starts_with(">=") => (TokenKind::Sign, 2),
        _ => (TokenKind::Sign, first.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_tokens() {
        for (text, expected) in [
            ("a.b[0]", "a . b [ 0 ]"),
            ("#n<>:v", "#n <> :v"),
            ("a<=b>=c<d", "a <= b >= c < d"),
            ("size(a)", "size ( a )"),
            ("#\u{9}: :", "# : :"),
            ("a-b", "a - b"),
            ("日本", "日 本"),
        ] {
            let found: Vec<&str> = tokens(text).iter().map(|token| token.text).collect();
            assert_eq!(found.join(" "), expected);
        }
    }
}
