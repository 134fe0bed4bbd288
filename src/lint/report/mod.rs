//! How findings are shown: to people, to programs, to code hosts.

mod github;
mod human;
mod json;
mod sarif;

use std::collections::HashMap;

use crate::diagnostic::Severity;
use crate::loaded::Skipped;
use crate::source::{LineIndex, Position};

use super::finding::Finding;
use super::made_at::{MadeAt, Programs};
use super::run::Linted;

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// For people: the place in its text, in colour on a terminal.
    #[default]
    Human,
    /// For programs: one JSON object.
    Json,
    /// For code hosts and editors: [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
    Sarif,
    /// For GitHub Actions: workflow commands, which become annotations on the changed lines.
    Github,
}

/// How many findings there are of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// What is worth knowing.
    pub infos: usize,
    /// How many of them `--fix` fixes.
    pub fixable: usize,
    /// The documents that were read.
    pub files: usize,
    /// The files of directories that are neither templates nor definitions.
    pub skipped: usize,
}

impl Summary {
    /// Counts the findings by severity.
    pub fn of(linted: &[Linted]) -> Self {
        let mut summary = Self { files: linted.iter().map(|one| one.stack.documents.len()).sum(), ..Self::default() };
        for finding in linted.iter().flat_map(|one| &one.findings) {
            match finding.severity {
                Severity::Error => summary.errors += 1,
                Severity::Warning => summary.warnings += 1,
                Severity::Info => summary.infos += 1,
            }
            summary.fixable += usize::from(finding.fix.is_some());
        }
        summary
    }
}

/// The files that are reported beside the findings.
#[derive(Debug, Clone, Copy, Default)]
pub struct Files<'a> {
    /// The files that were skipped, and why.
    pub skipped: &'a [Skipped],
    /// Whether the files that were read and skipped are named.
    pub named: bool,
    /// The files that a rendered stack was made from, which were read instead of its own.
    pub made_from: &'a [String],
}

/// Findings as a text that ends in a line break. What several stacks share (a definition that two templates name) is said
/// once.
pub fn render(linted: &[Linted], format: Format, colour: bool) -> String {
    render_with(linted, Files::default(), format, colour)
}

/// The same, with what became of the other files.
pub fn render_with(linted: &[Linted], files: Files<'_>, format: Format, colour: bool) -> String {
    let places = Places::of(linted);
    let summary = Summary { skipped: files.skipped.len(), ..Summary::of(linted) };
    let read = match files {
        Files { named: false, .. } => Vec::new(),
        Files { made_from: [], .. } => paths(linted),
        Files { made_from, .. } => made_from.to_vec(),
    };
    match format {
        Format::Human => human::render(&places, summary, &read, files, colour),
        Format::Json => json::render(&places, summary, &read, files),
        Format::Sarif => sarif::render(&places),
        Format::Github => github::render(&places),
    }
}

/// The files that were read, each once.
fn paths(linted: &[Linted]) -> Vec<String> {
    let mut known = std::collections::HashSet::new();
    let documents = linted.iter().flat_map(|one| &one.stack.documents);
    documents
        .map(|document| document.source.name.replace('\\', "/"))
        .filter(|path| known.insert(path.clone()))
        .collect()
}

/// A finding and its place in lines and columns.
struct Placed<'a> {
    linted: &'a Linted,
    finding: &'a Finding,
    /// The file, with `/` between its parts.
    file: String,
    start: Position,
    end: Position,
    /// The path of the construct that made it.
    construct: Option<String>,
    /// Where the program that made the file says it.
    made_at: Option<MadeAt>,
}

impl Placed<'_> {
    /// The file that people edit, and where in it the finding is.
    fn edited(&self) -> (&str, Position, Position) {
        match &self.made_at {
            Some(made) => (&made.file, made.start, made.end),
            None => (&self.file, self.start, self.end),
        }
    }
}

struct Places<'a> {
    findings: Vec<Placed<'a>>,
}

impl<'a> Places<'a> {
    fn of(linted: &'a [Linted]) -> Self {
        let mut findings = Vec::new();
        let mut said = std::collections::HashSet::new();
        let mut programs = Programs::default();
        for one in linted {
            let mut lines: HashMap<usize, LineIndex> = HashMap::new();
            for finding in &one.findings {
                let place = &finding.place;
                let Some(document) = one.stack.documents.get(place.document) else { continue };
                let text = &document.source.text;
                if !said.insert((&document.path, place.span.start, place.span.end, finding.rule.id, &finding.message)) {
                    continue;
                }
                let lines = lines.entry(place.document).or_insert_with(|| LineIndex::new(text));
                findings.push(Placed {
                    linted: one,
                    finding,
                    file: document.source.name.replace('\\', "/"),
                    start: lines.position(text, place.span.start),
                    end: lines.position(text, place.span.end.max(place.span.start)),
                    construct: one.stack.origin(place).and_then(|(_, origin)| origin.construct.clone()),
                    made_at: programs.made_at(&one.stack, finding),
                });
            }
        }
        Self { findings }
    }
}
