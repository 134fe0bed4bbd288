use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::source::{Fault, Source};

/// The largest file that is read: four times what AWS takes, so that what is too large can be told so.
pub const MAX_FILE: usize = 4 << 20;

/// Texts that count in place of what is on disk: the buffers of an editor, saved or not.
#[derive(Debug, Clone, Default)]
pub struct Overlay {
    texts: HashMap<PathBuf, String>,
}

impl Overlay {
    /// Puts a text in place of a file, which need not exist.
    pub fn insert(&mut self, path: &Path, text: String) {
        self.texts.insert(same(path), text);
    }

    /// What is on disk counts again.
    pub fn remove(&mut self, path: &Path) {
        self.texts.remove(&same(path));
    }

    /// The text that stands in place of a file.
    pub fn get(&self, path: &Path) -> Option<&str> {
        if self.texts.is_empty() { None } else { self.texts.get(&same(path)).map(String::as_str) }
    }

    /// Whether there is such a file, here or on disk.
    pub fn has(&self, path: &Path) -> bool {
        self.get(path).is_some() || path.exists()
    }

    /// Reads a file, or the text in its place, under the same limits.
    pub(super) fn read(&self, path: &Path) -> Result<Source, (Source, Fault)> {
        let name = path.display().to_string();
        match self.get(path) {
            None => Source::read_up_to(path, MAX_FILE),
            Some(text) if text.len() > MAX_FILE => Err((
                Source::new(name, ""),
                Fault::new(format!("the file is larger than the limit of {MAX_FILE} bytes")),
            )),
            Some(text) => Source::decode(name, text.as_bytes().to_vec()),
        }
    }
}

/// A path by which the same file is known however it was named, whether it exists or not.
pub(super) fn same(path: &Path) -> PathBuf {
    if let Ok(real) = std::fs::canonicalize(path) {
        return real;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (std::fs::canonicalize(folder), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_counts_until_it_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.asl.json");
        let mut overlay = Overlay::default();
        assert!(!overlay.has(&path));
        overlay.insert(&path, "{}".to_owned());
        std::fs::write(&path, "[]").unwrap();
        let other = folder.path().join(".").join("a.asl.json");
        assert_eq!(overlay.read(&other).unwrap().text, "{}");
        overlay.remove(&path);
        assert_eq!(overlay.read(&other).unwrap().text, "[]");
    }
}
