//! The page around the sections: its head, what it allows itself, its script and its data.

use base64::Engine;
use sha2::{Digest, Sha256};

use super::escape::{html as escaped, json};
use super::{Report, sections};
use crate::graph::{Scheme, stylesheet};
use crate::stack::MARKER;

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// How every page begins, up to the marker of what is generated.
const TOP: &str = "<!doctype html>\n<!-- ";

/// Whether a file's bytes say that they are a report, which may be overwritten.
pub fn is_report(bytes: &[u8]) -> bool {
    bytes.strip_prefix(TOP.as_bytes()).is_some_and(|rest| rest.starts_with(MARKER.as_bytes()))
}

pub(super) fn html(report: &Report) -> String {
    let title = escaped(&report.title);
    let data = json(&report.data().to_string());
    let policy = policy();
    let graph = stylesheet(Scheme::Auto);
    let body = sections::body(report);
    format!(
        "{TOP}{MARKER} Run `bucketbook report` instead of editing this file. -->\n\
<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
<meta name=\"color-scheme\" content=\"light dark\">\n\
<meta name=\"referrer\" content=\"no-referrer\">\n\
<title>{title} - Bucketbook report</title>\n\
<style>\n{STYLE}{graph}</style>\n</head>\n<body>\n{body}\
<script type=\"application/json\" id=\"data\">{data}</script>\n\
<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

/// Nothing is loaded from anywhere, nothing is sent anywhere, and no script runs but the page's own.
fn policy() -> String {
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{hash}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )
}
