use std::io::{self, Read};
use std::path::Path;

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
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            return Err(FilesError::InTheWay { path: path.to_owned(), is: "a directory", wanted: "a file" });
        }
        // A pipe or a device holds nothing that could be lost, and nothing can be put in its place.
        Ok(metadata) if !metadata.is_file() => {
            return std::fs::write(path, text).map_err(FilesError::io("write", path));
        }
        Ok(_) if !force => {
            let mut top = Vec::new();
            let read = open_regular(path).and_then(|file| file.take(TOP).read_to_end(&mut top));
            read.map_err(FilesError::io("write", path))?;
            if !is_own(&top) {
                return Err(FilesError::Foreign(path.to_owned()));
            }
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(FilesError::io("write", path)(error)),
    }
    replace(path, text)
}
