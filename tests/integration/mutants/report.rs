//! What was found and what was not: the page, and the figures that must not fall.

use std::collections::HashSet;
use std::fmt::Write;

use super::operator::{Family, Operator};
use crate::lint_public;

const PAGE: &str = "docs/lint-coverage.md";

/// What became of a mutant.
pub(crate) struct Tally {
    pub(crate) family: Family,
    pub(crate) operator: &'static Operator,
    pub(crate) stack: &'static str,
    pub(crate) place: String,
    pub(crate) found: bool,
}

impl Tally {
    /// A line of the page that says where the mutant is.
    fn line(&self) -> String {
        let (family, operator) = (self.family.name(), self.operator.name);
        format!("- {family}, {operator}: in the stack \"{}\", `{}`\n", self.stack, self.place)
    }
}

/// What became of all.
pub(crate) struct Report {
    pub(crate) tallies: Vec<Tally>,
}

impl Report {
    fn count(&self, family: Family) -> (usize, usize) {
        let of: Vec<&Tally> = self.tallies.iter().filter(|tally| tally.family == family).collect();
        (of.iter().filter(|tally| tally.found).count(), of.len())
    }

    /// Found of all, by family.
    pub(crate) fn table(&self) -> String {
        let mut text = String::from("| Family | Found | of | |\n|---|---:|---:|---:|\n");
        let mut row = |name: &str, (found, of): (usize, usize)| {
            let share = 100.0 * found as f64 / of.max(1) as f64;
            let _ = writeln!(text, "| {name} | {found} | {of} | {share:.1} % |");
        };
        let mut sum = (0, 0);
        for family in Family::ALL {
            let (found, of) = self.count(family);
            row(family.name(), (found, of));
            if family != Family::Advice {
                sum = (sum.0 + found, sum.1 + of);
            }
        }
        row("**all but advice**", sum);
        text
    }

    /// Every kind of fault, and how many of it were found.
    fn kinds(&self) -> String {
        let mut text = String::new();
        for family in Family::ALL {
            let name = family.name();
            let _ = write!(text, "\n## {}{}\n\n", name[..1].to_uppercase(), &name[1..]);
            text.push_str("| Fault | Why it is a fault | Found | of |\n|---|---|---:|---:|\n");
            let mut names: Vec<&'static Operator> = Vec::new();
            for tally in self.tallies.iter().filter(|tally| tally.family == family) {
                if !names.iter().any(|known| known.name == tally.operator.name) {
                    names.push(tally.operator);
                }
            }
            for operator in names {
                let of = |tally: &&Tally| tally.family == family && tally.operator.name == operator.name;
                let of: Vec<&Tally> = self.tallies.iter().filter(of).collect();
                let found = of.iter().filter(|tally| tally.found).count();
                let why = operator.why.replace('|', "\\|");
                let _ = writeln!(text, "| {} | {why} | {found} | {} |", operator.name, of.len());
            }
        }
        text
    }

    /// Every mutant that was not found.
    pub(crate) fn misses(&self) -> String {
        let missed: String = self.tallies.iter().filter(|tally| !tally.found).map(Tally::line).collect();
        if missed.is_empty() { "Nothing.\n".to_owned() } else { missed }
    }

    fn page(&self) -> String {
        format!(
            "# What `lint` finds\n\n\
            A test puts one fault at a time into the stacks that `bucketbook generate` writes, lints each changed stack, and counts the \
            faults that `lint` finds. Unchanged, the stacks have no findings. `INSTA_UPDATE=always cargo test --test integration mutants` writes this \
            page. With `BUCKETBOOK_THOROUGH=1`, as in CI, the test fails if the figures differ from it; without, it tries one fault of each kind.\n\n{}{}{}\n## What is missed\n\n{}",
            self.table(),
            lint_public::section(),
            self.kinds(),
            self.misses()
        )
    }

    /// Writes the page.
    pub(crate) fn write(&self) {
        std::fs::write(PAGE, self.page()).unwrap();
    }

    /// Holds the figures of all mutants against those of the page.
    pub(crate) fn is_on_the_page(&self) {
        let (mut found, mut of) = (0, 0);
        for family in Family::ALL.into_iter().filter(|family| *family != Family::Advice) {
            let count = self.count(family);
            found += count.0;
            of += count.1;
        }
        assert!(of > 0 && found * 100 > of * 95, "{found} of {of} faults are found, less than 95 %");
        let page = std::fs::read_to_string(PAGE).unwrap_or_default();
        assert!(
            page == self.page(),
            "{PAGE} is not up to date: INSTA_UPDATE=always writes it\n{}{}",
            self.table(),
            self.misses()
        );
    }

    /// Holds a sample against the page: what the page does not list as missed is found.
    pub(crate) fn agrees_with_the_page(&self) {
        let page = std::fs::read_to_string(PAGE).unwrap();
        let lines: HashSet<&str> = page.lines().collect();
        let missed = self.tallies.iter().filter(|tally| !tally.found).map(Tally::line);
        let unexpected: String = missed.filter(|line| !lines.contains(line.trim_end())).collect();
        assert!(self.tallies.len() > 100, "{} mutants are no sample", self.tallies.len());
        assert!(unexpected.is_empty(), "these faults were found before, by {PAGE}:\n{unexpected}");
    }
}
