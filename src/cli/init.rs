use std::fs;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;

use crate::diagnostic::Diagnostic;
use crate::files::replace_all;
use crate::simulate::scenario::Scenario;
use crate::source::Source;
use crate::spec::{SCENARIO_SCHEMA_FILE, SCENARIOS, SCHEMA_FILE, STARTERS, Spec, Starter};
use crate::stack::is_schema;

use super::failure::Failure;
use super::outcome::Outcome;
use super::output;
use super::shell::quoted_path;

/// The name of the spec that is written.
const SPEC_FILE: &str = "bucketbook.yaml";

/// Write a bucketbook.yaml to start from, scenarios that pass for it, and JSON Schemas for editors
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The directory to write into
    #[arg(default_value = ".", value_name = "DIR")]
    directory: PathBuf,
    /// The starter to write
    #[arg(long, value_name = "NAME", default_value = STARTERS[0].name,
        value_parser = PossibleValuesParser::new(STARTERS.map(|starter| starter.name)))]
    template: String,
    /// Write every option instead, commented out, with what it does and a value that it takes
    #[arg(long, conflicts_with_all = ["template", "list"])]
    all: bool,
    /// List the starters, and write nothing
    #[arg(long)]
    list: bool,
    /// Overwrite an existing bucketbook.yaml
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    if args.list {
        output::print(&list())?;
    } else {
        output::tell(&write(args)?)?;
    }
    Ok(Outcome::Fine)
}

fn list() -> String {
    STARTERS.iter().map(|starter| format!("{:<17}{}\n", starter.name, starter.summary())).collect()
}

fn write(args: &Args) -> Result<String, Failure> {
    let starter = Starter::named(&args.template).unwrap_or(STARTERS[0]);
    let scenarios = args.directory.join(SCENARIOS);
    let mut files = vec![
        (args.directory.join(SPEC_FILE), if args.all { Spec::all_options() } else { starter.text.to_owned() }),
        (args.directory.join(SCHEMA_FILE), Spec::json_schema()),
    ];
    files.extend(starter.scenarios.iter().map(|(name, text)| (scenarios.join(name), (*text).to_owned())));
    files.push((scenarios.join(SCENARIO_SCHEMA_FILE), Scenario::json_schema()));
    for (path, _) in &files {
        let generated = Source::read(path).is_ok_and(|held| is_schema(held.text.as_bytes()));
        if fs::symlink_metadata(path).is_ok() && !generated && !args.force {
            let diagnostic = Diagnostic::error(format!("`{}` already exists and was not overwritten", path.display()));
            return Err(Failure::new(
                diagnostic.help("nothing was changed; overwrite it with --force, or choose another directory"),
            ));
        }
    }
    replace_all(&files)?;
    let mut text: String = files.iter().map(|(path, _)| format!("created  {}\n", output::named(path))).collect();
    if args.force {
        text.push_str(&others_scenarios(starter, &scenarios)?);
    }
    Ok(format!("{text}next: bucketbook generate{}\n", elsewhere(&args.directory)))
}

/// Removes the scenarios that `init` wrote for another starter, since they do not hold for this one. Edited ones are the user's.
fn others_scenarios(starter: Starter, directory: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let all = STARTERS.iter().flat_map(|other| other.scenarios.iter().map(|(name, _)| *name));
    let mut names: Vec<&str> = all.filter(|name| !starter.scenarios.iter().any(|(own, _)| own == name)).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let path = directory.join(name);
        let Ok(Source { text: held, .. }) = Source::read(&path) else { continue };
        if STARTERS.iter().any(|other| other.scenarios.contains(&(name, held.as_str()))) {
            fs::remove_file(&path).map_err(|error| {
                let why = crate::source::plain(&error);
                Failure::new(Diagnostic::error(format!("cannot remove `{}`: {why}", path.display())))
            })?;
            text.push_str(&format!("removed  {}\n", output::named(&path)));
        } else {
            text.push_str(&format!("left alone  {} (from another starter, but edited)\n", output::named(&path)));
        }
    }
    Ok(text)
}

/// How `generate` is told where the spec is, if it is not in this directory.
fn elsewhere(directory: &Path) -> String {
    if directory == Path::new(".") {
        return String::new();
    }
    format!(" --spec {} --out {}", quoted_path(&directory.join(SPEC_FILE)), quoted_path(&directory.join("out")))
}
