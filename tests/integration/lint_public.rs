//! Public files that nobody wrote for `lint`: what it says of them, and what somebody who read every error says of that.
//!
//! `tests/lint/public.tsv` holds the figures; the page of the planted faults shows them. Those of the corpus that is handed with the project are
//! measured here, the others were measured once, over snapshots of public repositories.

use std::path::PathBuf;

use bucketbook::diagnostic::Severity;
use bucketbook::lint::{Selection, lint};
use bucketbook::loaded::load;

const FILE: &str = "tests/lint/public.tsv";

/// A corpus, and what was found in it and judged.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) corpus: String,
    pub(crate) files: usize,
    pub(crate) warnings: usize,
    /// Of the errors: those that are true, that can be argued about, that are false.
    pub(crate) judged: [usize; 3],
    pub(crate) note: String,
}

/// What was found of faults that were planted by hand, in November 2026.
const BY_HAND: &str = "\nFaults of other people's kinds were planted by hand as well, \
    before anybody looked at the rules: 362 in 13 stacks of other forms (JSONata, Express, global tables, the CDK's JSON, \
    APIs, pipes, schedules, Distributed Maps), of which 256 were found at first (70.7 %) and 310 (85.6 %) after \
    rules were added and widened; and 67 more afterwards, which no rule was changed for, of which 62 were found (92.5 %). Later, 81 in a stack of another form: 73 were found at first (90.1 %), \
    80 after rules were added; and 40 in a stack in JSONata and JSON: 35 at first (87.5 %), 38 afterwards. Whoever wrote these two sets had read some of the rules. \
    Of the 287 templates that the tests of SAM's translator expect it to refuse (`error_*`, May 2026), 242 have an error (84.3 %).\n";

pub(crate) fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(FILE).unwrap();
    let row = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let number = |at: usize| fields[at].parse().unwrap_or_else(|_| panic!("{line}"));
        let judged = [number(3), number(4), number(5)];
        Row { corpus: fields[0].into(), files: number(1), warnings: number(2), judged, note: fields[6].into() }
    };
    text.lines().filter(|line| !line.starts_with('#')).map(row).collect()
}

/// The section of the page.
pub(crate) fn section() -> String {
    let mut text = String::from(
        "\n## Public files\n\n\
        Snapshots of public repositories, linted as they are, in November 2026. Every error was read and judged by one reader, mostly by \
        AWS's documentation and without deploying it; warnings were counted and not read. What is called true is refused by AWS or fails \
        in every execution. The false errors that were found at first have been mended since, so files that nobody has looked at yet have \
        more of them than these.\n\n\
        | Corpus | Files | Errors | true | debatable | false | Warnings | |\n|---|---:|---:|---:|---:|---:|---:|---|\n",
    );
    let rows = rows();
    for row in &rows {
        let [right, debatable, wrong] = row.judged;
        let errors: usize = row.judged.iter().sum();
        text += &format!(
            "| {} | {} | {errors} | {right} | {debatable} | {wrong} | {} | {} |\n",
            row.corpus, row.files, row.warnings, row.note
        );
    }
    let sum = |at: usize| rows.iter().map(|row| row.judged[at]).sum::<usize>();
    let errors = sum(0) + sum(1) + sum(2);
    let share = |at: usize| 100.0 * sum(at) as f64 / errors.max(1) as f64;
    text += &format!("\nOf {errors} errors {:.1} % are true and {:.1} % debatable.\n", share(0), share(1));
    text += BY_HAND;
    text
}

#[test]
fn hardly_an_error_in_public_files_is_false() {
    let rows = rows();
    let sum = |at: usize| rows.iter().map(|row| row.judged[at]).sum::<usize>();
    assert!(rows.len() > 5 && sum(2) * 100 <= (sum(0) + sum(1) + sum(2)) * 3, "{rows:?}");
}

#[test]
fn the_handed_corpus_gives_the_findings_that_were_judged() {
    let Some(corpus) = std::env::var_os("BUCKETBOOK_CORPUS").map(PathBuf::from) else {
        eprintln!("not measured: BUCKETBOOK_CORPUS says where the handed corpus is");
        return;
    };
    let mut measured = 0;
    for row in rows() {
        let Some(folder) = row.corpus.strip_prefix("handed: ") else { continue };
        let linted = lint(load(&[corpus.join(folder)]).unwrap(), &Selection::default());
        let count = |severity: Severity| {
            linted.iter().flat_map(|one| &one.findings).filter(|finding| finding.severity == severity).count()
        };
        let found = (count(Severity::Error), count(Severity::Warning));
        assert_eq!(found, (row.judged.iter().sum(), row.warnings), "{folder}: read what is new, and judge it");
        measured += 1;
    }
    assert!(measured > 0);
}
