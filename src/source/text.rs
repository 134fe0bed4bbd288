use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A stretch of a source's text, in bytes: `start` inclusive, `end` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// Where it begins.
    pub start: usize,
    /// Just behind its last byte.
    pub end: usize,
}

/// A place in a text as editors count it: both from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Something wrong with a source, where it is, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, and what was expected.
    pub message: String,
    /// Where, unless it is the file as a whole.
    pub span: Option<Span>,
    /// What to type instead.
    pub help: Option<String>,
}

impl Fault {
    /// A fault of the file as a whole.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), span: None, help: None }
    }

    /// A key that stands in its mapping a second time.
    pub(super) fn duplicate(key: &str, span: Span) -> Self {
        Self::new(format!("the key `{}` occurs a second time", key.chars().take(80).collect::<String>())).at(span)
    }

    /// The same fault, at a place.
    pub fn at(self, span: Span) -> Self {
        Self { span: Some(span), ..self }
    }

    /// The same fault, with what to do about it.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// A text with a name, for messages about it.
#[derive(Debug, Clone)]
pub struct Source {
    /// What messages call it: the path as the user gave it.
    pub name: String,
    /// Its text, without a byte order mark.
    pub text: String,
}

impl Source {
    /// The longest file that is read, in bytes: a spec is a page, and CloudFormation takes no template over 1 MB.
    pub const MAX_BYTES: usize = 1 << 20;

    /// A text in memory.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Reads a file, which must be UTF-8 of at most [`Source::MAX_BYTES`].
    ///
    /// # Errors
    /// The file cannot be read, is too large, or is not text. The source that comes with the fault holds what could be
    /// read of the text, so that the place can be shown.
    pub fn read(path: &Path) -> Result<Self, (Self, Fault)> {
        let name = path.display().to_string();
        let nothing = Self::new(name.clone(), "");
        let bytes = match read_at_most(path, Self::MAX_BYTES + 1) {
            Ok(bytes) => bytes,
            Err(error) => return Err((nothing, Fault::new(format!("cannot read the file: {}", plain(&error))))),
        };
        if bytes.len() > Self::MAX_BYTES {
            let fault = Fault::new("the file is larger than 1 MiB, the most that is read")
                .help("a spec is about a page long: is this the file you meant?");
            return Err((nothing, fault));
        }
        Self::decode(name, bytes)
    }

    /// Reads a file as [`Source::read`] does, but of at most `most` bytes: a template or a definition.
    ///
    /// # Errors
    /// Those of [`Source::read`].
    pub fn read_up_to(path: &Path, most: usize) -> Result<Self, (Self, Fault)> {
        let name = path.display().to_string();
        let bytes = match read_at_most(path, most + 1) {
            Ok(bytes) => bytes,
            Err(error) => {
                return Err((Self::new(name, ""), Fault::new(format!("cannot read the file: {}", plain(&error)))));
            }
        };
        if bytes.len() > most {
            return Err((
                Self::new(name, ""),
                Fault::new(format!("the file is larger than {most} bytes, the most that is read")),
            ));
        }
        Self::decode(name, bytes)
    }

    /// The text of a file's bytes.
    ///
    /// # Errors
    /// The bytes are no UTF-8, or hold control characters that no text file has.
    pub fn decode(name: String, bytes: Vec<u8>) -> Result<Self, (Self, Fault)> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes);
        let (text, valid) = match String::from_utf8(bytes) {
            Ok(text) => {
                let length = text.len();
                (text, length)
            }
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                (String::from_utf8_lossy(error.as_bytes()).into_owned(), valid)
            }
        };
        let source = Self { name, text };
        let control = source.text[..valid].char_indices().find(|(_, c)| c.is_control() && !"\t\n\r\u{85}".contains(*c));
        let fault = match control {
            Some((at, c)) => {
                Fault::new(format!("the file is not text: it holds the control character U+{:04X}", c as u32))
                    .at(Span { start: at, end: at + c.len_utf8() })
            }
            None if valid < source.text.len() => {
                Fault::new("the file is not UTF-8 text").at(Span { start: valid, end: valid + '\u{fffd}'.len_utf8() })
            }
            None => return Ok(source),
        };
        Err((source, fault.help("save it as UTF-8, or check that this is the file you meant")))
    }

    /// The line and column of a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        let before = &self.text[..self.text.floor_char_boundary(offset.min(self.text.len()))];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        Position {
            line: before.bytes().filter(|b| *b == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// Where the lines of a text begin, for whoever asks for many positions in it.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// The index of a text.
    pub fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The line and column of a byte offset in the text that the index was made of.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        Position { line: line.max(1), column: text.get(start..offset).map_or(1, |before| before.chars().count() + 1) }
    }
}

/// Opens a regular file. A pipe would wait for a writer, a device may never end, and what stands in `/proc` is no file that anybody wrote:
/// they are refused before they are opened.
///
/// # Errors
/// The file does not exist, it is something else, or the operating system refuses.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let metadata = std::fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
    }
    let real = std::fs::canonicalize(path)?;
    if !metadata.is_file() || ["/proc", "/sys", "/dev"].iter().any(|system| real.starts_with(system)) {
        return Err(io::Error::other("it is not a regular file"));
    }
    File::open(path)
}

/// At most `most` bytes of a regular file.
fn read_at_most(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_regular(path)?.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// An I/O error in the user's words, without the operating system's number for it.
pub fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let source = Source::new("x", "é: 1\nb: 2\n");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(2), Position { line: 1, column: 2 });
        assert_eq!(source.position(6), Position { line: 2, column: 1 });
        assert_eq!(source.position(999), Position { line: 3, column: 1 });
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        let source = Source::decode("x".into(), b"\xef\xbb\xbfa: 1".to_vec()).unwrap();
        assert_eq!(source.text, "a: 1");
    }

    #[test]
    fn junk_is_refused_at_its_place() {
        let (source, fault) = Source::decode("x".into(), b"a: 1\nb: \xff\xfe".to_vec()).unwrap_err();
        assert_eq!(fault.message, "the file is not UTF-8 text");
        assert_eq!(source.position(fault.span.unwrap().start), Position { line: 2, column: 4 });
        let (_, fault) = Source::decode("x".into(), b"a\0b".to_vec()).unwrap_err();
        assert_eq!(fault.message, "the file is not text: it holds the control character U+0000");
    }
}
