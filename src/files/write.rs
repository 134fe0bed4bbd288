use std::fs;
use std::path::{Path, PathBuf};

use super::compare::{FOLDERS, compare_with, is_directory, manifest_of};
use super::made::Made;
use super::manifest::{MANIFEST, Manifest};
use super::staged::{OF_STACK, Staged, clean, directories};
use super::{Comparison, Comparisons, FilesError, OnDisk, Origin, Status, lock};
use crate::stack::GeneratedFile;

/// What `update` may do beyond what is asked of nobody: writing what is missing, and replacing or removing what was generated
/// and not changed since.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Overwrite files that were edited, or made by others.
    pub force: bool,
    /// Remove left-over files that were edited, or that only say that they were generated.
    pub prune: bool,
    /// Write nothing at all, and say what would be done.
    pub dry_run: bool,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// It was not there.
    Created,
    /// It was generated before, and was replaced.
    Updated,
    /// It was edited or somebody else's, and was replaced, as was asked for.
    Overwritten(OnDisk, Origin),
    /// It was in step already, and was not touched.
    Unchanged,
    /// It is no longer rendered, and was removed.
    Removed,
    /// It is not rendered and was not touched, because it is not known to be only what was generated.
    Kept(Origin),
}

/// A file that stands where one is to be written, and may not be overwritten unasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The file, from the output directory.
    pub path: String,
    /// What is there.
    pub on_disk: OnDisk,
    /// Who made it.
    pub origin: Origin,
}

/// Brings a directory in step with what is rendered, and writes its manifest.
///
/// Only one process at a time writes into a directory; others wait. Every file is first written beside its place, and only
/// when all of them are there is any moved into it; so whatever goes wrong, each file is the old one or the new one, whole,
/// and the manifest knows both. Files that are in step are not touched.
///
/// # Errors
/// Files that were edited or made by others are in the way, or the operating system refuses.
pub fn update(
    directory: &Path,
    rendered: &[GeneratedFile],
    allowed: Allowed,
) -> Result<Vec<(String, Done)>, FilesError> {
    is_directory(directory)?;
    let _lock = if allowed.dry_run { None } else { Some(lock::directory(directory)?) };
    let compared = compare_with(directory, rendered, allowed.force)?;
    if !allowed.dry_run {
        clean_up(directory, rendered, &compared);
    }
    let refused: Vec<Refused> = compared.files.iter().filter_map(refused).collect();
    if !refused.is_empty() && !allowed.force {
        return Err(FilesError::Refused { directory: directory.to_owned(), files: refused });
    }
    let mut done: Vec<(String, Done)> =
        compared.files.iter().map(|file| (file.path.clone(), outcome(&file.status, allowed))).collect();
    let manifest = manifest_of(rendered, &compared.files, &compared.listed, allowed.prune);
    let written = match &compared.manifest {
        Status::InStep if done.iter().all(|(_, done)| !changes(done)) => Done::Unchanged,
        Status::Missing => Done::Created,
        _ => Done::Updated,
    };
    if !allowed.dry_run && written != Done::Unchanged {
        carry_out(directory, rendered, &compared.listed, &manifest, &done)?;
    }
    done.push((MANIFEST.to_owned(), written));
    Ok(done)
}

/// Removes what a run that was killed has left.
fn clean_up(directory: &Path, rendered: &[GeneratedFile], compared: &Comparisons) {
    let paths = rendered.iter().map(|file| file.path.as_str()).chain(compared.listed.paths());
    let parents = paths.filter_map(|path| path.rsplit_once('/').map(|(parent, _)| parent));
    let mut folders: Vec<&str> = FOLDERS.into_iter().chain(parents).collect();
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        clean(&directory.join(folder), OF_STACK);
    }
}

fn refused(file: &Comparison) -> Option<Refused> {
    match &file.status {
        Status::Changed { origin: Origin::Generated, .. } => None,
        Status::Changed { on_disk, origin } => {
            Some(Refused { path: file.path.clone(), on_disk: on_disk.clone(), origin: *origin })
        }
        _ => None,
    }
}

fn outcome(status: &Status, allowed: Allowed) -> Done {
    match status {
        Status::InStep => Done::Unchanged,
        Status::Missing => Done::Created,
        Status::Changed { origin: Origin::Generated, .. } => Done::Updated,
        Status::Changed { on_disk, origin } => Done::Overwritten(on_disk.clone(), *origin),
        Status::LeftOver { origin: Origin::Generated } => Done::Removed,
        Status::LeftOver { .. } if allowed.prune => Done::Removed,
        Status::LeftOver { origin } => Done::Kept(*origin),
    }
}

/// Whether anything on disk changes.
fn changes(done: &Done) -> bool {
    !matches!(done, Done::Unchanged | Done::Kept(_))
}

fn carry_out(
    directory: &Path,
    rendered: &[GeneratedFile],
    before: &Manifest,
    after: &Manifest,
    done: &[(String, Done)],
) -> Result<(), FilesError> {
    let stage = |path: &str, text: &str| Staged::new(&directory.join(path), text, OF_STACK);
    let is_written = |file: &&GeneratedFile| done.iter().any(|(path, done)| *path == file.path && changes(done));
    let written = || rendered.iter().filter(is_written);
    let paths: Vec<PathBuf> = written().map(|file| directory.join(&file.path)).collect();
    let _made = Made::directories(&directories(paths.iter().map(PathBuf::as_path)))?;
    let staged = written().map(|file| stage(&file.path, &file.text));
    let staged: Vec<Staged> = staged.collect::<Result<_, _>>()?;
    let last = stage(MANIFEST, &after.text())?;
    // Whoever finds the files of a run that was stopped here finds both states of them in the manifest.
    stage(MANIFEST, &before.on_the_way_to(after).text())?.commit()?;
    for file in staged {
        file.commit()?;
    }
    for (path, _) in done.iter().filter(|(_, done)| *done == Done::Removed) {
        let path: PathBuf = directory.join(path);
        fs::remove_file(&path).map_err(FilesError::io("remove", &path))?;
    }
    last.commit()
}

#[cfg(test)]
mod tests;
