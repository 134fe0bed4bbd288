//! What is answered, and by what.

use gen_lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProvider, CodeLensOptions, CompletionOptions,
    DefinitionProvider, DocumentHighlightProvider, DocumentSymbolProvider, ExecuteCommandOptions, ExecuteCommandParams,
    FoldingRangeProvider, HoverProvider, InlayHintParams, InlayHintProvider, PositionEncodingKind, ReferencesProvider,
    RenameOptions, RenameProvider, Save, SelectionRangeParams, SelectionRangeProvider, ServerCapabilities,
    TextDocumentSync, TextDocumentSyncKind, TextDocumentSyncOptions, WorkspaceSymbolProvider,
};
use std::path::PathBuf;

use lsp_server::ErrorCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::client::{self, Client};
use super::server::Server;
use super::text::Encoding;
use super::{actions, lenses, outlines, places, results};

/// Why there is no answer.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    pub(super) code: ErrorCode,
    pub(super) message: String,
}

impl Refused {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::RequestFailed, message: message.into() }
    }
}

/// What the server can do.
pub(super) fn capabilities(client: &Client) -> ServerCapabilities {
    let encoding = match client.encoding {
        Encoding::Utf16 => PositionEncodingKind::UTF16,
        Encoding::Utf8 => PositionEncodingKind::UTF8,
    };
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::Incremental),
        save: Some(Save::Bool(true)),
        ..TextDocumentSyncOptions::default()
    };
    let kinds = vec![CodeActionKind::QuickFix, CodeActionKind::SourceFixAll, CodeActionKind::RefactorRewrite];
    let actions = CodeActionOptions { code_action_kinds: Some(kinds), ..CodeActionOptions::default() };
    let triggers = ["\"", ".", "$", ":", "{", "!", " "].map(str::to_owned).to_vec();
    let completion = CompletionOptions { trigger_characters: Some(triggers), ..CompletionOptions::default() };
    let rename = RenameOptions { prepare_provider: Some(true), ..RenameOptions::default() };
    ServerCapabilities {
        position_encoding: Some(encoding),
        text_document_sync: Some(TextDocumentSync::Options(sync)),
        code_action_provider: Some(CodeActionProvider::CodeActionOptions(actions)),
        completion_provider: Some(completion),
        hover_provider: Some(HoverProvider::Bool(true)),
        definition_provider: Some(DefinitionProvider::Bool(true)),
        references_provider: Some(ReferencesProvider::Bool(true)),
        document_highlight_provider: Some(DocumentHighlightProvider::Bool(true)),
        document_symbol_provider: Some(DocumentSymbolProvider::Bool(true)),
        workspace_symbol_provider: Some(WorkspaceSymbolProvider::Bool(true)),
        folding_range_provider: Some(FoldingRangeProvider::Bool(true)),
        selection_range_provider: Some(SelectionRangeProvider::Bool(true)),
        rename_provider: Some(RenameProvider::RenameOptions(rename)),
        code_lens_provider: Some(CodeLensOptions::default()),
        inlay_hint_provider: Some(InlayHintProvider::Bool(client.hints)),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: lenses::COMMANDS.map(str::to_owned).to_vec(),
            ..ExecuteCommandOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}

/// Answers a request; `None` for a method that is not known.
pub(super) fn answer(server: &mut Server, method: &str, params: Value) -> Result<Option<Value>, Refused> {
    Ok(Some(match method {
        "textDocument/codeAction" => {
            server.judge();
            said(actions::actions(server, &read::<CodeActionParams>(params)?))?
        }
        "textDocument/completion" => said(places::completions(server, &read(params)?))?,
        "textDocument/hover" => said(places::hover(server, &read(params)?))?,
        "textDocument/definition" => said(places::definition(server, &read(params)?))?,
        "textDocument/references" => said(places::references(server, &read(params)?))?,
        "textDocument/documentHighlight" => said(places::highlights(server, &read(params)?))?,
        "textDocument/prepareRename" => said(places::prepare_rename(server, &read(params)?))?,
        "textDocument/rename" => said(places::rename(server, &read(params)?)?)?,
        "textDocument/documentSymbol" => said(outlines::symbols(server, &path(&params)?))?,
        "workspace/symbol" => said(outlines::everywhere(server, params["query"].as_str().unwrap_or_default()))?,
        "textDocument/foldingRange" => said(outlines::folds(server, &path(&params)?))?,
        "textDocument/selectionRange" => {
            let path = path(&params)?;
            said(outlines::selections(server, &path, &read::<SelectionRangeParams>(params)?.positions))?
        }
        "textDocument/codeLens" => said(lenses::lenses(server, &path(&params)?))?,
        "textDocument/inlayHint" => {
            let path = path(&params)?;
            said(lenses::hints(server, &path, read::<InlayHintParams>(params)?.range))?
        }
        "workspace/executeCommand" => {
            let ExecuteCommandParams { command, arguments, .. } = read(params)?;
            let shown = lenses::execute(server, &command, &arguments.unwrap_or_default())?;
            results::show(server, &shown);
            shown
        }
        _ => return Ok(None),
    }))
}

/// The file that a request is about. A text that is in no file belongs to no stack.
fn path(params: &Value) -> Result<PathBuf, Refused> {
    let uri = params["textDocument"]["uri"].as_str().and_then(|uri| uri.parse().ok());
    let Some(uri) = uri else {
        return Err(Refused { code: ErrorCode::InvalidParams, message: "`textDocument.uri` was expected".to_owned() });
    };
    Ok(client::path(&uri).unwrap_or_default())
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, Refused> {
    let wrong = |error: serde_json::Error| Refused { code: ErrorCode::InvalidParams, message: error.to_string() };
    serde_json::from_value(params).map_err(wrong)
}

fn said(answer: impl Serialize) -> Result<Value, Refused> {
    serde_json::to_value(answer).map_err(|error| Refused::new(error.to_string()))
}
