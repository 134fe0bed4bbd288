//! Events into a tree.

use std::collections::{HashMap, HashSet};

use super::cursor::fault;
use super::events::{Event, Events, Properties};
use super::scalar::Style;
use super::schema::{CORE, Schema, tagged};
use crate::source::parsed::{Limits, MAX_FAULTS, Parsed, too_deep, too_many};
use crate::source::{Fault, Kind, Node, Span};

/// The tag of the key that puts other mappings' keys into its own.
const MERGE: &str = "<<";

/// Reads a document, and collects what is wrong with it.
pub(super) fn read(text: &str, limits: Limits, schema: Schema) -> Parsed {
    let mut tree = Tree::new(limits, schema);
    let result = match text.find(['\u{fffe}', '\u{ffff}', '\0']) {
        Some(at) => Err(fault("the text holds a character that no text may hold", Span { start: at, end: at })),
        None => tree.read(text),
    };
    let root = match result {
        Ok(()) => tree.root,
        Err(fault) => {
            tree.faults.push(fault);
            None
        }
    };
    Parsed { root, faults: tree.faults, duplicates: tree.duplicates, schema_matters: tree.schema_matters }
}

/// A list or mapping whose end has not been read yet.
struct Open {
    node: Node,
    anchor: Option<String>,
    /// The key that waits for its value.
    key: Option<Node>,
    /// The keys so far and where they stand.
    keys: HashMap<String, Span>,
}

/// The tree as far as it has been read. It is built on a stack of its own, so depth costs no call stack.
struct Tree {
    limits: Limits,
    schema: Schema,
    schema_matters: bool,
    faults: Vec<Fault>,
    duplicates: Vec<Fault>,
    open: Vec<Open>,
    /// What each anchor names, and how many nodes that is.
    anchors: HashMap<String, (Node, usize)>,
    nodes: usize,
    root: Option<Node>,
}

impl Tree {
    fn new(limits: Limits, schema: Schema) -> Self {
        Self {
            limits,
            schema,
            schema_matters: false,
            faults: Vec::new(),
            duplicates: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
            nodes: 0,
            root: None,
        }
    }

