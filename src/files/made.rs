use std::fs;
use std::path::{Path, PathBuf};

use super::FilesError;

/// Directories that were made for files that are still to be written. Those that are still empty when this is dropped are removed.
#[derive(Debug)]
pub(super) struct Made {
    /// The outermost comes first.
    directories: Vec<PathBuf>,
}

impl Made {
    /// Makes a directory, and those around it, if they do not exist.
    pub(super) fn directory(path: &Path) -> Result<Self, FilesError> {
        let is_missing = |path: &&Path| !path.as_os_str().is_empty() && fs::symlink_metadata(path).is_err();
        let mut directories: Vec<PathBuf> = path.ancestors().take_while(is_missing).map(Path::to_owned).collect();
        directories.reverse();
        // If only some of them can be made, those are removed as well.
        let made = Self { directories };
        fs::create_dir_all(path).map_err(FilesError::io("create the directory", path))?;
        Ok(made)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for directory in self.directories.iter().rev() {
            // A directory that holds something stays, because the operating system does not remove it.
            if fs::remove_dir(directory).is_err() {
                break;
            }
        }
    }
}
