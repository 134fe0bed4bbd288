//! `cost`: what a stack costs before it is deployed.

use std::path::{Path, PathBuf};

use crate::cost::alternatives::{self, Comparison};
use crate::cost::render::{Report, human, json, markdown};
use crate::cost::usage::trace;
use crate::cost::{self, Bill, CostError, Design, Mix, Options, PriceSheet, Quantity, Share, Specs, Usage};
use crate::diagnostic::Diagnostic;
use crate::loaded::LoadedStack;
use crate::source::Source;
use crate::spec::Spec;

use super::app_args::AppArgs;
use super::failure::Failure;
use super::outcome::Outcome;
use super::spec_args::SpecArgs;
use super::stack_source::{self, Meant};
use super::values::ValueArgs;
use super::{output, width};

/// Estimate the monthly cost of the stack by service, and the cost of alternatives
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 the bill is printed, 2 there is no bill: unreadable files, a region without prices.\n\n\
    Numbers can be written as 250000, 250k, 1M, 2.5M or 1e6; shares as 0.2 or 20%.\n\n\
    Example: bucketbook cost --events 1M --objects 10M --reads 5M --region eu-west-1"
)]
pub(super) struct Args {
    /// A template, a definition, a spec, or the directory of a template; `-` is the standard input [default: the spec's stack]
    #[arg(value_name = "STACK")]
    stack: Option<PathBuf>,
    /// The number of events that S3 sends per month
    #[arg(long, value_name = "NUMBER", default_value = "1M")]
    events: Quantity,
    /// The number of objects in the table [default: the new files of one month]
    #[arg(long, value_name = "NUMBER")]
    objects: Option<Quantity>,
    /// The number of reads per month, through the API if there is one
    #[arg(long, value_name = "NUMBER", default_value = "0")]
    reads: Quantity,
    /// The number of stream reads per month, not counting those of Lambda, which are free
    #[arg(long, value_name = "NUMBER", default_value = "0")]
    stream_reads: Quantity,
    /// The region to use prices of
    #[arg(long, value_name = "REGION", default_value = "us-east-1")]
    region: String,
    /// A price sheet whose lines replace built-in ones
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
    /// Deduct the monthly free tiers of every account
    #[arg(long)]
    free_tier: bool,
    /// Take the counts from histories: the output of `simulate --format json`
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// The output format: for people, JSON with every term, or Markdown
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    assumed: Assumed,
    #[command(flatten)]
    app: AppArgs,
    #[command(flatten)]
    values: ValueArgs,
    #[command(flatten)]
    spec: SpecArgs,
}

/// How a bill is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs: unit prices and quantities of every line.
    Json,
    /// Markdown, for documentation.
    Markdown,
}

/// What cannot be known before there is a bill.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Assumptions")]
struct Assumed {
    /// The share of events for files that already have a record
    #[arg(long, value_name = "SHARE", default_value = "20%")]
    updates: Share,
    /// The share of repeated or late events
    #[arg(long, value_name = "SHARE", default_value = "1%")]
    late: Share,
    /// The share of deletions [default: 5% if the stack handles them]
    #[arg(long, value_name = "SHARE")]
    deletions: Option<Share>,
    /// The share of changes of tags, access control lists and storage classes [default: 5% if the stack handles them]
    #[arg(long, value_name = "SHARE")]
    changes: Option<Share>,
    /// The share of events whose execution fails, because DynamoDB throttles every attempt
    #[arg(long, value_name = "SHARE", default_value = "0")]
    failures: Share,
    /// The size of a record in bytes [default: the size of the simulator's record]
    #[arg(long, value_name = "NUMBER")]
    item_bytes: Option<Quantity>,
    /// The number of items of a Map, if the definition cannot run
    #[arg(long, value_name = "NUMBER", default_value = "10")]
    map_items: Quantity,
    /// The number of rounds of a loop that ends only by an error, if the definition cannot run
    #[arg(long, value_name = "NUMBER")]
    loop_rounds: Option<Quantity>,
    /// The duration of a service call in milliseconds
    #[arg(long, value_name = "NUMBER", default_value = "50")]
    task_ms: Quantity,
    /// The duration of an execution of an EXPRESS workflow in milliseconds [default: its waits and --task-ms per call]
    #[arg(long, value_name = "NUMBER")]
    duration_ms: Option<Quantity>,
    /// The duration of a function in milliseconds
    #[arg(long, value_name = "NUMBER", default_value = "100")]
    function_ms: Quantity,
    /// The memory of an execution of an EXPRESS workflow in MB, in steps of 64
    #[arg(long, value_name = "NUMBER", default_value = "64")]
    memory_mb: Quantity,
    /// The share of executions and requests that X-Ray records, if tracing is on
    #[arg(long, value_name = "SHARE", default_value = "100%")]
    traced: Share,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let sheet = sheet(args.prices.as_deref())?;
    let options = options(args);
    let (name, bill, comparisons) = match (meant(args)?, &args.trace) {
        (Meant::Spec(chosen), None) => {
            // What is wrong with the spec is shown in its place, as `generate` does.
            chosen.loaded()?;
            of_spec(&chosen.spec, &options, &sheet)?
        }
        (Meant::Spec(chosen), Some(trace)) => {
            of_trace(chosen.spec.stack.name.as_str().to_owned(), &chosen.loaded_to_run()?, trace, &options, &sheet)?
        }
        (Meant::Stack(stack), Some(trace)) => of_trace(name_of(&stack), &stack, trace, &options, &sheet)?,
        (Meant::Stack(stack), None) => {
            stack_source::sound(&stack)?;
            stack_source::left_out(&stack);
            let design = Design::of(&stack);
            let usage = Usage::measure(&stack, &design, &options).map_err(failure)?;
            of_usage(name_of(&stack), &design, &usage, &options, &sheet)?
        }
    };
    let report = Report { stack: &name, bill: &bill, comparisons: &comparisons };
    match args.format {
        Format::Human => output::show(&human(&report, width::of_output()))?,
        Format::Json => output::print(&json(&report))?,
        Format::Markdown => output::print(&markdown(&report))?,
    }
    Ok(Outcome::Fine)
}

