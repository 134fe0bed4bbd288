//! How two texts differ, as people read it.

use anstyle::{AnsiColor, Style};
use similar::TextDiff;

/// A unified diff of a file from what is on disk to what is rendered. Pictures have none: nobody reads them line by line.
pub(super) fn unified(path: &str, on_disk: &str, expected: &str) -> Option<String> {
    if path.ends_with(".svg") {
        return None;
    }
    let headers = (format!("{path} (on disk)"), format!("{path} (from the spec)"));
    let diff = TextDiff::configure().timeout(std::time::Duration::from_secs(1)).diff_lines(on_disk, expected);
    Some(diff.unified_diff().context_radius(3).header(&headers.0, &headers.1).to_string())
}

/// A diff with its lines in the colours that diffs have.
pub(super) fn coloured(diff: &str) -> String {
    let colour = |line: &str| match line.as_bytes().first() {
        Some(b'-') => Some(AnsiColor::Red),
        Some(b'+') => Some(AnsiColor::Green),
        Some(b'@') => Some(AnsiColor::Cyan),
        _ => None,
    };
    diff.lines()
        .map(|line| {
            let style = Style::new().fg_color(colour(line).map(Into::into));
            format!("{style}{line}{style:#}\n")
        })
        .collect()
}
