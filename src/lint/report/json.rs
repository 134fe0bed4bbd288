use serde_json::json;

use super::{Files, Places, Summary};

pub(super) fn render(places: &Places<'_>, summary: Summary, read: &[String], files: Files<'_>) -> String {
    let findings: Vec<_> = places
        .findings
        .iter()
        .map(|placed| {
            let finding = placed.finding;
            let (file, start, end) = placed.edited();
            let mut told = json!({
                "rule": finding.rule.id,
                "name": finding.rule.name,
                "severity": finding.severity,
                "message": finding.message,
                "help": finding.help,
                "file": file,
                "pointer": finding.place.pointer,
                "line": start.line,
                "column": start.column,
                "end_line": end.line,
                "end_column": end.column,
                "fixable": finding.fix.is_some(),
            });
            if let Some(construct) = &placed.construct {
                told["construct"] = json!(construct);
            }
            if placed.made_at.is_some() {
                let (line, column) = (placed.start.line, placed.start.column);
                told["synthesized"] = json!({ "file": placed.file, "line": line, "column": column });
            }
            told
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
