use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};

use super::parsed::{Limits, MAX_FAULTS, Parsed, too_deep, too_many};
use super::{Fault, Kind, Node, Source, Span};

/// How deep lists and mappings may stand in each other.
pub const MAX_DEPTH: usize = 100;

/// How many nodes a document may hold once its aliases are expanded.
pub const MAX_NODES: usize = 100_000;

/// Reads a YAML 1.2 document (and so JSON) into a tree; `None` if there is nothing in it but comments.
///
/// # Errors
/// The text is no YAML, holds a second document or a key twice, or asks for more than the limits of this room.
pub fn parse(source: &Source) -> Result<Option<Node>, Fault> {
    let Parsed { root, faults, duplicates } = parse_all(&source.text, Limits::SPEC);
    let first = faults.into_iter().chain(duplicates).min_by_key(|fault| fault.span.map_or(0, |span| span.start));
    first.map_or(Ok(root), Err)
}

/// Reads a YAML 1.2 document (and so JSON) into a tree, and collects what is wrong with it.
///
/// A key that occurs twice (the last one counts) and a second document are noted and do no further harm. Anything else ends
/// the reading, and there is no tree.
///
/// A closing bracket (or anything else within brackets) that stands further left than YAML 1.2 allows is no fault: the readers
/// that CloudFormation and SAM use take it.
pub fn parse_all(text: &str, limits: Limits) -> Parsed {
    if let Some(span) = unclosed(text, limits.depth * SURPLUS) {
        return Parsed { root: None, faults: vec![too_deep(limits, span)], duplicates: Vec::new() };
    }
    let mut padded = BTreeSet::new();
    loop {
        match parse_once(text, limits, &padded) {
            Ok(parsed) => return parsed,
            Err(Indented { line, parsed }) => {
                if padded.len() >= MAX_PADDED || text.len() > MAX_PADDED_TEXT || !padded.insert(line) {
                    return *parsed;
                }
            }
        }
    }
}

/// How many times more brackets than levels may be open. Some may be part of a text.
const SURPLUS: usize = 20;

/// The bracket by which more are open than `most`. The parser looks ahead from each of them, which takes a time that grows with the
/// square of their number.
fn unclosed(text: &str, most: usize) -> Option<Span> {
    let mut open = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > most {
            return Some(Span { start: at, end: at + 1 });
        }
    }
    None
}

/// How many lines may be moved to the right, and in how long a text: each costs another reading.
const MAX_PADDED: usize = 100;
const MAX_PADDED_TEXT: usize = 1 << 18;
/// How far a line is moved to the right.
const PADDING: usize = 100;

/// A line within brackets stands too far left.
struct Indented {
    /// The byte that it begins at.
    line: usize,
    /// What is to be said if nothing can be done about it.
    parsed: Box<Parsed>,
}

fn parse_once(text: &str, limits: Limits, padded: &BTreeSet<usize>) -> Result<Parsed, Indented> {
    let mut tree = Tree::new(Offsets::new(text, padded), limits);
    let shifted = shifted(text, padded);
    for event in Parser::new_from_str(&shifted) {
        let (taken, indented) = match event {
            Ok((event, span)) => {
                let span = tree.offsets.span(&span);
                (tree.take(event, span), None)
            }
            Err(error) => {
                let fault = syntax(&tree.offsets, &error);
                let at = fault.span.map_or(0, |span| span.start);
                let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
                (Err(fault), error.info().starts_with("invalid indentation").then_some(line))
            }
        };
        if let Err(fault) = taken {
            tree.faults.push(fault);
            let parsed = Parsed { root: None, faults: tree.faults, duplicates: tree.duplicates };
            return match indented {
                Some(line) => Err(Indented { line, parsed: Box::new(parsed) }),
                None => Ok(parsed),
            };
        }
        if tree.documents > 1 {
            break;
        }
    }
    Ok(Parsed { root: tree.root, faults: tree.faults, duplicates: tree.duplicates })
}

/// The text with the lines that begin at `padded` moved to the right.
fn shifted<'a>(text: &'a str, padded: &BTreeSet<usize>) -> Cow<'a, str> {
    if padded.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut shifted = String::with_capacity(text.len() + padded.len() * PADDING);
    let mut from = 0;
    for line in padded {
        shifted.push_str(&text[from..*line]);
        shifted.extend(std::iter::repeat_n(' ', PADDING));
        from = *line;
    }
    shifted.push_str(&text[from..]);
    Cow::Owned(shifted)
}

/// A parser's complaint, at its place.
fn syntax(offsets: &Offsets, error: &ScanError) -> Fault {
    let at = offsets.byte(error.marker());
    Fault::new(format!("this is not YAML: {}", error.info())).at(Span { start: at, end: at })
}

