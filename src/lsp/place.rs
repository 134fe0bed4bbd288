//! A place that a client asks about, in the stack that it belongs to.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use gen_lsp_types::{Position, TextDocumentPositionParams};

use crate::ide;
use crate::loaded::{FaultKind, LoadFault, LoadedStack};

use super::client;
use super::server::Server;
use super::text::Lines;
use super::workspace::Entry;

/// A place in a file that an editor asks about.
pub(super) struct Place<'w> {
    pub(super) path: PathBuf,
    pub(super) entry: &'w Entry,
    /// Which document of the stack it is in.
    pub(super) document: usize,
    /// The stack: where the text cannot be read, as much of it as can be.
    pub(super) stack: Cow<'w, LoadedStack>,
    /// The text as the client has it.
    pub(super) text: &'w str,
    pub(super) lines: Lines<'w>,
    pub(super) offset: usize,
}

/// How many faults of a text within a text are set aside.
const ROUNDS: usize = 8;

impl<'w> Place<'w> {
    /// The place, in the first stack that its file is a part of.
    pub(super) fn of(server: &'w Server, params: &TextDocumentPositionParams) -> Option<Self> {
        Self::at(server, &client::path(&params.text_document.uri)?, params.position)
    }

    /// The place, for what may be typed there: what is being typed is made whole, rather than left out, where that can be.
    pub(super) fn typed(server: &'w Server, params: &TextDocumentPositionParams) -> Option<Self> {
        let mut place = Self::of(server, params)?;
        if matches!(place.stack, Cow::Owned(_)) || is_broken(&place.stack, place.document) {
            let whole = ide::completed(&place.path, place.text, place.offset);
            let stack = whole.and_then(|text| server.workspace.read_mended(place.entry, &place.path, text));
            place.stack = stack.map_or(place.stack, Cow::Owned);
        }
        Some(place)
    }

    pub(super) fn at(server: &'w Server, path: &Path, position: Position) -> Option<Self> {
        let entries = server.workspace.entries();
        // Where a definition belongs to several templates, the first says what it is started with.
        let (entry, document) = entries.filter_map(|entry| Some((entry, entry.document(path)?))).next()?;
        let text = match server.workspace.buffers.get(path) {
            Some(buffer) => buffer.text.as_str(),
            None => entry.linted.stack.documents.get(document)?.source.text.as_str(),
        };
        let lines = server.lines(path, text);
        let offset = lines.offset(position);
        let stack = match readable(server, entry, path, document, text) {
            Some(stack) => Cow::Owned(stack),
            None => Cow::Borrowed(&entry.linted.stack),
        };
        Some(Self { path: path.to_owned(), entry, document, stack, text, lines, offset })
    }
}

/// Whether a document cannot be read as it is.
fn is_broken(stack: &LoadedStack, document: usize) -> bool {
    stack.faults.iter().any(|fault| unread(fault, document))
}

fn unread(fault: &LoadFault, document: usize) -> bool {
    let kinds = [FaultKind::NotJson, FaultKind::NotYaml, FaultKind::JsonAsYaml];
    kinds.contains(&fault.kind) && fault.place.document == document
}

/// The stack with what is being typed left out, where that keeps the file, or a definition in it, from being read.
fn readable(server: &Server, entry: &Entry, path: &Path, document: usize, text: &str) -> Option<LoadedStack> {
    let mut found: Option<LoadedStack> = None;
    let mut text = text.to_owned();
    for _ in 0..ROUNDS {
        let now = found.as_ref().unwrap_or(&entry.linted.stack);
        let Some(fault) = now.faults.iter().rev().find(|fault| unread(fault, document)) else { break };
        match ide::mended(path, &text) {
            Some(mended) => text = mended,
            None if now.machines.iter().any(|machine| machine.definition.is_none()) => {
                text = ide::without_line(&text, fault.place.span.start)?;
            }
            None => break,
        }
        found = Some(server.workspace.read_mended(entry, path, text.clone())?);
    }
    found
}
