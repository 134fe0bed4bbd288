use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::diagnostic::Diagnostic;
use crate::files::{self, Done};
use crate::stack::GeneratedFile;

use super::failure::Failure;
use super::spec_args::SpecArgs;
use super::{Outcome, output};

/// Write the stack that the spec describes: template.yaml, definitions/, samconfig.toml and pictures/
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Files that are in step already are not touched. Files that were generated once and are no longer\n\
    rendered are removed. Then: cd out && sam deploy"
)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write the files to the standard output instead: all of them, or the one named
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, conflicts_with_all = ["dry_run", "force"])]
    stdout: Option<Option<String>>,
    /// Overwrite files that were not generated
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    let rendered = args.spec.render_all()?;
    let text = match &args.stdout {
        Some(Some(path)) => one_file(&rendered, path)?,
        Some(None) => all_files(&rendered),
        None => {
            let done = files::update(&args.spec.out, &rendered, args.force, args.dry_run).map_err(Failure::from)?;
            summary(&args, &done)
        }
    };
    output::print(&text)?;
    Ok(Outcome::Fine)
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

fn summary(args: &Args, done: &[(String, Done)]) -> String {
    let mut text = String::new();
    for (path, done) in done {
        let (word, would, colour) = match done {
            Done::Created => ("created", "would create", AnsiColor::Green),
            Done::Updated => ("updated", "would update", AnsiColor::Yellow),
            Done::Unchanged => ("unchanged", "unchanged", AnsiColor::BrightBlack),
            Done::Removed => ("removed", "would remove", AnsiColor::Red),
        };
        let (word, width) = if args.dry_run { (would, 12) } else { (word, 9) };
        let style = Style::new().fg_color(Some(colour.into()));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{style}{word:<width$}{style:#}  {}", args.spec.out.join(path).display());
    }
    text
}