/// Where each character begins; the parser counts in characters, everybody else in bytes.
struct Offsets {
    /// `None` where the text is ASCII and both counts are the same.
    starts: Option<Vec<usize>>,
    length: usize,
}

impl Offsets {
    fn new(text: &str, padded: &BTreeSet<usize>) -> Self {
        let starts = (!text.is_ascii() || !padded.is_empty()).then(|| {
            let copies = |at| if padded.contains(&at) { PADDING + 1 } else { 1 };
            text.char_indices().flat_map(|(at, _)| std::iter::repeat_n(at, copies(at))).collect()
        });
        Self { starts, length: text.len() }
    }

    fn byte(&self, marker: &Marker) -> usize {
        match &self.starts {
            Some(starts) => starts.get(marker.index()).copied().unwrap_or(self.length),
            None => marker.index().min(self.length),
        }
    }

    fn span(&self, span: &saphyr_parser::Span) -> Span {
        Span { start: self.byte(&span.start), end: self.byte(&span.end) }
    }
}

/// A list or mapping whose end has not been read yet.
struct Open {
    node: Node,
    anchor: usize,
    /// The key that waits for its value.
    key: Option<Node>,
    /// The keys so far and where they stand.
    keys: HashMap<String, Span>,
}

/// The tree as far as it has been read. It is built on a stack of its own, so depth costs no call stack.
struct Tree {
    offsets: Offsets,
    limits: Limits,
    faults: Vec<Fault>,
    duplicates: Vec<Fault>,
    open: Vec<Open>,
    /// What each anchor names, and how many nodes that is.
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
    documents: usize,
    root: Option<Node>,
}

impl Tree {
    fn new(offsets: Offsets, limits: Limits) -> Self {
        Self {
            offsets,
            limits,
            faults: Vec::new(),
            duplicates: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
            nodes: 0,
            documents: 0,
            root: None,
        }
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Fault> {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.faults
                        .push(Fault::new("a second document begins here (`---`), and one was expected").at(span));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let node = Node { kind: scalar(&text, style, tag.as_deref()), span, tag: local(tag.as_deref()) };
                self.count(1, span)?;
                self.place(node, anchor)?;
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(Kind::Sequence(Vec::new()), anchor, tag.as_deref(), span)?
            }
            Event::MappingStart(anchor, tag) => self.begin(Kind::Mapping(Vec::new()), anchor, tag.as_deref(), span)?,
            Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor).cloned() else {
                    return Err(Fault::new("this alias stands within the very value it names").at(span));
                };
                self.count(size, span)?;
                if self.open.len() + depth(&node) > self.limits.depth {
                    return Err(too_deep(self.limits, span));
                }
                self.place(node, 0)?;
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn begin(&mut self, kind: Kind, anchor: usize, tag: Option<&Tag>, span: Span) -> Result<(), Fault> {
        if self.open.len() >= self.limits.depth {
            return Err(too_deep(self.limits, span));
        }
        self.count(1, span)?;
        let node = Node { kind, span, tag: local(tag) };
        self.open.push(Open { node, anchor, key: None, keys: HashMap::new() });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Fault> {
        let Some(mut done) = self.open.pop() else { return Ok(()) };
        done.node.span.end = span.end.max(done.node.span.start);
        self.place(done.node, done.anchor)
    }

    /// Puts a finished node where it belongs: into the innermost open list or mapping, or at the root.
    fn place(&mut self, node: Node, anchor: usize) -> Result<(), Fault> {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), size(&node)));
        }
        let Some(open) = self.open.last_mut() else {
            self.root = (node.kind != Kind::Null || node.tag.is_some()).then_some(node);
            return Ok(());
        };
        match (&mut open.node.kind, open.key.take()) {
            (Kind::Mapping(entries), Some(key)) => entries.push((key, node)),
            (Kind::Mapping(_), None) => {
                if let Some(text) = node.as_str()
                    && open.keys.insert(text.to_owned(), node.span).is_some()
                    && let Kind::Mapping(entries) = &mut open.node.kind
                {
                    if self.duplicates.len() >= MAX_FAULTS {
                        return Err(Fault::new("too many keys occur twice").at(node.span));
                    }
                    self.duplicates.push(Fault::duplicate(text, node.span));
                    entries.retain(|(key, _)| key.as_str() != Some(text));
                }
                open.key = Some(node);
            }
            (Kind::Sequence(items), _) => items.push(node),
            _ => {}
        }
        Ok(())
    }

    fn count(&mut self, nodes: usize, span: Span) -> Result<(), Fault> {
        self.nodes += nodes;
        if self.nodes > self.limits.nodes {
            return Err(too_many(self.limits, span).help("aliases count with all that they stand for"));
        }
        Ok(())
    }
}

fn size(node: &Node) -> usize {
    1 + match &node.kind {
        Kind::Sequence(items) => items.iter().map(size).sum(),
        Kind::Mapping(entries) => entries.iter().map(|(key, value)| size(key) + size(value)).sum(),
        _ => 0,
    }
}

