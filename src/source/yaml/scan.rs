//! Text into tokens.
//!
//! YAML says only behind a key that it is one: at `a: 1` the scanner has passed `a` when it sees the colon. So it remembers where a
//! key may have begun (on the same line, at most 1,024 characters back), and puts the tokens that begin the key before it.

use std::collections::VecDeque;

use super::cursor::{Cursor, Result, fault};
use super::scalar::{self, Style};
use crate::source::Span;

/// How far the colon may be from the beginning of its key, in characters.
const MAX_KEY: usize = 1024;

/// A word of the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    /// `%TAG` with its handle and prefix; other directives say nothing.
    TagDirective(String, String),
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(String),
    Anchor(String),
    /// A tag: its handle (`!`, `!!`, `!x!`; empty if the tag is written in full) and the rest.
    Tag(String, String),
    Scalar(String, Style),
}

/// Where a key may have begun.
struct SimpleKey {
    token: usize,
    cursor_at: usize,
    index: usize,
    line: usize,
    column: usize,
    /// Nothing but a key can stand there.
    required: bool,
}

/// Splits a YAML text into tokens.
pub(super) struct Scanner<'a> {
    cursor: Cursor<'a>,
    tokens: VecDeque<(Token, Span)>,
    /// How many tokens were taken.
    taken: usize,
    ended: bool,
    /// The column of the innermost block collection; -1 outside of any.
    indent: i64,
    indents: Vec<i64>,
    /// Whether a key may begin here.
    key_allowed: bool,
    /// By how many brackets are open: where the key may have begun.
    keys: Vec<Option<SimpleKey>>,
    /// There is none in `keys` before this one.
    first_key: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut cursor = Cursor::new(text);
        if text.starts_with('\u{feff}') {
            cursor.at = '\u{feff}'.len_utf8();
        }
        Self {
            cursor,
            tokens: VecDeque::new(),
            taken: 0,
            ended: false,
            indent: -1,
            indents: Vec::new(),
            key_allowed: true,
            keys: vec![None],
            first_key: 0,
        }
    }

    /// The next token, which stays.
    pub(super) fn peek(&mut self) -> Result<&(Token, Span)> {
        self.fill()?;
        // The end stays where it is, so there always is a token.
        self.tokens.front().ok_or_else(|| self.cursor.fault("the text ends too early"))
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> Result<(Token, Span)> {
        self.fill()?;
        self.taken += 1;
        self.tokens.pop_front().ok_or_else(|| self.cursor.fault("the text ends too early"))
    }

    /// Reads on until it is clear which token is the next one.
    fn fill(&mut self) -> Result<()> {
        while !self.ended {
            self.forget_stale_keys()?;
            let undecided = self
                .keys
                .get(self.first_key)
                .is_some_and(|key| key.as_ref().is_some_and(|key| key.token == self.taken));
            if !self.tokens.is_empty() && !undecided {
                return Ok(());
            }
            self.fetch()?;
        }
        Ok(())
    }

    fn flow(&self) -> bool {
        self.keys.len() > 1
    }

    fn push(&mut self, token: Token, span: Span) {
        self.tokens.push_back((token, span));
    }

    /// Passes `bytes`, which are a token.
    fn punctuation(&mut self, token: Token, bytes: usize) {
        let start = self.cursor.at;
        self.cursor.skip(bytes);
        self.push(token, self.cursor.since(start));
    }

    fn here(&self) -> Span {
        self.cursor.since(self.cursor.at)
    }

    fn fetch(&mut self) -> Result<()> {
        self.skip_to_token();
        self.forget_stale_keys()?;
        self.unroll(self.cursor.column as i64);
        if self.cursor.at_end() {
            return self.stream_end();
        }
        let byte = self.cursor.byte(0);
        if self.cursor.column == 0 && byte == b'%' {
            return self.directive();
        }
        if self.cursor.document_mark() {
            self.top_level()?;
            let token = if byte == b'-' { Token::DocumentStart } else { Token::DocumentEnd };
            self.punctuation(token, 3);
            return Ok(());
        }
        let alone = self.cursor.is_space(1);
        match byte {
            b'[' => self.open(Token::FlowSequenceStart),
            b'{' => self.open(Token::FlowMappingStart),
            b']' => self.close(Token::FlowSequenceEnd),
            b'}' => self.close(Token::FlowMappingEnd),
            b',' => {
                self.forget_key()?;
                self.key_allowed = true;
                self.punctuation(Token::FlowEntry, 1);
                Ok(())
            }
            b'-' if alone => self.block_entry(),
            b'?' if alone => self.key(),
            b':' if alone || self.flow() => self.value(),
            b'*' => self.name(Token::Alias),
            b'&' => self.name(Token::Anchor),
            b'!' => self.tag(),
            b'|' | b'>' if !self.flow() => self.block_scalar(),
            b'\'' | b'"' => self.quoted(),
            b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => {
                let message = format!("a value cannot begin with `{}`", byte as char);
                let span = Span { start: self.cursor.at, end: self.cursor.at + 1 };
                Err(fault(&message, span).help("put it in quotes"))
            }
            b'\t' => {
                let span = Span { start: self.cursor.at, end: self.cursor.at + 1 };
                Err(fault("a tab cannot be part of the indentation", span).help("indent with spaces"))
            }
            _ => self.plain(),
        }
    }

    /// Passes spaces, comments and line breaks.
    fn skip_to_token(&mut self) {
        loop {
            while self.cursor.byte(0) == b' ' || (self.cursor.byte(0) == b'\t' && (self.flow() || !self.key_allowed)) {
                self.cursor.skip(1);
            }
            if self.cursor.byte(0) == b'#' {
                self.cursor.skip_line();
            }
            if self.cursor.line_break() == 0 {
                // A line of blanks alone is empty, whatever they are.
                let mut ahead = self.cursor;
                if !(ahead.skip_blanks() && (ahead.at_break_or_end() || ahead.byte(0) == b'#')) {
                    return;
                }
                self.cursor = ahead;
                continue;
            }
            self.cursor.skip_break();
            if !self.flow() {
                self.key_allowed = true;
            }
        }
    }

    // What may be a key.

    /// Forgets the keys whose colon can no longer come.
    fn forget_stale_keys(&mut self) -> Result<()> {
        while self.first_key < self.keys.len() {
            if let Some(key) = &self.keys[self.first_key] {
                if key.line == self.cursor.line && self.cursor.index - key.index <= MAX_KEY {
                    return Ok(());
                }
                self.forget(self.first_key)?;
            }
            self.first_key += 1;
        }
        Ok(())
    }

    fn forget(&mut self, level: usize) -> Result<()> {
        match self.keys.get_mut(level).and_then(Option::take) {
            Some(key) if key.required => {
                let span = Span { start: key.cursor_at, end: key.cursor_at };
                Err(fault("a colon was expected behind this key", span))
            }
            _ => Ok(()),
        }
    }

    fn forget_key(&mut self) -> Result<()> {
        self.forget(self.keys.len() - 1)
    }

    /// Remembers that a key may begin here.
    fn remember_key(&mut self) -> Result<()> {
        if !self.key_allowed {
            return Ok(());
        }
        self.forget_key()?;
        let level = self.keys.len() - 1;
        let Cursor { at, index, line, column, .. } = self.cursor;
        self.keys[level] = Some(SimpleKey {
            token: self.taken + self.tokens.len(),
            cursor_at: at,
            index,
            line,
            column,
            required: !self.flow() && self.indent == column as i64,
        });
        self.first_key = self.first_key.min(level);
        Ok(())
    }

    // Indentation.

    /// Ends the block collections that are indented deeper than `column`.
    fn unroll(&mut self, column: i64) {
        if self.flow() {
            return;
        }
        while self.indent > column {
            self.push(Token::BlockEnd, self.here());
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    /// Begins a block collection at a column that is deeper than the present one, before the token of the number `token`.
    fn roll(&mut self, column: usize, token: usize, start: Token, span: Span) {
        if self.flow() || self.indent >= column as i64 {
            return;
        }
        self.indents.push(self.indent);
        self.indent = column as i64;
        self.tokens.insert(token - self.taken, (start, span));
    }

    fn roll_here(&mut self, start: Token) {
        self.roll(self.cursor.column, self.taken + self.tokens.len(), start, self.here());
    }

    // The kinds of token.

    fn top_level(&mut self) -> Result<()> {
        self.unroll(-1);
        self.forget_key()?;
        self.key_allowed = false;
        Ok(())
    }

    fn stream_end(&mut self) -> Result<()> {
        self.top_level()?;
        self.push(Token::StreamEnd, self.here());
        self.ended = true;
        Ok(())
    }

    fn directive(&mut self) -> Result<()> {
        self.top_level()?;
        let start = self.cursor.at;
        let line = self.cursor.text.get(start..start + self.cursor.bytes_to_break()).unwrap_or_default();
        self.cursor.skip_line();
        let mut words = line.split_whitespace();
        if let (Some("%TAG"), Some(handle), Some(prefix)) = (words.next(), words.next(), words.next()) {
            self.push(Token::TagDirective(handle.to_owned(), prefix.to_owned()), self.cursor.since(start));
        }
        Ok(())
    }

    fn open(&mut self, token: Token) -> Result<()> {
        self.remember_key()?;
        self.keys.push(None);
        self.key_allowed = true;
        self.punctuation(token, 1);
        Ok(())
    }

    fn close(&mut self, token: Token) -> Result<()> {
        self.forget_key()?;
        if self.flow() {
            self.keys.pop();
            self.first_key = self.first_key.min(self.keys.len());
        }
        self.key_allowed = false;
        self.punctuation(token, 1);
        Ok(())
    }

    fn block_entry(&mut self) -> Result<()> {
        if !self.flow() {
            if !self.key_allowed {
                return Err(self.cursor.fault("a list cannot begin here").help("begin it on a line of its own"));
            }
            self.roll_here(Token::BlockSequenceStart);
        }
        self.forget_key()?;
        self.key_allowed = true;
        self.punctuation(Token::BlockEntry, 1);
        Ok(())
    }

    fn key(&mut self) -> Result<()> {
        if !self.flow() {
            if !self.key_allowed {
                return Err(self.cursor.fault("a key cannot begin here"));
            }
            self.roll_here(Token::BlockMappingStart);
        }
        self.forget_key()?;
        self.key_allowed = !self.flow();
        self.punctuation(Token::Key, 1);
        Ok(())
    }

    fn value(&mut self) -> Result<()> {
        let level = self.keys.len() - 1;
        if let Some(key) = self.keys[level].take() {
            let span = Span { start: key.cursor_at, end: key.cursor_at };
            self.tokens.insert(key.token - self.taken, (Token::Key, span));
            self.roll(key.column, key.token, Token::BlockMappingStart, span);
            self.key_allowed = false;
        } else {
            if !self.flow() {
                if !self.key_allowed {
                    let help = "if the colon is part of a string, put the string in quotes";
                    return Err(self.cursor.fault("a colon cannot stand here").help(help));
                }
                self.roll_here(Token::BlockMappingStart);
            }
            self.key_allowed = !self.flow();
        }
        self.punctuation(Token::Value, 1);
        Ok(())
    }

    /// An anchor or an alias.
    fn name(&mut self, token: impl Fn(String) -> Token) -> Result<()> {
        self.remember_key()?;
        self.key_allowed = false;
        let start = self.cursor.at;
        self.cursor.skip(1);
        let name = self.run(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        let ends = self.cursor.is_space(0) || b"?:,]}%@`".contains(&self.cursor.byte(0));
        if name.is_empty() || !ends {
            return Err(fault("letters, digits, `-` and `_` make a name", self.cursor.since(start)));
        }
        self.push(token(name.to_owned()), self.cursor.since(start));
        Ok(())
    }

    fn tag(&mut self) -> Result<()> {
        self.remember_key()?;
        self.key_allowed = false;
        let start = self.cursor.at;
        self.cursor.skip(1);
        let (handle, suffix) = if self.cursor.byte(0) == b'<' {
            self.cursor.skip(1);
            let uri = self.run(|byte| is_tag(byte) || b",[]!".contains(&byte));
            if self.cursor.byte(0) != b'>' {
                return Err(self.cursor.fault("`>` was expected here"));
            }
            self.cursor.skip(1);
            (String::new(), uri.to_owned())
        } else {
            let written = self.short_tag();
            match written.rfind('!') {
                Some(end) => (format!("!{}", &written[..=end]), written[end + 1..].to_owned()),
                None => ("!".to_owned(), written.to_owned()),
            }
        };
        if !(self.cursor.is_space(0) || self.flow() && b",]}".contains(&self.cursor.byte(0))) {
            return Err(self.cursor.fault("a space was expected behind the tag"));
        }
        self.push(Token::Tag(handle, suffix), self.cursor.since(start));
        Ok(())
    }

    /// Passes a tag that stands without `<` and `>`. PyYAML takes commas and brackets for parts of it, libyaml for its end: here they are
    /// parts where the tag goes on behind them (`!Sele,ct`), so that a slip of the keyboard is an unknown tag, and its end elsewhere (`[!A, b]`).
    fn short_tag(&mut self) -> &'a str {
        let start = self.cursor.at;
        loop {
            self.run(|byte| is_tag(byte) || byte == b'!');
            let between = (0..).take_while(|ahead| b",[]".contains(&self.cursor.byte(*ahead))).count();
            if between == 0 || !self.cursor.byte(between).is_ascii_alphanumeric() {
                break;
            }
            self.cursor.skip(between);
        }
        self.cursor.text.get(start..self.cursor.at).unwrap_or_default()
    }

    /// Passes the bytes that fit.
    fn run(&mut self, fits: impl Fn(u8) -> bool) -> &'a str {
        let start = self.cursor.at;
        while !self.cursor.at_end() && fits(self.cursor.byte(0)) {
            self.cursor.skip(1);
        }
        self.cursor.text.get(start..self.cursor.at).unwrap_or_default()
    }

    fn block_scalar(&mut self) -> Result<()> {
        self.forget_key()?;
        self.key_allowed = true;
        let start = self.cursor.at;
        let (text, end) = scalar::block(&mut self.cursor, self.indent)?;
        self.push(Token::Scalar(text, Style::Text), Span { start, end });
        Ok(())
    }

    fn quoted(&mut self) -> Result<()> {
        self.remember_key()?;
        self.key_allowed = false;
        let start = self.cursor.at;
        let text = scalar::quoted(&mut self.cursor)?;
        self.push(Token::Scalar(text, Style::Text), self.cursor.since(start));
        Ok(())
    }

    fn plain(&mut self) -> Result<()> {
        self.remember_key()?;
        let flow = self.flow();
        let plain = scalar::plain(&mut self.cursor, self.indent, flow)?;
        if plain.span.end == plain.span.start {
            return Err(self.cursor.fault("a value was expected here"));
        }
        self.key_allowed = plain.at_line_start;
        self.push(Token::Scalar(plain.text, Style::Plain), plain.span);
        Ok(())
    }
}

/// What a tag is spelled with, but for the `!` of its handle.
fn is_tag(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-;/?:@&=+$_.~*'()%".contains(&byte)
}
