//! JSON text into a tree, carrying on behind what is wrong with it, so that one slip does not hide all the others.
//!
//! YAML's reader could read most JSON, but it takes a missing comma or a bare word for YAML, which the services that want JSON
//! do not; and it knows neither surrogate pairs nor a tab at the start of a line.

use std::collections::HashSet;

use super::parsed::{Limits, MAX_FAULTS, Parsed, too_deep, too_many};
use super::{Fault, Kind, Node, Span};

/// The tag of a text that stands bare where a value should, such as `${Seconds}` in `"Seconds": ${Seconds}`: what is put there
/// before the text is read as JSON can be any value.
pub const BARE: &str = "Substitution";

/// Reads a JSON text into a tree. `${Name}` where a value should be is a text with the tag [`BARE`], and no fault.
///
/// What is wrong is collected, and reading goes on where it is clear what was meant: a comma too many or too few, a comment,
/// a key that occurs twice (the last one counts), a `<<PLACEHOLDER>>` or another bare word. Where it is not clear the tree is `None`.
pub fn parse_json(text: &str, limits: Limits) -> Parsed {
    let mut reader =
        Reader { text, at: 0, open: Vec::new(), nodes: 0, limits, faults: Vec::new(), duplicates: Vec::new() };
    let root = match reader.document() {
        Ok(root) => root,
        Err(fault) => {
            reader.faults.push(fault);
            None
        }
    };
    Parsed { root, faults: reader.faults, duplicates: reader.duplicates, schema_matters: false }
}

/// Why a text that serde_json refuses is not JSON, in plain words and with the place: `the text ends before this object does, at character 8`.
pub fn why_not_json(text: &str, error: &serde_json::Error) -> String {
    let Some(fault) = parse_json(text, Limits::TEMPLATE).faults.into_iter().next() else {
        return format!("something is wrong at line {}, column {}", error.line(), error.column());
    };
    let at = fault.span.map_or(text.len(), |span| span.start);
    let before = text.get(..at).unwrap_or_default();
    let (line, column) =
        (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1);
    let place = if text.trim_end().contains('\n') {
        format!("line {line}, column {column}")
    } else {
        format!("character {column}")
    };
    format!("{}, at {place}", fault.message)
}

