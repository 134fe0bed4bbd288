//! The first look at the open folders: a few files at a time, between the client's messages.

use std::path::PathBuf;

use serde_json::{Value, json};

/// How many files are read before the client's messages are looked at.
const AT_ONCE: usize = 32;

/// How far the look has come.
#[derive(Debug)]
pub(super) struct Scan {
    files: Vec<PathBuf>,
    done: usize,
}

impl Scan {
    pub(super) fn new(files: Vec<PathBuf>) -> Self {
        Self { files, done: 0 }
    }

    /// The next files; none when there are no more.
    pub(super) fn next(&mut self) -> &[PathBuf] {
        let from = self.done;
        self.done = (from + AT_ONCE).min(self.files.len());
        &self.files[from..self.done]
    }

    /// Whether every file was read.
    pub(super) fn is_done(&self) -> bool {
        self.done >= self.files.len()
    }

    /// How far it is, as the protocol's progress has it.
    pub(super) fn report(&self) -> Value {
        let percentage = self.done * 100 / self.files.len().max(1);
        let message = format!("{} of {} files", self.done, self.files.len());
        json!({"kind": "report", "percentage": percentage, "message": message})
    }
}

/// The name of the progress.
pub(super) const TOKEN: &str = "bucketbook/scan";

/// The beginning of the progress.
pub(super) fn begin() -> Value {
    json!({"kind": "begin", "title": "Bucketbook", "message": "reading stacks", "percentage": 0, "cancellable": true})
}
