//! `cost`: what a stack costs before it is deployed.

use std::path::{Path, PathBuf};

use crate::cost::alternatives::{self, Comparison};
use crate::cost::render::{Report, human, json, markdown};
use crate::cost::usage::trace;
use crate::cost::{self, Bill, CostError, Design, Mix, Options, PriceSheet, Quantity, Share, Usage};
use crate::diagnostic::Diagnostic;
use crate::loaded::LoadedStack;
use crate::source::Source;
use crate::spec::Spec;

use super::failure::Failure;
use super::spec_args::SpecArgs;
use super::stack_source::{self, Meant};
use super::values::ValueArgs;
use super::{Outcome, output, width};

/// Price the stack: what a month of events costs by service, and what other choices would cost
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 the bill is told, 2 there is none: files that cannot be read, a region without prices.\n\n\
    Numbers may be written as 250000, 250k, 1M, 2.5M or 1e6; shares as 0.2 or 20%.\n\n\
    Example: bucketbook cost --events 1M --objects 10M --reads 5M --region eu-west-1"
)]
pub(super) struct Args {
    /// A template, a definition, a spec, or the directory of a template; `-` is the standard input [default: the spec's stack]
    #[arg(value_name = "STACK")]
    stack: Option<PathBuf>,
    /// How many events S3 sends in a month
    #[arg(long, value_name = "NUMBER", default_value = "1M")]
    events: Quantity,
    /// How many objects the table has records of [default: the new files of a month]
    #[arg(long, value_name = "NUMBER")]
    objects: Option<Quantity>,
    /// How many reads of a record there are in a month, by the API if there is one
    #[arg(long, value_name = "NUMBER", default_value = "0")]
    reads: Quantity,
    /// How many requests read the streams of tables in a month, those of Lambda aside, which are free
    #[arg(long, value_name = "NUMBER", default_value = "0")]
    stream_reads: Quantity,
    /// The region whose prices hold
    #[arg(long, value_name = "REGION", default_value = "us-east-1")]
    region: String,
    /// A price sheet whose lines replace those of the built-in one
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
    /// Take off what every account has free each month
    #[arg(long)]
    free_tier: bool,
    /// Take the counts from histories: what `simulate --format json` printed
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// How to say it: for people, as JSON with every term, or as Markdown
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    assumed: Assumed,
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
    /// For programs: every line's unit prices and quantities.
    Json,
    /// For a page.
    Markdown,
}

/// What cannot be known before there is a bill.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Assumptions")]
struct Assumed {
    /// The share of events about files that have a record
    #[arg(long, value_name = "SHARE", default_value = "20%")]
    updates: Share,
    /// The share of events that come twice or late
    #[arg(long, value_name = "SHARE", default_value = "1%")]
    late: Share,
    /// The share of deletions [default: 5% where the stack takes them]
    #[arg(long, value_name = "SHARE")]
    deletions: Option<Share>,
    /// The share of changes of tags, access control lists, storage classes [default: 5% where the stack takes them]
    #[arg(long, value_name = "SHARE")]
    changes: Option<Share>,
    /// The share of events whose execution fails, because DynamoDB throttles every attempt
    #[arg(long, value_name = "SHARE", default_value = "0")]
    failures: Share,
    /// The size of a record in bytes [default: that of the record that the simulator writes]
    #[arg(long, value_name = "NUMBER")]
    item_bytes: Option<Quantity>,
    /// How many items a Map has, where the definition alone is looked at
    #[arg(long, value_name = "NUMBER", default_value = "10")]
    map_items: Quantity,
    /// How often a loop that only an error leaves goes round, where the definition alone is looked at
    #[arg(long, value_name = "NUMBER")]
    loop_rounds: Option<Quantity>,
    /// How many milliseconds a service takes to answer a task
    #[arg(long, value_name = "NUMBER", default_value = "50")]
    task_ms: Quantity,
    /// How many milliseconds an execution takes, for EXPRESS workflows [default: its waits and --task-ms for each call]
    #[arg(long, value_name = "NUMBER")]
    duration_ms: Option<Quantity>,
    /// How many milliseconds a function runs
    #[arg(long, value_name = "NUMBER", default_value = "100")]
    function_ms: Quantity,
    /// How many MB an execution of an EXPRESS workflow has, in steps of 64
    #[arg(long, value_name = "NUMBER", default_value = "64")]
    memory_mb: Quantity,
    /// The share of executions and requests that X-Ray records, where tracing is on
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
    match stack_source::meant(args.stack.as_deref(), &args.spec, Path::new(""))? {
        Meant::Spec(chosen) if args.values.is_empty() => Ok(Meant::Spec(chosen)),
        meant => Ok(Meant::Stack(Box::new(args.values.given(meant.stack()?)?))),
    }
}

/// What a stack in files is called: where its template is.
fn name_of(stack: &LoadedStack) -> String {
    let path = stack.documents.first().map(|document| document.path.display().to_string()).unwrap_or_default();
    if path == "-" { "<stdin>".to_owned() } else { path }
}

type Priced = (String, Bill, Vec<Comparison>);

fn of_spec(spec: &Spec, options: &Options, sheet: &PriceSheet) -> anyhow::Result<Priced> {
    let bill = cost::of_spec(spec, options, sheet).map_err(failure)?;
    let comparisons = alternatives::of_spec(spec, options, sheet).map_err(failure)?;
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
            let message = format!("`{}` is no trace: {error}", path.display());
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
            .help(format!("there are prices for {}; --prices takes a file with those of others", known.join(", "))),
        CostError::Mix => {
            diagnostic.help("what is left of --updates, --late, --deletions, --changes and --failures is new files")
        }
        CostError::NoBound { .. } => diagnostic.help("`--loop-rounds NUMBER` says how often it goes round on average"),
        CostError::Stack(_) | CostError::Program { .. } => diagnostic.help("`bucketbook lint` says where"),
        CostError::Catalog(_) => diagnostic.help("`bucketbook generate` says where"),
        _ => diagnostic,
    };
    Failure::new(diagnostic).into()
}
