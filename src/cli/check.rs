use std::fmt::Write;
use std::path::{Path, PathBuf};

use anstyle::Style;

use crate::diagnostic::{Format, Severity, github_command, shown};
use crate::files::{Comparison, MANIFEST, OnDisk, Origin, Status, compare};
use crate::name::EnvironmentName;
use crate::stack::GeneratedFile;

use super::failure::Failure;
use super::outcome::Outcome;
use super::spec_args::{Chosen, SpecArgs};
use super::{diff, output};

/// Compare the files on disk with what the spec describes; exit 1 if they differ
#[derive(Debug, clap::Args)]
#[command(
    after_help = "If the spec has environments, all generated ones are compared, unless --environment names one.\n\
    Exit codes: 0 the files match, 1 a file is missing, changed or left over, 2 they could not be compared."
)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// The output format: for people, programs, or annotations on a pull request
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// A file that is not in step, with what a report says about it.
struct Drift {
    /// Its path, with the output directory.
    path: String,
    /// `missing`, `changed`, `edited`, `left-over` or [`LEFT_OVER_FOLDER`].
    status: &'static str,
    /// The first line on disk that differs, from 1.
    line: Option<usize>,
    /// A unified diff from what is on disk to what is rendered; pictures have none.
    diff: Option<String>,
}

/// The status of a folder that was generated for an environment which the spec does not have any more.
const LEFT_OVER_FOLDER: &str = "left-over-environment";

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    let format = args.format;
    let mut drifts = Vec::new();
    let (mut files, mut left_over) = (0, Vec::new());
    for chosen in args.spec.choose_generated(Path::new("")).map_err(|failure| failure.format(format))? {
        let (count, found) = drifts_of(&chosen).map_err(|failure| failure.format(format))?;
        files += count;
        drifts.extend(found);
        left_over.extend(chosen.left_over_environments());
    }
    if args.spec.environment.is_none() && args.spec.out.is_none() {
        left_over.sort();
        left_over.dedup();
        let folder = |path: PathBuf| Drift {
            path: path.display().to_string(),
            status: LEFT_OVER_FOLDER,
            line: None,
            diff: None,
        };
        drifts.extend(left_over.into_iter().map(folder));
    }
    let text = match format {
        Format::Human => human(&drifts, files, args.spec.environment.as_ref()),
        Format::Json => json(&drifts),
        Format::Github => drifts.iter().map(annotation).collect(),
    };
    match format {
        Format::Human if drifts.is_empty() => output::tell(&text)?,
        Format::Human => output::show(&text)?,
        _ => output::print(&text)?,
    }
    Ok(if drifts.is_empty() { Outcome::Fine } else { Outcome::Findings })
}

/// How many files a stack has, and which are not in step.
fn drifts_of(chosen: &Chosen) -> Result<(usize, Vec<Drift>), Failure> {
    let rendered = chosen.render_all()?;
    let out = &chosen.out;
    let compared = compare(out, &rendered).map_err(Failure::from)?;
    let mut drifts: Vec<Drift> = compared.files.iter().filter_map(|file| drift(out, file, &rendered)).collect();
    let files = compared.files.iter().filter(|file| !is_copy(file)).count();
    // It follows from the files, so it is only worth a word if they are in step.
    if drifts.is_empty() {
        let path = out.join(MANIFEST).display().to_string();
        match compared.manifest {
            Status::InStep => {}
            Status::Missing => output::remark(&format!(
                "note: there is no `{path}` yet, so edits by hand cannot be detected; `bucketbook generate` writes it\n"
            )),
            _ => drifts.push(Drift { path, status: "changed", line: Some(1), diff: None }),
        }
    }
    Ok((files, drifts))
}

/// Whether a file says that it was generated, and nobody knows it: a copy, which is the user's.
fn is_copy(file: &Comparison) -> bool {
    file.status == Status::LeftOver { origin: Origin::Unlisted }
}

fn drift(out: &Path, comparison: &Comparison, rendered: &[GeneratedFile]) -> Option<Drift> {
    let path = out.join(&comparison.path).display().to_string();
    let of = |status| Drift { path: path.clone(), status, line: None, diff: None };
    match &comparison.status {
        Status::InStep => None,
        Status::Missing => Some(of("missing")),
        Status::LeftOver { .. } if is_copy(comparison) => None,
        Status::LeftOver { .. } => Some(of("left-over")),
        Status::Changed { on_disk, origin } => {
            let status = if *origin == Origin::Edited { "edited" } else { "changed" };
            let OnDisk::Text(text) = on_disk else { return Some(of(status)) };
            let expected = rendered.iter().find(|file| file.path == comparison.path)?;
            let line = first_difference(text, &expected.text);
            Some(Drift { line: Some(line), diff: diff::unified(&path, text, &expected.text), ..of(status) })
        }
    }
}

/// The first line, from 1, on which the file on disk is not what is rendered.
fn first_difference(on_disk: &str, expected: &str) -> usize {
    let same = on_disk.lines().zip(expected.lines()).take_while(|(a, b)| a == b).count();
    (same + 1).min(on_disk.lines().count().max(1))
}

fn human(drifts: &[Drift], files: usize, environment: Option<&EnvironmentName>) -> String {
    if drifts.is_empty() {
        return format!("{files} files in step\n");
    }
    let bold = Style::new().bold();
    let mut text = String::new();
    for Drift { path, status, diff, .. } in drifts {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{bold}{status}{bold:#}  {}", shown(path));
        text.push_str(&diff.as_deref().map(diff::coloured).unwrap_or_default());
    }
    let (folders, drifts): (Vec<&Drift>, Vec<&Drift>) =
        drifts.iter().partition(|drift| drift.status == LEFT_OVER_FOLDER);
    if !folders.is_empty() {
        let what_to_do = match folders.len() {
            1 => "the spec has no environment of this name: delete the folder, or add the environment",
            _ => "the spec has no environments of these names: delete the folders, or add the environments",
        };
        let _ = writeln!(text, "{what_to_do}");
    }
    if drifts.is_empty() {
        return text;
    }
    let edited = drifts.iter().any(|drift| drift.status == "edited");
    let environment = environment.map_or_else(String::new, |name| format!(" --environment {name}"));
    let writes = if edited {
        format!("`bucketbook generate{environment} --force` discards the edits")
    } else {
        format!("`bucketbook generate{environment}` writes them")
    };
    let _ = writeln!(text, "{} of {files} files are not in step; {writes}", drifts.len());
    text
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
        "edited" => "this file was edited and differs from what the spec describes",
        LEFT_OVER_FOLDER => {
            let message = "this folder contains the stack of an environment that the spec does not have: delete it, or add the environment";
            let file = format!("{}/template.yaml", drift.path.replace('\\', "/"));
            return github_command(Severity::Error, Some(&file), Some(1), None, message);
        }
        "left-over" => "this file was generated earlier, and the spec no longer describes it",
        _ => "this file differs from what the spec describes",
    };
    let diff = drift.diff.as_ref().map(|diff| format!("\n{diff}")).unwrap_or_default();
    let flag = if drift.status == "edited" { " --force" } else { "" };
    let message = format!("{what}: run `bucketbook generate{flag}`{diff}");
    github_command(Severity::Error, Some(&drift.path.replace('\\', "/")), drift.line.or(Some(1)), None, &message)
}
