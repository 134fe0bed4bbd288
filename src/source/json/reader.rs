//! Objects and arrays: what is open, and where a value belongs.

use std::collections::HashSet;

use super::cursor::Cursor;
use crate::source::parsed::{Limits, MAX_FAULTS, too_deep, too_many};
use crate::source::{Fault, Kind, Node, Span};

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

pub(super) struct Reader<'a> {
    pub(super) cursor: Cursor<'a>,
    open: Vec<Open>,
    nodes: usize,
    limits: Limits,
    pub(super) duplicates: Vec<Fault>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, limits: Limits) -> Self {
        let cursor = Cursor { text, at: 0, faults: Vec::new() };
        Self { cursor, open: Vec::new(), nodes: 0, limits, duplicates: Vec::new() }
    }

    /// The value of the text; `None` where there is none.
    pub(super) fn document(&mut self) -> Result<Option<Node>, Fault> {
        loop {
            self.cursor.space()?;
            let Some(byte) = self.cursor.peek() else { return self.at_end() };
            match byte {
                b'{' | b'[' => self.begin(byte)?,
                b'}' | b']' => {
                    if let Some(root) = self.end(byte)? {
                        return self.nothing_more(root);
                    }
                }
                b',' => self.comma()?,
                b':' => return Err(self.cursor.fault("a `:` stands here, and a key was expected before it", 1)),
                _ => {
                    let node = self.cursor.scalar(byte)?;
                    self.count()?;
                    if let Some(root) = self.place(node)? {
                        return self.nothing_more(root);
                    }
                }
            }
        }
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
        self.cursor.space()?;
        if self.cursor.at < self.cursor.text.len() {
            let fault = self.cursor.fault("the JSON value has ended, and something follows it", 1);
            self.cursor.note(fault)?;
        }
        Ok(Some(root))
    }

    fn begin(&mut self, byte: u8) -> Result<(), Fault> {
        if self.open.len() >= self.limits.depth {
            return Err(too_deep(self.limits, Span { start: self.cursor.at, end: self.cursor.at + 1 }));
        }
        self.value_may_stand_here()?;
        self.count()?;
        let kind = if byte == b'{' { Kind::Mapping(Vec::new()) } else { Kind::Sequence(Vec::new()) };
        let node = Node { kind, span: Span { start: self.cursor.at, end: self.cursor.at + 1 }, tag: None };
        self.open.push(Open { node, key: None, keys: HashSet::new(), full: false, comma: None });
        self.cursor.at += 1;
        Ok(())
    }

    fn end(&mut self, byte: u8) -> Result<Option<Node>, Fault> {
        let Some(open) = self.open.last() else {
            return Err(self.cursor.fault("this closes nothing", 1));
        };
        let closes = if matches!(open.node.kind, Kind::Mapping(_)) { b'}' } else { b']' };
        if byte != closes {
            return Err(self.cursor.fault(format!("`{}` was expected here", closes as char), 1));
        }
        if open.key.is_some() {
            return Err(self.cursor.fault("this key has no value", 1));
        }
        if let Some(comma) = open.comma {
            let fault =
                Fault::new("JSON allows no comma behind the last value").at(Span { start: comma, end: comma + 1 });
            self.cursor.note(fault.help("remove the comma"))?;
        }
        self.cursor.at += 1;
        match self.open.pop() {
            Some(mut done) => {
                done.node.span.end = self.cursor.at;
                self.put(done.node)
            }
            None => Ok(None),
        }
    }

    fn comma(&mut self) -> Result<(), Fault> {
        let at = self.cursor.at;
        let Some(open) = self.open.last_mut() else { return Err(self.cursor.fault("a value was expected here", 1)) };
        let surplus = !open.full;
        open.full = false;
        open.comma = Some(at);
        if surplus {
            let fault = self.cursor.fault("a value was expected before this comma", 1);
            self.cursor.note(fault)?;
            if let Some(open) = self.open.last_mut() {
                open.comma = None;
            }
        }
        self.cursor.at += 1;
        Ok(())
    }

    /// Notes the comma that should stand before a value or key.
    fn value_may_stand_here(&mut self) -> Result<(), Fault> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        let wanting = std::mem::take(&mut open.full);
        open.comma = None;
        if matches!(open.node.kind, Kind::Mapping(_)) && open.key.is_none() && !matches!(self.cursor.peek(), Some(b'"'))
        {
            return Err(self.cursor.fault("a key in double quotes was expected here", 1));
        }
        if wanting {
            let fault = self.cursor.fault("a comma is missing before this", 1);
            self.cursor.note(fault)?;
        }
        Ok(())
    }

    /// Puts a scalar where it belongs: it may be a key.
    fn place(&mut self, node: Node) -> Result<Option<Node>, Fault> {
        let behind = std::mem::replace(&mut self.cursor.at, node.span.start);
        self.value_may_stand_here()?;
        self.cursor.at = behind;
        let is_key =
            matches!(self.open.last(), Some(Open { node: Node { kind: Kind::Mapping(_), .. }, key: None, .. }));
        if !is_key {
            return self.put(node);
        }
        self.cursor.space()?;
        if self.cursor.peek() == Some(b':') {
            self.cursor.at += 1;
        } else {
            let fault = self.cursor.fault("a `:` was expected here, between key and value", 1);
            if matches!(self.cursor.peek(), None | Some(b',' | b'}' | b']')) {
                return Err(fault);
            }
            self.cursor.note(fault)?;
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
            return Err(too_many(self.limits, Span { start: self.cursor.at, end: self.cursor.at }));
        }
        Ok(())
    }
}
