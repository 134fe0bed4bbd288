//! Findings in the words of the protocol.

use gen_lsp_types::{Code, Diagnostic, DiagnosticSeverity, Message, Range};

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::source::Fault;

use super::text::Lines;

/// The `source` of all diagnostics.
const SOURCE: &str = "bucketbook";

/// A finding as a diagnostic of the protocol.
pub(super) fn finding(finding: &Finding, lines: &Lines<'_>) -> Diagnostic {
    diagnostic(
        lines.range(finding.place.span),
        finding.severity,
        Some(finding.rule.id.0),
        said(&finding.message, finding.help.as_deref()),
    )
}

/// What keeps a file from being read.
pub(super) fn fault(fault: &Fault, lines: &Lines<'_>) -> Diagnostic {
    let range = lines.range(fault.span.unwrap_or_default());
    diagnostic(range, Severity::Error, None, said(&fault.message, fault.help.as_deref()))
}

fn said(message: &str, help: Option<&str>) -> String {
    match help {
        Some(help) => format!("{message}\nhelp: {help}"),
        None => message.to_owned(),
    }
}

fn diagnostic(range: Range, severity: Severity, rule: Option<&str>, message: String) -> Diagnostic {
    let severity = match severity {
        Severity::Error => DiagnosticSeverity::Error,
        Severity::Warning => DiagnosticSeverity::Warning,
        Severity::Info => DiagnosticSeverity::Information,
    };
    Diagnostic {
        range,
        severity: Some(severity),
        code: rule.map(|rule| Code::String(rule.to_owned())),
        source: Some(SOURCE.to_owned()),
        message: Message::String(message),
        ..Diagnostic::default()
    }
}
