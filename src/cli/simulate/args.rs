use std::path::PathBuf;

use super::super::app_args::AppArgs;
use super::super::spec_args::SpecArgs;
use super::super::values::ValueArgs;
use super::super::whole;
use super::happenings::Happenings;
use crate::aws::quota;
use crate::simulate::{DEFAULT_MEMORY_CEILING, MAX_TOTAL_EVENTS};

/// Run the stack locally: events start its state machines, which call an embedded DynamoDB
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 success, 1 an execution failed, 2 the simulation could not run: unreadable files, invalid\n\
    events, invalid definitions.\n\n\
    Examples:\n\
    \x20 bucketbook simulate --put photos/cat.jpg --put photos/cat.jpg --delete photos/cat.jpg\n\
    \x20 bucketbook simulate --records '[{\"body\": {\"order\": 5}}]'    what a pipe reads from its queue\n\
    \x20 bucketbook simulate --schedule Nightly                   a schedule fires\n\
    \x20 bucketbook simulate --api 'POST /orders {\"id\": 5}'      a request to an API\n\
    \x20 bucketbook simulate --machine Orders --input '{}'        another state machine starts one"
)]
pub(in crate::cli) struct Args {
    /// A template, a definition, or the directory of a template [default: the spec's stack, or out/template.yaml]
    #[arg(value_name = "STACK")]
    pub(super) stack: Option<PathBuf>,
    #[command(flatten)]
    pub(super) happenings: Happenings,
    /// Start a state machine with this input: JSON, or @FILE
    #[arg(long, value_name = "JSON")]
    pub(super) input: Option<String>,
    /// The state machine to start, by name or logical id, if there are several
    #[arg(long, value_name = "NAME", requires = "input")]
    pub(super) machine: Option<String>,
    /// Run this state alone and show its data after each step, like AWS's TestState
    #[arg(long, value_name = "NAME", requires = "input", conflicts_with_all = ["put", "delete", "event", "events",
        "from-bucket-listing", "records", "schedule", "api"])]
    pub(super) state: Option<String>,
    /// Answer a TestState API request, in a JSON file in the format of `aws stepfunctions test-state --cli-input-json`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["put", "delete", "event", "events", "from-bucket-listing",
        "records", "schedule", "api", "input"])]
    pub(super) test_state: Option<PathBuf>,
    /// The bucket to put objects into and delete them from, by name or logical id, if there are several
    #[arg(long, value_name = "NAME")]
    pub(super) bucket: Option<String>,
    /// The pipe that `--records` are for, by name or logical id, if there are several
    #[arg(long, value_name = "NAME", requires = "records")]
    pub(super) pipe: Option<String>,
    /// Treat events of this bucket as events of the stack's bucket, whose real name is known only after the deployment
    #[arg(long, value_name = "NAME")]
    pub(super) bucket_alias: Option<String>,
    /// Keep the tables in this file, and continue with its contents
    #[arg(long, value_name = "FILE")]
    pub(super) table_file: Option<PathBuf>,
    /// The seed for everything random: the same seed gives the same run
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = whole::from(0))]
    pub(super) seed: u64,
    /// The maximum number of events in an execution's history
    #[arg(long, value_name = "NUMBER", default_value_t = quota::HISTORY_EVENTS,
        value_parser = whole::from(1))]
    pub(super) max_transitions: u64,
    /// The maximum number of events of an execution and the children of its distributed Maps together
    #[arg(long, value_name = "NUMBER", default_value_t = MAX_TOTAL_EVENTS,
        value_parser = whole::from(1))]
    pub(super) max_events: u64,
    /// The maximum memory of the simulation in MB
    #[arg(long, value_name = "MB", default_value_t = DEFAULT_MEMORY_CEILING >> 20,
        value_parser = whole::from(64))]
    pub(super) max_memory: u64,
    /// Mocked service responses, in the format of Step Functions Local's MockConfigFile.json
    #[arg(long, visible_alias = "mocks", value_name = "FILE", requires = "test_case")]
    pub(super) mock_config: Option<PathBuf>,
    /// The test case of the mock file
    #[arg(long, value_name = "NAME", requires = "mock_config")]
    pub(super) test_case: Option<String>,
    /// Continue after lines that are not events
    #[arg(long)]
    pub(super) keep_going: bool,
    /// Do not fail if no event starts anything
    #[arg(long)]
    pub(super) allow_none: bool,
    #[command(flatten)]
    pub(super) app: AppArgs,
    #[command(flatten)]
    pub(super) values: ValueArgs,
    /// Show the data of each state
    #[arg(long)]
    pub(super) trace: bool,
    /// The output format: for people, one JSON object, or JSON lines
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) spec: SpecArgs,
}

/// How a simulation is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(super) enum Format {
    /// For people: states, writes and tables.
    #[default]
    Human,
    /// One object: execution histories in the format of `GetExecutionHistory`, and the tables.
    Json,
    /// The same, one execution or table per line.
    Jsonl,
}
