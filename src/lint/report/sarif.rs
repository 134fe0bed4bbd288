use serde_json::{Value, json};

use crate::diagnostic::Severity;
use crate::lint::documentation::address;
use crate::lint::rule::LintRule;
use crate::lint::{all, explanation};
use crate::source::Position;

use super::{Placed, Places};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn render(places: &Places<'_>) -> String {
    let rules: Vec<&'static LintRule> = all().collect();
    let results: Vec<Value> = places.findings.iter().map(|placed| result(placed, &rules)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "bucketbook",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn descriptor(rule: &LintRule) -> Value {
    let mut descriptor = json!({
        "id": rule.id,
        "name": rule.name,
        "shortDescription": { "text": rule.title() },
        "help": { "text": rule.title(), "markdown": explanation(rule) },
        "defaultConfiguration": { "enabled": rule.on, "level": level(rule.severity) },
    });
    if let Some(address) = address(rule) {
        descriptor["helpUri"] = address.into();
    }
    descriptor
}

fn result(placed: &Placed<'_>, rules: &[&'static LintRule]) -> Value {
    let finding = placed.finding;
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let (file, start, end) = placed.edited();
    let logical = placed.construct.as_ref().unwrap_or(&finding.place.pointer);
    let mut result = json!({
        "ruleId": finding.rule.id,
        "ruleIndex": rules.iter().position(|rule| rule.id == finding.rule.id),
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(file) },
                "region": region(start, end),
            },
            "logicalLocations": [{ "fullyQualifiedName": logical }],
        }],
    });
    if placed.made_at.is_some() {
        result["relatedLocations"] = json!([{
            "message": { "text": "synthesized" },
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&placed.file) },
                "region": region(placed.start, placed.end),
            },
            "logicalLocations": [{ "fullyQualifiedName": finding.place.pointer }],
        }]);
    }
    if let Some(fix) = fixes(placed) {
        result["fixes"] = fix;
    }
    result
}

fn region(start: Position, end: Position) -> Value {
    json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column })
}

/// The edits that mend it, by document.
fn fixes(placed: &Placed<'_>) -> Option<Value> {
    let fix = placed.finding.fix.as_ref()?;
    let mut changes = Vec::new();
    for edit in &fix.edits {
        let source = &placed.linted.stack.documents.get(edit.document)?.source;
        let (start, end) = (source.position(edit.span.start), source.position(edit.span.end));
        changes.push(json!({
            "artifactLocation": { "uri": uri(&source.name.replace('\\', "/")) },
            "replacements": [{
                "deletedRegion": {
                    "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
                },
                "insertedContent": { "text": edit.text },
            }],
        }));
    }
    Some(json!([{ "description": { "text": "mend it" }, "artifactChanges": changes }]))
}

/// A path as a URI reference: what may not stand in one is escaped.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.strip_prefix("./").unwrap_or(path).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(byte as char);
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
