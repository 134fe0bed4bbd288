//! Where the cursor is in a text that may be broken: what was read up to there says enough.

use crate::source::Span;

/// Where the cursor is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cursor {
    /// The keys and indices that lead there. Of a key that is being typed it is the way to its mapping.
    pub(super) path: Vec<String>,
    /// Whether a key is being typed, rather than a value.
    pub(super) on_key: bool,
    /// What is typed of it.
    pub(super) typed: String,
    /// Where that is, up to the cursor.
    pub(super) span: Span,
    /// Whether it stands in quotes.
    pub(super) quoted: bool,
    /// Whether keys and texts have to stand in quotes here.
    pub(super) json: bool,
    /// The tag before it: `Ref`, `GetAtt`, `Sub`.
    pub(super) tag: Option<String>,
    /// Whether it is the tag that is being typed.
    pub(super) in_tag: bool,
    /// Whether a colon follows already.
    pub(super) has_value: bool,
}

/// Where the cursor is in a document.
pub(super) fn cursor(text: &str, offset: usize, json: bool) -> Cursor {
    let offset = text.floor_char_boundary(offset.min(text.len()));
    let mut cursor = if json {
        match flow(&text[..offset], 0, Vec::new(), false) {
            Flow::Open(cursor) => cursor,
            Flow::Closed(_) => Cursor { json: true, span: Span { start: offset, end: offset }, ..Cursor::default() },
        }
    } else {
        block(&text[..offset])
    };
    cursor.in_tag = cursor.tag.is_some()
        && cursor.typed.is_empty()
        && !cursor.quoted
        && text[..offset].ends_with(|c: char| c.is_alphanumeric() || c == '!' || c == ':');
    let rest = text[offset..].trim_start_matches(|c: char| c.is_alphanumeric() || "_-.$:".contains(c) && !json);
    cursor.has_value = cursor.on_key && rest.trim_start_matches(['"', '\'']).starts_with(':');
    cursor
}

/// What comes of reading a value in brackets.
enum Flow {
    /// It ends before the cursor: here.
    Closed(usize),
    /// The cursor is in it.
    Open(Cursor),
}

/// A bracket that is open.
enum Open {
    Object { key: Option<String> },
    Array { at: usize },
}

/// Reads brackets from `start` on: JSON, or with `yaml` a flow of YAML. `path` leads there.
fn flow(text: &str, start: usize, path: Vec<String>, yaml: bool) -> Flow {
    let bytes = text.as_bytes();
    let mut open: Vec<Open> = Vec::new();
    let mut at = start;
    // A scalar that may be a key: its text, where it begins, and whether it is in quotes.
    let mut last: Option<(String, usize, bool)> = None;
    let mut tag: Option<String> = None;
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'') if quote == b'"' || yaml => {
                let begun = at + 1;
                let mut content = String::new();
                at = begun;
                let mut ended = false;
                while let Some(c) = text[at..].chars().next() {
                    at += c.len_utf8();
                    match c {
                        '\\' if quote == b'"' => {
                            let escaped = text[at..].chars().next();
                            at += escaped.map_or(0, char::len_utf8);
                            content.extend(escaped);
                        }
                        // A text of JSON ends with its line: the quote that closes it is not typed yet.
                        '\n' if !yaml => {
                            ended = true;
                            break;
                        }
                        c if c == char::from(quote) => {
                            ended = true;
                            break;
                        }
                        c => content.push(c),
                    }
                }
                if !ended {
                    return Flow::Open(ended_at(&open, path, content, begun, text.len(), true, yaml, tag));
                }
                last = Some((content, begun, true));
            }
            b'{' | b'[' => {
                open.push(if bytes[at] == b'{' { Open::Object { key: None } } else { Open::Array { at: 0 } });
                (last, tag) = (None, None);
                at += 1;
            }
            b'}' | b']' => {
                open.pop();
                (last, tag) = (None, None);
                at += 1;
                if open.is_empty() {
                    return Flow::Closed(at);
                }
            }
            b':' if !yaml
                || last.as_ref().is_some_and(|last| last.2)
                || bytes.get(at + 1).is_none_or(|b| b.is_ascii_whitespace()) =>
            {
                if let (Some(Open::Object { key }), Some((text, ..))) = (open.last_mut(), last.take()) {
                    *key = Some(text);
                }
                at += 1;
            }
            b',' => {
                match open.last_mut() {
                    Some(Open::Object { key }) => *key = None,
                    Some(Open::Array { at }) => *at += 1,
                    None => {}
                }
                (last, tag) = (None, None);
                at += 1;
            }
            b'!' if yaml => {
                let rest = &text[at + 1..];
                let length = rest.find(|c: char| !(c.is_alphanumeric() || c == ':')).unwrap_or(rest.len());
                tag = Some(rest[..length].to_owned());
                at += 1 + length;
            }
            b'#' if yaml && text[..at].ends_with([' ', '\n']) => at += text[at..].find('\n').unwrap_or(text.len() - at),
            byte if byte.is_ascii_whitespace() => at += 1,
            _ => {
                let begun = at;
                let ends = |(index, c): (usize, char)| {
                    let value = c == ':' && text[begun + index + 1..].starts_with([' ', '\n', '\r']);
                    "{}[],\n".contains(c) || value || (!yaml && (c == ':' || c == '"' || c.is_whitespace()))
                };
                let rest = &text[at..];
                let length = rest.char_indices().find(|one| ends(*one)).map_or(rest.len(), |(index, _)| index);
                let length = length.max(rest.chars().next().map_or(1, char::len_utf8));
                let word = &rest[..length.min(rest.len())];
                at += word.len();
                if at >= text.len() {
                    return Flow::Open(ended_at(&open, path, word.to_owned(), begun, text.len(), false, yaml, tag));
                }
                last = Some((word.trim_end().to_owned(), begun, false));
            }
        }
    }
    Flow::Open(ended_at(&open, path, String::new(), text.len(), text.len(), false, yaml, tag))
}

