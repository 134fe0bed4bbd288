use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::FilesError;
use super::manifest::{MANIFEST, Manifest};
use crate::source::open_regular;
use crate::stack::{GeneratedFile, is_generated};

/// The longest file that is compared line by line, in bytes: what is generated is far shorter.
const MAX_BYTES: u64 = 1 << 20;

/// The folders of the output that hold what is generated, where files are looked for that say so and are not in the manifest.
pub(super) const FOLDERS: [&str; 4] = ["", "definitions", "functions/files_api", "pictures"];

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
        /// Who made it.
        origin: Origin,
    },
    /// It is no longer rendered, or never was.
    LeftOver {
        /// Who made it.
        origin: Origin,
    },
}

/// Who made a file that is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// `generate` did, and nobody changed it since: the manifest says so.
    Generated,
    /// `generate` did, and somebody changed it since.
    Edited,
    /// It says that it was generated, and the manifest does not list it: a copy, or it is older than the manifest.
    Unlisted,
    /// Somebody else.
    Foreign,
}

/// What is on disk in place of a generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnDisk {
    /// A text, with its line endings made `\n`.
    Text(String),
    /// No text, or one that is too long to be compared.
    Opaque,
}

/// How a directory compares with what is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparisons {
    /// Every file that is rendered, then every other one that was generated or says so.
    pub files: Vec<Comparison>,
    /// The manifest, once all files are as they are to be.
    pub manifest: Status,
    /// The manifest as it is; an empty one if there is none.
    pub(super) listed: Manifest,
}

/// Compares what is rendered with what is in `directory`, and finds what was generated there once and is no longer.
///
/// The line endings of a checkout on Windows make no difference.
///
/// # Errors
/// The directory, or a file in it, cannot be read or is something else; or the manifest makes no sense.
pub fn compare(directory: &Path, rendered: &[GeneratedFile]) -> Result<Comparisons, FilesError> {
    compare_with(directory, rendered, false)
}

/// The same, where a manifest that makes no sense may count as none.
pub(super) fn compare_with(
    directory: &Path,
    rendered: &[GeneratedFile],
    force: bool,
) -> Result<Comparisons, FilesError> {
    if !is_directory(directory)? {
        let missing = |file: &GeneratedFile| Comparison { path: file.path.clone(), status: Status::Missing };
        let files = rendered.iter().map(missing).collect();
        return Ok(Comparisons { files, manifest: Status::Missing, listed: Manifest::default() });
    }
    let manifest_path = directory.join(MANIFEST);
    let manifest_text = read(&manifest_path)?;
    let listed = match &manifest_text {
        None => Manifest::default(),
        Some(OnDisk::Text(text)) => match Manifest::read(&manifest_path, text) {
            Err(_) if force => Manifest::default(),
            other => other?,
        },
        Some(OnDisk::Opaque) if force => Manifest::default(),
        Some(OnDisk::Opaque) => {
            let why = "it is not text, or is longer than 1 MiB".to_owned();
            return Err(FilesError::Manifest { path: manifest_path, why });
        }
    };
    let mut files = Vec::new();
    for file in rendered {
        let status = match read(&directory.join(&file.path))? {
            None => Status::Missing,
            Some(OnDisk::Text(text)) if text == file.text => Status::InStep,
            Some(on_disk) => {
                let origin = origin(&listed, &file.path, &on_disk);
                Status::Changed { on_disk, origin }
            }
        };
        files.push(Comparison { path: file.path.clone(), status });
    }
    files.extend(left_over(directory, rendered, &listed));
    let expected = manifest_of(rendered, &files, &listed, false).text();
    let manifest = match manifest_text {
        None => Status::Missing,
        Some(OnDisk::Text(text)) if text == expected => Status::InStep,
        Some(on_disk) => Status::Changed { on_disk, origin: Origin::Generated },
    };
    Ok(Comparisons { files, manifest, listed })
}

