use std::fmt::Write;

use crate::diagnostic::{Diagnostic, Format};

use super::{Places, Summary};

pub(super) fn render(places: &Places<'_>, summary: Summary, colour: bool) -> String {
    let mut text = String::new();
    for placed in &places.findings {
        let finding = placed.finding;
        let diagnostic = Diagnostic {
            severity: finding.severity,
            message: finding.message.clone(),
            source: Some(placed.linted.stack.documents[finding.place.document].source.clone()),
            span: Some(finding.place.span),
            help: finding.help.clone(),
            rule: Some(finding.rule.id.0),
        };
        text.push_str(&diagnostic.render(Format::Human, colour));
        text.push('\n');
    }
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", summed(summary));
    text
}

fn summed(summary: Summary) -> String {
    let Summary { errors, warnings, infos, fixable, files } = summary;
    let count = |number: usize, one: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {one}s")),
    };
    let counts: Vec<_> =
        [count(errors, "error"), count(warnings, "warning"), count(infos, "note")].into_iter().flatten().collect();
    let files = count(files, "file").unwrap_or_else(|| "no files".to_owned());
    if counts.is_empty() {
        return format!("nothing found in {files}");
    }
    let mend = match fixable {
        0 => String::new(),
        number => format!("; `--fix` mends {number}"),
    };
    format!("{} in {files}{mend}; `bucketbook explain ID` says more", counts.join(", "))
}
