//! Tables in a file: nobody else's at the same time, and never anything but a table file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read};
use std::path::Path;

use dynoxide::{Database, DynoxideError};

use super::TableError;

/// How every SQLite database begins.
const HEADER: &[u8; 16] = b"SQLite format 3\0";

/// The right to a table file, for as long as this lives.
#[derive(Debug)]
pub(super) struct FileLock {
    _file: File,
}

impl FileLock {
    /// Takes the file, or says at once that another process has it: the engine would wait half a minute.
    pub(super) fn take(path: &Path) -> Result<Self, TableError> {
        let io = |error: std::io::Error| TableError::Io {
            path: path.display().to_string(),
            reason: crate::source::plain(&error),
        };
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(TableError::Locked { path: path.display().to_string() }),
            // A file system without locks: the engine's own locks are what there is.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        let mut start = Vec::new();
        Read::by_ref(&mut file).take(HEADER.len() as u64).read_to_end(&mut start).map_err(io)?;
        if !start.is_empty() && start != HEADER {
            return Err(TableError::NotATableFile { path: path.display().to_string() });
        }
        Ok(Self { _file: file })
    }
}

/// Opens the file, and reads enough of it to know that it can be read.
pub(super) fn open(path: &Path) -> Result<Database, TableError> {
    let Some(text) = path.to_str() else {
        let reason = "the name of a table file must be Unicode".to_owned();
        return Err(TableError::Io { path: path.display().to_string(), reason });
    };
    let refused = |error: DynoxideError| {
        let (path, reason) = (text.to_owned(), error.to_string());
        if reason.contains("locked") { TableError::Locked { path } } else { TableError::Damaged { path, reason } }
    };
    let database = Database::new(text).map_err(refused)?;
    database.table_stats().map_err(refused)?;
    Ok(database)
}
