//! The texts of scalars: what their quotes, escapes, folds and indentation come to.

use super::cursor::{Cursor, Result, fault};
use crate::source::Span;

/// How a scalar is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Without quotes.
    Plain,
    /// In quotes, or as a block.
    Text,
}

/// A scalar that stands without quotes.
pub(super) struct Plain {
    pub(super) text: String,
    pub(super) span: Span,
    /// Whether the scanner is at the start of a line now.
    pub(super) at_line_start: bool,
}

/// Spaces within a scalar, with the line breaks among them folded.
struct Fold {
    text: String,
    broken: bool,
}

/// A break that is followed by no other one is a space.
fn folded(first: &str, others: &str) -> String {
    match (first, others) {
        ("\n", "") => " ".to_owned(),
        ("\n", others) => others.to_owned(),
        (first, others) => format!("{first}{others}"),
    }
}

/// Reads a scalar that stands without quotes. `indent` is that of the collection around it, `flow` whether that is in brackets.
pub(super) fn plain(cursor: &mut Cursor<'_>, indent: i64, flow: bool) -> Result<Plain> {
    let start = cursor.at;
    let (mut text, mut spaces) = (String::new(), Fold { text: String::new(), broken: false });
    let mut end = cursor.at;
    while cursor.byte(0) != b'#' {
        let length = plain_length(cursor, flow);
        if length == 0 {
            break;
        }
        text.push_str(&spaces.text);
        text.push_str(cursor.text.get(cursor.at..cursor.at + length).unwrap_or_default());
        cursor.skip(length);
        end = cursor.at;
        spaces = plain_spaces(cursor, indent, flow)?;
        let outside = !flow && (cursor.column as i64) <= indent;
        if cursor.at == end || cursor.document_mark() || outside {
            break;
        }
    }
    Ok(Plain { text, span: Span { start, end }, at_line_start: spaces.broken })
}

/// How many bytes of a plain scalar stand here without a space among them.
fn plain_length(cursor: &Cursor<'_>, flow: bool) -> usize {
    let mut length = 0;
    while !cursor.is_space(length) {
        let (byte, next) = (cursor.byte(length), cursor.byte(length + 1));
        let value = byte == b':' && (cursor.is_space(length + 1) || flow && b",[]{}".contains(&next));
        if value || flow && b",[]{}".contains(&byte) {
            break;
        }
        length += 1;
    }
    length
}

fn plain_spaces(cursor: &mut Cursor<'_>, indent: i64, flow: bool) -> Result<Fold> {
    let start = cursor.at;
    cursor.skip_blanks();
    if cursor.line_break() == 0 {
        let text = cursor.text.get(start..cursor.at).unwrap_or_default().to_owned();
        return Ok(Fold { text, broken: false });
    }
    let first = cursor.skip_break();
    let mut others = String::new();
    while !cursor.document_mark() {
        if cursor.byte(0) == b'\t' && !flow && (cursor.column as i64) <= indent {
            return Err(cursor.fault("a tab cannot be part of the indentation"));
        }
        if cursor.is_blank() {
            cursor.skip(1);
        } else if cursor.line_break() > 0 {
            others.push_str(cursor.skip_break());
        } else {
            break;
        }
    }
    Ok(Fold { text: folded(first, &others), broken: true })
}

/// Reads a scalar in quotes, the first of which stands here.
pub(super) fn quoted(cursor: &mut Cursor<'_>) -> Result<String> {
    let start = cursor.at;
    let quote = cursor.byte(0);
    let mut text = String::new();
    cursor.skip(1);
    loop {
        quoted_characters(cursor, quote, &mut text)?;
        if cursor.byte(0) == quote {
            cursor.skip(1);
            return Ok(text);
        }
        if cursor.at_end() {
            let span = Span { start, end: start + 1 };
            return Err(fault("this quotation mark is never closed", span));
        }
        quoted_spaces(cursor, &mut text)?;
    }
}

/// Reads up to a space or the closing quotation mark.
fn quoted_characters(cursor: &mut Cursor<'_>, quote: u8, text: &mut String) -> Result<()> {
    while !cursor.is_space(0) {
        match cursor.byte(0) {
            b'\'' if quote == b'\'' && cursor.byte(1) == b'\'' => {
                text.push('\'');
                cursor.skip(2);
            }
            byte if byte == quote => return Ok(()),
            b'\\' if quote == b'"' => escape(cursor, text)?,
            _ => {
                let Some(character) = cursor.character() else { return Ok(()) };
                text.push(character);
                cursor.skip(character.len_utf8());
            }
        }
    }
    Ok(())
}

/// Spaces in quotes: line breaks become one space, and empty lines line breaks.
fn quoted_spaces(cursor: &mut Cursor<'_>, text: &mut String) -> Result<()> {
    let start = cursor.at;
    cursor.skip_blanks();
    if cursor.line_break() == 0 {
        text.push_str(cursor.text.get(start..cursor.at).unwrap_or_default());
        return Ok(());
    }
    let first = cursor.skip_break();
    let others = empty_lines(cursor)?;
    text.push_str(&folded(first, &others));
    Ok(())
}

/// Passes the indentation of a line in quotes, and gives the breaks of the empty lines before it.
fn empty_lines(cursor: &mut Cursor<'_>) -> Result<String> {
    let mut breaks = String::new();
    loop {
        if cursor.document_mark() {
            return Err(cursor.fault("a document cannot begin or end within quotation marks"));
        }
        cursor.skip_blanks();
        if cursor.line_break() == 0 {
            return Ok(breaks);
        }
        breaks.push_str(cursor.skip_break());
    }
}