/// An object or array that was begun and not yet ended.
struct Open {
    node: Node,
    key: Option<Node>,
    /// The keys so far. A small object is searched, a large one has a set.
    keys: HashSet<String>,
    /// A value was read, and neither a comma nor the end has come since.
    full: bool,
    /// Where the last comma stands, if nothing has come since.
    comma: Option<usize>,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    open: Vec<Open>,
    nodes: usize,
    limits: Limits,
    faults: Vec<Fault>,
    duplicates: Vec<Fault>,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Option<Node>, Fault> {
        loop {
            self.space()?;
            let Some(byte) = self.peek() else { return self.at_end() };
            match byte {
                b'{' | b'[' => self.begin(byte)?,
                b'}' | b']' => {
                    if let Some(root) = self.end(byte)? {
                        return self.nothing_more(root);
                    }
                }
                b',' => self.comma()?,
                b':' => return Err(self.fault("a `:` stands here, and a key was expected before it", 1)),
                _ => {
                    let node = self.scalar(byte)?;
                    if let Some(root) = self.place(node)? {
                        return self.nothing_more(root);
                    }
                }
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn fault(&self, message: impl Into<String>, length: usize) -> Fault {
        let end = self.text.ceil_char_boundary((self.at + length).min(self.text.len()));
        Fault::new(message).at(Span { start: self.at, end })
    }

    fn note(&mut self, fault: Fault) -> Result<(), Fault> {
        if self.faults.len() >= MAX_FAULTS {
            return Err(
                Fault::new("there is more wrong with this JSON than is listed").at(fault.span.unwrap_or_default())
            );
        }
        self.faults.push(fault);
        Ok(())
    }

    fn at_end(&mut self) -> Result<Option<Node>, Fault> {
        match self.open.last() {
            None => Ok(None),
            Some(open) => {
                let what = if matches!(open.node.kind, Kind::Mapping(_)) { "object" } else { "array" };
                let started = Span { start: open.node.span.start, end: open.node.span.start + 1 };
                Err(Fault::new(format!("the text ends before this {what} does"))
                    .at(started)
                    .help("add the closing bracket"))
            }
        }
    }

    fn nothing_more(&mut self, root: Node) -> Result<Option<Node>, Fault> {
        self.space()?;
        if self.at < self.text.len() {
            let fault = self.fault("the JSON value has ended, and something follows it", 1);
            self.note(fault)?;
        }
        Ok(Some(root))
    }

    /// Passes white space, and comments, which are a fault.
    fn space(&mut self) -> Result<(), Fault> {
        loop {
            while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                self.at += 1;
            }
            let rest = &self.text[self.at..];
            let length = if rest.starts_with("//") || rest.starts_with('#') {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |at| at + 2)
            } else {
                return Ok(());
            };
            let fault = self.fault("JSON has no comments", length).help("a state's `Comment` field can hold it");
            self.note(fault)?;
            self.at += length;
        }
    }

    fn begin(&mut self, byte: u8) -> Result<(), Fault> {
        if self.open.len() >= self.limits.depth {
            return Err(too_deep(self.limits, Span { start: self.at, end: self.at + 1 }));
        }
        self.value_may_stand_here()?;
        self.count()?;
        let kind = if byte == b'{' { Kind::Mapping(Vec::new()) } else { Kind::Sequence(Vec::new()) };
        let node = Node { kind, span: Span { start: self.at, end: self.at + 1 }, tag: None };
        self.open.push(Open { node, key: None, keys: HashSet::new(), full: false, comma: None });
        self.at += 1;
        Ok(())
    }

    fn end(&mut self, byte: u8) -> Result<Option<Node>, Fault> {
        let Some(open) = self.open.last() else {
            return Err(self.fault("this closes nothing", 1));
        };
        let closes = if matches!(open.node.kind, Kind::Mapping(_)) { b'}' } else { b']' };
        if byte != closes {
            return Err(self.fault(format!("`{}` was expected here", closes as char), 1));
        }
        if open.key.is_some() {
            return Err(self.fault("this key has no value", 1));
        }
        if let Some(comma) = open.comma {
            let fault =
                Fault::new("JSON allows no comma behind the last value").at(Span { start: comma, end: comma + 1 });
            self.note(fault.help("remove the comma"))?;
        }
        self.at += 1;
        match self.open.pop() {
            Some(mut done) => {
                done.node.span.end = self.at;
                self.put(done.node)
            }
            None => Ok(None),
        }
    }

    fn comma(&mut self) -> Result<(), Fault> {
        let at = self.at;
        let Some(open) = self.open.last_mut() else { return Err(self.fault("a value was expected here", 1)) };
        let surplus = !open.full;
        open.full = false;
        open.comma = Some(at);
        if surplus {
            let fault = self.fault("a value was expected before this comma", 1);
            self.note(fault)?;
            if let Some(open) = self.open.last_mut() {
                open.comma = None;
            }
        }
        self.at += 1;
        Ok(())
    }

    /// A text, a number, a word, or what should have been one.
    fn scalar(&mut self, byte: u8) -> Result<Node, Fault> {
        let start = self.at;
        let (kind, tag) = match byte {
            b'"' => (Kind::String(self.string()?), None),
            b'-' | b'0'..=b'9' => (self.number()?, None),
            _ => self.word()?,
        };
        self.count()?;
        Ok(Node { kind, span: Span { start, end: self.at }, tag })
    }

    fn word(&mut self) -> Result<(Kind, Option<String>), Fault> {
        let rest = &self.text[self.at..];
        if rest.starts_with("${")
            && let Some(length) = rest.find('}')
        {
            self.at += length + 1;
            return Ok((Kind::String(rest[..=length].to_owned()), Some(BARE.to_owned())));
        }
        let length = rest.find(|c: char| " \t\r\n,:{}[]\"".contains(c)).unwrap_or(rest.len());
        let word = &rest[..length];
        let kind = match word {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            _ => {
                let shown = word.chars().take(40).collect::<String>();
                let fault = self.fault(format!("`{shown}` is not a JSON value"), length.max(1)).help(bare_word(word));
                if length == 0 {
                    return Err(fault);
                }
                self.note(fault)?;
                self.at += length;
                return Ok((Kind::String(word.to_owned()), Some(BARE.to_owned())));
            }
        };
        self.at += length;
        Ok((kind, None))
    }

    fn number(&mut self) -> Result<Kind, Fault> {
        let rest = &self.text[self.at..];
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c))).unwrap_or(rest.len());
        let spelled = &rest[..length];
        let kind = match serde_json::from_str::<serde_json::Number>(spelled) {
            Ok(number) => number.as_i64().map(Kind::Integer).or_else(|| number.as_f64().map(Kind::Float)),
            Err(_) => None,
        };
        if let Some(kind) = kind {
            self.at += length;
            return Ok(kind);
        }
        let fault = self.fault(format!("`{spelled}` is no JSON number"), length);
        self.note(fault)?;
        self.at += length;
        Ok(Kind::String(spelled.to_owned()))
    }

    /// A text; `self.at` is at its opening quote.
    fn string(&mut self) -> Result<String, Fault> {
        let begun = self.at;
        let mut text = String::new();
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.find(['"', '\\', '\n']).unwrap_or(rest.len());
            text.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => {
                    let fault = self.fault("this string has a line break in it", 1).help("write a line break as `\\n`");
                    self.note(fault)?;
                    text.push('\n');
                    self.at += 1;
                }
                None => {
                    return Err(Fault::new("this text has no closing quote").at(Span { start: begun, end: begun + 1 }));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let letter = self.text.as_bytes().get(self.at + 1).copied();
        let plain = match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => {
                let fault = self.fault("JSON has no such escape", 2).help("a backslash is written `\\\\`");
                self.note(fault)?;
                self.at += 1;
                return Ok('\\');
            }
        };
        self.at += 2;
        Ok(plain)
    }

    /// `\uXXXX`, or a pair of them for a character beyond the first 65,536. Half a pair is no character.
    fn unicode(&mut self) -> Result<char, Fault> {
        let unit = |at: usize| {
            let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
            digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
        };
        let Some(first) = unit(self.at) else {
            let fault = self.fault("four hexadecimal digits were expected behind `\\u`", 2);
            self.note(fault)?;
            self.at += 2;
            return Ok(char::REPLACEMENT_CHARACTER);
        };
        let second =
            unit(self.at + 6).filter(|low| (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(low));
        let (code, length) = match second {
            Some(low) => (0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00), 12),
            None => (first, 6),
        };
        self.at += length;
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// Notes the comma that should stand before a value or key.
    fn value_may_stand_here(&mut self) -> Result<(), Fault> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        let wanting = std::mem::take(&mut open.full);
        open.comma = None;
        if matches!(open.node.kind, Kind::Mapping(_)) && open.key.is_none() && !matches!(self.peek(), Some(b'"')) {
            return Err(self.fault("a key in double quotes was expected here", 1));
        }
        if wanting {
            let fault = self.fault("a comma is missing before this", 1);
            self.note(fault)?;
        }
        Ok(())
    }

    /// Puts a scalar where it belongs: it may be a key.
    fn place(&mut self, node: Node) -> Result<Option<Node>, Fault> {
        let behind = std::mem::replace(&mut self.at, node.span.start);
        self.value_may_stand_here()?;
        self.at = behind;
        let is_key =
            matches!(self.open.last(), Some(Open { node: Node { kind: Kind::Mapping(_), .. }, key: None, .. }));
        if !is_key {
            return self.put(node);
        }
        self.space()?;
        if self.peek() == Some(b':') {
            self.at += 1;
        } else {
            let fault = self.fault("a `:` was expected here, between key and value", 1);
            if matches!(self.peek(), None | Some(b',' | b'}' | b']')) {
                return Err(fault);
            }
            self.note(fault)?;
        }
        self.take_key(node)?;
        Ok(None)
    }

    fn take_key(&mut self, node: Node) -> Result<(), Fault> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        let Kind::String(text) = &node.kind else { return Ok(()) };
        let repeated = !open.keys.insert(text.clone());
        let fault = Fault::duplicate(text, node.span);
        if repeated && let Kind::Mapping(entries) = &mut open.node.kind {
            entries.retain(|(key, _)| key.as_str() != Some(text));
        }
        open.key = Some(node);
        if repeated {
            self.duplicates.push(fault);
        }
        if self.duplicates.len() > MAX_FAULTS { Err(Fault::new("too many keys occur twice")) } else { Ok(()) }
    }

    /// Puts a value where it belongs; the root if that is it.
    fn put(&mut self, node: Node) -> Result<Option<Node>, Fault> {
        let Some(open) = self.open.last_mut() else { return Ok(Some(node)) };
        open.full = true;
        match (&mut open.node.kind, open.key.take()) {
            (Kind::Mapping(entries), Some(key)) => entries.push((key, node)),
            (Kind::Sequence(items), _) => items.push(node),
            _ => {}
        }
        Ok(None)
    }

    fn count(&mut self) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(too_many(self.limits, Span { start: self.at, end: self.at }));
        }
        Ok(())
    }
}

