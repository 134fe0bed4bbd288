//! A text that cannot be read, made readable by leaving out as little as may be: what is being typed is mostly on one line.

use std::path::Path;

use crate::source::{Fault, Limits, Schema, Span, below, parse_all, parse_json};

use super::cursor::cursor;

/// How many lines are left out before it is given up.
const ROUNDS: usize = 24;

/// The text with the lines blank that keep it from being read, everything else in its place; `None` where it can be read as it is, or no
/// sense can be made of it.
pub fn mended(path: &Path, text: &str) -> Option<String> {
    let json = is_json(path, text);
    let mut changed = text.to_owned();
    for round in 0..ROUNDS {
        let fault = match fatal(&changed, json) {
            None => return (round > 0).then_some(changed),
            Some(fault) => fault,
        };
        let at = fault.span.map_or(changed.len(), |span| span.start);
        if json && matches!(byte_at(&changed, &fault), Some(b'{' | b'[')) {
            changed.push_str(&closing(&changed));
        } else if !blank(&mut changed, at) {
            return None;
        }
    }
    None
}

fn is_json(path: &Path, text: &str) -> bool {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => true,
        Some("yaml" | "yml") => false,
        _ => text.trim_start().starts_with(['{', '"']),
    }
}

/// What closes what is open on a line of YAML.
const CLOSERS: [&str; 6] = ["", "}", "]", "}}", "]}", "}]}"];

/// The text with what is being typed at a byte made whole: a quote, a value, a comma, brackets. `None` where that does not make it readable.
pub fn completed(path: &Path, text: &str, offset: usize) -> Option<String> {
    if is_json(path, text) {
        return whole(text, offset, true);
    }
    match json_in_block(text, offset) {
        Some(Span { start, end }) => {
            let inside = whole(&text[start..end], offset - start, true)?;
            Some(format!("{}{inside}{}", &text[..start], &text[end..]))
        }
        None => whole(text, offset, false),
    }
}

/// The text in a block of YAML that a byte is in, where that is JSON: a definition in a template.
fn json_in_block(text: &str, offset: usize) -> Option<Span> {
    let mut at = 0;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        at += line.len();
        let opens = line.trim_end().rsplit([' ', '\t']).next().is_some_and(|last| last.starts_with(['|', '>']));
        if !opens {
            continue;
        }
        let start = at;
        let column = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
        while let Some(inside) = lines.next_if(|next| next.trim().is_empty() || column(next) > column(line)) {
            at += inside.len();
        }
        if start <= offset && offset <= at {
            let end = start + text[start..at].trim_end().len();
            let is_json = text[start..at].trim_start().starts_with('{');
            return (is_json && offset <= end).then_some(Span { start, end });
        }
    }
    None
}

/// A text in which what is being typed is made whole.
fn whole(text: &str, offset: usize, json: bool) -> Option<String> {
    let cursor = cursor(text, offset, json);
    let offset = cursor.span.end;
    let rest = text.get(offset..)?;
    // Up to the end of the word, and of the text in quotes that it stands in.
    let word = rest.find(|c: char| "\"'\n\r,:{}[] ".contains(c)).unwrap_or(rest.len());
    let quote = match text.get(..cursor.span.start)?.chars().next_back() {
        Some(quote) if cursor.quoted => quote.to_string(),
        _ => String::new(),
    };
    let closed = !quote.is_empty() && rest.get(word..)?.starts_with(quote.as_str());
    let end = offset + word + if closed { quote.len() } else { 0 };
    let quote = if closed { "" } else { quote.as_str() };
    let behind = text.get(end..)?.trim_start();
    let value = match (cursor.on_key, behind.starts_with(':')) {
        (true, true) => "",
        (true, false) if json && cursor.typed.is_empty() && !cursor.quoted => "\"\": null",
        (true, false) => ": null",
        (false, _) if cursor.typed.is_empty() && !cursor.quoted => "null",
        (false, _) => "",
    };
    let comma = if json && behind.starts_with(['"', '{', '[']) { "," } else { "" };
    let closers: &[&str] = if json { &[""] } else { &CLOSERS };
    closers.iter().find_map(|closer| {
        let mut whole = format!("{}{quote}{value}{comma}{closer}{}", &text[..end], &text[end..]);
        if json {
            whole.push_str(&closing(&whole));
        }
        let parsed =
            if json { parse_json(&whole, Limits::TEMPLATE) } else { parse_all(&whole, Limits::TEMPLATE, Schema::Core) };
        let root = parsed.root.filter(|_| parsed.faults.is_empty())?;
        let pointer = cursor.path.iter().fold(String::new(), |pointer, token| below(&pointer, token));
        root.pointer(&pointer).map(|_| whole)
    })
}

/// The text with the line of a byte blank.
pub fn without_line(text: &str, at: usize) -> Option<String> {
    let mut changed = text.to_owned();
    blank(&mut changed, at).then_some(changed)
}

