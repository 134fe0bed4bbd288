//! Code actions.

use std::collections::HashMap;
use std::path::Path;

use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, CreateFile, CreateFileOptions, DocumentChange, Edit as TypedEdit,
    OptionalVersionedTextDocumentIdentifier, Position, Range, TextDocumentEdit, TextDocumentIdentifier, TextEdit, Uri,
    WorkspaceEdit,
};

use crate::ide::{self, Action, ActionKind};
use crate::lint::Edit;
use crate::loaded::LoadedStack;

use super::client;
use super::diagnostics;
use super::server::Server;
use super::workspace::Entry;

/// What can be done in a range of a file.
pub(super) fn actions(server: &Server, params: &CodeActionParams) -> Vec<CodeAction> {
    let Some(path) = client::path(&params.text_document.uri) else { return Vec::new() };
    let wanted = |action: &CodeAction| {
        let kind = action.kind.clone().map(String::from).unwrap_or_default();
        let asked = |only: &CodeActionKind| {
            let only = String::from(only.clone());
            kind == only || kind.strip_prefix(&only).is_some_and(|rest| rest.starts_with('.'))
        };
        params.context.only.as_ref().is_none_or(|only| only.iter().any(asked))
    };
    let mut found: Vec<CodeAction> = of_page(server, &path, params.range).into_iter().filter(wanted).collect();
    for (entry, document) in server.workspace.stacks_of(&path) {
        let text = &entry.linted.stack.documents[document].source.text;
        let span = server.lines(&path, text).span(params.range);
        for action in ide::actions(&entry.linted, document, span) {
            let action = said(server, entry, &action);
            // A file that belongs to several stacks has the same fault in each.
            found.extend(
                action.filter(|action| wanted(action) && !found.iter().any(|other| other.title == action.title)),
            );
        }
    }
    found
}

/// What was meant on a page that is no stack, where that is asked.
fn of_page(server: &Server, path: &Path, range: Range) -> Vec<CodeAction> {
    let (Some(known), Ok(uri)) = (server.workspace.pages.get(path), Uri::from_file_path(path)) else {
        return Vec::new();
    };
    let lines = server.lines(path, &known.text);
    let asked = lines.span(range);
    let meant = known.faults().iter().filter_map(|fault| {
        let span = fault.span.filter(|span| span.start <= asked.end && asked.start <= span.end)?;
        let (at, word) = ide::did_you_mean(&known.text, span, &fault.message, fault.help.as_deref())?;
        let edit = TextEdit { range: lines.range(at), new_text: word.clone() };
        let changes = HashMap::from([(uri.clone(), vec![edit])]);
        Some(CodeAction {
            title: format!("Change to `{word}`"),
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![diagnostics::fault(fault, &lines)]),
            is_preferred: Some(true),
            edit: Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }),
            ..CodeAction::default()
        })
    });
    meant.collect()
}

fn said(server: &Server, entry: &Entry, action: &Action) -> Option<CodeAction> {
    let edit = match action.ignore {
        Some(rule) => settings(server, entry, rule)?,
        None => workspace_edit(server, entry, &entry.linted.stack, &action.edits)?,
    };
    let diagnostic = action.finding.and_then(|at| {
        let finding = entry.linted.findings.get(at)?;
        let text = &entry.linted.stack.documents.get(finding.place.document)?.source.text;
        Some(diagnostics::finding(finding, &server.lines(entry.files.get(finding.place.document)?, text)))
    });
    Some(CodeAction {
        title: action.title.clone(),
        kind: Some(match action.kind {
            ActionKind::Fix | ActionKind::Suppress => CodeActionKind::QuickFix,
            ActionKind::FixAll => CodeActionKind::SourceFixAll,
            ActionKind::Add => CodeActionKind::RefactorRewrite,
        }),
        diagnostics: diagnostic.map(|diagnostic| vec![diagnostic]),
        is_preferred: (action.kind == ActionKind::Fix).then_some(true),
        edit: Some(edit),
        ..CodeAction::default()
    })
}

/// Edits of a stack's documents.
pub(super) fn workspace_edit(
    server: &Server,
    entry: &Entry,
    stack: &LoadedStack,
    edits: &[Edit],
) -> Option<WorkspaceEdit> {
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for edit in edits {
        let path = entry.files.get(edit.document)?;
        let lines = server.lines(path, &stack.documents.get(edit.document)?.source.text);
        let edit = TextEdit { range: lines.range(edit.span), new_text: edit.text.clone() };
        changes.entry(Uri::from_file_path(path).ok()?).or_default().push(edit);
    }
    Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
}

/// The edit by which the settings leave a rule out.
fn settings(server: &Server, entry: &Entry, rule: &str) -> Option<WorkspaceEdit> {
    let folder = &server.workspace.folders[entry.folder];
    let root = Some(&folder.root).filter(|root| !root.as_os_str().is_empty())?;
    let path = root.join("bucketbook-lint.toml");
    let uri = Uri::from_file_path(&path).ok()?;
    let text = match server.workspace.buffers.get(&path) {
        Some(buffer) => Some(buffer.text.clone()),
        None => std::fs::read_to_string(&path).ok(),
    };
    let Some(text) = text else { return new_settings(server, &path, uri, rule) };
    let (at, new_text) = match ignored(&text) {
        Some(at) => (at, format!("\"{rule}\", ")),
        None => (0, format!("ignore = [\"{rule}\"]\n")),
    };
    let position = server.lines(&path, &text).position(at);
    let edit = TextEdit { range: Range { start: position, end: position }, new_text };
    Some(WorkspaceEdit { changes: Some(HashMap::from([(uri, vec![edit])])), ..WorkspaceEdit::default() })
}

/// Where the list of the rules that are ignored begins, in settings that have one.
fn ignored(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('[') {
            return None;
        }
        let list = line.strip_prefix("ignore").map(str::trim_start).filter(|rest| rest.starts_with('='));
        if let Some(open) = list.and(line.find('[')) {
            return Some(at + open + 1);
        }
        at += line.len();
    }
    None
}

fn new_settings(server: &Server, path: &Path, uri: Uri, rule: &str) -> Option<WorkspaceEdit> {
    if !server.client.creates_files || path.exists() {
        return None;
    }
    let start = Position { line: 0, character: 0 };
    let edit = TextEdit { range: Range { start, end: start }, new_text: format!("ignore = [\"{rule}\"]\n") };
    let options = CreateFileOptions { ignore_if_exists: Some(true), ..CreateFileOptions::default() };
    let create = CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None };
    let text_document_identifier = TextDocumentIdentifier { uri };
    let change = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { version: None, text_document_identifier },
        edits: vec![TypedEdit::TextEdit(edit)],
    };
    let changes = vec![DocumentChange::CreateFile(create), DocumentChange::TextDocumentEdit(change)];
    Some(WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_ignored_rules_is_found() {
        assert_eq!(ignored("deny-warnings = true\nignore = [\"A\"]\n"), Some(31));
        assert_eq!(ignored("[per-file-ignores]\nignore = []\n"), None);
    }
}
