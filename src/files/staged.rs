use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::FilesError;
use super::lock::{self, Lock};
use super::made::Made;

/// How the names of the files begin that `generate` stages.
pub(super) const OF_STACK: &str = ".bucketbook-staged-";

/// How the names of single files begin while they are staged.
const OF_FILE: &str = ".bucketbook-new-";

/// How they began before, with six letters or digits behind it.
const OLD_PREFIX: &str = ".bucketbook-";

/// A file that is written, beside its place.
pub(super) struct Staged {
    file: NamedTempFile,
    path: PathBuf,
}

impl Staged {
    /// Writes a text beside the path where it is to go, in a directory that exists, under a name that begins with `prefix`.
    pub(super) fn new(path: &Path, text: &str, prefix: &str) -> Result<Self, FilesError> {
        // A link stays a link: what it leads to is what is replaced.
        let path = match fs::canonicalize(path) {
            Ok(path) => path,
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(FilesError::io("write", path)(error)),
        };
        let directory = parent(&path);
        let written = temporary(directory, &path, prefix).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.flush()?;
            Ok(file)
        });
        let file = written.map_err(FilesError::io("write", &path))?;
        Ok(Self { file, path })
    }

    /// Moves it into its place.
    pub(super) fn commit(self) -> Result<(), FilesError> {
        let Self { file, path } = self;
        file.persist(&path).map(drop).map_err(|error| FilesError::io("write", &path)(error.error))
    }
}

/// Writes one file, whole or not at all.
///
/// # Errors
/// The operating system refuses.
pub fn replace(path: &Path, text: &str) -> Result<(), FilesError> {
    let _lock = lock::directory(parent(path))?;
    clean(parent(path), OF_FILE);
    Staged::new(path, text, OF_FILE)?.commit()
}

/// Writes several files: all of them are written beside their places before any is moved into its own.
///
/// # Errors
/// The operating system refuses. Directories that were made for the files are removed if they are empty.
pub fn replace_all(files: &[(PathBuf, String)]) -> Result<(), FilesError> {
    let directories = directories(files.iter().map(|(path, _)| path.as_path()));
    let _made = Made::directories(&directories)?;
    let _locks = directories.iter().map(|directory| Lock::of(directory)).collect::<Result<Vec<_>, _>>()?;
    directories.iter().for_each(|directory| clean(directory, OF_FILE));
    let staged = files.iter().map(|(path, text)| Staged::new(path, text, OF_FILE)).collect::<Result<Vec<_>, _>>()?;
    staged.into_iter().try_for_each(Staged::commit)
}

/// The directories of some files. Each comes after the one that it is in.
pub(super) fn directories<'p>(files: impl Iterator<Item = &'p Path>) -> Vec<&'p Path> {
    let mut directories: Vec<&Path> = files.map(parent).collect();
    directories.sort_unstable();
    directories.dedup();
    directories
}

/// The directory that a file is in.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A temporary file with the permissions of the file that it will replace, or of any new file.
fn temporary(directory: &Path, replaces: &Path, prefix: &str) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(replaces).map_or(0o666, |metadata| metadata.permissions().mode() & 0o777);
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = replaces;
    builder.tempfile_in(directory)
}

/// Removes what runs that were killed had staged in a directory. Only whoever holds the lock may do that.
pub(super) fn clean(directory: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && entry.file_name().to_str().is_some_and(|name| is_staged(name, prefix)) {
            // What cannot be removed is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a file has the name of one that is staged.
fn is_staged(name: &str, prefix: &str) -> bool {
    let old = name.strip_prefix(OLD_PREFIX);
    let old = old.is_some_and(|rest| rest.len() == 6 && rest.chars().all(|c| c.is_ascii_alphanumeric()));
    old || name.starts_with(prefix)
}
