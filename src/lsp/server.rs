//! Messages in, messages out.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};

use gen_lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    PublishDiagnosticsParams, TextDocumentContentChangeEvent, Uri,
};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answer;
use super::client::{self, Client};
use super::diagnostics;
use super::handshake;
use super::results::Results;
use super::scan::{self, Scan};
use super::text::{Buffer, Lines};
use super::workspace::Workspace;

/// How the server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The client said so first.
    Asked,
    /// The client is gone, or told the server to exit without asking it to shut down.
    Alone,
}

/// Serves a client until it ends the connection. `baseline` lists findings that are left out, unless the client's options name another.
pub fn serve(connection: Connection, baseline: Option<PathBuf>) -> Ended {
    let Some((id, params)) = handshake::initialize(&connection) else { return Ended::Alone };
    let mut client = Client::read(&params);
    client.baseline = client.baseline.or(baseline);
    let server = json!({"name": "bucketbook", "version": env!("CARGO_PKG_VERSION")});
    let result = json!({"capabilities": answer::capabilities(&client), "serverInfo": server});
    let workspace = Workspace::new(&client.folders, client.baseline.as_deref());
    let mut server = Server {
        connection,
        client,
        workspace,
        results: Results::default(),
        event: None,
        waiting: VecDeque::new(),
        published: HashMap::new(),
        scan: None,
        asked: 0,
        begun: false,
        shut_down: false,
    };
    server.respond(Response::new_ok(id, result));
    server.run()
}

pub(super) struct Server {
    connection: Connection,
    pub(super) client: Client,
    pub(super) workspace: Workspace,
    pub(super) results: Results,
    /// The file that was opened or edited last of those that hold an event: what machines are run with.
    event: Option<PathBuf>,
    /// What the client sent and is not done.
    waiting: VecDeque<Message>,
    /// What each file was last said to have.
    published: HashMap<PathBuf, String>,
    scan: Option<Scan>,
    /// How many requests were sent to the client.
    asked: i32,
    /// Whether the client has said that it is ready for requests.
    begun: bool,
    shut_down: bool,
}

/// The name of the settings' file: a change of it is a change of every verdict.
const SETTINGS: &str = "bucketbook-lint.toml";

impl Server {
    /// What is done as soon as the client is ready.
    fn begin(&mut self) {
        self.begun = true;
        for folder in &self.workspace.folders {
            if let Some(trouble) = &folder.trouble {
                self.notify("window/showMessage", json!({"type": 2, "message": trouble}));
            }
        }
        if self.client.watches_files {
            let patterns = ["**/*.{json,yaml,yml,asl,template}", "**/bucketbook-lint.toml"];
            let watchers: Vec<Value> = patterns.iter().map(|pattern| json!({"globPattern": pattern})).collect();
            let method = "workspace/didChangeWatchedFiles";
            let options = json!({"watchers": watchers});
            let registration = json!({"id": "files", "method": method, "registerOptions": options});
            self.ask("client/registerCapability", json!({"registrations": [registration]}));
        }
        let files = self.workspace.candidates();
        if files.is_empty() {
            return;
        }
        if self.client.progress {
            self.ask("window/workDoneProgress/create", json!({"token": scan::TOKEN}));
            self.progress(scan::begin());
        }
        self.scan = Some(Scan::new(files));
    }

    /// Takes messages as they come. What else there is to do (reading the folders, judging what has changed) is done while none waits.
    fn run(&mut self) -> Ended {
        loop {
            while let Ok(message) = self.connection.receiver.try_recv() {
                self.waiting.push_back(message);
            }
            let message = match self.waiting.pop_front() {
                Some(message) => message,
                None if self.work() => continue,
                None => match self.connection.receiver.recv() {
                    Ok(message) => message,
                    Err(_) => return if self.shut_down { Ended::Asked } else { Ended::Alone },
                },
            };
            match message {
                Message::Request(request) => self.request(request),
                Message::Notification(note) if note.method == "exit" => {
                    return if self.shut_down { Ended::Asked } else { Ended::Alone };
                }
                Message::Notification(note) => self.notification(note),
                Message::Response(_) => {}
            }
        }
    }

