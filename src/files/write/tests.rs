use super::*;
use crate::files::replace_all;
use crate::stack::comment_line;

fn files(texts: &[(&str, &str)]) -> Vec<GeneratedFile> {
    let made = |(path, text): &(&str, &str)| GeneratedFile {
        path: (*path).to_owned(),
        text: format!("# {}\n{text}\n", comment_line()),
    };
    texts.iter().map(made).collect()
}

const UNASKED: Allowed = Allowed { force: false, prune: false, dry_run: false };

/// What was done to the files, the manifest aside.
fn done(directory: &Path, rendered: &[GeneratedFile], allowed: Allowed) -> Vec<(String, Done)> {
    let mut done = update(directory, rendered, allowed).unwrap();
    assert_eq!(done.pop().unwrap().0, MANIFEST);
    done
}

#[test]
fn a_directory_is_brought_in_step() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("a/out");
    let first = files(&[("template.yaml", "a"), ("definitions/x.asl.json", "b"), ("definitions/y.asl.json", "c")]);
    let created = update(&out, &first, UNASKED).unwrap();
    assert!(created.iter().all(|(_, done)| *done == Done::Created));

    let second = files(&[("template.yaml", "changed"), ("definitions/x.asl.json", "b")]);
    let planned = done(&out, &second, Allowed { dry_run: true, ..UNASKED });
    assert!(out.join("definitions/y.asl.json").exists(), "a dry run changes nothing");
    assert_eq!(planned, done(&out, &second, UNASKED));
    assert_eq!(
        planned,
        [
            ("template.yaml".to_owned(), Done::Updated),
            ("definitions/x.asl.json".to_owned(), Done::Unchanged),
            ("definitions/y.asl.json".to_owned(), Done::Removed),
        ]
    );
    assert!(!out.join("definitions/y.asl.json").exists());
    let names: Vec<_> = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "no temporary file stays: {names:?}");
}

#[test]
fn what_others_made_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("template.yaml");
    fs::write(&path, "mine").unwrap();
    fs::write(directory.path().join("notes.txt"), format!("see: {}", comment_line())).unwrap();
    let rendered = files(&[("a.yaml", "a"), ("template.yaml", "b")]);
    let error = update(directory.path(), &rendered, UNASKED).unwrap_err();
    assert!(matches!(error, FilesError::Refused { .. }), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    assert!(!directory.path().join("a.yaml").exists(), "not even the other files are written");
    update(directory.path(), &rendered, Allowed { force: true, ..UNASKED }).unwrap();
    assert_ne!(fs::read_to_string(&path).unwrap(), "mine");
    assert!(directory.path().join("notes.txt").exists(), "a text that mentions the marker is not ours");
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    update(&out, &files(&[("template.yaml", "old")]), UNASKED).unwrap();
    let target = directory.path().join("target.yaml");
    fs::rename(out.join("template.yaml"), &target).unwrap();
    fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).unwrap();
    symlink(&target, out.join("template.yaml")).unwrap();
    update(&out, &files(&[("template.yaml", "new")]), UNASKED).unwrap();
    assert!(fs::read_to_string(&target).unwrap().ends_with("new\n"));
    assert!(fs::symlink_metadata(out.join("template.yaml")).unwrap().is_symlink());
    assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_a_killed_run_left_is_mended_by_the_next() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path();
    let [old, new, newer] =
        ["old", "new", "newer"].map(|text| files(&[("template.yaml", text), ("definitions/x.asl.json", text)]));
    update(out, &old, UNASKED).unwrap();
    // It was killed when one of two files was in its place.
    let before = Manifest::of(&old, &[], &Manifest::default());
    let between = before.on_the_way_to(&Manifest::of(&new, &[], &before));
    fs::write(out.join(MANIFEST), between.text()).unwrap();
    fs::write(out.join("template.yaml"), &new[0].text).unwrap();
    for left in [".bucketbook-staged-AbC123", "definitions/.bucketbook-staged-x", ".bucketbook-AbC123"] {
        fs::write(out.join(left), "half").unwrap();
    }
    fs::write(out.join(".bucketbook-notes.md"), "mine").unwrap();
    let done = done(out, &newer, UNASKED);
    assert!(done.iter().all(|(_, done)| *done == Done::Updated), "{done:?}");
    let mut names: Vec<_> = fs::read_dir(out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [MANIFEST, ".bucketbook-notes.md", "definitions", "template.yaml"]);
    assert_eq!(fs::read_dir(out.join("definitions")).unwrap().count(), 1);
}

#[test]
fn nothing_stays_of_what_cannot_be_written() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("new/out");
    let long = format!("definitions/{}", "x".repeat(300));
    let all = [("template.yaml", "a"), ("definitions/a/1", "b"), ("definitions/a/2", "c"), ("pictures/1", "d")];
    let error = update(&out, &files(&[&all[..], &[(&long, "e")]].concat()), UNASKED).unwrap_err();
    assert!(matches!(error, FilesError::Io { doing: "write", .. }), "{error}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);

    let named = |path: &str| (out.join(path), "text".to_owned());
    replace_all(&[named("a/1"), named("2"), named(&long)]).unwrap_err();
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    replace_all(&[named("a/1"), named("2")]).unwrap();
    assert_eq!(fs::read_to_string(out.join("a/1")).unwrap(), "text");
    // What was there before stays.
    update(&out, &files(&[(&long, "e")]), UNASKED).unwrap_err();
    assert!(out.join("a/1").exists() && !out.join("definitions").exists());
}
