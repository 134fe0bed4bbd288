use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::FilesError;
use crate::stack::GeneratedFile;

/// The manifest's name, in the output directory.
pub const MANIFEST: &str = ".bucketbook-manifest.json";

/// Which files were generated into a directory, and what each of them held.
///
/// A file whose bytes still have the hash that stands here is as it was generated, so it may be overwritten or removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    #[serde(rename = "$comment", default)]
    comment: String,
    /// The SHA-256 of each file, by its path from the directory.
    files: BTreeMap<String, String>,
    /// What a run is about to write. It only stays when the run was stopped half way; then a file may be either.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pending: BTreeMap<String, String>,
}

impl Manifest {
    /// The manifest of these files, with what another one says of the files that are kept.
    pub(super) fn of(rendered: &[GeneratedFile], kept: &[&str], before: &Self) -> Self {
        let mut files: BTreeMap<_, _> =
            rendered.iter().map(|file| (file.path.clone(), hash(file.text.as_bytes()))).collect();
        for path in kept {
            files.extend(before.files.get_key_value(*path).map(|(path, hash)| (path.clone(), hash.clone())));
        }
        Self { comment: comment(), files, pending: BTreeMap::new() }
    }

    /// The same manifest while `next` is on its way: its files may be as they were, or as they will be.
    pub(super) fn on_the_way_to(&self, next: &Self) -> Self {
        Self { comment: comment(), files: self.files.clone(), pending: next.files.clone() }
    }

    /// Reads a manifest, and refuses one that names files outside its directory.
    pub(super) fn read(path: &Path, text: &str) -> Result<Self, FilesError> {
        let broken = |why: String| FilesError::Manifest { path: path.to_owned(), why };
        // A list would do for a structure otherwise.
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
        let manifest = serde_json::from_value::<Self>(object.into()).map_err(|error| broken(error.to_string()))?;
        if let Some(outside) = manifest.paths().find(|path| !is_below(path)) {
            return Err(broken(format!("`{}` is not a path below this directory", outside.escape_debug())));
        }
        Ok(manifest)
    }

    /// The text of its file.
    pub(super) fn text(&self) -> String {
        // A map of texts always has a form in JSON.
        format!("{}\n", serde_json::to_string_pretty(self).unwrap_or_default())
    }

    /// The paths of all files it knows of.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().chain(self.pending.keys()).map(String::as_str)
    }

    /// Whether it lists a file.
    pub(super) fn lists(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.pending.contains_key(path)
    }

    /// Whether these are the bytes that were generated at a path.
    pub(super) fn generated(&self, path: &str, text: &str) -> bool {
        let hash = hash(text.as_bytes());
        [&self.files, &self.pending].iter().any(|files| files.get(path) == Some(&hash))
    }
}

/// What the manifest says of itself.
fn comment() -> String {
    "Written by `bucketbook generate`: the files it generated here, and their SHA-256. Commit it with them.".to_owned()
}

/// The hash of a text, which a checkout with Windows' line endings does not change.
fn hash(text: &[u8]) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a path leads to a file below the directory it is joined to.
fn is_below(path: &str) -> bool {
    let plain = PathBuf::from(path).components().all(|component| matches!(component, Component::Normal(_)));
    plain && !path.is_empty() && path != MANIFEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_below_the_directory_are_listed() {
        for (path, good) in [
            ("template.yaml", true),
            ("definitions/x.asl.json", true),
            ("../x", false),
            ("a/../../x", false),
            ("/etc/passwd", false),
            ("", false),
            (MANIFEST, false),
        ] {
            let text = serde_json::json!({"files": {path: "00"}}).to_string();
            assert_eq!(Manifest::read(Path::new("m"), &text).is_ok(), good, "{path}");
        }
        for text in ["", "[]", "<<<<<<< HEAD", r#"{"files": {"a": 1}}"#, r#"{"file": {}}"#] {
            let error = Manifest::read(Path::new("m"), text).unwrap_err();
            assert!(error.to_string().contains("`m`"), "{error}");
        }
    }

    #[test]
    fn a_run_that_was_stopped_leaves_two_right_answers() {
        let file = |text: &str| GeneratedFile { path: "a".to_owned(), text: text.to_owned() };
        let before = Manifest::of(&[file("old")], &[], &Manifest::default());
        let after = Manifest::of(&[file("new")], &[], &before);
        let between = Manifest::read(Path::new("m"), &before.on_the_way_to(&after).text()).unwrap();
        assert!(between.generated("a", "old") && between.generated("a", "new") && !between.generated("a", "mine"));
        assert!(!after.generated("a", "old") && !after.text().contains("pending"));
    }
}
