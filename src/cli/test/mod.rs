//! `test`: scenarios are played, and held against what should come of them.

mod brief;
mod human;
mod junit;
mod tested;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crate::diagnostic::{Diagnostic, counted};
use crate::loaded::{LoadError, walk};
use crate::simulate::scenario::{ScenarioDocument, check, play_with};
use crate::simulate::simulation::SimulationOptions;
use crate::simulate::stack::RunnableStack;
use crate::source::{self, Source};

use self::tested::{Broken, Tested};
use super::app_args::{App, AppArgs};
use super::failure::Failure;
use super::outcome::Outcome;
use super::output;
use super::spec_args::SpecArgs;
use super::stack_source;
use super::values::ValueArgs;

/// Run scenario tests: events for a stack, and the expected result
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 every scenario passed, 1 one failed, 2 one could not run.\n\n\
    A scenario is a page of YAML with `given`, `when` and `then`; `bucketbook schema --scenario` prints its JSON Schema.")]
pub(super) struct Args {
    /// Scenarios, or directories of scenarios; or a cloud assembly (cdk.out), which they are for [default: scenarios]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The template, definition or cloud assembly for scenarios that do not name one, or the name of a stack in the assembly
    /// [default: the nearest one above each]
    #[arg(long, value_name = "STACK")]
    stack: Option<PathBuf>,
    #[command(flatten)]
    values: ValueArgs,
    /// The output format: for people, or JUnit XML
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    spec: SpecArgs,
}

/// How results are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Human,
    /// JUnit XML, for CI systems.
    Junit,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let (apps, mut paths): (Vec<PathBuf>, Vec<PathBuf>) =
        args.paths.iter().cloned().partition(|path| App::at(path).is_some());
    if paths.is_empty() {
        paths.push(PathBuf::from("scenarios"));
    }
    let about = About::of(args, apps)?;
    let files = files(&paths)?;
    let mut stacks = HashMap::new();
    let (mut tested, mut broken) = (Vec::new(), Vec::new());
    for path in &files {
        match test(path, args, &about, &mut stacks) {
            Ok(one) => tested.push(one),
            Err(error) => {
                broken.push(Broken { path: path.display().to_string(), why: format!("{error:#}") });
                super::failure::report(&error);
            }
        }
    }
    match args.format {
        Format::Human if broken.is_empty() && tested.iter().all(|one| one.mismatches.is_empty()) => {
            output::tell(&human::report(&tested, 0))?;
        }
        Format::Human => output::show(&human::report(&tested, broken.len()))?,
        Format::Junit => output::print(&junit::report(&tested, &broken)?)?,
    }
    if !broken.is_empty() {
        let diagnostic = Diagnostic::error(format!("{} could not be run", counted(broken.len(), "scenario")));
        return Err(Failure::new(diagnostic).into());
    }
    let failed = tested.iter().any(|one| !one.mismatches.is_empty());
    Ok(if failed { Outcome::Findings } else { Outcome::Fine })
}

/// Which stack the scenarios are about that do not name one.
struct About {
    place: Option<PathBuf>,
    app: AppArgs,
}

impl About {
    fn of(args: &Args, mut apps: Vec<PathBuf>) -> anyhow::Result<Self> {
        if apps.len() > 1 {
            let message = format!("several apps are given: {} and {}", apps[0].display(), apps[1].display());
            return Err(Failure::new(Diagnostic::error(message).help("test them one after the other")).into());
        }
        Ok(match (apps.pop(), &args.stack) {
            (Some(app), Some(name)) => {
                let name = name.to_string_lossy().into_owned();
                Self { place: Some(app), app: AppArgs { name: Some(name) } }
            }
            (app, stack) => Self { place: app.or_else(|| stack.clone()), app: AppArgs::default() },
        })
    }
}

/// Stacks that are ready to run, by their place and the values that scenarios give them.
type Stacks = HashMap<(PathBuf, BTreeMap<String, String>, BTreeMap<String, String>), Arc<RunnableStack>>;

fn test(path: &Path, args: &Args, about: &About, stacks: &mut Stacks) -> anyhow::Result<Tested> {
    let ScenarioDocument { scenario, source } = ScenarioDocument::read_all(path).map_err(|(source, faults)| {
        if is_stack(&source) { of_stack(path) } else { Failure::faults((source, faults)) }
    })?;
    let directory = path.parent().unwrap_or(Path::new(""));
    let named = scenario.stack.as_ref().map(|named| directory.join(named));
    let home = stack_source::home(directory);
    let place = named.as_deref().or(about.place.as_deref());
    // A scenario that names its stack is not about another one.
    let spec = if named.is_some() { &SpecArgs::default() } else { &args.spec };
    let app = if named.is_some() { &AppArgs::default() } else { &about.app };
    let key = (place.unwrap_or(&home).to_owned(), scenario.parameters.clone(), scenario.substitutions.clone());
    let stack = match stacks.get(&key) {
        Some(stack) => Arc::clone(stack),
        None => {
            let stack = stack_source::runnable_stack(place, spec, app, &home, &args.values.over(&scenario))?;
            stacks.insert(key, Arc::clone(&stack));
            stack
        }
    };
    let refused = |message: String| Failure::new(Diagnostic::error(format!("{}: {message}", path.display())));
    let begun = Instant::now();
    // What nobody asks for is not kept: a backfill has thousands of states and calls.
    let calls = !scenario.then.calls.is_empty();
    let options = SimulationOptions { path: true, calls, ..SimulationOptions::default() };
    let played = play_with(&scenario, &stack, directory, options).map_err(|error| refused(error.to_string()))?;
    if let Some((one, asked)) = played.executions.iter().find_map(|one| Some((one, one.outcome.asked()?))) {
        return Err(super::simulate::unknown(&one.machine, asked, None).context(path.display().to_string()));
    }
    let mismatches = check(&scenario, &played, &stack).map_err(refused)?;
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = scenario.name.unwrap_or(stem);
    Ok(Tested { path: source.name, name, played, mismatches, took: begun.elapsed() })
}

/// Whether a file that is not a scenario is the stack that the user wants to test.
fn is_stack(source: &Source) -> bool {
    let root = source::parse(source).ok().flatten();
    root.is_some_and(|root| ["Resources", "States"].iter().any(|name| root.get(name).is_some()))
}

fn of_stack(path: &Path) -> Failure {
    let message = format!("`{}` is a stack, not a scenario", path.display());
    Failure::new(
        Diagnostic::error(message).help("`bucketbook test --stack FILE` runs the scenarios in `scenarios` against it"),
    )
}

/// The scenarios that there are at some paths, in order.
pub(super) fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            if std::fs::symlink_metadata(path).is_err() {
                let diagnostic = Diagnostic::error(format!("there is no `{}`", path.display()));
                return Err(Failure::new(
                    diagnostic.help("write scenarios there (`bucketbook schema --scenario` prints their format; `bucketbook init` writes examples), or give the path of others"),
                )
                .into());
            }
            files.push(path.clone());
            continue;
        }
        let entries = walk(path, |_| true).map_err(|(path, reason)| LoadError::Unreadable { path, reason })?;
        for entry in entries {
            let yaml = entry.path().extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
            if yaml && entry.file_type().is_some_and(|kind| kind.is_file()) {
                files.push(entry.into_path());
            }
        }
    }
    if files.is_empty() {
        let diagnostic = Diagnostic::error("this folder contains no scenarios");
        return Err(Failure::new(diagnostic.help("the names of scenarios end in .yaml or .yml")).into());
    }
    Ok(files)
}
