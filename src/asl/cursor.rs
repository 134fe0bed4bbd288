/// How far a text was read.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    /// What is left of it.
    pub(super) rest: &'a str,
}

impl<'a> Cursor<'a> {
    /// The beginning of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, rest: text }
    }

    /// The character that comes next.
    pub(super) fn next(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Takes `token` if it comes next.
    pub(super) fn take(&mut self, token: &str) -> bool {
        self.rest.strip_prefix(token).map(|rest| self.rest = rest).is_some()
    }

    /// Takes so many bytes.
    pub(super) fn split(&mut self, at: usize) -> &'a str {
        let (head, tail) = self.rest.split_at(at);
        self.rest = tail;
        head
    }

    /// Where the text goes on, in characters from 1.
    pub(super) fn position(&self) -> usize {
        self.position_of(self.rest)
    }

    /// The same, where `rest` was left.
    pub(super) fn position_of(&self, rest: &str) -> usize {
        self.text[..self.text.len() - rest.len()].chars().count() + 1
    }
}