    /// Does a piece of what is to be done; `false` if there is nothing.
    fn work(&mut self) -> bool {
        if self.judge() {
            return true;
        }
        let Some(mut scan) = self.scan.take() else { return false };
        self.workspace.read_files(scan.next());
        if self.client.progress {
            let value = if scan.is_done() { json!({"kind": "end"}) } else { scan.report() };
            self.progress(value);
        }
        if !scan.is_done() {
            self.scan = Some(scan);
        }
        true
    }

    /// Judges what has changed, and says what was found. Whether anything had changed.
    pub(super) fn judge(&mut self) -> bool {
        let changed = self.workspace.judge();
        if changed {
            self.publish();
        }
        changed
    }

    /// Says what was found, of each file where it is not what was said before.
    fn publish(&mut self) {
        let mut touched = self.workspace.take_untold();
        // What is no stack any more has nothing wrong with it.
        let known = self.workspace.known();
        touched.extend(self.published.keys().filter(|path| !known.contains(path.as_path())).cloned());
        let said = touched.into_iter().filter_map(|path| Some((self.verdict(&path)?, path)));
        let said: Vec<(PublishDiagnosticsParams, PathBuf)> = said.collect();
        for (params, path) in said {
            let Ok(value) = serde_json::to_value(&params) else { continue };
            let is_silent = params.diagnostics.is_empty() && !self.workspace.buffers.contains_key(&path);
            let text = value.to_string();
            match self.published.get(&path) {
                Some(known) if *known == text => continue,
                None if is_silent => continue,
                _ if is_silent => drop(self.published.remove(&path)),
                _ => drop(self.published.insert(path, text)),
            }
            self.notify("textDocument/publishDiagnostics", value);
        }
        if self.client.refreshes_lenses {
            self.ask("workspace/codeLens/refresh", Value::Null);
        }
    }

    /// What was found in a file, as the protocol says it.
    fn verdict(&self, path: &Path) -> Option<PublishDiagnosticsParams> {
        let uri = Uri::from_file_path(path).ok()?;
        let version = self.workspace.buffers.get(path).map(|buffer| buffer.version);
        if let Some(known) = self.workspace.pages.get(path) {
            let lines = self.lines(path, &known.text);
            let diagnostics = known.faults().iter().map(|fault| diagnostics::fault(fault, &lines)).collect();
            return Some(PublishDiagnosticsParams { uri, version, diagnostics });
        }
        let findings = self.workspace.findings(path);
        let text = findings.first().and_then(|(entry, finding)| {
            Some(entry.linted.stack.documents.get(finding.place.document)?.source.text.as_str())
        });
        let lines = self.lines(path, text.unwrap_or_default());
        let diagnostics = findings.iter().map(|(_, finding)| diagnostics::finding(finding, &lines)).collect();
        Some(PublishDiagnosticsParams { uri, version, diagnostics })
    }

