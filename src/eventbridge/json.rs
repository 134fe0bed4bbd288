//! JSON as EventBridge reads it: token by token, first come first judged.
//!
//! Three things about a pattern or an event are lost in a tree such as `serde_json::Value`, and all three decide verdicts:
//! how a number is spelled, that a key occurs twice, and how far the text was read before something was wrong with it.
//! Whatever follows the outermost value is never looked at.

use std::borrow::Cow;

use thiserror::Error;

/// How deep objects and arrays may lie within each other: far more than any event has, and little enough for any stack.
pub const MAX_JSON_DEPTH: usize = 256;

/// What is wrong with a text that should be JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct JsonError {
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: String,
}

/// A step through a JSON text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    ObjectStart,
    ObjectEnd,
    ArrayStart,
    ArrayEnd,
    Name(Cow<'a, str>),
    Text(Cow<'a, str>),
    /// A number as it is spelled.
    Number(&'a str),
    True,
    False,
    Null,
}

impl Token<'_> {
    /// The token as it is written in a message about it.
    pub(super) fn spelling(&self) -> &str {
        match self {
            Token::ObjectStart => "{",
            Token::ObjectEnd => "}",
            Token::ArrayStart => "[",
            Token::ArrayEnd => "]",
            Token::Name(text) | Token::Text(text) => text,
            Token::Number(spelling) => spelling,
            Token::True => "true",
            Token::False => "false",
            Token::Null => "null",
        }
    }
}

/// An object or array that was begun and not yet ended.
struct Open {
    object: bool,
    empty: bool,
}

/// Reads tokens off a text.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    open: Vec<Open>,
    /// A name was read, its value was not.
    named: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, open: Vec::new(), named: false }
    }

    /// The next token. At the outermost level the end of the text is an error like any other.
    pub(super) fn next(&mut self) -> Result<Token<'a>, JsonError> {
        self.skip_space();
        if std::mem::take(&mut self.named) {
            return self.value();
        }
        match self.peek() {
            Some(b']') => return self.close(false),
            Some(b'}') => return self.close(true),
            _ => {}
        }
        let Some(open) = self.open.last_mut() else { return self.value() };
        let (object, first) = (open.object, std::mem::replace(&mut open.empty, false));
        if !first {
            self.expect(b',', "a comma or the end of the list or object")?;
            self.skip_space();
        }
        if object { self.name() } else { self.value() }
    }

    /// Skips a value whose first token was `token`.
    pub(super) fn skip(&mut self, token: &Token<'a>) -> Result<(), JsonError> {
        if !matches!(token, Token::ObjectStart | Token::ArrayStart) {
            return Ok(());
        }
        let depth = self.open.len();
        while self.open.len() >= depth {
            self.next()?;
        }
        Ok(())
    }

    fn close(&mut self, object: bool) -> Result<Token<'a>, JsonError> {
        if self.open.last().is_none_or(|open| open.object != object) {
            return Err(self.unexpected("there is nothing for it to close"));
        }
        self.at += 1;
        self.open.pop();
        Ok(if object { Token::ObjectEnd } else { Token::ArrayEnd })
    }

    fn begin(&mut self, object: bool) -> Result<Token<'a>, JsonError> {
        if self.open.len() == MAX_JSON_DEPTH {
            return Err(self.error(format!("more than {MAX_JSON_DEPTH} objects and arrays within each other")));
        }
        self.at += 1;
        self.open.push(Open { object, empty: true });
        Ok(if object { Token::ObjectStart } else { Token::ArrayStart })
    }

    fn name(&mut self) -> Result<Token<'a>, JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a field name in double quotes was expected"));
        }
        let name = self.string()?;
        self.skip_space();
        self.expect(b':', "a colon")?;
        self.named = true;
        Ok(Token::Name(name))
    }

    fn value(&mut self) -> Result<Token<'a>, JsonError> {
        match self.peek() {
            Some(b'{') => self.begin(true),
            Some(b'[') => self.begin(false),
            Some(b'"') => self.string().map(Token::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'a'..=b'z' | b'A'..=b'Z') => self.word(),
            _ => Err(self.unexpected("a value was expected")),
        }
    }

    fn word(&mut self) -> Result<Token<'a>, JsonError> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').unwrap_or(rest.len());
        let token = match &rest[..end] {
            "true" => Token::True,
            "false" => Token::False,
            "null" => Token::Null,
            word => {
                let word: String = word.chars().take(40).collect();
                return Err(self.error(format!("`{word}` is no JSON value; a text needs double quotes")));
            }
        };
        self.at += end;
        Ok(token)
    }

    fn number(&mut self) -> Result<Token<'a>, JsonError> {
        let start = self.at;
        self.take(b'-');
        if self.take(b'0') {
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.error("a number must not start with a zero".to_owned()));
            }
        } else {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(Token::Number(&self.text[start..self.at]))
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(self.unexpected("a digit was expected")) } else { Ok(()) }
    }

    /// A string, from its opening quote to behind its closing one.
    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.at += 1;
        let mut decoded = String::new();
        let mut start = self.at;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    decoded.push_str(&self.text[start..self.at]);
                    decoded.push(self.escape()?);
                    start = self.at;
                }
                Some(0..0x20) => return Err(self.unexpected("within a string it must be written as an escape")),
                Some(_) => self.at += 1,
                None => return Err(self.unexpected("the closing quote of a string was expected")),
            }
        }
        let rest = &self.text[start..self.at];
        self.at += 1;
        if decoded.is_empty() {
            return Ok(Cow::Borrowed(rest));
        }
        decoded.push_str(rest);
        Ok(Cow::Owned(decoded))
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        self.at += 1;
        let escaped = match self.peek() {
            Some(b'u') => {
                self.at += 1;
                return self.unicode_escape();
            }
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            _ => return Err(self.unexpected("JSON has no such escape")),
        };
        self.at += 1;
        Ok(escaped)
    }

    /// A `\u` escape, or the two that a character beyond the basic plane takes. One of a pair without the other stands
    /// for no character; EventBridge compares it as a question mark.
    fn unicode_escape(&mut self) -> Result<char, JsonError> {
        let high = self.hex()?;
        if (0xd800..0xdc00).contains(&high) && self.text[self.at..].starts_with("\\u") {
            let before = self.at;
            self.at += 2;
            let low = self.hex()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or('?'));
            }
            self.at = before;
        }
        Ok(char::from_u32(high).unwrap_or('?'))
    }

    fn hex(&mut self) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else { return Err(self.unexpected("a hexadecimal digit was expected")) };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, what: &str) -> Result<(), JsonError> {
        if self.take(byte) { Ok(()) } else { Err(self.unexpected(&format!("{what} was expected"))) }
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn unexpected(&self, why: &str) -> JsonError {
        self.error(match self.text[self.at..].chars().next() {
            Some(found) => format!("unexpected `{}`: {why}", found.escape_default()),
            None => format!("the text ends: {why}"),
        })
    }

    fn error(&self, problem: String) -> JsonError {
        let read = &self.text[..self.at];
        let line_start = read.rfind('\n').map_or(0, |at| at + 1);
        let line = read.matches('\n').count() + 1;
        JsonError { line, column: read[line_start..].chars().count() + 1, problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Result<Vec<String>, String> {
        let mut reader = Reader::new(text);
        let mut found = Vec::new();
        loop {
            found.push(reader.next().map_err(|error| error.to_string())?.spelling().to_owned());
            if reader.open.is_empty() {
                return Ok(found);
            }
        }
    }

    #[test]
    fn spelling_repetition_and_what_follows_are_kept_apart() {
        let found = tokens(r#"{"a": 3.0e2, "a": [null, true], "b":{}} and more"#).unwrap();
        assert_eq!(found, ["{", "a", "3.0e2", "a", "[", "null", "true", "]", "b", "{", "}", "}"]);
    }

    #[test]
    fn escapes_are_decoded() {
        assert_eq!(tokens(r#""\u0041\n\/\ud83d\ude00\ud800x""#).unwrap(), ["A\n/😀?x"]);
    }

    #[test]
    fn faults_have_a_place() {
        for (text, error) in [
            ("", "line 1, column 1: the text ends: a value was expected"),
            (
                "{\"a\":\n[1 2]}",
                "line 2, column 4: unexpected `2`: a comma or the end of the list or object was expected",
            ),
            ("{'a':1}", "line 1, column 2: unexpected `\\'`: a field name in double quotes was expected"),
            ("[01]", "line 1, column 3: a number must not start with a zero"),
            ("[1.]", "line 1, column 4: unexpected `]`: a digit was expected"),
            ("[1}", "line 1, column 3: unexpected `}`: there is nothing for it to close"),
            ("[1,]", "line 1, column 4: unexpected `]`: a value was expected"),
            ("[True]", "line 1, column 2: `True` is no JSON value; a text needs double quotes"),
            ("[\"\\x\"]", "line 1, column 4: unexpected `x`: JSON has no such escape"),
            ("[\"a\tb\"]", "line 1, column 4: unexpected `\\t`: within a string it must be written as an escape"),
            ("{\"a\"", "line 1, column 5: the text ends: a colon was expected"),
        ] {
            assert_eq!(tokens(text).unwrap_err(), error, "{text}");
        }
        assert!(tokens(&"[".repeat(100_000)).unwrap_err().contains("256"));
    }
}
