//! A client of the server, over a connection in memory.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;

use bucketbook::lsp::{Ended, serve};
use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

use crate::common::Workspace;

/// How long an answer may take before the test has failed: nothing is timed.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Client {
    connection: Option<Connection>,
    server: Option<JoinHandle<Ended>>,
    asked: i32,
    /// What was said of each file last, by its URI.
    pub(crate) published: BTreeMap<String, Value>,
    /// The notifications and requests of the server, but for diagnostics.
    pub(crate) heard: Vec<(String, Value)>,
}

impl Client {
    /// A client that has a folder open and can do everything.
    pub(crate) fn new(folder: &Path) -> Self {
        Self::with_options(folder, json!({}))
    }

    pub(crate) fn with_options(folder: &Path, options: Value) -> Self {
        Self::initialized(json!({
            "rootUri": uri(folder),
            "capabilities": {
                "window": {"workDoneProgress": true},
                "workspace": {"workspaceEdit": {"documentChanges": true, "resourceOperations": ["create"]}},
            },
            "initializationOptions": options,
        }))
    }

    pub(crate) fn initialized(params: Value) -> Self {
        let (server, client) = Connection::memory();
        let server = std::thread::spawn(move || serve(server, None));
        let mut client = Self {
            connection: Some(client),
            server: Some(server),
            asked: 0,
            published: BTreeMap::new(),
            heard: Vec::new(),
        };
        client.ask("initialize", params).unwrap();
        client.notify("initialized", json!({}));
        client
    }

    fn connection(&self) -> &Connection {
        self.connection.as_ref().unwrap()
    }

    pub(crate) fn notify(&self, method: &str, params: Value) {
        self.connection().sender.send(Notification::new(method.to_owned(), params).into()).unwrap();
    }

    /// Sends a request without waiting for its answer.
    pub(crate) fn send(&mut self, method: &str, params: Value) -> RequestId {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.connection().sender.send(Request::new(id.clone(), method.to_owned(), params).into()).unwrap();
        id
    }

    /// The answer to a request.
    pub(crate) fn wait(&mut self, id: &RequestId) -> Response {
        loop {
            if let Message::Response(response) = self.next()
                && response.id == *id
            {
                return response;
            }
        }
    }

    /// The next message, noted.
    fn next(&mut self) -> Message {
        let message = self.connection().receiver.recv_timeout(PATIENCE).expect("the server says nothing");
        match &message {
            Message::Notification(note) if note.method == "textDocument/publishDiagnostics" => {
                let uri = note.params["uri"].as_str().unwrap().to_owned();
                self.published.insert(uri, note.params["diagnostics"].clone());
            }
            Message::Notification(note) => self.heard.push((note.method.clone(), note.params.clone())),
            Message::Request(request) => {
                self.heard.push((request.method.clone(), request.params.clone()));
                let response = Response::new_ok(request.id.clone(), Value::Null);
                self.connection().sender.send(response.into()).unwrap();
            }
            Message::Response(_) => {}
        }
        message
    }

    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Result<Value, String> {
        let id = self.send(method, params);
        let response = self.wait(&id);
        response.response_result.map_err(|error| error.message)
    }

    pub(crate) fn open(&self, path: &Path, text: &str) {
        let document = json!({"uri": uri(path), "languageId": "yaml", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Opens a file of a workspace as it is on disk.
    pub(crate) fn open_file(&self, workspace: &Workspace, name: &str) {
        self.open(&workspace.path(name), &workspace.read(name));
    }

    /// Replaces a whole text.
    pub(crate) fn change(&self, path: &Path, version: i32, text: &str) {
        let document = json!({"uri": uri(path), "version": version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [{"text": text}]}));
    }

    /// The ids of what was found in a file, once everything that was sent is judged.
    pub(crate) fn rules(&mut self, path: &Path) -> Vec<String> {
        self.settle(path);
        let diagnostics = self.published.get(&uri(path)).cloned().unwrap_or_default();
        let codes =
            diagnostics.as_array().into_iter().flatten().map(|one| one["code"].as_str().unwrap_or("-").to_owned());
        codes.collect()
    }

    /// Waits until everything that was sent is judged: code actions come after the verdict.
    pub(crate) fn settle(&mut self, path: &Path) {
        // The folders are read between messages, so the end of that is waited for first. Once a request is answered, it has begun.
        self.code_actions(path, 0, 0);
        let heard = |heard: &[(String, Value)], kind: &str| {
            heard.iter().any(|(method, value)| method == "$/progress" && value["value"]["kind"] == kind)
        };
        while heard(&self.heard, "begin") && !heard(&self.heard, "end") {
            self.next();
        }
        self.code_actions(path, 0, 0);
    }

    pub(crate) fn code_actions(&mut self, path: &Path, line: u32, character: u32) -> Vec<Value> {
        let position = json!({"line": line, "character": character});
        let params = json!({
            "textDocument": {"uri": uri(path)},
            "range": {"start": position, "end": position},
            "context": {"diagnostics": []},
        });
        self.ask("textDocument/codeAction", params).unwrap().as_array().cloned().unwrap_or_default()
    }

    /// A request about a place: the first place of `mark` in a text, and a number of characters behind it.
    pub(crate) fn at(&mut self, method: &str, path: &Path, text: &str, mark: &str, behind: u32) -> Value {
        let at = text.find(mark).unwrap_or_else(|| panic!("`{mark}` is not there"));
        let line = text[..at].matches('\n').count();
        let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
        let character = text[start..at].encode_utf16().count() as u32 + behind;
        let params = json!({
            "textDocument": {"uri": uri(path)},
            "position": {"line": line, "character": character},
            "context": {"includeDeclaration": true},
        });
        self.ask(method, params).unwrap()
    }

    /// Ends the server as a client does that goes by the book.
    pub(crate) fn end(mut self) -> Ended {
        self.ask("shutdown", Value::Null).unwrap();
        self.notify("exit", Value::Null);
        self.server.take().unwrap().join().unwrap()
    }

    /// The client is gone from one moment to the next.
    pub(crate) fn vanish(mut self) -> Ended {
        drop(self.connection.take());
        self.server.take().unwrap().join().unwrap()
    }
}

pub(crate) fn uri(path: &Path) -> String {
    gen_lsp_types::Uri::from_file_path(path).unwrap().to_string()
}

/// A text after the edits of an answer.
pub(crate) fn edited(text: &str, edits: &Value) -> String {
    let offset = |position: &Value| {
        let (line, character) = (position["line"].as_u64().unwrap(), position["character"].as_u64().unwrap());
        let start: usize = text.split_inclusive('\n').take(line as usize).map(str::len).sum();
        let mut left = character as usize;
        let mut at = start;
        for c in text[start..].chars() {
            if left == 0 {
                break;
            }
            left -= c.len_utf16();
            at += c.len_utf8();
        }
        at
    };
    let mut parts: Vec<(usize, usize, String)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            (offset(&range["start"]), offset(&range["end"]), edit["newText"].as_str().unwrap().to_owned())
        })
        .collect();
    parts.sort();
    let mut text = text.to_owned();
    for (start, end, new) in parts.into_iter().rev() {
        text.replace_range(start..end, &new);
    }
    text
}
