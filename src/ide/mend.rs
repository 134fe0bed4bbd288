//! A text that cannot be read, made readable by leaving out as little as may be: what is being typed is mostly on one line.

use std::path::Path;

use crate::source::{Fault, Limits, Schema, parse_all, parse_json};

/// How many lines are left out before it is given up.
const ROUNDS: usize = 24;

/// The text with the lines blank that keep it from being read, everything else in its place; `None` where it can be read as it is, or no
/// sense can be made of it.
pub fn mended(path: &Path, text: &str) -> Option<String> {
    let json = match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => true,
        Some("yaml" | "yml") => false,
        _ => text.trim_start().starts_with(['{', '"']),
    };
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
