//! `report`: one page about a stack.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::files;
use crate::lint::{self, Config, Linted, Selection};
use crate::loaded::LoadedStack;
use crate::report::{Prices, Report, ScenarioFile, is_report};
use crate::simulate::scenario::ScenarioDocument;
use crate::source::Source;

use super::app_args::AppArgs;
use super::failure::Failure;
use super::outcome::Outcome;
use super::output;
use super::spec_args::SpecArgs;
use super::stack_source;
use super::values::ValueArgs;

/// Write one HTML page about a stack: pictures, simulated scenarios to step through, findings, permissions and cost
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 the page is written (whatever it shows), 2 it could not be written.\n\n\
    The page is self-contained: it can be opened from disk, mailed, or kept with a build. It runs the scenarios in `scenarios` \
    beside the stack, and built-in ones for the events that its rules match.")]
pub(super) struct Args {
    /// A template, a definition, or the directory of a template [default: the spec's stack, or out/template.yaml]
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// The file to write; `-` is the standard output
    #[arg(long, short, value_name = "FILE", default_value = "report.html")]
    output: PathBuf,
    /// A scenario, or a directory of scenarios; may be given several times [default: `scenarios` beside the stack]
    #[arg(long, value_name = "PATH")]
    scenarios: Vec<PathBuf>,
    /// The region to use prices of
    #[arg(long, value_name = "REGION", default_value = "us-east-1")]
    region: String,
    /// A price sheet whose lines replace built-in ones
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
    /// Overwrite a file that this command did not write
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    app: AppArgs,
    #[command(flatten)]
    values: ValueArgs,
    #[command(flatten)]
    spec: SpecArgs,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let to_stdout = args.output.as_os_str() == "-";
    if !to_stdout {
        is_page(&args.output)?;
        // Before the work, which can take long.
        files::may_write(&args.output, is_report, args.force).map_err(Failure::from)?;
    }
    let prices = prices(args)?;
    let here = Path::new(".");
    let meant = stack_source::meant(args.path.as_deref(), &args.spec, &args.app, Path::new(""))?;
    let of_spec = meant.name();
    let stack = args.values.given(meant.stack_to_run()?)?;
    stack_source::tell_of_tables(&stack);
    let config = Config::read(here)?;
    let selection = Selection::new(&config.select, &config.extend_select, &config.ignore)
        .map_err(|error| Failure::new(Diagnostic::error(error.to_string())))?;
    let scenarios = scenarios(args, &stack)?;
    let findings = lint::check(&stack, &selection);
    let mut linted = [Linted { stack, findings }];
    config.leave_out(&mut linted)?;
    let [Linted { stack, findings }] = linted;
    let page = Report::new(&stack, &findings, &scenarios, &prices).named(of_spec.or_else(|| stack_name(&stack))).html();
    if to_stdout {
        output::print(&page)?;
    } else {
        files::write_output(&args.output, &page, is_report, args.force).map_err(Failure::from)?;
        output::tell(&format!("written  {}\n", output::named(&args.output)))?;
    }
    Ok(Outcome::Fine)
}

/// The prices that are asked for.
fn prices(args: &Args) -> Result<Prices, Failure> {
    let sheet = super::cost::sheet(args.prices.as_deref())?;
    if !sheet.regions().contains(&args.region.as_str()) {
        let known = sheet.regions().join(", ");
        let diagnostic = Diagnostic::error(format!("there are no prices for the region `{}`", args.region));
        let help = format!("there are prices for {known}; --prices FILE adds prices for other regions");
        return Err(Failure::new(diagnostic.help(help)));
    }
    Ok(Prices { region: args.region.clone(), sheet })
}

/// What the `samconfig.toml` beside the template calls the stack.
fn stack_name(stack: &LoadedStack) -> Option<String> {
    let home = stack.documents.first()?.path.parent()?;
    let config = Source::read(&home.join("samconfig.toml")).ok()?;
    let table: toml::Table = toml::from_str(&config.text).ok()?;
    let default = table.get("default")?;
    let of = |command: &str| default.get(command)?.get("parameters")?.get("stack_name")?.as_str().map(str::to_owned);
    of("deploy").or_else(|| of("global"))
}

/// Refuses a name without the extension of a page.
fn is_page(path: &Path) -> Result<(), Failure> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        Some("html" | "htm") => Ok(()),
        // A pipe that a shell made.
        _ if path.starts_with("/dev") => Ok(()),
        _ => {
            let message = format!("`{}` does not end in .html or .htm", path.display());
            Err(Failure::new(Diagnostic::error(message).help("name the file, for example `--output report.html`")))
        }
    }
}

/// The scenarios that are asked for, or those beside the stack.
fn scenarios(args: &Args, stack: &LoadedStack) -> anyhow::Result<Vec<ScenarioFile>> {
    let mut files = Vec::new();
    if args.scenarios.is_empty() {
        // A generated stack is in `out`, and what belongs to its spec is beside that.
        let home = stack.path().and_then(Path::parent).unwrap_or(Path::new(""));
        let above = home.file_name().is_some_and(|name| name == "out").then(|| home.parent()).flatten();
        let places = [Some(home), above].into_iter().flatten().map(|place| place.join("scenarios"));
        if let Some(found) = places.into_iter().find(|place| place.is_dir()) {
            files.extend(super::test::files(&[found])?);
        }
    } else {
        files.extend(super::test::files(&args.scenarios)?);
    }
    files.iter().map(|path| scenario(path)).collect()
}

fn scenario(path: &Path) -> anyhow::Result<ScenarioFile> {
    let ScenarioDocument { scenario, .. } = ScenarioDocument::read_all(path).map_err(Failure::faults)?;
    let directory = path.parent().unwrap_or(Path::new("")).to_owned();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(ScenarioFile { scenario, name: format!("scenarios/{name}"), directory })
}
