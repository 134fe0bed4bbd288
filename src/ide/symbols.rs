//! What is in a file: its outline, where it folds, and what a selection grows to.

use crate::loaded::LoadedStack;
use crate::outline::{Outline, ScopeKind};
use crate::source::{Kind, Node, Span};

use super::spot;

/// What an entry of an outline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    /// A section of a template, or a key of another file.
    Section,
    /// A resource.
    Resource,
    /// A parameter or another entry of a section.
    Entry,
    /// A state machine.
    Machine,
    /// A branch of a Parallel, or what a Map does with an item.
    Scope,
    /// A state.
    State,
}

/// An entry of an outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The name that an editor shows.
    pub name: String,
    /// What it is: `Task · dynamodb:putItem`, `AWS::S3::Bucket`.
    pub detail: String,
    /// What kind of thing.
    pub kind: SymbolKind,
    /// The whole of it.
    pub span: Span,
    /// Where the name stands, in bytes.
    pub name_span: Span,
    /// What is in it.
    pub children: Vec<Symbol>,
}

/// The outline of a document of a stack.
pub fn symbols(stack: &LoadedStack, document: usize) -> Vec<Symbol> {
    let template = stack.template.as_ref().filter(|template| template.document == document);
    let Some(template) = template else {
        let mut outlines = stack.machines.iter().filter_map(|machine| Outline::new(stack, machine));
        let outline = outlines.find(|outline| outline.definition.document == document);
        return outline.map_or_else(Vec::new, |outline| scope(&outline, 0));
    };
    let sections = template.root.entries().iter().filter(|(_, value)| !value.entries().is_empty());
    let section = |(key, value): &(Node, Node)| {
        let name = key.as_str().unwrap_or_default();
        let children = value.entries().iter().map(|(key, value)| entry(stack, document, name, key, value));
        of(key, value, String::new(), SymbolKind::Section, children.collect())
    };
    sections.map(section).collect()
}

fn entry(stack: &LoadedStack, document: usize, section: &str, key: &Node, value: &Node) -> Symbol {
    let detail = value.get("Type").and_then(Node::as_str).unwrap_or_default().to_owned();
    if section != "Resources" {
        return of(key, value, detail, SymbolKind::Entry, Vec::new());
    }
    let id = key.as_str();
    let machine = stack.machines.iter().find(|machine| machine.logical_id.as_deref() == id && id.is_some());
    let Some(machine) = machine else { return of(key, value, detail, SymbolKind::Resource, Vec::new()) };
    let outline = Outline::new(stack, machine).filter(|outline| outline.definition.document == document);
    let children = outline.map_or_else(Vec::new, |outline| scope(&outline, 0));
    of(key, value, detail, SymbolKind::Machine, children)
}

/// The outline of a tree that is no stack: the keys of its mappings, and the items of its lists by the first thing that each says.
pub fn entries(root: &Node) -> Vec<Symbol> {
    match &root.kind {
        Kind::Mapping(entries) => entries.iter().map(|(key, value)| field(key, value)).collect(),
        Kind::Sequence(items) => items.iter().filter(|item| !item.entries().is_empty()).map(item).collect(),
        _ => Vec::new(),
    }
}

fn field(key: &Node, value: &Node) -> Symbol {
    let children = entries(value);
    let kind = if children.is_empty() { SymbolKind::Entry } else { SymbolKind::Section };
    of(key, value, plain(value).unwrap_or_default(), kind, children)
}

fn item(node: &Node) -> Symbol {
    let (key, value) = (&node.entries()[0].0, &node.entries()[0].1);
    let children: Vec<Symbol> = node.entries().iter().map(|(key, value)| field(key, value)).collect();
    let first = key.as_str().unwrap_or_default();
    let name = plain(value).map_or_else(|| first.to_owned(), |value| format!("{first}: {value}"));
    Symbol { name, detail: String::new(), kind: SymbolKind::Scope, span: node.span, name_span: key.span, children }
}