#[allow(clippy::too_many_arguments, reason = "each is a part of the cursor")]
fn ended_at(
    open: &[Open],
    mut path: Vec<String>,
    typed: String,
    start: usize,
    end: usize,
    quoted: bool,
    yaml: bool,
    tag: Option<String>,
) -> Cursor {
    let on_key = matches!(open.last(), Some(Open::Object { key: None }));
    for one in open {
        match one {
            Open::Object { key: Some(key) } => path.push(key.clone()),
            Open::Object { key: None } => {}
            Open::Array { at } => path.push(at.to_string()),
        }
    }
    Cursor { path, on_key, typed, span: Span { start, end }, quoted, json: !yaml, tag, ..Cursor::default() }
}

/// A line of a block that others stand below.
struct Level {
    column: usize,
    token: String,
    item: bool,
}

/// Reads blocks of YAML, line by line.
fn block(text: &str) -> Cursor {
    let mut levels: Vec<Level> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = text[at..].find('\n').map_or(text.len(), |found| at + found + 1);
        let line = &text[at..end];
        let is_last = end == text.len() && !line.ends_with('\n');
        let trimmed = line.trim();
        if !is_last && (trimmed.is_empty() || trimmed.starts_with('#')) {
            at = end;
            continue;
        }
        match self::line(text, at, end, is_last, &mut levels) {
            Line::Cursor(cursor) => return cursor,
            Line::Next(next) => at = next.max(at + 1),
        }
    }
    // An empty line: a key is typed, at whatever depth that is.
    levels.clear();
    Cursor { on_key: true, span: Span { start: text.len(), end: text.len() }, ..Cursor::default() }
}

enum Line {
    Cursor(Cursor),
    /// Reading goes on here.
    Next(usize),
}