    /// How the client counts in a text.
    pub(super) fn lines<'t>(&self, path: &Path, text: &'t str) -> Lines<'t> {
        let marked = self.workspace.buffers.get(path).is_some_and(|buffer| buffer.marked);
        Lines::new(text, self.client.encoding, marked)
    }

    fn request(&mut self, request: Request) {
        if self.is_cancelled(&request.id) {
            return self.refuse(request.id, ErrorCode::RequestCanceled, "the client has taken it back");
        }
        if self.shut_down {
            return self.refuse(request.id, ErrorCode::InvalidRequest, "the server was asked to shut down");
        }
        if request.method == "initialize" {
            return self.refuse(request.id, ErrorCode::InvalidRequest, "the server is initialized already");
        }
        if request.method == "shutdown" {
            self.shut_down = true;
            return self.respond(Response::new_ok(request.id, Value::Null));
        }
        let Request { id, method, params } = request;
        match answer::answer(self, &method, params) {
            Ok(Some(value)) => self.respond(Response::new_ok(id, value)),
            Ok(None) => self.refuse(id, ErrorCode::MethodNotFound, &format!("`{method}` is not answered here")),
            Err(refused) => self.refuse(id, refused.code, &refused.message),
        }
    }

    /// Whether the client has taken a request back before it was answered.
    fn is_cancelled(&mut self, id: &RequestId) -> bool {
        let cancels = |message: &Message| match message {
            Message::Notification(note) if note.method == "$/cancelRequest" => {
                serde_json::from_value::<RequestId>(note.params["id"].clone()).is_ok_and(|other| other == *id)
            }
            _ => false,
        };
        match self.waiting.iter().position(cancels) {
            Some(at) => self.waiting.remove(at).is_some(),
            None => false,
        }
    }

    fn notification(&mut self, note: Notification) {
        let Notification { method, params } = note;
        match method.as_str() {
            "initialized" if !self.begun => self.begin(),
            "textDocument/didOpen" => {
                let Some(DidOpenTextDocumentParams { text_document: opened }) = read(params) else { return };
                if let Some(path) = client::path(&opened.uri) {
                    self.note_event(&path, &opened.text);
                    self.workspace.set(&path, Buffer::new(&opened.text, opened.version));
                }
            }
            "textDocument/didChange" => read(params).map_or((), |params| self.change(params)),
            "textDocument/didClose" => {
                let Some(DidCloseTextDocumentParams { text_document }) = read(params) else { return };
                if let Some(path) = client::path(&text_document.uri) {
                    self.event = self.event.take().filter(|event| *event != path);
                    self.workspace.close(&path);
                }
            }
            "workspace/didChangeWatchedFiles" => {
                let Some(DidChangeWatchedFilesParams { changes }) = read(params) else { return };
                for path in changes.iter().filter_map(|change| client::path(&change.uri)) {
                    self.changed_on_disk(&path);
                }
            }
            "textDocument/didSave" => {
                let path = params["textDocument"]["uri"].as_str().and_then(|uri| client::path(&uri.parse().ok()?));
                if let Some(path) = path.filter(|path| path.ends_with(SETTINGS)) {
                    self.changed_on_disk(&path);
                }
            }
            "window/workDoneProgress/cancel" if params["token"] == scan::TOKEN && self.scan.take().is_some() => {
                self.progress(json!({"kind": "end"}));
            }
            _ => {}
        }
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) {
        let identifier = params.text_document;
        let Some(path) = client::path(&identifier.text_document_identifier.uri) else { return };
        let Some(mut buffer) = self.workspace.buffers.remove(&path) else { return };
        buffer.version = identifier.version;
        for change in params.content_changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    buffer.edit(part.range, &part.text, self.client.encoding);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    buffer = Buffer::new(&whole.text, buffer.version);
                }
            }
        }
        self.note_event(&path, &buffer.text);
        self.workspace.set(&path, buffer);
    }

    /// Remembers a file that holds an event.
    fn note_event(&mut self, path: &Path, text: &str) {
        if event_of(text).is_some() {
            self.event = Some(path.to_owned());
        }
    }

    /// The event that is open in the editor, the last one that was opened or edited, with the name of its file.
    pub(super) fn event(&self) -> Option<(&str, Value)> {
        let path = self.event.as_ref()?;
        let event = event_of(&self.workspace.buffers.get(path)?.text)?;
        Some((path.file_name()?.to_str()?, event))
    }

    fn changed_on_disk(&mut self, path: &Path) {
        if path.ends_with(SETTINGS) {
            self.workspace.read_settings(self.client.baseline.as_deref());
        } else if !self.workspace.buffers.contains_key(path) {
            self.workspace.changed_on_disk(path);
        }
    }

    pub(super) fn notify(&self, method: &str, params: Value) {
        // A client that is gone is noticed when the next message is waited for.
        let _ = self.connection.sender.send(Notification::new(method.to_owned(), params).into());
    }

    pub(super) fn ask(&mut self, method: &str, params: Value) {
        self.asked += 1;
        let _ = self.connection.sender.send(Request::new(self.asked.into(), method.to_owned(), params).into());
    }

    fn progress(&self, value: Value) {
        self.notify("$/progress", json!({"token": scan::TOKEN, "value": value}));
    }

    fn respond(&self, response: Response) {
        let _ = self.connection.sender.send(response.into());
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, message: &str) {
        self.respond(Response::new_err(id, code as i32, message.to_owned()));
    }
}

/// The event of EventBridge that a text is.
fn event_of(text: &str) -> Option<Value> {
    if !text.contains("\"detail-type\"") {
        return None;
    }
    let event: Value = serde_json::from_str(text).ok()?;
    let is_event = event["source"].is_string() && event["detail-type"].is_string() && event["detail"].is_object();
    is_event.then_some(event)
}

/// Parameters as their type; `None` if they are not of it.
fn read<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}
