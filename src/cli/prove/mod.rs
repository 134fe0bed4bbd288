//! `prove`: every order and interleaving of a few events, or the one that breaks the table.

mod human;
mod json;
mod junit;
mod saved;
mod told;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::diagnostic::Diagnostic;
use crate::files::{may_write, write_output};
use crate::prove::{
    Bounds, End, FaultKind, MAX_STORIES, Promise, ProveError, Question, Story, Verdict, Written, histories, prove,
};
use crate::simulate::stack::RunnableStack;

use self::saved::Saved;
use self::told::Told;
use super::app_args::AppArgs;
use super::failure::Failure;
use super::spec_args::SpecArgs;
use super::stack_source::{self, Meant};
use super::values::ValueArgs;
use super::{Outcome, output, whole};

/// Try every order and overlap of a few events, with faults: either the table survives, or the schedule that breaks it is shown
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 it holds, 1 a schedule breaks it, 2 not decided: a bound was reached, or the stack cannot be run.\n\n\
    Example: bucketbook prove template.yaml --events 2 --save broken.yaml && bucketbook test broken.yaml"
)]
pub(super) struct Args {
    /// A template, a definition, a spec, or the directory of one [default: the spec's stack, or out/template.yaml]
    #[arg(value_name = "STACK")]
    stack: Option<PathBuf>,
    /// What happens and what has to come of it, instead of what the rules take: `then` has to hold in every order
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// How many events there are at most
    #[arg(long, value_name = "NUMBER", default_value_t = 3, conflicts_with = "scenario", value_parser = whole::between(1, 8))]
    events: u64,
    /// How many keys they are about
    #[arg(long, value_name = "NUMBER", default_value_t = 1, conflicts_with = "scenario", value_parser = whole::between(1, 4))]
    keys: u64,
    /// How often each event may come again
    #[arg(long, value_name = "NUMBER", default_value_t = 1, conflicts_with = "scenario", value_parser = whole::between(0, 3))]
    repeats: u64,
    /// What can go wrong, separated by commas
    #[arg(long, value_enum, value_name = "FAULTS", value_delimiter = ',', default_value = "throttle,lost,crash,stale")]
    faults: Vec<Fault>,
    /// How many things go wrong at most in one schedule
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = whole::between(1, 4))]
    faults_at_once: u64,
    /// Do not mind executions that fail
    #[arg(long)]
    allow_failures: bool,
    /// How many schedules are tried at most for one history of events
    #[arg(long, value_name = "NUMBER", default_value_t = 2_000_000, value_parser = whole::from(1))]
    max_schedules: u64,
    /// How many seconds it may take; 0 for as long as it takes
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = whole::from(0))]
    timeout: u64,
    /// Write the schedule that breaks it as a scenario, which `bucketbook test` plays
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Replace the file that --save names, if it exists
    #[arg(long, requires = "save")]
    force: bool,
    #[command(flatten)]
    app: AppArgs,
    #[command(flatten)]
    values: ValueArgs,
    /// How to say it: for people, as JSON, or as JUnit's XML
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    spec: SpecArgs,
}

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Fault {
    /// Nothing.
    None,
    /// A call is throttled.
    Throttle,
    /// A call is made, and its answer is lost.
    Lost,
    /// An execution stops, and starts again from the beginning.
    Crash,
    /// A read without ConsistentRead, or of an index, finds what was there before the last write.
    Stale,
    /// An event waits in a dead-letter queue until items have expired.
    Redrive,
}

/// How a verdict is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs.
    Json,
    /// JUnit's XML, which continuous integration reads.
    Junit,
}