fn line(text: &str, start: usize, end: usize, is_last: bool, levels: &mut Vec<Level>) -> Line {
    let content = text[start..end].trim_end_matches(['\n', '\r']);
    let mut column = content.len() - content.trim_start_matches(' ').len();
    if is_last && content.trim().is_empty() {
        column = content.len();
        levels.retain(|level| level.column < column);
        let path = levels.iter().map(|level| level.token.clone()).collect();
        return Line::Cursor(Cursor { path, on_key: true, span: empty(text.len()), ..Cursor::default() });
    }
    let mut rest = &content[column..];
    while rest == "-" || rest.starts_with("- ") {
        while levels.last().is_some_and(|level| level.column > column || (level.column == column && level.item)) {
            let last = levels.pop();
            if let Some(Level { column: of, token, item: true }) = last
                && of == column
            {
                let next = token.parse::<usize>().map_or(0, |number| number + 1);
                levels.push(Level { column, token: next.to_string(), item: true });
                break;
            }
        }
        if !levels.last().is_some_and(|level| level.item && level.column == column) {
            levels.push(Level { column, token: "0".to_owned(), item: true });
        }
        let behind = rest[1..].trim_start_matches(' ');
        column += rest.len() - behind.len();
        rest = behind;
        if rest.is_empty() {
            break;
        }
    }
    let path = |levels: &[Level]| levels.iter().map(|level| level.token.clone()).collect::<Vec<_>>();
    let from = start + content.len() - rest.len();
    // A value in brackets, or a value of a list.
    if rest.starts_with(['{', '[']) {
        return brackets(text, from, path(levels));
    }
    levels.retain(|level| level.column < column);
    let Some((key, value)) = key_of(rest) else {
        if !is_last {
            return Line::Next(end);
        }
        let in_list = levels.last().is_some_and(|level| level.item);
        let (quoted, typed) = unquoted(rest);
        let (tag, typed) = tagged(typed);
        let cursor = Cursor {
            path: path(levels),
            on_key: tag.is_none() && !(in_list && quoted),
            span: Span { start: text.len() - typed.len(), end: text.len() },
            typed: typed.to_owned(),
            quoted,
            tag: tag.map(str::to_owned),
            ..Cursor::default()
        };
        return Line::Cursor(cursor);
    };
    levels.push(Level { column, token: key.to_owned(), item: false });
    let value_at = start + content.len() - value.len();
    let (tag, plain) = tagged(value);
    if plain.starts_with(['{', '[']) {
        return brackets(text, value_at + value.len() - plain.len(), path(levels));
    }
    if plain.starts_with(['|', '>']) {
        let inside = block_end(text, end, column);
        if inside < text.len() {
            return Line::Next(inside);
        }
        // JSON in a text.
        let body = &text[end.min(text.len())..];
        let brace = body.find(|c: char| !c.is_whitespace()).filter(|at| body[*at..].starts_with('{'));
        return match brace.map(|at| flow(text, end + at, path(levels), false)) {
            Some(Flow::Open(cursor)) => Line::Cursor(cursor),
            _ => {
                let typed = body.rsplit(char::is_whitespace).next().unwrap_or_default();
                let span = Span { start: text.len() - typed.len(), end: text.len() };
                let tag = tag.map(str::to_owned);
                Line::Cursor(Cursor {
                    path: path(levels),
                    typed: typed.to_owned(),
                    span,
                    quoted: true,
                    tag,
                    ..Cursor::default()
                })
            }
        };
    }
    if !is_last {
        return Line::Next(end);
    }
    let (quoted, typed) = unquoted(plain);
    Line::Cursor(Cursor {
        path: path(levels),
        span: Span { start: text.len() - typed.len(), end: text.len() },
        typed: typed.to_owned(),
        quoted,
        tag: tag.map(str::to_owned),
        ..Cursor::default()
    })
}

fn empty(at: usize) -> Span {
    Span { start: at, end: at }
}

fn brackets(text: &str, from: usize, path: Vec<String>) -> Line {
    match flow(text, from, path, true) {
        Flow::Open(cursor) => Line::Cursor(cursor),
        // The rest of the line says nothing more.
        Flow::Closed(at) => Line::Next(text[at..].find('\n').map_or(text.len(), |found| at + found + 1)),
    }
}

/// The key and the value of a line.
fn key_of(rest: &str) -> Option<(&str, &str)> {
    let (key, value) = match rest.chars().next()? {
        quote @ ('"' | '\'') => {
            let close = rest[1..].find(quote)? + 1;
            (&rest[1..close], rest[close + 1..].trim_start().strip_prefix(':')?)
        }
        _ => {
            let at = rest
                .match_indices(':')
                .map(|(at, _)| at)
                .find(|at| rest[at + 1..].is_empty() || rest[at + 1..].starts_with(' '))?;
            (rest[..at].trim_end(), &rest[at + 1..])
        }
    };
    Some((key, value.trim_start_matches(' ')))
}

