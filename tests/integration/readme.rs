//! The README's tour is what really happens: its commands run here, and their output is compared with what it shows.

use std::fs;

#[test]
fn the_tour_is_what_happens() {
    let directory = tempfile::tempdir().unwrap();
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    assert!(readme.contains("$ bucketbook check"), "the tour is there");
    let case = directory.path().join("README.md");
    fs::write(&case, readme.replace("```console", "```trycmd")).unwrap();
    // The runner works in a copy of `.in`, all commands in the same one, if there is an `.out` to compare it with.
    fs::create_dir(directory.path().join("README.in")).unwrap();
    fs::create_dir(directory.path().join("README.out")).unwrap();
    trycmd::TestCases::new().case(&case).default_bin_name("bucketbook").run();
}
