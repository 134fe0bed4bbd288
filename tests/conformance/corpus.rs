//! Where the corpora are, and how their rows are read.

use std::path::PathBuf;

use serde::de::DeserializeOwned;

/// The folder of all corpora.
pub(crate) fn folder() -> PathBuf {
    match std::env::var_os("BUCKETBOOK_CORPUS") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
    }
}

/// The rows of a corpus: a JSON text a line.
pub(crate) fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, String> {
    let lines = text.split('\n').enumerate().filter(|(_, line)| !line.is_empty());
    lines.map(|(at, line)| serde_json::from_str(line).map_err(|error| format!("line {}: {error}", at + 1))).collect()
}