/// A scalar as a text.
fn plain(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::String(text) => Some(text.lines().next().unwrap_or_default().to_owned()),
        Kind::Integer(number) => Some(number.to_string()),
        Kind::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn of(key: &Node, value: &Node, detail: String, kind: SymbolKind, children: Vec<Symbol>) -> Symbol {
    let span = Span { start: key.span.start, end: value.span.end.max(key.span.end) };
    let name = key.as_str().unwrap_or_default().to_owned();
    Symbol { name, detail, kind, span, name_span: key.span, children }
}

/// The states of a scope, with what is in them.
fn scope(outline: &Outline<'_>, index: usize) -> Vec<Symbol> {
    let states = outline.scopes[index].states.iter().map(|at| {
        let state = &outline.states[*at];
        let inner: Vec<usize> =
            (0..outline.scopes.len()).filter(|other| outline.scopes[*other].owner == Some(*at)).collect();
        let children = match inner.as_slice() {
            [] => Vec::new(),
            [only] => scope(outline, *only),
            several => several.iter().enumerate().map(|(number, index)| branch(outline, number, *index)).collect(),
        };
        let call = state.get("Resource").and_then(Node::as_str).map(crate::aws::integration::called);
        let words = [state.state_type, call].into_iter().flatten().collect::<Vec<_>>();
        of(state.key, state.node, words.join(" · "), SymbolKind::State, children)
    });
    states.collect()
}

fn branch(outline: &Outline<'_>, number: usize, index: usize) -> Symbol {
    let node = outline.scopes[index].node;
    let detail = if outline.scopes[index].kind == ScopeKind::Branch { "branch" } else { "processor" };
    let start = Span { start: node.span.start, end: node.span.start };
    Symbol {
        name: format!("{detail} {}", number + 1),
        detail: String::new(),
        kind: SymbolKind::Scope,
        span: node.span,
        name_span: start,
        children: scope(outline, index),
    }
}

/// The stretches of a document that fold: every list and mapping. Those on one line are for the caller to leave out.
pub fn folds(root: &Node) -> Vec<Span> {
    let mut found = Vec::new();
    root.visit("", |visit| {
        let span = visit.node.span;
        let folds = match &visit.node.kind {
            Kind::Sequence(_) | Kind::Mapping(_) => true,
            // A text of several lines.
            Kind::String(text) => text.contains('\n'),
            _ => false,
        };
        if folds {
            // A value folds into the line of its key, unless an alias brought it here.
            let start = visit.key.map_or(span.start, |key| key.span.start.min(span.start));
            found.push(Span { start, end: span.end });
        }
        true
    });
    found.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    found.dedup();
    found
}

/// What a selection at a byte of a stack's document grows to, from the innermost.
pub fn selections(stack: &LoadedStack, document: usize, offset: usize) -> Vec<Span> {
    let Some(root) = stack.documents.get(document).and_then(|document| document.root.as_deref()) else {
        return Vec::new();
    };
    let in_machine = spot::Spot::at(stack, document, offset).filter(|spot| spot.machine.is_some());
    let inner = in_machine.map(|spot| (spot.trail, spot.on_key));
    grown(inner.into_iter().chain(std::iter::once(spot::trail(root, offset))), offset)
}

/// What a selection at a byte of a tree grows to, from the innermost.
pub fn growing(root: &Node, offset: usize) -> Vec<Span> {
    grown(std::iter::once(spot::trail(root, offset)), offset)
}

fn grown<'a>(ways: impl Iterator<Item = (Vec<spot::Step<'a>>, bool)>, offset: usize) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut add = |span: Span| {
        let grows = spans.last().is_none_or(|last| span.start <= last.start && last.end <= span.end && span != *last);
        if grows && span.start <= offset && offset <= span.end {
            spans.push(span);
        }
    };
    for (trail, on_key) in ways {
        for (at, step) in trail.iter().enumerate().rev() {
            if on_key && at + 1 == trail.len() {
                step.key.into_iter().for_each(|key| add(key.span));
            } else {
                add(step.value.span);
            }
            step.key.into_iter().for_each(|key| add(Span { start: key.span.start, end: step.value.span.end }));
        }
    }
    spans
}
