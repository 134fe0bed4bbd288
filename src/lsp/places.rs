//! Answers about a place: what it is, what may stand there, where it is declared and used.

use std::path::PathBuf;

use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemTextEdit, CompletionList, Contents, DocumentHighlight, Hover,
    Location, MarkupContent, MarkupKind, PrepareRenamePlaceholder, ReferenceParams, RenameParams,
    TextDocumentPositionParams, TextEdit, Uri, WorkspaceEdit,
};

use crate::ide::{self, Completion, CompletionKind};
use crate::loaded::LoadedStack;
use crate::pages::{Page, states_named};
use crate::source::Span;

use super::actions::workspace_edit;
use super::answer::Refused;
use super::client;
use super::pages::Known;
use super::place::Place;
use super::server::Server;
use super::text::Lines;
use super::workspace::Entry;

pub(super) fn hover(server: &Server, params: &TextDocumentPositionParams) -> Option<Hover> {
    if let Some((known, lines)) = page(server, params) {
        let hover = known.page.hover(&known.text, lines.offset(params.position))?;
        return Some(said(hover.text, hover.span, &lines));
    }
    let place = Place::of(server, params)?;
    let hover = ide::hover(&place.stack, place.document, place.offset)?;
    Some(said(hover.text, hover.span, &place.lines))
}

fn said(value: String, span: Span, lines: &Lines<'_>) -> Hover {
    let contents = Contents::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value });
    Hover { contents, range: Some(lines.range(span)) }
}

/// The page that a place is in, with its text.
fn page<'w>(server: &'w Server, params: &TextDocumentPositionParams) -> Option<(&'w Known, Lines<'w>)> {
    let path = client::path(&params.text_document.uri)?;
    let known = server.workspace.pages.get(&path)?;
    Some((known, server.lines(&path, &known.text)))
}

pub(super) fn completions(server: &Server, params: &TextDocumentPositionParams) -> CompletionList {
    if let Some((known, lines)) = page(server, params) {
        let path = client::path(&params.text_document.uri).unwrap_or_default();
        let stack = server.workspace.stack_above(&path, &known.text);
        return listed(known.page.completions(&known.text, lines.offset(params.position), stack), &lines);
    }
    match Place::typed(server, params) {
        Some(place) => {
            let completions =
                ide::completions_of_file(&place.path, &place.stack, place.document, place.text, place.offset);
            listed(completions, &place.lines)
        }
        None => begun(server, params).unwrap_or_default(),
    }
}

/// What may be typed in a file that is no stack yet.
fn begun(server: &Server, params: &TextDocumentPositionParams) -> Option<CompletionList> {
    let path = client::path(&params.text_document.uri)?;
    let text = &server.workspace.buffers.get(&path)?.text;
    let lines = server.lines(&path, text);
    let completions = ide::completions_of_new(&path, text, lines.offset(params.position));
    Some(listed(completions, &lines))
}

fn listed(completions: Vec<Completion>, lines: &Lines<'_>) -> CompletionList {
    let items = completions.into_iter().enumerate().map(|(at, one)| item(at, one, lines)).collect();
    CompletionList { items, ..CompletionList::default() }
}

fn item(at: usize, one: Completion, lines: &Lines<'_>) -> CompletionItem {
    let kind = match one.kind {
        CompletionKind::Field => CompletionItemKind::Field,
        CompletionKind::Value => CompletionItemKind::EnumMember,
        CompletionKind::Reference => CompletionItemKind::Reference,
        CompletionKind::Variable => CompletionItemKind::Variable,
        CompletionKind::Function => CompletionItemKind::Function,
        CompletionKind::Call => CompletionItemKind::Method,
    };
    let edit = TextEdit { range: lines.range(one.span), new_text: one.insert };
    CompletionItem {
        // What is required stands first, so the order is kept.
        sort_text: Some(format!("{at:05}")),
        // What is typed already is compared with the whole of what is put in.
        filter_text: Some(edit.new_text.trim_matches('"').to_owned()),
        label: one.label,
        kind: Some(kind),
        detail: Some(one.detail).filter(|detail| !detail.is_empty()),
        text_edit: Some(CompletionItemTextEdit::TextEdit(edit)),
        ..CompletionItem::default()
    }
}

/// A place in a document of a stack.
fn location(server: &Server, place: &Place<'_>, document: usize, span: Span) -> Option<Location> {
    let path = place.entry.files.get(document)?;
    let lines = server.lines(path, &place.stack.documents.get(document)?.source.text);
    Some(Location { uri: Uri::from_file_path(path).ok()?, range: lines.range(span) })
}

pub(super) fn definition(server: &Server, params: &TextDocumentPositionParams) -> Vec<Location> {
    let Some(place) = Place::of(server, params) else { return Vec::new() };
    if let Some((document, span)) = ide::link(&place.stack, place.document, place.offset) {
        return location(server, &place, document, span).into_iter().collect();
    }
    let Some((_, all)) = ide::named_at(&place.stack, place.document, place.offset) else { return Vec::new() };
    let declared = all.iter().filter(|one| one.declares);
    declared.filter_map(|one| location(server, &place, one.document, one.span)).collect()
}

