//! `simulate`: a stack runs here.

mod events;
mod happenings;
mod human;
mod put;
mod report;
mod rows;
mod run;
mod state;

use crate::aws::quota;
use std::path::PathBuf;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, counted};
use crate::simulate::services::dynamodb::DynamoDb;
use crate::simulate::services::{LocalServices, MockFile};
use crate::simulate::simulation::{Simulation, SimulationOptions};
use crate::simulate::stack::RunnableStack;
use crate::simulate::{DEFAULT_MEMORY_CEILING, MAX_TOTAL_EVENTS};
use crate::source::{Fault, Source};

use super::app_args::AppArgs;
use super::failure::Failure;
use super::spec_args::SpecArgs;
use super::stack_source;
use super::values::ValueArgs;
use super::{Outcome, json, output, whole};
use happenings::{Happening, Happenings};
pub(super) use run::unknown;

/// Run the stack locally: events start its state machines, which call an embedded DynamoDB
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 success, 1 an execution failed, 2 the simulation could not run: unreadable files, invalid\n\
    events, invalid definitions.\n\n\
    Examples:\n\
    \x20 bucketbook simulate --put photos/cat.jpg --put photos/cat.jpg --delete photos/cat.jpg\n\
    \x20 bucketbook simulate --records '[{\"body\": {\"order\": 5}}]'    what a pipe reads from its queue\n\
    \x20 bucketbook simulate --schedule Nightly                   a schedule fires\n\
    \x20 bucketbook simulate --machine Orders --input '{}'        an API, or another state machine, starts one"
)]
pub(super) struct Args {
    /// A template, a definition, or the directory of a template [default: the spec's stack, or out/template.yaml]
    #[arg(value_name = "STACK")]
    stack: Option<PathBuf>,
    #[command(flatten)]
    happenings: Happenings,
    /// Start a state machine with this input: JSON, or @FILE
    #[arg(long, value_name = "JSON")]
    input: Option<String>,
    /// The state machine to start, by name or logical id, if there are several
    #[arg(long, value_name = "NAME", requires = "input")]
    machine: Option<String>,
    /// Run this state alone and show its data after each step, like AWS's TestState
    #[arg(long, value_name = "NAME", requires = "input", conflicts_with_all = ["put", "delete", "event", "events",
        "from-bucket-listing", "records", "schedule"])]
    state: Option<String>,
    /// Answer a TestState API request, in a JSON file in the format of `aws stepfunctions test-state --cli-input-json`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["put", "delete", "event", "events", "from-bucket-listing",
        "records", "schedule", "input"])]
    test_state: Option<PathBuf>,
    /// The bucket to put objects into and delete them from, by name or logical id, if there are several
    #[arg(long, value_name = "NAME")]
    bucket: Option<String>,
    /// The pipe that `--records` are for, by name or logical id, if there are several
    #[arg(long, value_name = "NAME", requires = "records")]
    pipe: Option<String>,
    /// Treat events of this bucket as events of the stack's bucket, whose real name is known only after the deployment
    #[arg(long, value_name = "NAME")]
    bucket_alias: Option<String>,
    /// Keep the tables in this file, and continue with its contents
    #[arg(long, value_name = "FILE")]
    table_file: Option<PathBuf>,
    /// The seed for everything random: the same seed gives the same run
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = whole::from(0))]
    seed: u64,
    /// The maximum number of events in an execution's history
    #[arg(long, value_name = "NUMBER", default_value_t = quota::HISTORY_EVENTS,
        value_parser = whole::from(1))]
    max_transitions: u64,
    /// The maximum number of events of an execution and the children of its distributed Maps together
    #[arg(long, value_name = "NUMBER", default_value_t = MAX_TOTAL_EVENTS,
        value_parser = whole::from(1))]
    max_events: u64,
    /// The maximum memory of the simulation in MB
    #[arg(long, value_name = "MB", default_value_t = DEFAULT_MEMORY_CEILING >> 20,
        value_parser = whole::from(64))]
    max_memory: u64,
    /// Mocked service responses, in the format of Step Functions Local's MockConfigFile.json
    #[arg(long, visible_alias = "mocks", value_name = "FILE", requires = "test_case")]
    mock_config: Option<PathBuf>,
    /// The test case of the mock file
    #[arg(long, value_name = "NAME", requires = "mock_config")]
    test_case: Option<String>,
    /// Continue after lines that are not events
    #[arg(long)]
    keep_going: bool,
    /// Do not fail if no event starts anything
    #[arg(long)]
    allow_none: bool,
    #[command(flatten)]
    app: AppArgs,
    #[command(flatten)]
    values: ValueArgs,
    /// Show the data of each state
    #[arg(long)]
    trace: bool,
    /// The output format: for people, one JSON object, or JSON lines
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    spec: SpecArgs,
}