    fn read(&mut self, text: &str) -> Result<(), Fault> {
        let mut events = Events::new(text);
        let mut documents = 0;
        while let Some((event, span)) = events.next()? {
            if event == Event::DocumentStart {
                documents += 1;
                if documents > 1 {
                    let message = "a second document begins here (`---`), and one was expected";
                    self.faults.push(Fault::new(message).at(span));
                    break;
                }
            } else {
                self.take(event, span)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, event: Event, span: Span) -> Result<(), Fault> {
        match event {
            Event::DocumentStart => Ok(()),
            Event::Scalar(text, style, properties) => {
                self.count(1, span)?;
                let node = self.scalar(text, style, properties.tag.as_deref(), span);
                self.place(node, properties.anchor)
            }
            Event::SequenceStart(properties) => self.begin(Kind::Sequence(Vec::new()), properties, span),
            Event::MappingStart(properties) => self.begin(Kind::Mapping(Vec::new()), properties, span),
            Event::End => self.end(span),
            Event::Alias(name) => self.alias(&name, span),
        }
    }

    /// What a scalar is. A quoted one, or one with a tag of others, is a text.
    fn scalar(&mut self, text: String, style: Style, tag: Option<&str>, span: Span) -> Node {
        if let Some(suffix) = tag.and_then(|tag| tag.strip_prefix(CORE)) {
            return Node { kind: tagged(self.schema, suffix, &text), span, tag: None };
        }
        // `!` alone says nothing.
        if style != Style::Plain || tag.is_some_and(|tag| tag != "!") {
            return Node { kind: Kind::String(text), span, tag: local(tag) };
        }
        if text == MERGE && self.schema == Schema::Yaml11 && self.key_is_next() {
            return Node { kind: Kind::String(text), span, tag: Some(MERGE.to_owned()) };
        }
        let kind = self.schema.plain(&text);
        let other = if self.schema == Schema::Core { Schema::Yaml11 } else { Schema::Core };
        self.schema_matters |= text == MERGE || other.plain(&text) != kind;
        Node { kind, span, tag: None }
    }

    fn key_is_next(&self) -> bool {
        self.open.last().is_some_and(|open| open.key.is_none() && matches!(open.node.kind, Kind::Mapping(_)))
    }

    fn alias(&mut self, name: &str, span: Span) -> Result<(), Fault> {
        let Some((node, size)) = self.anchors.get(name).cloned() else {
            let within = self.open.iter().any(|open| open.anchor.as_deref() == Some(name));
            return Err(if within {
                Fault::new("this alias stands within the very value it names").at(span)
            } else {
                fault(&format!("no anchor `&{name}` stands before this alias"), span)
            });
        };
        self.count(size, span)?;
        if self.open.len() + depth(&node) > self.limits.depth {
            return Err(too_deep(self.limits, span));
        }
        self.place(node, None)
    }

    fn begin(&mut self, kind: Kind, properties: Properties, span: Span) -> Result<(), Fault> {
        if self.open.len() >= self.limits.depth {
            return Err(too_deep(self.limits, span));
        }
        self.count(1, span)?;
        let node = Node { kind, span, tag: local(properties.tag.as_deref()) };
        self.open.push(Open { node, anchor: properties.anchor, key: None, keys: HashMap::new() });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Fault> {
        let Some(mut done) = self.open.pop() else { return Ok(()) };
        done.node.span.end = span.end.max(done.node.span.start);
        if let Kind::Mapping(entries) = &mut done.node.kind {
            merge(entries);
        }
        self.place(done.node, done.anchor)
    }

    /// Puts a finished node where it belongs: into the innermost open list or mapping, or at the root.
    fn place(&mut self, node: Node, anchor: Option<String>) -> Result<(), Fault> {
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, (node.clone(), size(&node)));
        }
        let Some(open) = self.open.last_mut() else {
            self.root = (node.kind != Kind::Null || node.tag.is_some()).then_some(node);
            return Ok(());
        };
        match (&mut open.node.kind, open.key.take()) {
            (Kind::Mapping(entries), Some(key)) => entries.push((key, node)),
            (Kind::Mapping(entries), None) => {
                if let Some(text) = node.as_str().filter(|_| node.tag.as_deref() != Some(MERGE))
                    && open.keys.insert(text.to_owned(), node.span).is_some()
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

/// Puts what `<<` names into the mapping: a mapping, or a list of them, the first of which counts most. Its own keys count more.
fn merge(entries: &mut Vec<(Node, Node)>) {
    let merges = |(key, value): &(Node, Node)| {
        let mapping = |node: &Node| matches!(node.kind, Kind::Mapping(_));
        let list = !value.items().is_empty() && value.items().iter().all(mapping);
        key.tag.as_deref() == Some(MERGE) && (mapping(value) || list)
    };
    if !entries.iter().any(merges) {
        return;
    }
    let (merged, own): (Vec<_>, Vec<_>) = std::mem::take(entries).into_iter().partition(merges);
    let mut known: HashSet<String> = own.iter().filter_map(|(key, _)| key.as_str().map(str::to_owned)).collect();
    let mappings = merged.into_iter().flat_map(|(_, value)| match value.kind {
        Kind::Sequence(items) => items,
        _ => vec![value],
    });
    for mapping in mappings {
        let Kind::Mapping(from) = mapping.kind else { continue };
        entries.extend(from.into_iter().filter(|(key, _)| key.as_str().is_none_or(|key| known.insert(key.to_owned()))));
    }
    entries.extend(own);
}

/// The name of a local tag (`!Ref` is `Ref`); `None` for no tag and for YAML's own.
fn local(tag: Option<&str>) -> Option<String> {
    let tag = tag.filter(|tag| !tag.starts_with(CORE))?;
    let name = tag.strip_prefix('!').unwrap_or(tag);
    (!name.is_empty()).then(|| name.to_owned())
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
