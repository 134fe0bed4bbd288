//! Every node of a tree, without recursion: a text that nests deeply takes memory, and not the stack.

use std::slice::Iter;

use super::pointer::push;
use super::{Kind, Node};

/// A node on the way through a tree.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a, 'p> {
    /// The key that it is the value of; nothing for an item of a list, and for the node where the way began.
    pub key: Option<&'a Node>,
    /// The node.
    pub node: &'a Node,
    /// Where it stands.
    pub pointer: &'p str,
}

impl Visit<'_, '_> {
    /// The text of its key; empty if there is none.
    pub fn name(&self) -> &str {
        self.key.and_then(Node::as_str).unwrap_or_default()
    }
}

impl Node {
    /// This node and all values below it, each before what it holds, in the order of the source. Keys are not among them.
    pub fn walk(&self) -> impl Iterator<Item = &Node> {
        let mut rest = vec![self];
        std::iter::from_fn(move || {
            let node = rest.pop()?;
            rest.extend(node.items().iter().rev());
            rest.extend(node.entries().iter().rev().map(|(_, value)| value));
            Some(node)
        })
    }

    /// Shows this node, which stands at `pointer`, and all values below it, each before what it holds, in the order of the source. What a
    /// value holds is passed over if `each` says false.
    pub fn visit<'a>(&'a self, pointer: &str, mut each: impl FnMut(Visit<'a, '_>) -> bool) {
        let mut pointer = pointer.to_owned();
        let mut open = Vec::new();
        if each(Visit { key: None, node: self, pointer: &pointer }) {
            open.extend(Open::of(self, pointer.len()));
        }
        while let Some(last) = open.last_mut() {
            pointer.truncate(last.length);
            let Some((key, node)) = last.next(&mut pointer) else {
                open.pop();
                continue;
            };
            if each(Visit { key, node, pointer: &pointer }) {
                open.extend(Open::of(node, pointer.len()));
            }
        }
    }
}

/// A list or a mapping that is being walked through.
struct Open<'a> {
    /// How long its pointer is.
    length: usize,
    rest: Rest<'a>,
}

enum Rest<'a> {
    Items(std::iter::Enumerate<Iter<'a, Node>>),
    Entries(Iter<'a, (Node, Node)>),
}

impl<'a> Open<'a> {
    fn of(node: &'a Node, length: usize) -> Option<Self> {
        let rest = match &node.kind {
            Kind::Sequence(items) => Rest::Items(items.iter().enumerate()),
            Kind::Mapping(entries) => Rest::Entries(entries.iter()),
            _ => return None,
        };
        Some(Self { length, rest })
    }

    /// The next of its values, whose token is put behind its pointer.
    fn next(&mut self, pointer: &mut String) -> Option<(Option<&'a Node>, &'a Node)> {
        match &mut self.rest {
            Rest::Items(items) => {
                let (at, item) = items.next()?;
                push(pointer, &at.to_string());
                Some((None, item))
            }
            Rest::Entries(entries) => {
                let (key, value) = entries.next()?;
                push(pointer, key.as_str().unwrap_or_default());
                Some((Some(key), value))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::source::{Source, parse};

    #[test]
    fn every_value_comes_before_what_it_holds() {
        let root = parse(&Source::new("x", "a: [1, {b/c: 2}]\nd: {e: {f: 3}}\n")).unwrap().unwrap();
        let mut seen = Vec::new();
        root.visit("/x", |visit| {
            seen.push((visit.pointer.to_owned(), visit.name().to_owned()));
            visit.name() != "e"
        });
        let expected = [
            ("/x", ""),
            ("/x/a", "a"),
            ("/x/a/0", ""),
            ("/x/a/1", ""),
            ("/x/a/1/b~1c", "b/c"),
            ("/x/d", "d"),
            ("/x/d/e", "e"),
        ];
        assert_eq!(seen, expected.map(|(pointer, name)| (pointer.to_owned(), name.to_owned())));
        let numbers = root.walk().filter(|node| node.items().is_empty() && node.entries().is_empty());
        assert_eq!(
            numbers.map(|node| node.describe()).collect::<Vec<_>>(),
            ["the number 1", "the number 2", "the number 3"]
        );
    }

    #[test]
    fn a_deep_tree_needs_no_stack() {
        let mut node = parse(&Source::new("x", "1")).unwrap().unwrap();
        for _ in 0..200_000 {
            let span = node.span;
            node = super::Node { kind: super::Kind::Sequence(vec![node]), span, tag: None };
        }
        assert_eq!(node.walk().count(), 200_001);
        // Letting go of such a tree would recurse.
        std::mem::forget(node);
    }
}