/// What was asked, for those who tell what came of it.
struct Asked {
    /// What is proved: the file or the stack.
    name: String,
    /// The kinds of events.
    kinds: Vec<String>,
    /// How many histories there are.
    stories: usize,
    /// How many events the longest has.
    events: usize,
    repeats: usize,
    keys: usize,
    faults: Vec<FaultKind>,
    faults_at_once: usize,
    /// What has to be so.
    checks: Vec<&'static str>,
    took: Duration,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let begun = Instant::now();
    if let Some(path) = &args.save {
        may_write(path, |_| false, args.force).map_err(Failure::from)?;
    }
    let told = args.scenario.as_deref().map(Told::read).transpose()?;
    let (stack, promise, started) = stack(args, told.as_ref())?;
    let mut bounds = bounds(args, begun)?;
    let (stories, kinds) = match &told {
        Some(told) => (vec![told.story(&stack)?], Vec::new()),
        None => {
            let found = histories(&stack, args.events as usize, args.keys as usize, &started);
            if !found.complete {
                let message = format!("there are more than {MAX_STORIES} histories of {} events", args.events);
                return Err(Failure::new(Diagnostic::error(message).help("use fewer --events or --keys")).into());
            }
            (found.stories, found.kinds)
        }
    };
    if stories.is_empty() {
        let diagnostic =
            Diagnostic::error("no event starts a state machine of this stack, so there is nothing to prove");
        return Err(Failure::new(diagnostic.help("describe the events in a scenario: --scenario FILE")).into());
    }
    let saved = Saved::of(args, told.as_ref());
    let (mut question, mut checks) = match &told {
        Some(told) => told.question(&stack, &stories[0], &mut bounds)?,
        None => of_promise(promise),
    };
    question.written.head = saved.head.clone();
    if !bounds.failures {
        checks.push("no execution fails");
    }
    // Each history is told without faults, and then with them.
    let bar = progress(stories.len(), if bounds.faults.is_empty() { 1 } else { 2 });
    let proof = prove(&stack, &stories, &bounds, &question, &|| bar.inc(1));
    bar.finish_and_clear();
    let mut proof = proof.map_err(failed)?;
    if let (Some(told), Verdict::Holds) = (&told, &proof.verdict)
        && let Some(why) = told.fails_as_it_stands(&stack)?
    {
        proof.verdict = Verdict::Undecided(why);
    }
    let asked = Asked {
        name: args
            .stack
            .as_deref()
            .or(args.scenario.as_deref())
            .map_or_else(|| "the stack".to_owned(), |path| path.display().to_string()),
        kinds,
        stories: stories.len(),
        events: stories.iter().map(Story::events).max().unwrap_or_default(),
        repeats: bounds.repeats,
        keys: args.keys as usize,
        faults: bounds.faults,
        faults_at_once: bounds.faults_at_once,
        checks,
        took: begun.elapsed(),
    };
    if let (Some(path), Verdict::Broken(found)) = (&args.save, &proof.verdict) {
        write_output(path, &found.text, |_| false, args.force).map_err(Failure::from)?;
    }
    let shown = args.save.as_ref().map(|_| &saved);
    match args.format {
        Format::Human if matches!(proof.verdict, Verdict::Holds) => {
            output::tell(&human::report(&asked, &proof, shown))?
        }
        Format::Human => output::show(&human::report(&asked, &proof, shown))?,
        Format::Json => output::print(&json::report(&asked, &proof))?,
        Format::Junit => output::print(&junit::report(&asked, &proof)?)?,
    }
    Ok(match proof.verdict {
        Verdict::Holds => Outcome::Fine,
        Verdict::Broken(_) => Outcome::Findings,
        Verdict::Undecided(_) => Outcome::Unable,
    })
}

/// The stack that is meant, what it promises if it is one of ours, and the state machines of it that somebody starts by hand.
fn stack(args: &Args, told: Option<&Told>) -> anyhow::Result<(Arc<RunnableStack>, Option<Promise>, Vec<String>)> {
    let place = args.stack.clone().or(told.and_then(Told::stack));
    let home = args.scenario.as_deref().map(|path| stack_source::home(path.parent().unwrap_or(Path::new(""))));
    let meant = stack_source::meant(place.as_deref(), &args.spec, &args.app, &home.unwrap_or_default())?;
    let spec = match &meant {
        Meant::Spec(chosen) => Some(chosen.spec.clone()),
        Meant::Stack(_) => None,
    };
    let backfill = spec.as_ref().filter(|spec| spec.backfill.is_some()).map(|_| crate::catalog::BACKFILL.to_owned());
    let values = told.map_or_else(|| args.values.clone(), |told| args.values.over(&told.document.scenario));
    let stack = stack_source::runnable(values.given(meant.stack_to_run()?)?)?;
    if stack.calls_functions() {
        output::remark(
            "note: Lambda functions do not run here: each returns its input, and the verdict is about that\n",
        );
    }
    Ok((stack, spec.as_ref().map(Promise::of), backfill.into_iter().collect()))
}

