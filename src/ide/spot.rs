//! What stands at a byte of a document.

use crate::loaded::{LoadedMachine, LoadedStack};
use crate::source::{Kind, Node, below, tokens};

/// A step on the way to a place: a value, and its key where it is a field.
#[derive(Debug, Clone)]
pub(super) struct Step<'a> {
    /// The JSON Pointer, from where the way began.
    pub(super) pointer: String,
    pub(super) key: Option<&'a Node>,
    pub(super) value: &'a Node,
}

/// The way from a value to the innermost one at a byte, and whether that byte is in its key. Empty where the byte is outside.
pub(super) fn trail(root: &Node, offset: usize) -> (Vec<Step<'_>>, bool) {
    let mut steps = Vec::new();
    if !holds(root, offset) {
        return (steps, false);
    }
    steps.push(Step { pointer: String::new(), key: None, value: root });
    loop {
        let Some(Step { pointer, value, .. }) = steps.last() else { return (steps, false) };
        let next = match &value.kind {
            Kind::Mapping(entries) => {
                let entry = entries.iter().find(|(key, value)| touches(key, offset) || holds(value, offset));
                entry.map(|(key, value)| {
                    let pointer = below(pointer, key.as_str().unwrap_or_default());
                    (Step { pointer, key: Some(key), value }, touches(key, offset))
                })
            }
            Kind::Sequence(items) => {
                let item = items.iter().enumerate().find(|(_, item)| holds(item, offset));
                item.map(|(at, value)| (Step { pointer: format!("{pointer}/{at}"), key: None, value }, false))
            }
            _ => None,
        };
        match next {
            Some((step, on_key)) => {
                steps.push(step);
                if on_key {
                    return (steps, true);
                }
            }
            None => return (steps, false),
        }
    }
}

fn touches(node: &Node, offset: usize) -> bool {
    node.span.start <= offset && offset <= node.span.end
}

fn holds(node: &Node, offset: usize) -> bool {
    match node.kind {
        Kind::Mapping(_) | Kind::Sequence(_) => node.span.start <= offset && offset < node.span.end,
        _ => touches(node, offset),
    }
}

/// A place in a stack: within a definition if it is in one, or else within its document.
pub(super) struct Spot<'a> {
    pub(super) stack: &'a LoadedStack,
    pub(super) document: usize,
    pub(super) offset: usize,
    /// The machine whose definition holds it.
    pub(super) machine: Option<&'a LoadedMachine>,
    /// The way there, from the definition or from the document.
    pub(super) trail: Vec<Step<'a>>,
    pub(super) on_key: bool,
}

impl<'a> Spot<'a> {
    pub(super) fn at(stack: &'a LoadedStack, document: usize, offset: usize) -> Option<Self> {
        for machine in &stack.machines {
            let Some(definition) = machine.definition.as_ref().filter(|one| one.document == document) else { continue };
            let (trail, on_key) = trail(&definition.root, offset);
            if !trail.is_empty() {
                return Some(Self { stack, document, offset, machine: Some(machine), trail, on_key });
            }
        }
        let root = stack.documents.get(document)?.root.as_deref()?;
        let (trail, on_key) = trail(root, offset);
        (!trail.is_empty()).then_some(Self { stack, document, offset, machine: None, trail, on_key })
    }

    /// The innermost value, with its key.
    pub(super) fn last(&self) -> &Step<'a> {
        // A trail is never empty.
        &self.trail[self.trail.len() - 1]
    }

    /// The text of the document.
    pub(super) fn text(&self) -> &'a str {
        &self.stack.documents[self.document].source.text
    }

    /// The field that the place is in: its name, or that of the list that it is in.
    pub(super) fn field(&self) -> Option<&'a str> {
        self.trail.iter().rev().find_map(|step| step.key)?.as_str()
    }

    /// The tokens of the way, from where it began.
    pub(super) fn path(&self) -> Vec<String> {
        path_of(&self.last().pointer)
    }
}

/// The keys and numbers of a JSON Pointer.
pub(super) fn path_of(pointer: &str) -> Vec<String> {
    tokens(pointer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, parse};

    #[test]
    fn the_way_leads_to_keys_and_values() {
        let text = "a:\n  - b: &x {c: 1}\n    d: *x\n";
        let root = parse(&Source::new("x", text)).unwrap().unwrap();
        for (mark, pointer, on_key) in [("b:", "/a/0/b", true), ("1", "/a/0/b/c", false), ("d:", "/a/0/d", true)] {
            let (steps, key) = trail(&root, text.find(mark).unwrap());
            assert_eq!((steps.last().unwrap().pointer.as_str(), key), (pointer, on_key));
        }
        assert!(trail(&root, text.len() + 5).0.is_empty());
    }
}
