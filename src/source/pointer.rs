use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use serde::Serialize;

/// Where a value stands in a document: an [RFC 6901](https://www.rfc-editor.org/rfc/rfc6901) JSON Pointer.
///
/// ```
/// use bucketbook::source::Pointer;
/// let place = Pointer::root().child("Resources").child("a/b").index(0);
/// assert_eq!(place.to_string(), "/Resources/a~1b/0");
/// assert_eq!(place.tokens().collect::<Vec<_>>(), ["Resources", "a/b", "0"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to the whole document, which is the empty text.
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// The place that a written pointer names; `None` for a text that is no pointer.
    pub fn parse(text: &str) -> Option<Self> {
        let begins = text.is_empty() || text.starts_with('/');
        let mut escapes = text.split('~').skip(1);
        (begins && escapes.all(|rest| rest.starts_with(['0', '1']))).then(|| Self(text.to_owned()))
    }

    /// The value of a key of the mapping that stands here.
    #[must_use]
    pub fn child(&self, key: &str) -> Self {
        Self(below(&self.0, key))
    }

    /// An element of the list that stands here.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// What a pointer from here leads to.
    #[must_use]
    pub fn join(&self, from_here: &Self) -> Self {
        Self(format!("{}{}", self.0, from_here.0))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The keys and numbers that lead here.
    pub fn tokens(&self) -> impl Iterator<Item = String> {
        tokens(&self.0)
    }
}

/// A pointer can be read wherever a text is.
impl Deref for Pointer {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Pointer {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Pointer> for String {
    fn from(Pointer(text): Pointer) -> Self {
        text
    }
}

impl PartialEq<str> for Pointer {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Pointer {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// The pointer of the value `key` below a written one.
pub fn below(pointer: &str, key: &str) -> String {
    let mut text = String::with_capacity(pointer.len() + 1 + key.len());
    text.push_str(pointer);
    push(&mut text, key);
    text
}

/// Puts a key behind a written pointer.
pub(super) fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    if !key.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        return pointer.push_str(key);
    }
    for piece in key.split_inclusive(['~', '/']) {
        match piece.as_bytes().last() {
            Some(b'~') => pointer.extend([&piece[..piece.len() - 1], "~0"]),
            Some(b'/') => pointer.extend([&piece[..piece.len() - 1], "~1"]),
            _ => pointer.push_str(piece),
        }
    }
}

/// The keys and numbers of a written pointer.
pub fn tokens(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_as_they_went() {
        for key in ["a", "", "a/b", "~", "~1", "0", "ü/~0~"] {
            let place = Pointer::root().child("first").child(key).index(7);
            assert_eq!(place.tokens().collect::<Vec<_>>(), ["first", key, "7"]);
            assert_eq!(Pointer::parse(place.as_str()), Some(place));
        }
    }

    #[test]
    fn what_is_no_pointer_is_not_read() {
        for text in ["a", "a/b", "/~", "/~2", "/a~"] {
            assert_eq!(Pointer::parse(text), None, "{text}");
        }
        assert_eq!(Pointer::parse(""), Some(Pointer::root()));
    }
}