fn bounds(args: &Args, begun: Instant) -> anyhow::Result<Bounds> {
    let mut faults: Vec<FaultKind> = args.faults.iter().filter_map(|fault| fault.kind()).collect();
    if args.faults.contains(&Fault::None) && !faults.is_empty() {
        let diagnostic = Diagnostic::error("`--faults none` cannot be combined with other faults");
        return Err(Failure::new(diagnostic.help("leave out `none`, or the others")).into());
    }
    faults.sort_unstable();
    faults.dedup();
    Ok(Bounds {
        repeats: if args.scenario.is_some() { 0 } else { args.repeats as usize },
        faults,
        faults_at_once: args.faults_at_once as usize,
        max_schedules: args.max_schedules as usize,
        deadline: (args.timeout > 0).then(|| begun.checked_add(Duration::from_secs(args.timeout))).flatten(),
        failures: args.allow_failures,
        ..Bounds::default()
    })
}

impl Fault {
    fn kind(self) -> Option<FaultKind> {
        match self {
            Self::None => None,
            Self::Throttle => Some(FaultKind::Throttle),
            Self::Lost => Some(FaultKind::Lost),
            Self::Crash => Some(FaultKind::Crash),
            Self::Stale => Some(FaultKind::Stale),
            Self::Redrive => Some(FaultKind::Redrive),
        }
    }
}

/// What has to be so where no scenario says it, and how to say that.
fn of_promise<'a>(promise: Option<Promise>) -> (Question<'a>, Vec<&'static str>) {
    let mut checks = Vec::new();
    let converges = promise.as_ref().is_none_or(Promise::converges);
    if converges {
        checks.push("the tables depend only on the events");
    }
    if promise.is_some() {
        checks.push("the promise");
    }
    let judge = promise.map(|promise| Box::new(move |end: &End| promise.check(end)) as _);
    (Question { converges, judge, watches: false, written: Written::default() }, checks)
}

fn progress(stories: usize, times: usize) -> ProgressBar {
    let bar = if std::io::stderr().is_terminal() && stories > 1 {
        ProgressBar::new((stories * times) as u64)
    } else {
        ProgressBar::hidden()
    };
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos} of {len} histories, {elapsed}") {
        bar.set_style(style);
    }
    bar
}

fn failed(error: ProveError) -> anyhow::Error {
    let help = match &error {
        ProveError::Asks(_) => Some(
            "set the value with --parameter or --substitute; `prove` does not support calls of services that are not simulated",
        ),
        ProveError::Nothing => Some("describe the events in a scenario: --scenario FILE"),
        ProveError::TooMany { .. } => Some("use fewer events: two or three executions are enough to break a table"),
        ProveError::TooLong(_) => Some("use fewer events, or fewer items in Maps"),
        _ => None,
    };
    let diagnostic = Diagnostic { help: help.map(str::to_owned), ..Diagnostic::error(error.to_string()) };
    Failure::new(diagnostic).into()
}

/// How many events, of which kinds, as people say it.
fn scope(asked: &Asked) -> String {
    let events = asked.events;
    let mut text = if events == 1 { "1 event".to_owned() } else { format!("{events} events") };
    match asked.kinds.as_slice() {
        [] => {}
        [one] => text.push_str(&format!(" ({one})")),
        kinds => text.push_str(&format!(" of {} kinds", kinds.len())),
    }
    if asked.keys > 1 {
        text.push_str(&format!(" about {} keys", asked.keys));
    }
    match asked.repeats {
        0 => {}
        1 => text.push_str(", each up to twice"),
        more => text.push_str(&format!(", each up to {} times", more + 1)),
    }
    text
}