/// What keeps a text from having a tree, or the tree from being what was meant: a text that goes on in the next line swallows what is there.
fn fatal(text: &str, json: bool) -> Option<Fault> {
    let parsed =
        if json { parse_json(text, Limits::TEMPLATE) } else { parse_all(text, Limits::TEMPLATE, Schema::Core) };
    if text.trim().is_empty() {
        return None;
    }
    // A fault at a line break is that of a text which goes on behind it.
    let swallows = |fault: &&Fault| json && byte_at(text, fault) == Some(b'\n');
    match parsed.root {
        Some(_) => parsed.faults.iter().find(swallows).cloned(),
        None => parsed.faults.iter().find(swallows).or(parsed.faults.last()).cloned(),
    }
}

/// The byte that a fault is about. Of a list or an object that is not closed that is its bracket.
fn byte_at(text: &str, fault: &Fault) -> Option<u8> {
    text.as_bytes().get(fault.span?.start).copied()
}

/// Makes the line of a byte blank, or the nearest one before it that is not.
fn blank(text: &mut String, at: usize) -> bool {
    let mut end = text.len();
    let from = text.floor_char_boundary(at.min(text.len()));
    if let Some(found) = text[from..].find('\n') {
        end = from + found;
    }
    loop {
        let start = text[..end].rfind('\n').map_or(0, |found| found + 1);
        if !text[start..end].trim().is_empty() {
            let blank = " ".repeat(end - start);
            text.replace_range(start..end, &blank);
            return true;
        }
        if start == 0 {
            return false;
        }
        end = start - 1;
    }
}

/// The brackets that close what is open, and a value for a key that has none.
fn closing(text: &str) -> String {
    let mut open = Vec::new();
    let mut quoted = false;
    let mut escaped = false;
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '\n' => quoted = false,
            '{' if !quoted => open.push('}'),
            '[' if !quoted => open.push(']'),
            '}' | ']' if !quoted => drop(open.pop()),
            _ => {}
        }
    }
    let value = if text.trim_end().ends_with(':') { "null" } else { "" };
    format!("{value}{}", open.into_iter().rev().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_being_typed_is_made_whole() {
        for (path, typed, whole) in [
            (
                "a.json",
                "{\"X\": {\"Type\": \"Task\", \"^\"}, \"Y\": 1}",
                "{\"X\": {\"Type\": \"Task\", \"\": null}, \"Y\": 1}",
            ),
            ("a.json", "{\"X\": {\n\"Ne^\n\"Y\": 1}}", "{\"X\": {\n\"Ne\": null,\n\"Y\": 1}}"),
            ("a.json", "{\"X\": {\"a\": \"b^", "{\"X\": {\"a\": \"b\"}}"),
            ("a.json", "{\"X\": {\"a\": ^\n\"c\": 1}}", "{\"X\": {\"a\": null,\n\"c\": 1}}"),
            ("a.json", "{\"X\": [{\"a\": 1, ^", "{\"X\": [{\"a\": 1, \"\": null}]}"),
            ("a.yaml", "X: {a: 1, b: '^\nY: 1\n", "X: {a: 1, b: ''}\nY: 1\n"),
            ("a.yaml", "X: {a: 1, Ne^\nY: 1\n", "X: {a: 1, Ne: null}\nY: 1\n"),
            ("a.yaml", "X:\n  a: 1\n  Ne^\nY: 1\n", "X:\n  a: 1\n  Ne: null\nY: 1\n"),
            ("a.yaml", "X:\n  a: |\n    {\"b\": {\"^\"}}\nY: 1\n", "X:\n  a: |\n    {\"b\": {\"\": null}}\nY: 1\n"),
            ("a.yaml", "X:\n  a: |\n    {\"b\": [^\n\nY: 1\n", "X:\n  a: |\n    {\"b\": [null]}\n\nY: 1\n"),
            ("a.yaml", "X:\n  a: \"b^\nY: 1\n", "X:\n  a: \"b\"\nY: 1\n"),
        ] {
            let offset = typed.find('^').unwrap();
            let found = completed(Path::new(path), &typed.replace('^', ""), offset);
            assert_eq!(found.as_deref(), Some(whole), "{typed}");
        }
    }

    #[test]
    fn what_is_being_typed_is_left_out() {
        for (path, text) in [
            ("a.json", "{\n\"a\": 1,\n\"b\": \"x\n,\n\"c\": 2\n}"),
            ("a.json", "{\n\"a\": {\"b\": 1,\n\"c\":"),
            ("a.json", "{\n\"a\": 1,\n\"b\": {\"c\": \"},\n\"d\": 1}"),
            ("a.json", "{\n\"a\": 1,\n\"b\": [1, 2,\n\"c\": 3\n}"),
            ("a.yaml", "a: 1\nb:\n  c: 2\n  d\ne: 3\n"),
            ("a.yaml", "a: 1\nb: [1, 2\nc: 3\n"),
        ] {
            let mended = mended(Path::new(path), text).unwrap_or_else(|| panic!("{text}"));
            assert!(fatal(&mended, path == "a.json").is_none(), "{mended}");
            assert!(mended.contains("a"), "{mended}");
            assert!(mended.len() >= text.len());
        }
        assert_eq!(mended(Path::new("a.json"), "{}"), None);
    }
}