/// How a simulation is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum Format {
    /// For people: states, writes and tables.
    #[default]
    Human,
    /// One object: execution histories in the format of `GetExecutionHistory`, and the tables.
    Json,
    /// The same, one execution or table per line.
    Jsonl,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    if let Some(request) = &args.test_state {
        return state::answer_request(args, request);
    }
    crate::simulate::set_memory_ceiling(args.max_memory << 20);
    let stack = stack_source::runnable_stack(
        args.stack.as_deref(),
        &args.spec,
        &args.app,
        std::path::Path::new(""),
        &args.values,
    )?;
    let input = match &args.input {
        Some(text) => Some(read_json("--input", text)?),
        None if args.happenings.0.is_empty() => Some(nothing_said(&stack)?),
        None => None,
    };
    let machine = input.is_some().then(|| machine(args.machine.as_deref(), &stack)).transpose()?;
    let mut services = services(args, &stack)?;
    if let (Some(state), Some(machine), Some(input)) = (&args.state, machine, &input) {
        return state::run(args, state, (&stack, machine), input.clone(), &mut services);
    }
    let options = SimulationOptions {
        seed: args.seed,
        max_events: args.max_transitions,
        max_total_events: args.max_events,
        history: args.format != Format::Human,
        inspections: args.format == Format::Human,
        calls: args.format == Format::Human,
        objects: stack.calls_s3() || args.happenings.0.iter().any(|one| !matches!(one, Happening::Events(_))),
        ..SimulationOptions::default()
    };
    let simulation = Simulation::new(stack, services, options);
    run::run(args, simulation, machine.zip(input))
}

/// What a state machine is started with where nobody says what happens: one that no rule could start gets an empty object.
fn nothing_said(stack: &RunnableStack) -> Result<Value, Failure> {
    if stack.machines().len() == 1 && stack.rules().is_empty() && stack.pipes().is_empty() {
        output::remark(
            "note: without an event, the state machine is started with the input {}; --input sets another\n",
        );
        return Ok(Value::Object(serde_json::Map::new()));
    }
    let help = "add an event: --put [KEY], --delete KEY, --event FILE, --events FILE, --records JSON, --schedule NAME, or --input JSON";
    Err(Failure::new(Diagnostic::error("there is no event to simulate").help(help)))
}

/// The services, with the stack's tables and buckets and what is mocked.
fn services(args: &Args, stack: &RunnableStack) -> anyhow::Result<LocalServices> {
    let refused = |error: &dyn std::fmt::Display| Failure::new(Diagnostic::error(error.to_string()));
    let dynamodb = match &args.table_file {
        Some(path) => DynamoDb::open(path),
        None => DynamoDb::in_memory(),
    };
    let mut services = LocalServices::over(dynamodb.map_err(|error| refused(&error))?, args.seed);
    stack.furnish(&mut services).map_err(|error| refused(&error))?;
    if let (Some(path), Some(case)) = (&args.mock_config, &args.test_case) {
        let source = Source::read(path).map_err(Failure::spec)?;
        let file = MockFile::read(&source).map_err(|faults| {
            let mut faults = faults;
            let fault = faults.pop().unwrap_or_else(|| Fault::new("it cannot be read"));
            for fault in faults {
                let text = Diagnostic::fault(source.clone(), fault);
                output::complain(&text.render(crate::diagnostic::Format::Human, false));
            }
            Failure::spec((source.clone(), fault))
        })?;
        stack.mock(&mut services, &file, case).map_err(|message| Failure::new(Diagnostic::error(message)))?;
    }
    Ok(services)
}

fn known_machines(stack: &RunnableStack) -> String {
    let names: Vec<&str> = stack.machines().iter().map(|machine| machine.label()).collect();
    match names.as_slice() {
        [] => "the stack has no state machine".to_owned(),
        names => format!("its state machines are {}", names.join(", ")),
    }
}

/// The machine that is meant.
fn machine(name: Option<&str>, stack: &RunnableStack) -> Result<usize, Failure> {
    let (message, found) = match name {
        Some(name) => (format!("the stack has no state machine `{name}`"), stack.machine(name)),
        None => match stack.machines().len() {
            1 => (String::new(), Some(0)),
            0 => ("the stack has no state machine".to_owned(), None),
            _ => ("the stack has several state machines: choose one with --machine".to_owned(), None),
        },
    };
    found.ok_or_else(|| Failure::new(Diagnostic::error(message).help(known_machines(stack))))
}

/// JSON on the command line, or in the file behind an `@`.
fn read_json(flag: &str, text: &str) -> Result<Value, Failure> {
    let source = match text.strip_prefix('@') {
        Some(path) => Source::read_up_to(std::path::Path::new(path), 4 << 20).map_err(Failure::spec)?,
        None => Source::new(flag, text),
    };
    json::value(&source)
}
