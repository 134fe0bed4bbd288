//! What there is below a directory.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::DirEntry;

use crate::source::plain;

/// The files by which people say what is to be left out of a directory.
const IGNORES: [&str; 3] = [".ignore", ".gitignore", ".git/info/exclude"];

/// What lies below a directory, in the order of the names, without what `.gitignore` leaves out and the directories that `enters` refuses.
///
/// # Errors
/// A directory cannot be read, or what says what to leave out is no regular file: which, and why.
pub fn walk(
    directory: &Path,
    enters: impl Fn(&str) -> bool + Send + Sync + 'static,
) -> Result<Vec<DirEntry>, (PathBuf, String)> {
    let real = std::fs::canonicalize(directory).map_err(|error| (directory.to_owned(), plain(&error)))?;
    if let Some(path) = real.ancestors().find_map(irregular) {
        return Err((path, NOT_REGULAR.to_owned()));
    }
    let refused: Arc<Mutex<Option<PathBuf>>> = Arc::default();
    let noted = Arc::clone(&refused);
    let walk = ignore::WalkBuilder::new(directory)
        .require_git(false)
        // What a user leaves out of every repository is nothing that others leave out of this one; and to look it up takes as long as to read
        // a template.
        .git_global(false)
        .filter_entry(move |entry| {
            let found = entry.file_type().filter(|kind| kind.is_dir()).and_then(|_| irregular(entry.path()));
            let regular = found.is_none();
            if found.is_some() {
                *noted.lock().unwrap_or_else(PoisonError::into_inner) = found;
            }
            regular && (entry.depth() == 0 || enters(&entry.file_name().to_string_lossy()))
        })
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .build();
    let entries = walk
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| (directory.to_owned(), error.io_error().map_or_else(|| error.to_string(), plain)))?;
    match refused.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(path) => Err((path, NOT_REGULAR.to_owned())),
        None => Ok(entries),
    }
}

const NOT_REGULAR: &str = "it is not a regular file";

/// The first of a directory's files that say what to leave out that is a pipe or a device: whoever opens it may wait for ever.
fn irregular(directory: &Path) -> Option<PathBuf> {
    let mut files = IGNORES.iter().map(|name| directory.join(name));
    files.find(|path| std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()))
}
