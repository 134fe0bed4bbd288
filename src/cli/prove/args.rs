use std::path::PathBuf;

use super::super::app_args::AppArgs;
use super::super::spec_args::SpecArgs;
use super::super::values::ValueArgs;
use super::super::whole;
use crate::prove::FaultKind;

/// Try every order and overlap of a few events, with faults: either the table survives, or the schedule that breaks it is shown
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 it holds, 1 a schedule breaks it, 2 not decided: a bound was reached, or the stack cannot be run.\n\n\
    Example: bucketbook prove template.yaml --events 2 --save broken.yaml && bucketbook test broken.yaml"
)]
pub(in crate::cli) struct Args {
    /// A template, a definition, a spec, or the directory of one [default: the spec's stack, or out/template.yaml]
    #[arg(value_name = "STACK")]
    pub(super) stack: Option<PathBuf>,
    /// What happens and what has to come of it, instead of what the rules take: `then` has to hold in every order
    #[arg(long, value_name = "FILE")]
    pub(super) scenario: Option<PathBuf>,
    /// How many events there are at most
    #[arg(long, value_name = "NUMBER", default_value_t = 3, conflicts_with = "scenario", value_parser = whole::between(1, 8))]
    pub(super) events: u64,
    /// How many keys they are about
    #[arg(long, value_name = "NUMBER", default_value_t = 1, conflicts_with = "scenario", value_parser = whole::between(1, 4))]
    pub(super) keys: u64,
    /// How often each event may come again
    #[arg(long, value_name = "NUMBER", default_value_t = 1, conflicts_with = "scenario", value_parser = whole::between(0, 3))]
    pub(super) repeats: u64,
    /// What can go wrong, separated by commas
    #[arg(long, value_enum, value_name = "FAULTS", value_delimiter = ',', default_value = "throttle,lost,crash,stale")]
    pub(super) faults: Vec<Fault>,
    /// How many things go wrong at most in one schedule
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = whole::between(1, 4))]
    pub(super) faults_at_once: u64,
    /// Do not mind executions that fail
    #[arg(long)]
    pub(super) allow_failures: bool,
    /// How many schedules are tried at most for one history of events
    #[arg(long, value_name = "NUMBER", default_value_t = 2_000_000, value_parser = whole::from(1))]
    pub(super) max_schedules: u64,
    /// How many seconds it may take; 0 for as long as it takes
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = whole::from(0))]
    pub(super) timeout: u64,
    /// Write the schedule that breaks it as a scenario, which `bucketbook test` plays
    #[arg(long, value_name = "FILE")]
    pub(super) save: Option<PathBuf>,
    /// Replace the file that --save names, if it exists
    #[arg(long, requires = "save")]
    pub(super) force: bool,
    #[command(flatten)]
    pub(super) app: AppArgs,
    #[command(flatten)]
    pub(super) values: ValueArgs,
    /// How to say it: for people, as JSON, or as JUnit's XML
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) spec: SpecArgs,
}

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Fault {
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
pub(super) enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs.
    Json,
    /// JUnit's XML, which continuous integration reads.
    Junit,
}

impl Fault {
    pub(super) fn kind(self) -> Option<FaultKind> {
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
