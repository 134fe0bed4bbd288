//! The values of JSON that hold no others: texts, numbers and words, and what should have been one.

use super::BARE;
use super::cursor::Cursor;
use crate::source::{Fault, Kind, Node, Span};

impl Cursor<'_> {
    /// A text, a number, a word, or what should have been one.
    pub(super) fn scalar(&mut self, byte: u8) -> Result<Node, Fault> {
        let start = self.at;
        let (kind, tag) = match byte {
            b'"' => (Kind::String(self.string()?), None),
            b'-' | b'0'..=b'9' => (self.number()?, None),
            _ => self.word()?,
        };
        Ok(Node { kind, span: Span { start, end: self.at }, tag })
    }

    fn word(&mut self) -> Result<(Kind, Option<String>), Fault> {
        let rest = &self.text[self.at..];
        if rest.starts_with("${")
            && let Some(length) = rest.find('}')
        {
            self.at += length + 1;
            return Ok((Kind::String(rest[..=length].to_owned()), Some(BARE.to_owned())));
        }
        let length = rest.find(|c: char| " \t\r\n,:{}[]\"".contains(c)).unwrap_or(rest.len());
        let word = &rest[..length];
        let kind = match word {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            _ => {
                let shown = word.chars().take(40).collect::<String>();
                let fault = self.fault(format!("`{shown}` is not a JSON value"), length.max(1)).help(bare_word(word));
                if length == 0 {
                    return Err(fault);
                }
                self.note(fault)?;
                self.at += length;
                return Ok((Kind::String(word.to_owned()), Some(BARE.to_owned())));
            }
        };
        self.at += length;
        Ok((kind, None))
    }

    fn number(&mut self) -> Result<Kind, Fault> {
        let rest = &self.text[self.at..];
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c))).unwrap_or(rest.len());
        let spelled = &rest[..length];
        let kind = match serde_json::from_str::<serde_json::Number>(spelled) {
            Ok(number) => number.as_i64().map(Kind::Integer).or_else(|| number.as_f64().map(Kind::Float)),
            Err(_) => None,
        };
        if let Some(kind) = kind {
            self.at += length;
            return Ok(kind);
        }
        let fault = self.fault(format!("`{spelled}` is no JSON number"), length);
        self.note(fault)?;
        self.at += length;
        Ok(Kind::String(spelled.to_owned()))
    }

    /// A text; `self.at` is at its opening quote.
    fn string(&mut self) -> Result<String, Fault> {
        let begun = self.at;
        let mut text = String::new();
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.find(['"', '\\', '\n']).unwrap_or(rest.len());
            text.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => {
                    let fault = self.fault("this string has a line break in it", 1).help("write a line break as `\\n`");
                    self.note(fault)?;
                    text.push('\n');
                    self.at += 1;
                }
                None => {
                    return Err(Fault::new("this text has no closing quote").at(Span { start: begun, end: begun + 1 }));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let letter = self.text.as_bytes().get(self.at + 1).copied();
        let plain = match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => {
                let fault = self.fault("JSON has no such escape", 2).help("a backslash is written `\\\\`");
                self.note(fault)?;
                self.at += 1;
                return Ok('\\');
            }
        };
        self.at += 2;
        Ok(plain)
    }

    /// `\uXXXX`, or a pair of them for a character beyond the first 65,536. Half a pair is no character.
    fn unicode(&mut self) -> Result<char, Fault> {
        let unit = |at: usize| {
            let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
            digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
        };
        let Some(first) = unit(self.at) else {
            let fault = self.fault("four hexadecimal digits were expected behind `\\u`", 2);
            self.note(fault)?;
            self.at += 2;
            return Ok(char::REPLACEMENT_CHARACTER);
        };
        let second =
            unit(self.at + 6).filter(|low| (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(low));
        let (code, length) = match second {
            Some(low) => (0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00), 12),
            None => (first, 6),
        };
        self.at += length;
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}

fn bare_word(word: &str) -> String {
    match word.strip_prefix("<<").and_then(|word| word.strip_suffix(">>")) {
        Some(name) => format!(
            "this is a placeholder that nothing replaces; write \"${{{}}}\" and give it in DefinitionSubstitutions",
            camel(name)
        ),
        None => "put a string in double quotes".to_owned(),
    }
}

/// `TABLE_NAME` as substitutions are named: `TableName`.
fn camel(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..].to_ascii_lowercase()).collect()
}
