//! What a client says of itself when it starts the server.

use std::path::PathBuf;

use gen_lsp_types::Uri;
use serde_json::Value;

use super::text::Encoding;

/// What the server needs to know of its client. Read member by member: a client that spells one wrongly loses that one only.
#[derive(Debug, Clone, Default)]
pub(super) struct Client {
    /// The folders that are open.
    pub(super) folders: Vec<PathBuf>,
    pub(super) encoding: Encoding,
    /// Whether it shows the progress of what the server does by itself.
    pub(super) progress: bool,
    /// Whether an edit may make a file.
    pub(super) creates_files: bool,
    /// Whether it asks for lenses again when it is told that they have changed.
    pub(super) refreshes_lenses: bool,
    /// Whether it can be asked to watch files.
    pub(super) watches_files: bool,
    /// Whether it can be asked to open a file.
    pub(super) shows_documents: bool,
    /// Whether it shows by itself what commands give: `{"showsResults": true}`.
    pub(super) shows_results: bool,
    /// Whether hints within the text are wanted: `{"inlayHints": true}`.
    pub(super) hints: bool,
    /// A baseline that its options name: `{"baseline": "lint-baseline.json"}`.
    pub(super) baseline: Option<PathBuf>,
}

impl Client {
    /// Reads the parameters of `initialize`.
    pub(super) fn read(params: &Value) -> Self {
        let is = |pointer: &str| params.pointer(pointer).and_then(Value::as_bool) == Some(true);
        let list = |pointer: &str| params.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
        let utf8 = list("/capabilities/general/positionEncodings").next().and_then(Value::as_str) == Some("utf-8");
        let create = list("/capabilities/workspace/workspaceEdit/resourceOperations").any(|one| one == "create");
        let options = &params["initializationOptions"];
        Self {
            folders: folders(params),
            encoding: if utf8 { Encoding::Utf8 } else { Encoding::Utf16 },
            progress: is("/capabilities/window/workDoneProgress"),
            creates_files: create && is("/capabilities/workspace/workspaceEdit/documentChanges"),
            refreshes_lenses: is("/capabilities/workspace/codeLens/refreshSupport"),
            watches_files: is("/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration"),
            shows_documents: is("/capabilities/window/showDocument/support"),
            shows_results: options["showsResults"] == true,
            hints: options["inlayHints"] == true,
            baseline: options["baseline"].as_str().map(PathBuf::from),
        }
    }
}

fn folders(params: &Value) -> Vec<PathBuf> {
    let named = params["workspaceFolders"].as_array().into_iter().flatten().filter_map(|one| one["uri"].as_str());
    let found: Vec<PathBuf> = named.filter_map(path_of).collect();
    if !found.is_empty() {
        return found;
    }
    let root = params["rootUri"].as_str().and_then(path_of);
    root.or_else(|| params["rootPath"].as_str().map(PathBuf::from)).into_iter().collect()
}

fn path_of(uri: &str) -> Option<PathBuf> {
    uri.parse::<Uri>().ok().and_then(|uri| path(&uri))
}

/// The path that a URI of a file names.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    if uri.scheme() == "file" { uri.to_file_path().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_client_does_not_say_it_cannot_do() {
        let client = Client::read(&json!({"rootUri": null, "capabilities": {}}));
        assert_eq!((client.folders.len(), client.encoding, client.creates_files), (0, Encoding::Utf16, false));
    }

    #[test]
    fn folders_count_more_than_the_root() {
        let params = json!({
            "rootUri": "file:///root",
            "workspaceFolders": [{"uri": "file:///a%20b", "name": "a"}],
            "capabilities": {"general": {"positionEncodings": ["utf-8", "utf-16"]}},
            "initializationOptions": {"inlayHints": true},
        });
        let client = Client::read(&params);
        assert_eq!((client.folders, client.encoding, client.hints), (vec!["/a b".into()], Encoding::Utf8, true));
    }
}