/// Reads an escape, whose backslash stands here.
fn escape(cursor: &mut Cursor<'_>, text: &mut String) -> Result<()> {
    let mut code = *cursor;
    code.skip(1);
    if code.line_break() > 0 {
        code.skip_break();
        *cursor = code;
        text.push_str(&empty_lines(cursor)?);
        return Ok(());
    }
    let character = match code.byte(0) {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\x0B',
        b'f' => '\x0C',
        b'r' => '\r',
        b'e' => '\x1B',
        b' ' => ' ',
        b'"' => '"',
        b'/' => '/',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{A0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        b'x' | b'u' | b'U' => {
            let character = code_point(&mut code).ok_or_else(|| cursor.fault("this escape is no character"))?;
            *cursor = code;
            text.push(character);
            return Ok(());
        }
        _ => {
            let at = cursor.at;
            return Err(fault("there is no such escape", Span { start: at, end: at + 1 })
                .help("write `\\\\` for a backslash, or put the text in single quotes"));
        }
    };
    code.skip(1);
    *cursor = code;
    text.push(character);
    Ok(())
}

/// Reads the digits of an escape whose letter stands here. A pair of surrogates is one character, as in JSON.
fn code_point(cursor: &mut Cursor<'_>) -> Option<char> {
    let first = hexadecimal(cursor)?;
    if !(0xD800..0xDC00).contains(&first) {
        return char::from_u32(first);
    }
    if cursor.byte(0) != b'\\' || cursor.byte(1) != b'u' {
        return None;
    }
    cursor.skip(1);
    let second = hexadecimal(cursor).filter(|second| (0xDC00..0xE000).contains(second))?;
    char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
}

fn hexadecimal(cursor: &mut Cursor<'_>) -> Option<u32> {
    let digits = match cursor.byte(0) {
        b'x' => 2,
        b'u' => 4,
        _ => 8,
    };
    cursor.skip(1);
    let text = cursor.text.get(cursor.at..cursor.at + digits)?;
    let value = text.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(text, 16).ok())??;
    cursor.skip(digits);
    Some(value)
}

/// How a block begins.
struct Header {
    folded: bool,
    /// `-` keeps no line break at the end, `+` all of them.
    chomp: Option<u8>,
    /// By how much it is indented, if it says so.
    increment: Option<usize>,
}

/// Reads a block, whose `|` or `>` stands here, and gives where it ends.
pub(super) fn block(cursor: &mut Cursor<'_>, indent: i64) -> Result<(String, usize)> {
    let header = block_header(cursor)?;
    cursor.skip_break();
    let least = usize::try_from(indent + 1).unwrap_or(0).max(1);
    let mut breaks = String::new();
    let indent = match header.increment {
        Some(increment) => least + increment - 1,
        None => {
            let most = block_indentation(cursor, &mut breaks);
            least.max(most)
        }
    };
    block_breaks(cursor, indent, &mut breaks);
    let (mut text, mut line_break, mut end) = (String::new(), "", cursor.at);
    while cursor.column == indent && !cursor.at_end() {
        text.push_str(&breaks);
        breaks.clear();
        let spaced = cursor.is_blank();
        let length = cursor.bytes_to_break();
        text.push_str(cursor.text.get(cursor.at..cursor.at + length).unwrap_or_default());
        cursor.skip(length);
        line_break = cursor.skip_break();
        end = cursor.at;
        block_breaks(cursor, indent, &mut breaks);
        if cursor.column != indent || cursor.at_end() {
            break;
        }
        if header.folded && line_break == "\n" && !spaced && !cursor.is_blank() {
            if breaks.is_empty() {
                text.push(' ');
            }
        } else {
            text.push_str(line_break);
        }
    }
    if header.chomp != Some(b'-') {
        text.push_str(line_break);
    }
    if header.chomp == Some(b'+') {
        text.push_str(&breaks);
        end = cursor.at;
    }
    Ok((text, end))
}

fn block_header(cursor: &mut Cursor<'_>) -> Result<Header> {
    let mut header = Header { folded: cursor.byte(0) == b'>', chomp: None, increment: None };
    cursor.skip(1);
    for _ in 0..2 {
        match cursor.byte(0) {
            sign @ (b'-' | b'+') if header.chomp.is_none() => header.chomp = Some(sign),
            digit @ b'1'..=b'9' if header.increment.is_none() => header.increment = Some(usize::from(digit - b'0')),
            _ => break,
        }
        cursor.skip(1);
    }
    if cursor.skip_blanks() && cursor.byte(0) == b'#' {
        cursor.skip_line();
    }
    if !cursor.at_break_or_end() {
        return Err(cursor.fault("the text of a block begins on the next line"));
    }
    Ok(header)
}

/// Passes the empty lines at the top of a block, and gives the deepest indentation up to its first line.
fn block_indentation(cursor: &mut Cursor<'_>, breaks: &mut String) -> usize {
    let mut deepest = 0;
    loop {
        if cursor.byte(0) == b' ' {
            cursor.skip(1);
            deepest = deepest.max(cursor.column);
        } else if cursor.line_break() > 0 {
            breaks.push_str(cursor.skip_break());
        } else {
            return deepest;
        }
    }
}

/// Passes the indentation of the next line of a block, and the empty lines before it.
fn block_breaks(cursor: &mut Cursor<'_>, indent: usize, breaks: &mut String) {
    loop {
        while cursor.column < indent && cursor.byte(0) == b' ' {
            cursor.skip(1);
        }
        if cursor.line_break() == 0 {
            return;
        }
        breaks.push_str(cursor.skip_break());
    }
}
