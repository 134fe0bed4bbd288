//! Fields put into mappings, in the style that they are written in.

use crate::lint::Edit;
use crate::source::{Node, Span};

/// The edit that gives a mapping a field, as its first one. `None` where the mapping is written in a way that is not understood: empty, or a
/// text within a text that has escapes.
pub(super) fn field(document: usize, text: &str, mapping: &Node, name: &str, json: &str) -> Option<Edit> {
    let (first, _) = mapping.entries().first()?;
    let spelled = text.get(first.span.start..first.span.end)?;
    let at = Span { start: first.span.start, end: first.span.start };
    let indent = indent(text, first.span.start);
    let alone =
        text.get(line_start(text, first.span.start)..first.span.start).is_some_and(|before| before.trim().is_empty());
    let ending = ending(text);
    let flow = text.get(mapping.span.start..)?.starts_with('{');
    if flow && spelled.starts_with('"') && !spelled.contains('\\') {
        let behind = if alone { format!(",{ending}{indent}") } else { ", ".to_owned() };
        return Some(Edit { document, span: at, text: format!("\"{name}\": {json}{behind}") });
    }
    if flow {
        return (!spelled.contains('\\')).then(|| Edit { document, span: at, text: format!("{name}: {json}, ") });
    }
    // The first field of a list's element stands behind its dash, at the same column as the others.
    let column =
        indent.len() + text.get(line_start(text, first.span.start) + indent.len()..first.span.start)?.chars().count();
    Some(Edit { document, span: at, text: format!("{name}: {json}{ending}{}", " ".repeat(column)) })
}

/// How the lines of a text end.
pub(super) fn ending(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Where the line of a byte begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |found| found + 1)
}

/// The white space that the line of a byte begins with.
pub(super) fn indent(text: &str, at: usize) -> &str {
    let line = text.get(line_start(text, at)..at).unwrap_or_default();
    &line[..line.len() - line.trim_start().len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Limits, Schema, parse_all, parse_json};

    fn edited(text: &str, json: bool) -> String {
        let parsed =
            if json { parse_json(text, Limits::TEMPLATE) } else { parse_all(text, Limits::TEMPLATE, Schema::Core) };
        let root = parsed.root.unwrap();
        let edit = field(0, text, root.pointer("/a").unwrap(), "New", "\"x\"").unwrap();
        let mut text = text.to_owned();
        text.replace_range(edit.span.start..edit.span.end, &edit.text);
        text
    }

    #[test]
    fn fields_are_written_as_their_neighbours_are() {
        for (text, json, expected) in [
            ("{\"a\": {\"b\": 1}}", true, "{\"a\": {\"New\": \"x\", \"b\": 1}}"),
            ("{\"a\": {\r\n  \"b\": 1}}", true, "{\"a\": {\r\n  \"New\": \"x\",\r\n  \"b\": 1}}"),
            ("a:\n  b: 1\n", false, "a:\n  New: \"x\"\n  b: 1\n"),
            ("a: {b: 1}\n", false, "a: {New: \"x\", b: 1}\n"),
        ] {
            assert_eq!(edited(text, json), expected);
        }
    }
}
