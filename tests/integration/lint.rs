//! Every lint rule has a file on which it speaks up and one on which it is silent, beside each other in `tests/lint`; and what
//! it says is a snapshot named after it.

use std::path::{Path, PathBuf};

use bucketbook::diagnostic::Severity;
use bucketbook::lint::report::{self, Format};
use bucketbook::lint::{LintRule, Linted, Selection, all, lint, page};
use bucketbook::loaded::load;

/// The fixtures of a rule: `ASL004_fail.asl.json`, `ASL004_fail_inline.yaml`.
fn fixtures(rule: &LintRule, kind: &str) -> Vec<PathBuf> {
    let start = format!("{}_{kind}", rule.id);
    let files = std::fs::read_dir("tests/lint").unwrap().map(|entry| entry.unwrap().path());
    let mut fixtures: Vec<_> = files
        .filter(|path| path.is_file() && path.file_name().unwrap().to_str().unwrap().starts_with(&start))
        .collect();
    if start == "ASL032_fail" {
        fixtures.push(too_large());
    }
    fixtures.sort();
    assert!(!fixtures.is_empty(), "{}: there is no tests/lint/{start}.*", rule.id);
    fixtures
}

/// A definition of more than a megabyte, which has no place among the others.
fn too_large() -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ASL032_fail.asl.json");
    let start = r#"{ "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } }, "Comment": ""#;
    std::fs::write(&path, format!("{start}{}\" }}", "long ".repeat(210_000))).unwrap();
    path
}

fn linted(path: &Path, select: &str) -> Vec<Linted> {
    let selection = Selection::new(&[select.to_owned()], &[], &[]).unwrap();
    lint(load(&[path.to_owned()]).unwrap(), &selection)
}

#[test]
fn rules_speak_up() {
    for rule in all() {
        for path in fixtures(rule, "fail") {
            let linted = linted(&path, rule.id.0);
            assert!(
                linted.iter().any(|one| !one.findings.is_empty()),
                "{}: nothing found in {}",
                rule.id,
                path.display()
            );
            let name = path.file_name().unwrap().to_str().unwrap().split('.').next().unwrap().to_owned();
            let text = report::render(&linted, Format::Human, false).replace(env!("CARGO_TARGET_TMPDIR"), "tests/lint");
            insta::assert_snapshot!(name, text);
        }
    }
}

#[test]
fn rules_are_silent_on_what_is_right() {
    for rule in all() {
        for path in fixtures(rule, "pass") {
            let text = report::render(&linted(&path, rule.id.0), Format::Human, false);
            assert!(text.starts_with("nothing found"), "{}: {text}", path.display());
        }
    }
}

/// What AWS documents and few people write: states and functions of both query languages, service integrations, readers and writers of
/// distributed Maps, the events and policies of SAM, intrinsic functions, tables, roles and patterns.
#[test]
fn what_is_unusual_and_correct_gives_no_error() {
    let mut read = 0;
    for entry in std::fs::read_dir("tests/lint/unusual").unwrap() {
        let path = entry.unwrap().path();
        let linted = lint(load(std::slice::from_ref(&path)).unwrap(), &Selection::default());
        let found = linted.iter().flat_map(|one| &one.findings);
        let errors: Vec<_> = found.filter(|finding| finding.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
        read += 1;
    }
    assert_eq!(read, 6);
}

#[test]
fn every_rule_says_where_it_has_it_from() {
    for rule in all() {
        assert!(rule.documentation.contains("](https://"), "{}: no source that can be looked up", rule.id);
    }
}

#[test]
fn the_page_of_all_rules_is_up_to_date() {
    let path = "docs/rules.md";
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(path, page()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), page(), "INSTA_UPDATE=always writes it");
}
