//! Answers about a whole file: its outline, where it folds, what a selection grows to.

use std::path::Path;

use gen_lsp_types::{
    BaseSymbolInformation, DocumentSymbol, FoldingRange, Location, Position, SelectionRange, SymbolInformation,
    SymbolKind, Uri,
};

use crate::ide::{self, Symbol};
use crate::pages::tree;
use crate::source::{Node, Span};

use super::place::Place;
use super::server::Server;
use super::text::Lines;

pub(super) fn symbols(server: &Server, path: &Path) -> Vec<DocumentSymbol> {
    if let Some((tree, lines)) = page(server, path) {
        return ide::entries(&tree).into_iter().map(|symbol| said(symbol, &lines)).collect();
    }
    let Some(place) = Place::at(server, path, Position::default()) else { return Vec::new() };
    let symbols = ide::symbols(&place.stack, place.document);
    symbols.into_iter().map(|symbol| said(symbol, &place.lines)).collect()
}

/// The tree of a page.
fn page<'w>(server: &'w Server, path: &Path) -> Option<(Node, Lines<'w>)> {
    let known = server.workspace.pages.get(path)?;
    Some((tree(&known.text)?, server.lines(path, &known.text)))
}

fn said(symbol: Symbol, lines: &Lines<'_>) -> DocumentSymbol {
    let children: Vec<DocumentSymbol> = symbol.children.into_iter().map(|child| said(child, lines)).collect();
    let range = lines.range(symbol.span);
    let name = lines.range(symbol.name_span);
    #[allow(deprecated, reason = "the type has no default, and every field has to be named")]
    DocumentSymbol {
        name: if symbol.name.is_empty() { "(no name)".to_owned() } else { symbol.name },
        detail: Some(symbol.detail).filter(|detail| !detail.is_empty()),
        kind: kind(symbol.kind),
        range,
        // The protocol wants the name within the whole.
        selection_range: if range.start <= name.start && name.end <= range.end { name } else { range },
        children: Some(children).filter(|children| !children.is_empty()),
        tags: None,
        deprecated: None,
    }
}

fn kind(kind: ide::SymbolKind) -> SymbolKind {
    match kind {
        ide::SymbolKind::Section => SymbolKind::Namespace,
        ide::SymbolKind::Resource => SymbolKind::Object,
        ide::SymbolKind::Entry => SymbolKind::Constant,
        ide::SymbolKind::Machine => SymbolKind::Class,
        ide::SymbolKind::Scope => SymbolKind::Module,
        ide::SymbolKind::State => SymbolKind::Function,
    }
}

/// How many symbols of the open folders are listed.
const MOST: usize = 500;

pub(super) fn everywhere(server: &Server, query: &str) -> Vec<SymbolInformation> {
    let query = query.to_lowercase();
    let mut found: Vec<SymbolInformation> = Vec::new();
    for entry in server.workspace.entries() {
        for (document, path) in entry.files.iter().enumerate() {
            let Some(of) = entry.linted.stack.documents.get(document) else { continue };
            let Ok(uri) = Uri::from_file_path(path) else { continue };
            let lines = server.lines(path, &of.source.text);
            let mut waiting = ide::symbols(&entry.linted.stack, document);
            while let Some(symbol) = waiting.pop() {
                if found.len() >= MOST {
                    return found;
                }
                let named = matches!(
                    symbol.kind,
                    ide::SymbolKind::Resource | ide::SymbolKind::Machine | ide::SymbolKind::State
                );
                if named && symbol.name.to_lowercase().contains(&query) {
                    let location = Location { uri: uri.clone(), range: lines.range(symbol.name_span) };
                    let base = BaseSymbolInformation {
                        name: symbol.name.clone(),
                        kind: kind(symbol.kind),
                        tags: None,
                        container_name: Some(of.path.display().to_string()),
                    };
                    #[allow(deprecated, reason = "the type has no default, and every field has to be named")]
                    let one = SymbolInformation { location, base_symbol_information: base, deprecated: None };
                    if !found.contains(&one) {
                        found.push(one);
                    }
                }
                waiting.extend(symbol.children);
            }
        }
    }
    found
}

pub(super) fn folds(server: &Server, path: &Path) -> Vec<FoldingRange> {
    if let Some((tree, lines)) = page(server, path) {
        return folded(&tree, &lines);
    }
    let Some(place) = Place::at(server, path, Position::default()) else { return Vec::new() };
    let root = place.stack.documents.get(place.document).and_then(|document| document.root.clone());
    root.map_or_else(Vec::new, |root| folded(&root, &place.lines))
}

fn folded(root: &Node, lines: &Lines<'_>) -> Vec<FoldingRange> {
    let mut found: Vec<FoldingRange> = Vec::new();
    // A file in blocks is not folded as a whole: that would hide its first section's own fold, which begins in the same line.
    let in_brackets = lines.text().get(root.span.start..).is_some_and(|text| text.starts_with(['{', '[']));
    for span in ide::folds(root).into_iter().filter(|span| in_brackets || *span != root.span) {
        // What is in a block ends before the white space behind it.
        let inside = lines.text().get(span.start..span.end.min(lines.text().len()));
        let end = inside.map_or(span.end, |text| span.start + text.trim_end().len());
        let (start_line, end_line) = (lines.position(span.start).line, lines.position(end).line);
        let known = found.iter().any(|other| other.start_line == start_line);
        if start_line < end_line && !known {
            found.push(FoldingRange { start_line, end_line, ..FoldingRange::default() });
        }
    }
    found
}

pub(super) fn selections(server: &Server, path: &Path, positions: &[Position]) -> Vec<SelectionRange> {
    let page = page(server, path);
    let grown = |position: Position| -> Option<SelectionRange> {
        if let Some((tree, lines)) = &page {
            return nested(ide::growing(tree, lines.offset(position)), lines);
        }
        let place = Place::at(server, path, position)?;
        nested(ide::selections(&place.stack, place.document, place.offset), &place.lines)
    };
    let none = |at: Position| SelectionRange { range: gen_lsp_types::Range { start: at, end: at }, parent: None };
    positions.iter().map(|position| grown(*position).unwrap_or_else(|| none(*position))).collect()
}

/// Ranges that grow, each in the next one.
fn nested(spans: Vec<Span>, lines: &Lines<'_>) -> Option<SelectionRange> {
    let grown = spans.into_iter().rev().fold(None, |parent: Option<Box<SelectionRange>>, span| {
        Some(Box::new(SelectionRange { range: lines.range(span), parent }))
    });
    grown.map(|grown| *grown)
}
