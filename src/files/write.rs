use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Comparison, FilesError, Status, compare};
use crate::stack::GeneratedFile;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// It was not there.
    Created,
    /// It was something else.
    Updated,
    /// It was in step already, and was not touched.
    Unchanged,
    /// It was generated once, and is no longer rendered.
    Removed,
}

/// Brings a directory in step with what is rendered.
///
/// Every file is first written beside its place, and only when all of them are there is any moved into it; so whatever goes
/// wrong, each file is the old one or the new one, whole. Files that are in step are not touched. With `dry_run`, nothing is
/// written at all. With `force`, files are overwritten that were not generated.
///
/// # Errors
/// A file is in the way, or the operating system refuses.
pub fn update(
    directory: &Path,
    rendered: &[GeneratedFile],
    force: bool,
    dry_run: bool,
) -> Result<Vec<(String, Done)>, FilesError> {
    let comparisons = compare(directory, rendered)?;
    let foreign = comparisons.iter().find(|c| matches!(c.status, Status::Changed { ours: false, .. }));
    if let Some(foreign) = foreign.filter(|_| !force) {
        return Err(FilesError::Foreign(directory.join(&foreign.path)));
    }
    let done = comparisons.iter().map(|comparison| (comparison.path.clone(), outcome(comparison))).collect();
    if !dry_run {
        carry_out(directory, rendered, &comparisons)?;
    }
    Ok(done)
}

fn outcome(comparison: &Comparison) -> Done {
    match comparison.status {
        Status::InStep => Done::Unchanged,
        Status::Missing => Done::Created,
        Status::Changed { .. } => Done::Updated,
        Status::LeftOver => Done::Removed,
    }
}

fn carry_out(directory: &Path, rendered: &[GeneratedFile], comparisons: &[Comparison]) -> Result<(), FilesError> {
    let mut staged = Vec::new();
    for file in rendered {
        let in_step = |c: &Comparison| c.path == file.path && c.status == Status::InStep;
        if !comparisons.iter().any(in_step) {
            staged.push(Staged::new(&directory.join(&file.path), &file.text)?);
        }
    }
    for file in staged {
        file.commit()?;
    }
    for comparison in comparisons.iter().filter(|c| c.status == Status::LeftOver) {
        let path = directory.join(&comparison.path);
        fs::remove_file(&path).map_err(FilesError::io("remove", &path))?;
    }
    Ok(())
}

/// Writes one file, whole or not at all.
///
/// # Errors
/// The operating system refuses.
pub fn replace(path: &Path, text: &str) -> Result<(), FilesError> {
    Staged::new(path, text)?.commit()
}

/// A file that is written, beside its place.
struct Staged {
    file: NamedTempFile,
    path: PathBuf,
}

impl Staged {
    fn new(path: &Path, text: &str) -> Result<Self, FilesError> {
        // A link stays a link: what it leads to is what is replaced.
        let path = match fs::canonicalize(path) {
            Ok(path) => path,
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(FilesError::io("write", path)(error)),
        };
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(directory).map_err(FilesError::io("create the directory", directory))?;
        let written = temporary(directory, &path).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.flush()?;
            Ok(file)
        });
        let file = written.map_err(FilesError::io("write", &path))?;
        Ok(Self { file, path })
    }

    fn commit(self) -> Result<(), FilesError> {
        let Self { file, path } = self;
        file.persist(&path).map(drop).map_err(|error| FilesError::io("write", &path)(error.error))
    }
}

/// A temporary file with the permissions of the file that it will replace, or of any new file.
fn temporary(directory: &Path, replaces: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bucketbook-");
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stack::comment_line;

    fn files(texts: &[(&str, &str)]) -> Vec<GeneratedFile> {
        let made = |(path, text): &(&str, &str)| GeneratedFile {
            path: (*path).to_owned(),
            text: format!("# {}\n{text}\n", comment_line()),
        };
        texts.iter().map(made).collect()
    }

    #[test]
    fn a_directory_is_brought_in_step() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("a/out");
        let first = files(&[("template.yaml", "a"), ("definitions/x.asl.json", "b"), ("definitions/y.asl.json", "c")]);
        let created = update(&out, &first, false, false).unwrap();
        assert!(created.iter().all(|(_, done)| *done == Done::Created));

        let second = files(&[("template.yaml", "changed"), ("definitions/x.asl.json", "b")]);
        let planned = update(&out, &second, false, true).unwrap();
        assert!(out.join("definitions/y.asl.json").exists(), "a dry run changes nothing");
        let done = update(&out, &second, false, false).unwrap();
        assert_eq!(planned, done);
        assert_eq!(
            done,
            [
                ("template.yaml".to_owned(), Done::Updated),
                ("definitions/x.asl.json".to_owned(), Done::Unchanged),
                ("definitions/y.asl.json".to_owned(), Done::Removed),
            ]
        );
        assert!(!out.join("definitions/y.asl.json").exists());
        let names: Vec<_> = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names.len(), 2, "no temporary file stays: {names:?}");
    }

    #[test]
    fn what_others_made_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("template.yaml");
        fs::write(&path, "mine").unwrap();
        fs::write(directory.path().join("notes.txt"), format!("see: {}", comment_line())).unwrap();
        let rendered = files(&[("a.yaml", "a"), ("template.yaml", "b")]);
        let error = update(directory.path(), &rendered, false, false).unwrap_err();
        assert!(matches!(error, FilesError::Foreign(_)), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        assert!(!directory.path().join("a.yaml").exists(), "not even the other files are written");
        update(directory.path(), &rendered, true, false).unwrap();
        assert_ne!(fs::read_to_string(&path).unwrap(), "mine");
        assert!(directory.path().join("notes.txt").exists(), "a text that mentions the marker is not ours");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("target.yaml");
        fs::write(&target, format!("# {}\nold", comment_line())).unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).unwrap();
        let out = directory.path().join("out");
        fs::create_dir(&out).unwrap();
        symlink(&target, out.join("template.yaml")).unwrap();
        update(&out, &files(&[("template.yaml", "new")]), false, false).unwrap();
        assert!(fs::read_to_string(&target).unwrap().ends_with("new\n"));
        assert!(fs::symlink_metadata(out.join("template.yaml")).unwrap().is_symlink());
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