/// A value without the quote that it begins with.
fn unquoted(value: &str) -> (bool, &str) {
    match value.strip_prefix(['"', '\'']) {
        Some(rest) => (true, rest),
        None => (false, value),
    }
}

/// The tag of a value, and the rest.
fn tagged(value: &str) -> (Option<&str>, &str) {
    let Some(rest) = value.strip_prefix('!') else { return (None, value) };
    let length = rest.find(' ').unwrap_or(rest.len());
    (Some(&rest[..length]), rest[length..].trim_start())
}

/// Where a text in a block ends: the first line that is not further in than its key.
fn block_end(text: &str, mut at: usize, column: usize) -> usize {
    while at < text.len() {
        let end = text[at..].find('\n').map_or(text.len(), |found| at + found + 1);
        let line = &text[at..end];
        let indent = line.len() - line.trim_start_matches(' ').len();
        if !line.trim().is_empty() && indent <= column {
            return at;
        }
        at = end;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, json: bool) -> String {
        let offset = text.find('^').unwrap();
        let cursor = cursor(&text.replacen('^', "", 1), offset, json);
        let role = if cursor.on_key { "key" } else { "value" };
        let tag = cursor.tag.map(|tag| format!("!{tag} ")).unwrap_or_default();
        format!("{} {role} {tag}{}", cursor.path.join("/"), cursor.typed)
    }

    #[test]
    fn broken_json_says_where_one_is() {
        for (text, expected) in [
            (r#"{"States": {"A": {"Type": "Pass", "Next": "B^"#, "States/A/Next value B"),
            (r#"{"States": {"A": {"Ne^"#, "States/A key Ne"),
            (r#"{"States": {"A": {^"#, "States/A key "),
            (r#"{"a": [{"b": 1}, {"c": ^}]}"#, "a/1/c value "),
            ("{\"a\": \"x\n, \"b\": \"$.y.^", "b value $.y."),
            (r#"{"a": {"b": 1}, "c^": 2}"#, " key c"),
        ] {
            assert_eq!(at(text, true), expected, "{text}");
        }
    }

    #[test]
    fn broken_yaml_says_where_one_is() {
        for (text, expected) in [
            ("States:\n  A:\n    Type: Pass\n    Next: B^", "States/A/Next value B"),
            ("States:\n  A:\n    Type: Pass\n    Ne^", "States/A key Ne"),
            ("States:\n  A:\n    Type: Pass\n    ^\n  B: 1\n", "States/A key "),
            ("States:\n  A:\n    Type: Pass\n  ^", "States key "),
            ("a:\n  - b: 1\n  - c: 2\n    d: x^", "a/1/d value x"),
            ("a:\n- b: 1\n- c: ^", "a/1/c value "),
            ("a:\n  - b: [1, {c: 2, d: x^", "a/0/b/1/d value x"),
            ("a: {b: 1}\nc: !Ref Ta^", "c value !Ref Ta"),
            ("a: !Sub '${Ta^", "a value !Sub ${Ta"),
            (
                "a:\n  DefinitionString: |\n    {\n      \"States\": {\"A\": {\"Next\": \"^",
                "a/DefinitionString/States/A/Next value ",
            ),
            ("a:\n  t: |\n    {\"x\": 1}\n  b: ^", "a/b value "),
            ("# c\na: # d\n  b^", "a key b"),
        ] {
            assert_eq!(at(text, false), expected, "{text}");
        }
    }

    #[test]
    fn any_beginning_has_a_cursor() {
        let text = "a: &x {b: [1, !Ref c, \"d\\u00e9\", 'é'], <<: *x}\n? - 'f''g'\n  - |2-\n    h\n: !!int 3 # é\n- - - x: {\n";
        for (end, _) in text.char_indices() {
            for behind in ["", "\\", "!", ",", "\t", "\"", "{", "é"] {
                let text = format!("{}{behind}", &text[..end]);
                for at in [text.len(), end] {
                    cursor(&text, at, false);
                    cursor(&text, at, true);
                }
            }
        }
    }
}
