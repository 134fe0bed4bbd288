//! The language server without an editor: from an edit to the verdict, through the server's own messages.
//!
//! `lint` is the work that has to be done in any case: the same text, read and judged once. The others can be read as ratios to it.
//! What the samples of the corpus take in memory is printed first.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread::JoinHandle;

use bucketbook::lint::{Selection, check};
use bucketbook::loaded::{LoadedStack, MachineType, files};
use bucketbook::lsp::{Ended, serve};
use divan::Bencher;
use lsp_server::{Connection, Message, Notification, Request, RequestId};
use serde_json::{Value, json};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    memory();
    divan::main();
}

/// What the process holds once it has every sample open, with their texts in the client.
fn memory() {
    let corpus = std::env::var("BUCKETBOOK_CORPUS").unwrap_or_else(|_| "../shared/corpus".to_owned());
    let Ok(folder) = std::fs::canonicalize(Path::new(&corpus).join("samples")) else {
        return eprintln!("NOT RUN: there are no samples at {corpus}/samples");
    };
    let held = || memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem) / 1_000_000;
    let before = held();
    let Some(mut editor) = Editor::new(&folder) else { return };
    let paths = files(&folder).unwrap_or_default();
    for path in &paths {
        if let Ok(text) = std::fs::read_to_string(path) {
            editor.open(path, &text);
        }
    }
    editor.settle(&folder.join("template.yaml"));
    println!("memory with {} samples open: {} MB, of which {before} before the server started", paths.len(), held());
}

/// A client that types.
struct Editor {
    connection: Option<Connection>,
    server: Option<JoinHandle<Ended>>,
    asked: i32,
}

impl Editor {
    fn new(folder: &Path) -> Option<Self> {
        let (server, client) = Connection::memory();
        let server = std::thread::spawn(move || serve(server, None));
        let mut editor = Self { connection: Some(client), server: Some(server), asked: 0 };
        editor.ask("initialize", json!({"rootUri": uri(folder), "capabilities": {}}))?;
        editor.notify("initialized", json!({}));
        Some(editor)
    }

    fn send(&self, message: Message) -> Option<()> {
        self.connection.as_ref()?.sender.send(message).ok()
    }

    fn notify(&self, method: &str, params: Value) {
        let _ = self.send(Notification::new(method.to_owned(), params).into());
    }

    fn ask(&mut self, method: &str, params: Value) -> Option<()> {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.send(Request::new(id.clone(), method.to_owned(), params).into())?;
        loop {
            match self.connection.as_ref()?.receiver.recv().ok()? {
                Message::Response(response) if response.id == id => return Some(()),
                _ => {}
            }
        }
    }

    fn open(&self, path: &Path, text: &str) {
        let document = json!({"uri": uri(path), "languageId": "json", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Types a letter at the beginning of a line, or takes it back.
    fn keystroke(&mut self, path: &Path, line: u32, typed: bool) {
        let end = json!({"line": line, "character": u32::from(!typed)});
        let start = json!({"line": line, "character": 0});
        let range = json!({"start": start, "end": if typed { start.clone() } else { end }});
        let changes = json!([{"range": range, "text": if typed { " " } else { "" }}]);
        self.notify(
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri(path), "version": 2}, "contentChanges": changes}),
        );
        self.settle(path);
    }

    /// Waits for the verdict: code actions come after it.
    fn settle(&mut self, path: &Path) {
        let start = json!({"line": 0, "character": 0});
        let range = json!({"start": start, "end": start});
        let params = json!({"textDocument": {"uri": uri(path)}, "range": range, "context": {"diagnostics": []}});
        let _ = self.ask("textDocument/codeAction", params);
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        drop(self.connection.take());
        let _ = self.server.take().map(JoinHandle::join);
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// Types into a file that is open with the folder that it lies in.
fn type_into(bencher: Bencher<'_, '_>, folder: &Path, path: &Path, text: &str, line: u32) {
    let Some(mut editor) = Editor::new(folder) else { return };
    editor.open(path, text);
    editor.settle(path);
    let typed = Mutex::new((editor, false));
    bencher.bench(|| {
        let Ok(mut typed) = typed.lock() else { return };
        typed.1 = !typed.1;
        let (editor, typed) = &mut *typed;
        editor.keystroke(path, line, *typed);
    });
}

#[divan::bench(args = ["template.yaml", "definitions/object_created.asl.json"])]
fn default_stack(bencher: Bencher<'_, '_>, name: &str) {
    let Ok(folder) = std::fs::canonicalize("out") else { return };
    let path = folder.join(name);
    if let Ok(text) = std::fs::read_to_string(&path) {
        type_into(bencher, &folder, &path, &text, 2);
    }
}

/// A chain of states that read what the event has, a line each.
fn chain(states: usize) -> String {
    let lines = (0..states).map(|at| {
        format!("\"S{at}\": {{\"Type\": \"Pass\", \"Parameters\": {{\"a.$\": \"$.b\", \"b\": {at}}}, \"Next\": \"S{}\"}},\n", at + 1)
    });
    let lines: String = lines.collect();
    format!("{{\"StartAt\": \"S0\", \"States\": {{\n{lines}\"S{states}\": {{\"Type\": \"Succeed\"}}}}}}")
}

#[divan::bench(args = [1_000, 10_000], sample_count = 10)]
fn states(bencher: Bencher<'_, '_>, states: usize) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let path: PathBuf = folder.path().join("many.asl.json");
    let text = chain(states);
    if std::fs::write(&path, &text).is_ok() {
        type_into(bencher, folder.path(), &path, &text, 5);
    }
}

#[divan::bench(args = [1_000, 10_000], sample_count = 10)]
fn lint(bencher: Bencher<'_, '_>, states: usize) {
    let text = chain(states);
    bencher.bench(|| {
        let stack = LoadedStack::from_definition("many.asl.json", text.clone(), MachineType::Standard);
        check(&stack, &Selection::default())
    });
}
