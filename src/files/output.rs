use std::fs::Metadata;
use std::io::{self, Read};
use std::path::Path;

use super::staged::parent;
use super::{FilesError, replace};
use crate::source::open_regular;

/// As much of a file as is needed to see who wrote it.
const TOP: u64 = 64 << 10;

/// Writes a single file that the user named for a command's result. One that is there already is only replaced if it is such a
/// result itself, by its first bytes, or if that is asked for with `force`.
///
/// # Errors
/// Somebody else's file is there, or the operating system refuses.
pub fn write_output(path: &Path, text: &str, is_own: impl Fn(&[u8]) -> bool, force: bool) -> Result<(), FilesError> {
    may_write(path, is_own, force)?;
    match std::fs::metadata(path) {
        // A pipe or a device holds nothing that could be lost, and nothing can be put in its place.
        Ok(metadata) if !metadata.is_file() => std::fs::write(path, text).map_err(FilesError::io("write", path)),
        _ => replace(path, text),
    }
}

/// Whether [`write_output`] would write there; asked before work that takes long.
///
/// # Errors
/// Somebody else's file is there, the directory is not, or the operating system refuses.
pub fn may_write(path: &Path, is_own: impl Fn(&[u8]) -> bool, force: bool) -> Result<(), FilesError> {
    let directory = parent(path);
    if !directory.exists() {
        return Err(FilesError::NoDirectory(directory.to_owned()));
    }
    match std::fs::metadata(path) {
        // Whoever writes into one waits for a reader, for ever if none comes. What a shell hands over (`/dev/stdout`) is open already.
        Ok(metadata) if is_named_pipe(path, &metadata) => {
            Err(FilesError::InTheWay { path: path.to_owned(), is: "a named pipe", wanted: "a file" })
        }
        Ok(metadata) if metadata.is_dir() => {
            Err(FilesError::InTheWay { path: path.to_owned(), is: "a directory", wanted: "a file" })
        }
        Ok(metadata) if metadata.is_file() && !force => {
            let mut top = Vec::new();
            let read = open_regular(path).and_then(|file| file.take(TOP).read_to_end(&mut top));
            read.map_err(FilesError::io("write", path))?;
            if is_own(&top) { Ok(()) } else { Err(FilesError::Foreign(path.to_owned())) }
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FilesError::io("write", path)(error)),
    }
}

/// Whether a file is a pipe that somebody made under a name of their own.
fn is_named_pipe(path: &Path, metadata: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        metadata.file_type().is_fifo() && !["/dev", "/proc"].iter().any(|system| path.starts_with(system))
    }
    #[cfg(not(unix))]
    {
        let _ = (path, metadata);
        false
    }
}
