use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::FilesError;
use crate::stack::{GeneratedFile, is_generated};

/// The longest file that is compared line by line, in bytes: what is generated is far shorter.
const MAX_BYTES: u64 = 1 << 20;

/// The folders of the output that hold nothing but what is generated, where left-over files are looked for: the output
/// itself, the definitions, the functions and the pictures.
const FOLDERS: [&str; 4] = ["", "definitions", "functions/files_api", "pictures"];

/// A generated file, and how the one on disk compares with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The file, from the output directory.
    pub path: String,
    /// How it compares.
    pub status: Status,
}

/// How a file on disk compares with what is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It is what is rendered.
    InStep,
    /// It is not there.
    Missing,
    /// It is something else.
    Changed {
        /// What is there.
        on_disk: OnDisk,
        /// Whether what is there was generated.
        ours: bool,
    },
    /// It was generated once, and is no longer rendered.
    LeftOver,
}

/// What is on disk in place of a generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnDisk {
    /// A text, with its line endings made `\n`.
    Text(String),
    /// No text, or one that is too long to be compared.
    Opaque,
}

/// Compares what is rendered with what is in `directory`, and finds what was generated there once and is no longer.
///
/// The line endings of a checkout on Windows make no difference.
///
/// # Errors
/// The directory, or a file in it, cannot be read or is something else.
pub fn compare(directory: &Path, rendered: &[GeneratedFile]) -> Result<Vec<Comparison>, FilesError> {
    if !is_directory(directory)? {
        let missing = |file: &GeneratedFile| Comparison { path: file.path.clone(), status: Status::Missing };
        return Ok(rendered.iter().map(missing).collect());
    }
    let mut comparisons = Vec::new();
    for file in rendered {
        let status = compare_file(&directory.join(&file.path), &file.text)?;
        comparisons.push(Comparison { path: file.path.clone(), status });
    }
    for folder in FOLDERS {
        for path in generated_files(directory, folder)? {
            if !rendered.iter().any(|file| file.path == path) {
                comparisons.push(Comparison { path, status: Status::LeftOver });
            }
        }
    }
    Ok(comparisons)
}

/// Whether there is a directory; nothing at all is fine, anything else is in the way.
fn is_directory(path: &Path) -> Result<bool, FilesError> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(true),
        Ok(_) => Err(FilesError::InTheWay { path: path.to_owned(), is: "a file", wanted: "a directory" }),
        Err(error) if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => Ok(false),
        Err(error) => Err(FilesError::io("read", path)(error)),
    }
}

fn compare_file(path: &Path, expected: &str) -> Result<Status, FilesError> {
    let Some(bytes) = read(path)? else { return Ok(Status::Missing) };
    let ours = is_generated(&bytes);
    if bytes.len() as u64 > MAX_BYTES {
        return Ok(Status::Changed { on_disk: OnDisk::Opaque, ours });
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => {
            let text = text.replace("\r\n", "\n");
            if text == expected { Status::InStep } else { Status::Changed { on_disk: OnDisk::Text(text), ours } }
        }
        Err(_) => Status::Changed { on_disk: OnDisk::Opaque, ours },
    })
}

/// The bytes of a file, one more than [`MAX_BYTES`] at most; `None` if there is no file.
fn read(path: &Path) -> Result<Option<Vec<u8>>, FilesError> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(FilesError::io("read", path)(error)),
    };
    if !metadata.is_file() {
        let is = if metadata.is_dir() { "a directory" } else { "no regular file" };
        return Err(FilesError::InTheWay { path: path.to_owned(), is, wanted: "a file" });
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(FilesError::io("read", path))?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(FilesError::io("read", path))?;
    Ok(Some(bytes))
}

/// The files in a folder of the output that say of themselves that they were generated, in order of their names.
fn generated_files(directory: &Path, folder: &str) -> Result<Vec<String>, FilesError> {
    let path = if folder.is_empty() { directory.to_owned() } else { directory.join(folder) };
    if !is_directory(&path)? {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(&path).map_err(FilesError::io("read", &path))? {
        let entry = entry.map_err(FilesError::io("read", &path))?;
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        let Some(name) = entry.file_name().to_str().filter(|_| is_file).map(str::to_owned) else { continue };
        let top = top_of(&entry.path()).map_err(FilesError::io("read", &entry.path()))?;
        if is_generated(&top) {
            found.push(if folder.is_empty() { name } else { format!("{folder}/{name}") });
        }
    }
    found.sort();
    Ok(found)
}

/// As much of a file as is needed to see whether it was generated.
fn top_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut top = Vec::new();
    fs::File::open(path)?.take(1024).read_to_end(&mut top)?;
    Ok(top)
}
