//! Where a command looks for what belongs to a directory: there, and in the directories above it.

use std::fs;
use std::path::{Path, PathBuf};

/// A directory and those above it, the nearest first, as far as they can belong to the same project: up to the root of the repository; without one, up to the
/// home directory or to where another file system begins.
pub(super) fn above(directory: &Path) -> Vec<PathBuf> {
    let here = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let Ok(here) = fs::canonicalize(here) else { return vec![directory.to_owned()] };
    let home = std::env::home_dir().and_then(|home| fs::canonicalize(home).ok());
    let mut found = Vec::new();
    for above in here.ancestors() {
        if !on_one_file_system(&here, above) {
            break;
        }
        found.push(above.to_owned());
        if home.as_deref() == Some(above) || fs::symlink_metadata(above.join(".git")).is_ok() {
            break;
        }
    }
    found
}

#[cfg(unix)]
fn on_one_file_system(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| fs::metadata(path).map(|metadata| metadata.dev()).ok();
    device(one) == device(other)
}

/// Where file systems have letters, a path stays on its own.
#[cfg(not(unix))]
fn on_one_file_system(_: &Path, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_the_repository_is_the_last() {
        let directory = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(directory.path()).unwrap();
        let inner = root.join("a/b");
        fs::create_dir_all(&inner).unwrap();
        fs::create_dir(root.join("a/.git")).unwrap();
        assert_eq!(above(&inner), [inner.clone(), root.join("a")]);
        fs::remove_dir(root.join("a/.git")).unwrap();
        assert!(above(&inner).starts_with(&[inner.clone(), root.join("a"), root]));
        assert_eq!(above(Path::new("nowhere")), [PathBuf::from("nowhere")]);
    }
}
