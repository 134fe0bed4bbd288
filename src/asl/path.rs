use std::fmt;
use std::str::FromStr;

use super::cursor::Cursor;
use thiserror::Error;

/// A [reference path](https://states-language.net/spec.html#ref-paths): the way to a single value in the state's input
/// (`$.detail.object.key`) or in the context object (`$$.Execution.Id`).
///
/// ```
/// use bucketbook::asl::ReferencePath;
/// let path: ReferencePath = "$.detail.object['version-id']".parse().unwrap();
/// assert_eq!(path, ReferencePath::input().field("detail").field("object").field("version-id"));
/// assert!("detail.object".parse::<ReferencePath>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(into = "String")]
pub struct ReferencePath {
    context: bool,
    segments: Vec<Segment>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// Into the field of an object.
    Field(String),
    /// Into the element of an array, counted from 0.
    Index(usize),
}

/// Why a text is not a reference path.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a reference path: {expected} was expected at character {position}")]
pub struct PathError {
    /// The text that is not a reference path, as it was given.
    pub text: String,
    /// Where it stops being one, in characters from 1.
    pub position: usize,
    /// What could have stood there.
    pub expected: &'static str,
}

impl ReferencePath {
    /// The whole input, `$`.
    pub fn input() -> Self {
        Self { context: false, segments: Vec::new() }
    }

    /// The context object, `$$`.
    pub fn context() -> Self {
        Self { context: true, segments: Vec::new() }
    }

    /// The field `name` of what this path leads to.
    pub fn field(mut self, name: impl Into<String>) -> Self {
        self.segments.push(Segment::Field(name.into()));
        self
    }

    /// Whether it leads into the context object rather than the input.
    pub fn is_context(&self) -> bool {
        self.context
    }

    /// The steps from the root.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }
}

/// Whether a name can follow a period. Any other name is written in brackets.
fn is_plain(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl fmt::Display for ReferencePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.context { "$$" } else { "$" })?;
        for segment in &self.segments {
            match segment {
                Segment::Field(name) if is_plain(name) => write!(f, ".{name}")?,
                Segment::Field(name) => write!(f, "['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl FromStr for ReferencePath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        Reader { cursor: Cursor::new(text) }.path()
    }
}

impl From<ReferencePath> for String {
    fn from(path: ReferencePath) -> String {
        path.to_string()
    }
}

struct Reader<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Reader<'a> {
    fn path(mut self) -> Result<ReferencePath, PathError> {
        if !self.cursor.take("$") {
            return Err(self.expected("`$`"));
        }
        let context = self.cursor.take("$");
        let mut segments = Vec::new();
        while !self.cursor.rest.is_empty() {
            segments.push(self.segment()?);
        }
        Ok(ReferencePath { context, segments })
    }

    fn segment(&mut self) -> Result<Segment, PathError> {
        if self.cursor.take(".") {
            let end = self.cursor.rest.find(|c: char| !is_dotted(c)).unwrap_or(self.cursor.rest.len());
            if end == 0 {
                return Err(self.expected("a field name"));
            }
            return Ok(Segment::Field(self.cursor.split(end).to_owned()));
        }
        if !self.cursor.take("[") {
            return Err(self.expected("`.` or `[`"));
        }
        let segment = match self.cursor.next() {
            Some(quote @ ('\'' | '"')) => Segment::Field(self.quoted(quote)?),
            _ => Segment::Index(self.index()?),
        };
        if self.cursor.take("]") { Ok(segment) } else { Err(self.expected("`]`")) }
    }

    fn index(&mut self) -> Result<usize, PathError> {
        let end = self.cursor.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.cursor.rest.len());
        let index = self.cursor.rest[..end].parse().map_err(|_| self.expected("an index or a quoted field name"))?;
        self.cursor.split(end);
        Ok(index)
    }

    fn quoted(&mut self, quote: char) -> Result<String, PathError> {
        let mut name = String::new();
        let mut chars = self.cursor.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.cursor.split(at + 1);
                return Ok(name);
            }
            let c = if c == '\\' { chars.next().map(|(_, c)| c) } else { Some(c) };
            name.extend(c);
        }
        self.cursor.split(self.cursor.rest.len());
        Err(self.expected("the end of the quoted name"))
    }

    fn expected(&self, expected: &'static str) -> PathError {
        PathError { text: self.cursor.text.to_owned(), position: self.cursor.position(), expected }
    }
}

/// Whether a character can stand in a field name that follows a period.
fn is_dotted(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_a_path() {
        for (text, canonical) in [
            ("$", "$"),
            ("$$.Execution.Id", "$$.Execution.Id"),
            ("$.detail.object['version-id']", "$.detail.object['version-id']"),
            ("$.detail.object.version-id", "$.detail.object['version-id']"),
            ("$['a'][\"b\"][0]", "$.a.b[0]"),
            ("$.é", "$['é']"),
        ] {
            assert_eq!(text.parse::<ReferencePath>().unwrap().to_string(), canonical);
        }
    }

    #[test]
    fn what_is_not_and_where() {
        for (text, position, expected) in [
            ("", 1, "`$`"),
            ("detail", 1, "`$`"),
            ("$.", 3, "a field name"),
            ("$x", 2, "`.` or `[`"),
            ("$.a[", 5, "an index or a quoted field name"),
            ("$.a[*]", 5, "an index or a quoted field name"),
            ("$.a[0", 6, "`]`"),
            ("$['a", 5, "the end of the quoted name"),
            ("$..a", 3, "a field name"),
            ("$.a b", 4, "`.` or `[`"),
            ("$[99999999999999999999999]", 3, "an index or a quoted field name"),
        ] {
            let error = text.parse::<ReferencePath>().unwrap_err();
            assert_eq!((error.position, error.expected), (position, expected), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fields in prop::collection::vec(any::<String>(), 0..5), index in any::<usize>()) {
            let mut path = fields.into_iter().fold(ReferencePath::input(), ReferencePath::field);
            path.segments.push(Segment::Index(index));
            prop_assert_eq!(path.to_string().parse::<ReferencePath>().unwrap(), path);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[$.\\[\\]'\"\\\\a0é*]{0,20}") {
            let _ = text.parse::<ReferencePath>();
        }
    }
}
