use std::fmt::Write;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use similar::TextDiff;

use crate::diagnostic::{Format, Severity, github_command};
use crate::files::{Comparison, OnDisk, Status, compare};
use crate::stack::GeneratedFile;

use super::failure::Failure;
use super::spec_args::SpecArgs;
use super::{Outcome, output};

/// Compare the files on disk with what the spec describes; exit 1 where they differ
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 in step, 1 a file is missing, changed or left over, 2 they could not be compared."
)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// How to say it: for people, programs, or as annotations on a pull request
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// A file that is not in step, with what a report says about it.
struct Drift {
    /// Its path, with the output directory.
    path: String,
    /// `missing`, `changed` or `left-over`.
    status: &'static str,
    /// The first line on disk that differs, from 1.
    line: Option<usize>,
    /// A unified diff from what is on disk to what is rendered; pictures have none.
    diff: Option<String>,
}

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    let format = args.format;
    let rendered = args.spec.render_all().map_err(|failure| failure.format(format))?;
    let comparisons = compare(&args.spec.out, &rendered).map_err(|error| Failure::from(error).format(format))?;
    let drifts: Vec<Drift> =
        comparisons.iter().filter_map(|comparison| drift(&args.spec.out, comparison, &rendered)).collect();
    let text = match format {
        Format::Human => human(&drifts, comparisons.len()),
        Format::Json => json(&drifts),
        Format::Github => drifts.iter().map(annotation).collect(),
    };
    output::print(&text)?;
    Ok(if drifts.is_empty() { Outcome::Fine } else { Outcome::Findings })
}

fn drift(out: &Path, comparison: &Comparison, rendered: &[GeneratedFile]) -> Option<Drift> {
    let path = out.join(&comparison.path).display().to_string();
    let of = |status| Drift { path: path.clone(), status, line: None, diff: None };
    match &comparison.status {
        Status::InStep => None,
        Status::Missing => Some(of("missing")),
        Status::LeftOver => Some(of("left-over")),
        Status::Changed { on_disk: OnDisk::Opaque, .. } => Some(of("changed")),
        Status::Changed { on_disk: OnDisk::Text(text), .. } => {
            let expected = rendered.iter().find(|file| file.path == comparison.path)?;
            let line = first_difference(text, &expected.text);
            // Nobody reads a picture line by line.
            let diff = (!path.ends_with(".svg")).then(|| unified(&path, text, &expected.text));
            Some(Drift { line: Some(line), diff, ..of("changed") })
        }
    }
}

/// The first line, from 1, on which the file on disk is not what is rendered.
fn first_difference(on_disk: &str, expected: &str) -> usize {
    let same = on_disk.lines().zip(expected.lines()).take_while(|(a, b)| a == b).count();
    (same + 1).min(on_disk.lines().count().max(1))
}

fn unified(path: &str, on_disk: &str, expected: &str) -> String {
    let headers = (format!("{path} (on disk)"), format!("{path} (from the spec)"));
    let diff = TextDiff::configure().timeout(std::time::Duration::from_secs(1)).diff_lines(on_disk, expected);
    diff.unified_diff().context_radius(3).header(&headers.0, &headers.1).to_string()
}

fn human(drifts: &[Drift], files: usize) -> String {
    if drifts.is_empty() {
        return format!("{files} files in step\n");
    }
    let bold = Style::new().bold();
    let mut text = String::new();
    for Drift { path, status, diff, .. } in drifts {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{bold}{status}{bold:#}  {path}");
        text.push_str(&diff.as_deref().map(coloured).unwrap_or_default());
    }
    let _ = writeln!(text, "{} of {files} files are not in step; `bucketbook generate` writes them", drifts.len());
    text
}

/// A diff with its lines in the colours that diffs have.
fn coloured(diff: &str) -> String {
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

fn json(drifts: &[Drift]) -> String {
    let files: Vec<_> = drifts
        .iter()
        .map(|Drift { path, status, line, diff }| {
            serde_json::json!({ "path": path, "status": status, "line": line, "diff": diff })
        })
        .collect();
    format!("{:#}\n", serde_json::json!({ "in_step": drifts.is_empty(), "files": files }))
}

fn annotation(drift: &Drift) -> String {
    let what = match drift.status {
        "missing" => "this file is missing",
        "left-over" => "this file was generated once, and the spec no longer asks for it",
        _ => "this file is not what the spec describes",
    };
    let message = match &drift.diff {
        Some(diff) => format!("{what}: run `bucketbook generate`\n{diff}"),
        None => format!("{what}: run `bucketbook generate`"),
    };
    github_command(Severity::Error, Some(&drift.path.replace('\\', "/")), drift.line.or(Some(1)), None, &message)
}
