use std::path::{Path, PathBuf};
use std::{fs, io};

use super::FilesError;

/// Directories that were made for files that are still to be written. Those that are still empty when this is dropped are removed.
#[derive(Debug)]
pub(super) struct Made {
    /// Each comes after the one that it is in.
    directories: Vec<PathBuf>,
}

impl Made {
    /// Makes directories, and those around them, if they do not exist.
    pub(super) fn directories(paths: &[&Path]) -> Result<Self, FilesError> {
        // If only some of them can be made, those are removed as well.
        let mut made = Self { directories: Vec::new() };
        let is_missing = |path: &&Path| !path.as_os_str().is_empty() && fs::symlink_metadata(path).is_err();
        for path in paths {
            if let Err(error) = fs::metadata(path)
                && error.kind() != io::ErrorKind::NotFound
            {
                return Err(FilesError::io("write", path)(error));
            }
            let missing: Vec<PathBuf> = path.ancestors().take_while(is_missing).map(Path::to_owned).collect();
            made.directories.extend(missing.into_iter().rev());
            fs::create_dir_all(path).map_err(FilesError::io("create the directory", path))?;
        }
        Ok(made)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for directory in self.directories.iter().rev() {
            // A directory that holds something stays, because the operating system does not remove it.
            drop(fs::remove_dir(directory));
        }
    }
}
