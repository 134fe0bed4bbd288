//! `prove`: every order and interleaving of a few events, or the one that breaks the table.

mod args;
mod asked;
mod human;
mod json;
mod junit;
mod saved;
mod told;

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::diagnostic::Diagnostic;
use crate::files::{may_write, write_output};
use crate::prove::{
    Bounds, End, FaultKind, MAX_STORIES, Promise, ProveError, Question, Story, Verdict, Written, histories, prove,
};
use crate::simulate::stack::RunnableStack;

pub(super) use self::args::Args;
use self::args::{Fault, Format};
use self::asked::Asked;
use self::saved::Saved;
use self::told::Told;
use super::failure::Failure;
use super::outcome::Outcome;
use super::output;
use super::stack_source::{self, Meant};

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
        Verdict::Undecided(_) | Verdict::Unmocked { .. } => Outcome::Unable,
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
