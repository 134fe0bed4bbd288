use std::fmt::Write;

use crate::diagnostic::{Diagnostic, Format, shown};

use super::{Files, Placed, Places, Summary};
use crate::lint::made_at::MadeAt;
use crate::source::{Source, Span};

pub(super) fn render(places: &Places<'_>, summary: Summary, read: &[String], files: Files<'_>, colour: bool) -> String {
    let mut text = String::new();
    for placed in &places.findings {
        let finding = placed.finding;
        let (source, span) = shown_at(placed);
        let diagnostic = Diagnostic {
            severity: finding.severity,
            message: finding.message.clone(),
            source: Some(source),
            span,
            help: finding.help.clone(),
            note: note(placed),
            rule: Some(finding.rule.id.0),
        };
        text.push_str(&diagnostic.render(Format::Human, colour));
        text.push('\n');
    }
    // Writing to a string cannot fail.
    for path in read {
        let _ = writeln!(text, "read     {}", shown(path));
    }
    for file in files.skipped.iter().filter(|_| files.named) {
        let _ = writeln!(text, "skipped  {}: {}", shown(&file.path.display().to_string()), shown(&file.reason));
    }
    let _ = writeln!(text, "{}", summed(summary));
    text
}

/// What is shown of a finding: the program that says it, or else the file that it is in.
fn shown_at(placed: &Placed<'_>) -> (Source, Option<Span>) {
    let finding = placed.finding;
    match &placed.made_at {
        Some(MadeAt { shown: Some((source, span)), .. }) => (source.clone(), Some(*span)),
        Some(made) => (Source::new(format!("{}:{}:{}", made.file, made.start.line, made.start.column), ""), None),
        None => (placed.linted.stack.documents[finding.place.document].source.clone(), Some(finding.place.span)),
    }
}

/// What a framework calls it, and where it wrote it.
fn note(placed: &Placed<'_>) -> Option<String> {
    let synthesized = format!("synthesized as {}:{}:{}", placed.file, placed.start.line, placed.start.column);
    match (&placed.construct, &placed.made_at) {
        (Some(construct), Some(_)) => Some(format!("the construct {construct}, {synthesized}")),
        (Some(construct), None) => Some(format!("the construct {construct}")),
        (None, Some(_)) => Some(synthesized),
        (None, None) => None,
    }
}

fn summed(summary: Summary) -> String {
    let Summary { errors, warnings, infos, fixable, files, skipped } = summary;
    let count = |number: usize, one: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {one}s")),
    };
    let counts: Vec<_> =
        [count(errors, "error"), count(warnings, "warning"), count(infos, "note")].into_iter().flatten().collect();
    let files = count(files, "file").unwrap_or_else(|| "no files".to_owned());
    let skipped = match skipped {
        0 => String::new(),
        number => format!("; {number} skipped (`--verbose` names them)"),
    };
    if counts.is_empty() {
        return format!("nothing found in {files}{skipped}");
    }
    let mend = match fixable {
        0 => String::new(),
        number => format!("; `--fix` fixes {number}"),
    };
    format!("{} in {files}{skipped}{mend}; `bucketbook explain ID` says more", counts.join(", "))
}
