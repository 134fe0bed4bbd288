//! What files say themselves that is not to be reported.
//!
//! In YAML a comment `# bucketbook: ignore=ASL012,CFN` at the end of a line, or on a line of its own above it, is about that
//! line. A `Comment` field of a definition that holds the same words is about the state, or machine, that has the field.

use crate::loaded::LoadedStack;
use crate::source::{Node, Span, Visit};

use super::finding::Finding;

const MARK: &str = "bucketbook: ignore=";

/// Places where some rules do not count.
pub(super) struct Ignores {
    ignores: Vec<Ignore>,
}

struct Ignore {
    document: usize,
    /// Findings that begin within it are ignored.
    span: Span,
    /// Rule ids and families.
    rules: Vec<String>,
}

impl Ignores {
    pub(super) fn of(stack: &LoadedStack) -> Self {
        let mut ignores = Vec::new();
        for (index, document) in stack.documents.iter().enumerate() {
            let text = &document.source.text;
            if !text.contains(MARK) {
                continue;
            }
            if !document.json {
                comments(index, text, &mut ignores);
            }
            let definitions = stack.machines.iter().filter_map(|machine| machine.definition.as_ref());
            for definition in definitions.filter(|definition| definition.document == index) {
                fields(index, &definition.root, &mut ignores);
            }
        }
        Self { ignores }
    }

    pub(super) fn cover(&self, finding: &Finding) -> bool {
        let start = finding.place.span.start;
        self.ignores.iter().any(|ignore| {
            ignore.document == finding.place.document
                && (ignore.span.start..ignore.span.end).contains(&start)
                && ignore.rules.iter().any(|rule| finding.rule.id.0.starts_with(rule.as_str()))
        })
    }
}

/// The rules that are named behind the mark.
fn rules(text: &str) -> Option<Vec<String>> {
    let rest = &text[text.find(MARK)? + MARK.len()..];
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == ',')).unwrap_or(rest.len());
    Some(rest[..end].split(',').filter(|rule| !rule.is_empty()).map(str::to_owned).collect())
}

fn comments(document: usize, text: &str, ignores: &mut Vec<Ignore>) {
    let mut start = 0;
    // The rules of comments on lines of their own, for the next line that is none.
    let mut above: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        let span = Span { start, end: start + line.len() };
        start = span.end;
        let comment = line.find('#').filter(|at| line[*at..].contains(MARK));
        let mut here = comment.and_then(|at| rules(&line[at..])).unwrap_or_default();
        if line.trim_start().starts_with('#') {
            above.append(&mut here);
            continue;
        }
        here.append(&mut above);
        if !here.is_empty() {
            ignores.push(Ignore { document, span, rules: here });
        }
    }
}

fn fields(document: usize, root: &Node, ignores: &mut Vec<Ignore>) {
    root.visit("", |Visit { key, node, .. }| {
        if let Some(rules) = node.get("Comment").and_then(Node::as_str).and_then(rules) {
            // A state's own place is its name.
            let start = key.map_or(node.span.start, |key| key.span.start);
            for start in [start, node.span.start] {
                ignores.push(Ignore { document, span: Span { start, end: node.span.end }, rules: rules.clone() });
            }
        }
        true
    });
}