fn depth(node: &Node) -> usize {
    match &node.kind {
        Kind::Sequence(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Kind::Mapping(entries) => {
            1 + entries.iter().map(|(key, value)| depth(key).max(depth(value))).max().unwrap_or(0)
        }
        _ => 0,
    }
}

/// The name of a local tag (`!Ref` is `Ref`); `None` for no tag and for YAML's own.
fn local(tag: Option<&Tag>) -> Option<String> {
    tag.filter(|tag| !tag.is_yaml_core_schema() && !tag.suffix.is_empty()).map(|tag| tag.suffix.clone())
}

/// What a scalar is under the YAML 1.2 core schema. A quoted one, or one with a tag, is a text.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Kind {
    let text_tag = tag.is_some_and(|tag| !tag.is_yaml_core_schema() || tag.suffix == "str");
    if style != ScalarStyle::Plain || text_tag {
        return Kind::String(text.to_owned());
    }
    if text.is_empty() {
        return Kind::Null;
    }
    match saphyr::Scalar::parse_from_cow(text.into()) {
        saphyr::Scalar::Null => Kind::Null,
        saphyr::Scalar::Boolean(value) => Kind::Bool(value),
        saphyr::Scalar::Integer(value) => Kind::Integer(value),
        saphyr::Scalar::FloatingPoint(value) => Kind::Float(value.into_inner()),
        saphyr::Scalar::String(value) => Kind::String(value.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<Node>, Fault> {
        parse(&Source::new("x", text))
    }

    fn refused(text: &str) -> String {
        let fault = read(text).unwrap_err();
        let source = Source::new("x", text);
        let at = fault.span.map(|span| source.position(span.start).to_string()).unwrap_or_default();
        format!("{at} {}", fault.message)
    }

    #[test]
    fn scalars_follow_the_core_schema() {
        for (text, kind) in [
            ("on", Kind::String("on".into())),
            ("true", Kind::Bool(true)),
            ("12", Kind::Integer(12)),
            ("1.5", Kind::Float(1.5)),
            ("'12'", Kind::String("12".into())),
            ("2010-09-09", Kind::String("2010-09-09".into())),
            ("!Ref 12", Kind::String("12".into())),
        ] {
            assert_eq!(read(text).unwrap().unwrap().kind, kind, "{text}");
        }
    }

    #[test]
    fn nothing_is_nothing() {
        for text in ["", "# only a comment\n", "---\n", "~", "null"] {
            assert_eq!(read(text), Ok(None), "{text:?}");
        }
    }

    #[test]
    fn spans_are_bytes() {
        let text = "é: [ü, !Ref B]\n";
        let root = read(text).unwrap().unwrap();
        let item = root.pointer("/é/1").unwrap();
        assert_eq!(item.tag.as_deref(), Some("Ref"));
        assert!(text[item.span.start..item.span.end].ends_with('B'));
    }

    #[test]
    fn what_is_refused_and_where() {
        assert_eq!(refused("a: 1\na: 2\n"), "2:1 the key `a` occurs a second time");
        assert_eq!(refused("a: 1\n---\nb: 2\n"), "2:1 a second document begins here (`---`), and one was expected");
        assert_eq!(refused("a: &x [*x]\n"), "1:8 this alias stands within the very value it names");
        assert!(refused("a: [1\nb: 2\n").starts_with("2:"), "{}", refused("a: [1\nb: 2\n"));
        assert!(refused("a: *nowhere\n").contains("this is not YAML"));
    }

    #[test]
    fn brackets_may_close_further_left() {
        let text = "a:\n    b: {\n  \"é\": 1,\n  \"c\": 2\n    }\nd: 3\n";
        let parsed = parse_all(text, Limits::TEMPLATE);
        assert_eq!(parsed.faults, []);
        let root = parsed.root.unwrap();
        let c = root.pointer("/a/b/c").unwrap();
        assert_eq!(&text[c.span.start..c.span.end], "2");
        let d = root.pointer("/d").unwrap();
        assert_eq!(&text[d.span.start..d.span.end], "3");
    }

    #[test]
    fn depth_is_limited_and_costs_no_stack() {
        for deep in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000)] {
            assert!(read(&deep).is_err());
        }
        let fits = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert!(read(&fits).is_ok());
        let stacked: String = (0..MAX_DEPTH)
            .map(|i| format!("a{i}: &a{i} [{}]\n", if i == 0 { String::new() } else { format!("*a{}", i - 1) }))
            .collect();
        assert!(refused(&stacked).contains("nested more than 100 deep"));
    }

    #[test]
    fn aliases_cannot_explode() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..10 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
        }
        assert!(refused(&bomb).contains("more than 100000 values"));
    }
}