/// The manifest once the files are as they are to be: of what is rendered, and of the left-over files that stay.
pub(super) fn manifest_of(
    rendered: &[GeneratedFile],
    files: &[Comparison],
    listed: &Manifest,
    prune: bool,
) -> Manifest {
    let stay = |file: &&Comparison| !prune && file.status == Status::LeftOver { origin: Origin::Edited };
    let kept: Vec<&str> = files.iter().filter(stay).map(|file| file.path.as_str()).collect();
    Manifest::of(rendered, &kept, listed)
}

fn origin(listed: &Manifest, path: &str, on_disk: &OnDisk) -> Origin {
    match on_disk {
        OnDisk::Text(text) if listed.generated(path, text) => Origin::Generated,
        _ if listed.lists(path) => Origin::Edited,
        OnDisk::Text(text) if is_generated(text.as_bytes()) => Origin::Unlisted,
        _ => Origin::Foreign,
    }
}

/// Whether there is a directory; nothing at all is fine, anything else is in the way.
pub(super) fn is_directory(path: &Path) -> Result<bool, FilesError> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(true),
        Ok(_) => Err(FilesError::InTheWay { path: path.to_owned(), is: "a file", wanted: "a directory" }),
        Err(error) if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => Ok(false),
        Err(error) => Err(FilesError::io("read", path)(error)),
    }
}

/// What is at the place of a generated file; `None` if there is nothing.
fn read(path: &Path) -> Result<Option<OnDisk>, FilesError> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(FilesError::io("read", path)(error)),
    };
    if !metadata.is_file() {
        let is = if metadata.is_dir() { "a directory" } else { "not a regular file" };
        return Err(FilesError::InTheWay { path: path.to_owned(), is, wanted: "a file" });
    }
    let mut bytes = Vec::new();
    let file = open_regular(path).map_err(FilesError::io("read", path))?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(FilesError::io("read", path))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Ok(Some(OnDisk::Opaque));
    }
    Ok(Some(match String::from_utf8(bytes) {
        Ok(text) => OnDisk::Text(text.replace("\r\n", "\n")),
        Err(_) => OnDisk::Opaque,
    }))
}

/// The files that are on disk and not rendered: those that the manifest lists, and those that say that they were generated.
fn left_over(directory: &Path, rendered: &[GeneratedFile], listed: &Manifest) -> Vec<Comparison> {
    let is_rendered = |path: &str| rendered.iter().any(|file| file.path == path);
    let mut found: Vec<Comparison> = Vec::new();
    for path in listed.paths().filter(|path| !is_rendered(path)) {
        // What is no file that can be read is nothing that was generated.
        let Ok(Some(on_disk)) = read(&directory.join(path)) else { continue };
        let origin = origin(listed, path, &on_disk);
        found.push(Comparison { path: path.to_owned(), status: Status::LeftOver { origin } });
    }
    let say_so = FOLDERS.iter().flat_map(|folder| files_that_say_so(directory, folder));
    for path in say_so.filter(|path| !is_rendered(path) && !listed.lists(path)) {
        found.push(Comparison { path, status: Status::LeftOver { origin: Origin::Unlisted } });
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.dedup_by(|a, b| a.path == b.path);
    found
}

/// The files in a folder of the output that say of themselves that they were generated.
fn files_that_say_so(directory: &Path, folder: &str) -> Vec<String> {
    let path = if folder.is_empty() { directory.to_owned() } else { directory.join(folder) };
    // A folder or file that cannot be read is nothing that was generated here.
    let Ok(entries) = fs::read_dir(&path) else { return Vec::new() };
    let of_entry = |entry: fs::DirEntry| {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        let name = entry.file_name().to_str().filter(|_| is_file).map(str::to_owned)?;
        let top = top_of(&entry.path()).ok().filter(|top| is_generated(top));
        top.map(|_| if folder.is_empty() { name } else { format!("{folder}/{name}") })
    };
    entries.flatten().filter_map(of_entry).collect()
}

/// As much of a file as is needed to see whether it was generated.
pub(super) fn top_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut top = Vec::new();
    open_regular(path)?.take(1024).read_to_end(&mut top)?;
    Ok(top)
}
