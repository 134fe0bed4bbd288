//! Definitions that an app reads from files: the assembly has copies of them, and people know the files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::loaded::MAX_FILE;
use crate::loaded::walk::walk;
use crate::source::Source;

/// How many files of an app are looked at.
const MAX_FILES: usize = 20_000;

/// Puts the files of the app in place of their copies, where there is exactly one with the same text.
pub(super) fn originals(assets: &mut HashMap<String, PathBuf>, assembly: &Path) {
    let mut copies: Vec<(&mut PathBuf, String)> = Vec::new();
    for path in assets.values_mut().filter(|path| may_be_definition(path)) {
        if let Ok(source) = Source::read_up_to(path, MAX_FILE) {
            copies.push((path, source.text));
        }
    }
    if copies.is_empty() {
        return;
    }
    let by_length = by_length(assembly);
    for (path, text) in copies {
        let of_length = by_length.get(&(text.len() as u64)).map_or(&[][..], Vec::as_slice);
        let same = |other: &&PathBuf| {
            other.extension() == path.extension()
                && Source::read_up_to(other, MAX_FILE).is_ok_and(|source| source.text == text)
        };
        if let [only] = of_length.iter().filter(same).collect::<Vec<_>>().as_slice() {
            *path = (*only).clone();
        }
    }
}

fn may_be_definition(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("json" | "yaml" | "yml" | "asl")) && !name.ends_with(".template.json")
}

/// The files of the app that an assembly was made of, by their length.
fn by_length(assembly: &Path) -> HashMap<u64, Vec<PathBuf>> {
    let app = match assembly.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut by_length: HashMap<u64, Vec<PathBuf>> = HashMap::new();
    let enters = |name: &str| !matches!(name, "node_modules" | "cdk.out" | "target");
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let own = real(assembly);
    for entry in walk(app, enters).unwrap_or_default().into_iter().take(MAX_FILES) {
        let length = entry.metadata().ok().filter(|metadata| metadata.is_file()).map(|metadata| metadata.len());
        let path = entry.into_path();
        let path = path.strip_prefix("./").map(Path::to_owned).unwrap_or(path);
        if let Some(length) = length.filter(|_| may_be_definition(&path) && !real(&path).starts_with(&own)) {
            by_length.entry(length).or_default().push(path);
        }
    }
    by_length
}
