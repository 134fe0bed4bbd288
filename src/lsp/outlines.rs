//! Answers about a whole file: its outline, where it folds, what a selection grows to.

use std::path::Path;

use gen_lsp_types::{
    BaseSymbolInformation, DocumentSymbol, FoldingRange, Location, Position, SelectionRange, SymbolInformation,
    SymbolKind, Uri,
};

use crate::ide::{self, Symbol};

use super::place::Place;
use super::server::Server;
use super::text::Lines;

pub(super) fn symbols(server: &Server, path: &Path) -> Vec<DocumentSymbol> {
    let Some(place) = Place::at(server, path, Position::default()) else { return Vec::new() };
    let symbols = ide::symbols(&place.stack, place.document);
    symbols.into_iter().map(|symbol| said(symbol, &place.lines)).collect()
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
    let Some(place) = Place::at(server, path, Position::default()) else { return Vec::new() };
    let Some(root) = place.stack.documents.get(place.document).and_then(|document| document.root.clone()) else {
        return Vec::new();
    };
    let mut found: Vec<FoldingRange> = Vec::new();
    for span in ide::folds(&root) {
        // What is in a block ends before the white space behind it.
        let end = place
            .text
            .get(span.start..span.end.min(place.text.len()))
            .map_or(span.end, |text| span.start + text.trim_end().len());
        let (start_line, end_line) = (place.lines.position(span.start).line, place.lines.position(end).line);
        let known = found.iter().any(|other| other.start_line == start_line);
        if start_line < end_line && !known {
            found.push(FoldingRange { start_line, end_line, ..FoldingRange::default() });
        }
    }
    found
}

pub(super) fn selections(server: &Server, path: &Path, positions: &[Position]) -> Vec<SelectionRange> {
    let each = positions.iter().map(|position| {
        let none = || SelectionRange { range: gen_lsp_types::Range { start: *position, end: *position }, parent: None };
        let Some(place) = Place::at(server, path, *position) else { return none() };
        let spans = ide::selections(&place.stack, place.document, place.offset);
        let grown = spans.into_iter().rev().fold(None, |parent: Option<Box<SelectionRange>>, span| {
            Some(Box::new(SelectionRange { range: place.lines.range(span), parent }))
        });
        grown.map_or_else(none, |grown| *grown)
    });
    each.collect()
}
