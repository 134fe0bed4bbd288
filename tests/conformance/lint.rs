//! `lint` against AWS's own verdicts on definitions, and against workflows that are deployed as they are.

use std::path::Path;

use bucketbook::diagnostic::Severity;
use bucketbook::lint::{Finding, Selection, check, lint};
use bucketbook::loaded::{LoadedStack, MachineType, load};
use serde::Deserialize;

use crate::corpus::rows;
use crate::table::Table;

#[derive(Deserialize)]
struct Row {
    id: String,
    kind: String,
    #[serde(rename = "type")]
    machine_type: String,
    definition_text: String,
    verdict: String,
    aws_message: Option<String>,
    aws_diagnostics: Option<Vec<Diagnostic>>,
}

#[derive(Deserialize)]
struct Diagnostic {
    location: Option<String>,
}

/// What AWS finds valid has no error; what it refuses has one at the place that AWS names.
pub(crate) fn verdicts(text: &str) -> Result<Table, String> {
    let mut table = Table::default();
    for row in rows::<Row>(text)? {
        let errors = errors(&row);
        let explain = match row.verdict.as_str() {
            "valid" => errors.first().map(|finding| format!("{} {}", finding.rule.id, finding.message)),
            _ if errors.is_empty() => Some("no error found".to_owned()),
            _ => misplaced(&row, &errors),
        };
        table.count(&row.verdict, "verdict", &row.id, explain);
    }
    Ok(table)
}

fn errors(row: &Row) -> Vec<Finding> {
    let text = match row.kind.as_str() {
        "state" => format!(r#"{{"StartAt": "StateName", "States": {{"StateName": {}}}}}"#, row.definition_text),
        _ => row.definition_text.clone(),
    };
    let machine_type = if row.machine_type == "EXPRESS" { MachineType::Express } else { MachineType::Standard };
    let stack = LoadedStack::from_definition("definition.asl.json", text, machine_type);
    let mut findings = check(&stack, &Selection::default());
    findings.retain(|finding| finding.severity == Severity::Error);
    findings
}

/// The place that AWS names, if no error is there or within it.
fn misplaced(row: &Row, errors: &[Finding]) -> Option<String> {
    let of_message = row
        .aws_message
        .as_deref()
        .and_then(|message| message.split(" at /").nth(1))
        .map(|place| format!("/{}", place.trim_end_matches('\'').trim()));
    let of_diagnostics = row.aws_diagnostics.iter().flatten().find_map(|diagnostic| diagnostic.location.clone());
    let place = of_message.or(of_diagnostics).filter(|place| place.starts_with('/'))?;
    let place = place.trim_end_matches('/');
    let there = errors.iter().any(|error| error.place.pointer.starts_with(place));
    (!there)
        .then(|| format!("AWS names {place}, and we {:?}", errors.iter().map(|e| &e.place.pointer).collect::<Vec<_>>()))
}

/// Workflows that are deployed as they are have no errors, but for those that cannot be read at all.
pub(crate) fn samples(folder: &str) -> Result<Table, String> {
    let mut table = Table::default();
    let stacks = load(&[Path::new(folder).to_owned()]).map_err(|error| error.to_string())?;
    for one in lint(stacks, &Selection::default()) {
        for (index, document) in one.stack.documents.iter().enumerate() {
            let of_document = |finding: &&Finding| finding.place.document == index;
            let first = one.findings.iter().filter(of_document).find(|finding| finding.severity == Severity::Error);
            let explain = first.map(|finding| {
                let position = document.source.position(finding.place.span.start);
                format!("{position} {} {}", finding.rule.id, finding.message)
            });
            let id = document.path.strip_prefix(folder).unwrap_or(&document.path).display().to_string();
            let kind = if index == 0 && one.stack.template.is_some() { "template" } else { "definition" };
            table.count(kind, "no errors", &id, explain);
        }
    }
    Ok(table)
}