fn bare_word(word: &str) -> String {
    match word.strip_prefix("<<").and_then(|word| word.strip_suffix(">>")) {
        Some(name) => format!(
            "this is a placeholder that nothing replaces; write \"${{{}}}\" and give it in DefinitionSubstitutions",
            camel(name)
        ),
        None => "put a string in double quotes".to_owned(),
    }
}

/// `TABLE_NAME` as substitutions are named: `TableName`.
fn camel(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..].to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn read(text: &str) -> (Option<serde_json::Value>, Vec<String>) {
        let parsed = parse_json(text, Limits::SPEC);
        let source = Source::new("x", text);
        let all = parsed.faults.into_iter().chain(parsed.duplicates);
        let faults = all.map(|fault| {
            let at = fault.span.map(|span| source.position(span.start).to_string()).unwrap_or_default();
            format!("{at} {}", fault.message)
        });
        (parsed.root.map(|root| crate::loaded::value(&root)), faults.collect())
    }

    #[test]
    fn json_is_read_as_it_is() {
        for text in [
            r#"{"a": [1, -2.5, 1e3, true, false, null, "x"], "b": {}, "c": []}"#,
            "\t{\n\t\t\"a\" : \"\\u00e9\\ud83d\\ude00\\n\\/\"\r\n}",
            r#""text""#,
            "12",
        ] {
            let (value, faults) = read(text);
            assert_eq!(faults, Vec::<String>::new(), "{text}");
            assert_eq!(value.unwrap(), serde_json::from_str::<serde_json::Value>(text).unwrap(), "{text}");
        }
    }

    #[test]
    fn reading_goes_on_behind_what_is_wrong() {
        for (text, value, fault) in [
            (r#"{"a": 1, "a": 2}"#, r#"{"a": 2}"#, "1:10 the key `a` occurs a second time"),
            (r#"{"a": 1,}"#, r#"{"a": 1}"#, "1:8 JSON allows no comma behind the last value"),
            (r#"{"a": 1 "b": 2}"#, r#"{"a": 1, "b": 2}"#, "1:9 a comma is missing before this"),
            (r#"[1,, 2]"#, "[1, 2]", "1:4 a value was expected before this comma"),
            ("// x\n[1]", "[1]", "1:1 JSON has no comments"),
            (r#"{"a": <<TABLE_NAME>>}"#, r#"{"a": "<<TABLE_NAME>>"}"#, "1:7 `<<TABLE_NAME>>` is not a JSON value"),
            (r#"{"a": 01}"#, r#"{"a": "01"}"#, "1:7 `01` is no JSON number"),
            (r#"["a\qb"]"#, r#"["a\\qb"]"#, "1:4 JSON has no such escape"),
            ("[1] 2", "[1]", "1:5 the JSON value has ended, and something follows it"),
        ] {
            let (read, faults) = read(text);
            assert_eq!(read, serde_json::from_str(value).unwrap(), "{text}");
            assert_eq!(faults, [fault], "{text}");
        }
    }

    #[test]
    fn where_no_sense_can_be_made_there_is_no_tree() {
        for (text, fault) in [
            (r#"{"a": [1"#, "1:7 the text ends before this array does"),
            (r#"{"a": 1]"#, "1:8 `}` was expected here"),
            (r#"{a: 1}"#, "1:2 `a` is not a JSON value"),
            (r#"{1: 1}"#, "1:2 a key in double quotes was expected here"),
            (r#"{"a"}"#, "1:5 a `:` was expected here, between key and value"),
            (r#"["a"#, "1:2 this text has no closing quote"),
            ("not a definition", "1:1 `not` is not a JSON value"),
        ] {
            let (_, faults) = read(text);
            assert_eq!(faults[0], fault, "{text}");
        }
    }

    #[test]
    fn a_substitution_may_stand_for_a_value() {
        let parsed = parse_json(r#"{"Seconds": ${Wait}}"#, Limits::SPEC);
        assert_eq!(parsed.faults, []);
        let root = parsed.root.unwrap();
        assert_eq!(root.get("Seconds").unwrap().tag.as_deref(), Some(BARE));
    }

    #[test]
    fn depth_and_size_are_limited() {
        for deep in ["[".repeat(100_000), r#"{"a":"#.repeat(100_000)] {
            assert!(parse_json(&deep, Limits::SPEC).root.is_none());
        }
        let long = format!("[{}1]", "1,".repeat(200_000));
        assert!(parse_json(&long, Limits::SPEC).faults[0].message.contains("more than 100000 values"));
        assert!(parse_json(&long, Limits::TEMPLATE).faults.is_empty());
    }
}