pub(super) fn references(server: &Server, params: &ReferenceParams) -> Vec<Location> {
    let declared = params.context.include_declaration;
    let mut found: Vec<Location> = Vec::new();
    for (place, all) in everywhere(server, &params.text_document_position_params) {
        for one in all.iter().filter(|one| declared || !one.declares) {
            let location = location(server, &place, one.document, one.span);
            found.extend(location.filter(|location| !found.contains(location)));
        }
    }
    found
}

pub(super) fn highlights(server: &Server, params: &TextDocumentPositionParams) -> Vec<DocumentHighlight> {
    let Some(place) = Place::of(server, params) else { return Vec::new() };
    let Some((_, all)) = ide::named_at(&place.stack, place.document, place.offset) else { return Vec::new() };
    let here = all.iter().filter(|one| one.document == place.document);
    here.map(|one| DocumentHighlight { range: place.lines.range(one.span), kind: None }).collect()
}

/// What stands at a place, in every stack that its file is a part of.
fn everywhere<'w>(server: &'w Server, params: &TextDocumentPositionParams) -> Vec<(Place<'w>, Vec<ide::Occurrence>)> {
    let Some(first) = Place::of(server, params) else { return Vec::new() };
    let entries: Vec<(&Entry, usize)> =
        server.workspace.entries().filter_map(|e| Some((e, e.document(&first.path)?))).collect();
    let mut found = Vec::new();
    for (entry, document) in entries {
        let (stack, text, lines) = (first.stack.clone(), first.text, first.lines.clone());
        let stack =
            if std::ptr::eq(entry, first.entry) { stack } else { std::borrow::Cow::Borrowed(&entry.linted.stack) };
        if let Some((_, all)) = ide::named_at(&stack, document, first.offset) {
            let (path, offset) = (first.path.clone(), first.offset);
            found.push((Place { path, entry, document, stack, text, lines, offset }, all));
        }
    }
    found
}

pub(super) fn prepare_rename(server: &Server, params: &TextDocumentPositionParams) -> Option<PrepareRenamePlaceholder> {
    let place = Place::of(server, params)?;
    let (here, _) = ide::named_at(&place.stack, place.document, place.offset)?;
    let placeholder = match here.named {
        ide::Named::State { name, .. } | ide::Named::Variable { name, .. } | ide::Named::Substitution { name, .. } => {
            name
        }
        ide::Named::Logical { .. } => return None,
    };
    Some(PrepareRenamePlaceholder { range: place.lines.range(here.span), placeholder })
}

pub(super) fn rename(server: &Server, params: &RenameParams) -> Result<Option<WorkspaceEdit>, Refused> {
    let mut whole = WorkspaceEdit::default();
    let places = everywhere(server, &params.text_document_position_params);
    if places.is_empty() {
        return Err(Refused::new("a state, a variable or a substitution can be renamed, and none stands here"));
    }
    for (place, _) in &places {
        let edits = ide::rename(&place.stack, place.document, place.offset, &params.new_name).map_err(Refused::new)?;
        let edit = workspace_edit(server, place.entry, &place.stack, &edits);
        // A definition of several templates has each of its own edits once.
        for (uri, edits) in edit.and_then(|edit| edit.changes).unwrap_or_default() {
            let known = whole.changes.get_or_insert_default().entry(uri).or_default();
            for edit in edits {
                if !known.contains(&edit) {
                    known.push(edit);
                }
            }
        }
    }
    for (path, edits) in in_scenarios(server, &places, &params.new_name) {
        if let Ok(uri) = Uri::from_file_path(path) {
            whole.changes.get_or_insert_default().insert(uri, edits);
        }
    }
    Ok(Some(whole))
}

/// The edits of the scenarios that name a state which is renamed.
fn in_scenarios(
    server: &Server,
    places: &[(Place<'_>, Vec<ide::Occurrence>)],
    new: &str,
) -> Vec<(PathBuf, Vec<TextEdit>)> {
    let Some((first, all)) = places.first() else { return Vec::new() };
    let Some(ide::Named::State { name, .. }) = all.first().map(|one| &one.named) else { return Vec::new() };
    // A scenario does not say which state machine it means.
    let (every, _) = ide::occurrences(&first.stack);
    let is_same = |named: &ide::Named| matches!(named, ide::Named::State { name: other, .. } if other == name);
    if every.iter().any(|one| is_same(&one.named) && !all.contains(one)) {
        return Vec::new();
    }
    let about = |stack: &LoadedStack| places.iter().any(|(place, _)| std::ptr::eq(&place.entry.linted.stack, stack));
    let scenarios = server.workspace.pages.iter().filter(|(path, known)| {
        known.page == Page::Scenario && server.workspace.stack_above(path, &known.text).is_some_and(about)
    });
    let edits = scenarios.map(|(path, known)| {
        let lines = server.lines(path, &known.text);
        let edit = |(span, bare): (Span, bool)| TextEdit {
            range: lines.range(span),
            new_text: ide::respelled(&known.text, span, bare, new),
        };
        (path.to_owned(), states_named(&known.text, name).into_iter().map(edit).collect::<Vec<_>>())
    });
    edits.filter(|(_, edits)| !edits.is_empty()).collect()
}