/// What is priced: a spec as it is, a stack with the values that are given.
fn meant(args: &Args) -> anyhow::Result<Meant> {
    match stack_source::meant(args.stack.as_deref(), &args.spec, &args.app, Path::new(""))? {
        Meant::Spec(chosen) if args.values.is_empty() => Ok(Meant::Spec(chosen)),
        meant => Ok(Meant::Stack(Box::new(args.values.given(meant.stack()?)?))),
    }
}

/// What a stack in files is called: where its template is.
fn name_of(stack: &LoadedStack) -> String {
    let path = stack.path().map(|path| path.display().to_string()).unwrap_or_default();
    if path == "-" { "<stdin>".to_owned() } else { path }
}

type Priced = (String, Bill, Vec<Comparison>);

fn of_spec(spec: &Spec, options: &Options, sheet: &PriceSheet) -> anyhow::Result<Priced> {
    let mut specs = Specs::new(options, sheet);
    let bill = specs.bill(spec).map_err(failure)?;
    let comparisons = alternatives::of_spec(spec, &mut specs).map_err(failure)?;
    Ok((spec.stack.name.as_str().to_owned(), bill, comparisons))
}

fn of_trace(
    name: String,
    stack: &LoadedStack,
    path: &Path,
    options: &Options,
    sheet: &PriceSheet,
) -> anyhow::Result<Priced> {
    const LONGEST: usize = 256 << 20;
    let source = Source::read_up_to(path, LONGEST).map_err(Failure::spec)?;
    let design = Design::of(stack);
    let usage = trace::usage(&source.text, &design, options).map_err(|error| match error {
        CostError::Trace => {
            let message = format!("`{}` is not a trace: {error}", path.display());
            Failure::new(Diagnostic::error(message).help("`bucketbook simulate --format json` writes one")).into()
        }
        other => failure(other),
    })?;
    of_usage(name, &design, &usage, options, sheet)
}

fn of_usage(
    name: String,
    design: &Design,
    usage: &Usage,
    options: &Options,
    sheet: &PriceSheet,
) -> anyhow::Result<Priced> {
    let bill = cost::bill(design, usage, options, sheet).map_err(failure)?;
    let comparisons = alternatives::of_design(design, usage, options, sheet).map_err(failure)?;
    Ok((name, bill, comparisons))
}

/// The built-in prices, or with those of a file in their place.
pub(super) fn sheet(path: Option<&Path>) -> Result<PriceSheet, Failure> {
    let built_in = PriceSheet::built_in();
    let Some(path) = path else { return Ok(built_in) };
    let source = Source::read(path).map_err(Failure::spec)?;
    built_in.replaced_by(&source).map_err(|fault| Failure::spec((source, fault)))
}

fn options(args: &Args) -> Options {
    let assumed = &args.assumed;
    Options {
        region: args.region.clone(),
        events: args.events,
        objects: args.objects,
        reads: args.reads,
        stream_reads: args.stream_reads,
        free_tier: args.free_tier,
        mix: Mix {
            updates: assumed.updates.clone(),
            late: assumed.late.clone(),
            deletions: assumed.deletions.clone(),
            changes: assumed.changes.clone(),
            failures: assumed.failures.clone(),
        },
        item_bytes: assumed.item_bytes.map(Quantity::get),
        map_items: assumed.map_items.get(),
        loop_rounds: assumed.loop_rounds.map(Quantity::get),
        task_ms: assumed.task_ms.get(),
        duration_ms: assumed.duration_ms.map(Quantity::get),
        function_ms: assumed.function_ms.get(),
        memory_mb: assumed.memory_mb.get(),
        traced: assumed.traced.clone(),
    }
}

/// Why there is no bill, and what to do.
fn failure(error: CostError) -> anyhow::Error {
    let diagnostic = Diagnostic::error(error.to_string());
    let diagnostic = match &error {
        CostError::Region { known, .. } => diagnostic
            .help(format!("there are prices for {}; --prices FILE adds prices for other regions", known.join(", "))),
        CostError::Mix => diagnostic.help(
            "the events that remain after --updates, --late, --deletions, --changes and --failures are new files",
        ),
        CostError::NoBound { .. } => diagnostic.help("set the average number of rounds with `--loop-rounds NUMBER`"),
        CostError::Stack(_) | CostError::Program { .. } => diagnostic.help("`bucketbook lint` shows where"),
        CostError::Catalog(_) => diagnostic.help("`bucketbook generate` shows where"),
        _ => diagnostic,
    };
    Failure::new(diagnostic).into()
}
