use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::FilesError;
use super::made::Made;

/// How long another run is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The right to write into a directory, which one process has at a time. The operating system takes it back when the process
/// ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    /// Nothing where the file system knows no locks: files are still written whole.
    _held: Option<File>,
    /// The directory, if it was made to be written into.
    _made: Option<Made>,
}

impl Lock {
    /// Waits for the right to write into a directory, which has to be there.
    pub(super) fn of(directory: &Path) -> Result<Self, FilesError> {
        let held = |file: Option<File>| Self { _held: file, _made: None };
        let Ok(file) = lockable(directory) else { return Ok(held(None)) };
        let since = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(held(Some(file))),
                Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                Err(TryLockError::WouldBlock) => return Err(FilesError::Busy(directory.to_owned())),
                Err(TryLockError::Error(_)) => return Ok(held(None)),
            }
        }
    }
}

/// The directory itself, so that no lock file stays behind.
#[cfg(unix)]
fn lockable(directory: &Path) -> io::Result<File> {
    File::open(directory)
}

/// Directories cannot be locked here, so it is a file with the directory's name in the folder of temporary files.
#[cfg(not(unix))]
fn lockable(directory: &Path) -> io::Result<File> {
    use sha2::{Digest, Sha256};
    let name = Sha256::digest(fs::canonicalize(directory)?.as_os_str().as_encoded_bytes());
    let name: String = name.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    File::create(std::env::temp_dir().join(format!("bucketbook-{name}.lock")))
}

/// Makes a directory if it is not there, and waits for the right to write into it. If nothing is written, it is removed again.
pub(super) fn directory(path: &Path) -> Result<Lock, FilesError> {
    let made = Made::directories(&[path])?;
    Ok(Lock { _made: Some(made), ..Lock::of(path)? })
}
