use serde_json::json;

use super::{Files, Places, Summary};

pub(super) fn render(places: &Places<'_>, summary: Summary, read: &[String], files: Files<'_>) -> String {
    let findings: Vec<_> = places
        .findings
        .iter()
        .map(|placed| {
            let finding = placed.finding;
            json!({
                "rule": finding.rule.id,
                "name": finding.rule.name,
                "severity": finding.severity,
                "message": finding.message,
                "help": finding.help,
                "file": placed.file,
                "pointer": finding.place.pointer,
                "line": placed.start.line,
                "column": placed.start.column,
                "end_line": placed.end.line,
                "end_column": placed.end.column,
                "fixable": finding.fix.is_some(),
            })
        })
        .collect();
    let mut report = json!({ "findings": findings, "summary": summary });
    if files.named {
        let skipped = files.skipped.iter().map(|file| json!({ "file": file.path, "reason": file.reason }));
        report["read"] = json!(read);
        report["skipped"] = skipped.collect();
    }
    format!("{report:#}\n")
}
