use std::fmt::Write;
use std::path::Path;

use anstyle::{AnsiColor, Style};

use crate::catalog;
use crate::diagnostic::Diagnostic;
use crate::files::{self, Allowed, Done, FilesError, OnDisk, Origin, Refused};
use crate::stack::GeneratedFile;

use super::failure::Failure;
use super::outcome::Outcome;
use super::shell::quoted_path;
use super::spec_args::{Chosen, SpecArgs};
use super::{diff, output};

/// Write the stack that the spec describes: template.yaml, definitions/, samconfig.toml and pictures/
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Files that are up to date are not touched. Unedited files that the manifest lists (.bucketbook-manifest.json, which you\n\
    should commit) are replaced, or removed if they are no longer part of the stack. Other files are listed and left\n\
    alone. Exit codes: 0 written, 2 nothing was changed. Then: cd out && sam deploy"
)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write to the standard output instead: all files, or the named one
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, conflicts_with_all = ["dry_run", "force", "prune"])]
    stdout: Option<Option<String>>,
    /// Overwrite edited files and files that were not generated
    #[arg(long)]
    force: bool,
    /// Remove files that are no longer part of the stack even if edited, and copies of generated files
    #[arg(long)]
    prune: bool,
}

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    let chosen = args.spec.choose(Path::new(""))?;
    let rendered = chosen.render_all()?;
    for note in catalog::notes(&chosen.spec) {
        output::remark(&format!("note: {note}\n"));
    }
    for note in environment_notes(&args.spec, &chosen) {
        output::remark(&format!("note: {note}\n"));
    }
    match &args.stdout {
        Some(Some(path)) => output::print(&one_file(&rendered, path)?)?,
        Some(None) => output::print(&all_files(&rendered))?,
        None => {
            let Args { force, prune, dry_run, .. } = args;
            let done = files::update(&chosen.out, &rendered, Allowed { force, prune, dry_run });
            let done = done.inspect_err(|error| show_edits(error, &rendered)).map_err(Failure::from)?;
            output::tell(&summary(&chosen.out, dry_run, &done, &rendered))?;
            if !dry_run {
                output::tell(&next(&chosen.out, args.spec.is_default()))?;
            }
        }
    }
    Ok(Outcome::Fine)
}

/// What is to be known about the environments of the spec.
fn environment_notes(args: &SpecArgs, chosen: &Chosen) -> Vec<String> {
    let all = chosen.environments();
    let mut notes = Vec::new();
    if let (None, Some(first)) = (&args.environment, all.first()) {
        let listed = all.join(", ");
        notes.push(format!(
            "this stack is the spec without its environments ({listed}); `generate --environment {first}` writes one of them"
        ));
    }
    let namesakes = chosen.namesakes();
    if !namesakes.is_empty() {
        notes.push(format!(
            "the stack name `{}` is also that of {}: in one account and region they would be one stack; give each environment its own `stack.name`",
            chosen.spec.stack.name,
            namesakes.join(", ")
        ));
    }
    notes
}

fn one_file(rendered: &[GeneratedFile], path: &str) -> Result<String, Failure> {
    match rendered.iter().find(|file| file.path == path) {
        Some(file) => Ok(file.text.clone()),
        None => {
            let known: Vec<&str> = rendered.iter().map(|file| file.path.as_str()).collect();
            let diagnostic = Diagnostic::error(format!("the stack has no file `{path}`"));
            Err(Failure::new(diagnostic.help(format!("its files are {}", known.join(", ")))))
        }
    }
}

fn all_files(rendered: &[GeneratedFile]) -> String {
    rendered.iter().map(|file| format!("==> {} <==\n{}", file.path, file.text)).collect::<Vec<_>>().join("\n")
}

/// Shows what would be lost by overwriting, before that is refused.
fn show_edits(error: &FilesError, rendered: &[GeneratedFile]) {
    let FilesError::Refused { directory, files } = error else { return };
    for Refused { path, on_disk, origin } in files {
        let diff = edits(&directory.join(path).display().to_string(), path, on_disk, *origin, rendered);
        output::complain(&diff.unwrap_or_default());
    }
}

/// What somebody changed in a generated file, as a diff.
fn edits(shown: &str, path: &str, on_disk: &OnDisk, origin: Origin, rendered: &[GeneratedFile]) -> Option<String> {
    let OnDisk::Text(text) = on_disk else { return None };
    let file = rendered.iter().find(|file| file.path == path && origin != Origin::Foreign)?;
    diff::unified(shown, text, &file.text).as_deref().map(diff::coloured)
}

fn summary(out: &Path, dry_run: bool, done: &[(String, Done)], rendered: &[GeneratedFile]) -> String {
    let mut text = String::new();
    for (path, done) in done {
        let (word, would, colour) = match done {
            Done::Created => ("created", "would create", AnsiColor::Green),
            Done::Updated => ("updated", "would update", AnsiColor::Yellow),
            Done::Overwritten(..) => ("overwritten", "would overwrite", AnsiColor::Yellow),
            Done::Unchanged => ("unchanged", "unchanged", AnsiColor::BrightBlack),
            Done::Removed => ("removed", "would remove", AnsiColor::Red),
            Done::Kept(_) => ("left alone", "left alone", AnsiColor::BrightBlack),
        };
        let (word, width) = if dry_run { (would, 12) } else { (word, 9) };
        let style = Style::new().fg_color(Some(colour.into()));
        let shown = output::named(&out.join(path));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{style}{word:<width$}{style:#}  {shown}{}", remark(done));
        if let Done::Overwritten(on_disk, origin) = done {
            text.push_str(&edits(&shown, path, on_disk, *origin, rendered).unwrap_or_default());
        }
    }
    text
}

/// What to look at next. A stack that no command takes by itself is named.
fn next(out: &Path, by_itself: bool) -> String {
    let folder = quoted_path(out);
    let named = if by_itself { String::new() } else { format!(" {folder}") };
    let commands = [
        (format!("bucketbook simulate{named} --put"), "upload a file, simulated here"),
        (format!("bucketbook report{named}"), "write a page about the stack"),
        (format!("cd {folder} && sam deploy"), "deploy it to AWS"),
    ];
    let width = commands.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (at, (command, what)) in commands.iter().enumerate() {
        let label = if at == 0 { "next:" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{label:<5} {command:<width$}  # {what}");
    }
    text
}

/// Why a file is treated as it is, where that is not plain.
fn remark(done: &Done) -> &'static str {
    match done {
        Done::Overwritten(_, Origin::Edited) => " (it was edited)",
        Done::Overwritten(_, Origin::Unlisted) => " (the manifest did not list it)",
        Done::Overwritten(..) => " (it was not generated)",
        Done::Kept(Origin::Edited) => " (no longer part of the stack, but edited; --prune removes it)",
        Done::Kept(_) => " (a copy, or older than the manifest; --prune removes it)",
        _ => "",
    }
}
