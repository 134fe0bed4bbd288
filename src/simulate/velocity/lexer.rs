use super::VelocityFault;

/// A position in a template.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
    line: usize,
}

impl<'t> Cursor<'t> {
    /// A cursor at the start of a text that begins on this line of the template.
    pub(super) fn new(text: &'t str, first: usize) -> Self {
        Self { text, at: 0, line: first }
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The text since an earlier position.
    pub(super) fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    pub(super) fn line(&self) -> usize {
        self.line
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        self.line += usize::from(next == '\n');
        Some(next)
    }

    /// Goes past a text, if it is next.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let is_next = self.rest().starts_with(text);
        if is_next {
            self.at += text.len();
            self.line += text.matches('\n').count();
        }
        is_next
    }

    /// Goes past a keyword, if it is next and no letter or digit follows.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let follows = self.rest().strip_prefix(word).map(|rest| rest.chars().next());
        match follows {
            Some(next) if next.is_none_or(|next| !is_name(next)) => self.eat(word),
            _ => false,
        }
    }

    pub(super) fn blanks(&mut self) {
        self.take(char::is_whitespace);
    }

    /// Goes past all characters of a kind.
    pub(super) fn take(&mut self, is: impl Fn(char) -> bool) -> &'t str {
        let start = self.at;
        while self.peek().is_some_and(&is) {
            self.next();
        }
        self.since(start)
    }

    /// An identifier, if one is next.
    pub(super) fn name(&mut self) -> Option<&'t str> {
        self.peek().filter(|first| first.is_ascii_alphabetic() || *first == '_')?;
        Some(self.take(is_name))
    }

    /// Goes past the end of the line, if only blanks stand before it: a directive leaves no empty line.
    pub(super) fn end_of_line(&mut self) {
        let blank = self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\r']).len();
        if self.rest()[blank..].starts_with('\n') {
            self.at += blank + 1;
            self.line += 1;
        }
    }

    pub(super) fn expect(&mut self, text: &str) -> Result<(), VelocityFault> {
        self.blanks();
        if self.eat(text) { Ok(()) } else { Err(self.fault(format!("expected `{text}`, found {}", self.found()))) }
    }

    /// What is next, for a message.
    pub(super) fn found(&self) -> String {
        match self.rest().lines().next().map(str::trim).filter(|line| !line.is_empty()) {
            Some(line) => format!("`{}`", line.chars().take(20).collect::<String>()),
            None => "the end".to_owned(),
        }
    }

    pub(super) fn fault(&self, message: impl Into<String>) -> VelocityFault {
        VelocityFault::at(self.line(), message)
    }
}

fn is_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-')
}
