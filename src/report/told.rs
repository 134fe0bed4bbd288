//! Scenarios that were played, as a report tells them.

use serde::Serialize;
use serde_json::Value;

use crate::asl::program::Program;
use crate::aws::integration::called;
use crate::diagnostic::counted;
use crate::simulate::scenario::{Key, Played, Scenario, Step};
use crate::simulate::services::{Completion, RecordedCall};
use crate::simulate::simulation::Finished;
use crate::simulate::stack::RunnableStack;
use crate::simulate::{Failure, Outcome, StateEnd, StateRun, Timestamp};

/// Of the executions of a scenario, so many are told.
const MAX_EXECUTIONS: usize = 40;
/// Of the states that an execution ran, so many are told.
const MAX_STEPS: usize = 400;
/// The longest value that is told, as JSON.
const MAX_VALUE: usize = 32 << 10;

/// A scenario, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScenarioReport {
    /// What it shows.
    pub name: String,
    /// The file that it is from; `None` if it is built in.
    pub file: Option<String>,
    /// What happens, in words.
    pub happens: Vec<String>,
    /// Why it could not be run.
    pub error: Option<String>,
    /// What did not come of it as its file says that it should.
    pub mismatches: Vec<String>,
    /// What else there is to say.
    pub notes: Vec<String>,
    /// The events, in the order in which they came.
    pub events: Vec<EventReport>,
    /// The executions, in the order in which they started.
    pub executions: Vec<ExecutionReport>,
    /// How many more there were.
    pub more_executions: usize,
    /// What is in the tables afterwards.
    pub tables: Vec<TableReport>,
    /// The picture of its schedule, where it has one.
    #[serde(skip)]
    pub schedule: Option<String>,
}

/// An event that came.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventReport {
    /// Its kind.
    pub kind: String,
    /// What it is about: the object's key.
    pub about: String,
    /// When, in seconds from the beginning.
    pub at: f64,
    /// The rules that took it.
    pub rules: Vec<String>,
    /// The executions that it started.
    pub executions: Vec<u64>,
}

/// An execution, as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExecutionReport {
    /// Its number, from 1.
    pub number: u64,
    /// The number of its machine.
    pub machine: usize,
    /// `SUCCEEDED`, `FAILED` or `TIMED_OUT`.
    pub status: &'static str,
    /// When it started, in seconds from the beginning.
    pub at: f64,
    /// How long it took, in seconds.
    pub took: f64,
    /// The error that it failed with.
    pub error: Option<String>,
    /// The cause of that.
    pub cause: Option<String>,
    /// What its states did, in the order in which they were entered.
    pub steps: Vec<StepReport>,
    /// How many more there were.
    pub more_steps: usize,
}

/// One run of a state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepReport {
    /// The state's name.
    pub state: String,
    /// Its type.
    pub kind: &'static str,
    /// The index of the item, within a Map.
    pub item: Option<u64>,
    /// When it was entered, in seconds from the execution's start.
    pub at: f64,
    /// How long it took, in seconds.
    pub took: f64,
    /// `succeeded`, `caught` or `failed`.
    pub ended: &'static str,
    /// The error that it caught or failed with.
    pub error: Option<String>,
    /// The cause of that.
    pub cause: Option<String>,
    /// The state that follows.
    pub next: Option<String>,
    /// Its input.
    pub input: Value,
    /// What it made of that on the way to its output, step by step, as far as a step changed anything.
    pub data: Vec<(String, Value)>,
    /// The variables that there are for it.
    pub variables: Option<Value>,
    /// Its output; `None` if it failed.
    pub output: Option<Value>,
    /// The calls that it made, those that failed and were made again first.
    pub calls: Vec<CallReport>,
}

/// A call of a service.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CallReport {
    /// What was called: `dynamodb:putItem`.
    pub call: String,
    /// What was asked.
    pub arguments: Value,
    /// The answer; `None` if there was an error, or no end.
    pub answer: Option<Value>,
    /// The error.
    pub error: Option<String>,
    /// The cause of that.
    pub cause: Option<String>,
    /// The items that it was about to write.
    pub items: Vec<ItemReport>,
}

/// An item that a call was about to write.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemReport {
    /// The table.
    pub table: String,
    /// How it was; `None` where there was none.
    pub before: Option<Value>,
    /// How it is afterwards.
    pub after: Option<Value>,
}

/// A table and its items, as the page shows them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableReport {
    /// Its logical id.
    pub name: String,
    /// The attributes of its key.
    pub key: Vec<String>,
    /// Its items.
    pub items: Vec<Value>,
}

/// A scenario before anything has come of it.
pub(super) fn untold(scenario: &Scenario, file: Option<String>) -> ScenarioReport {
    ScenarioReport {
        name: scenario.name.clone().unwrap_or_default(),
        file,
        happens: scenario.when.iter().map(|step| happens(step, 0)).collect(),
        error: None,
        mismatches: Vec::new(),
        notes: Vec::new(),
        events: Vec::new(),
        executions: Vec::new(),
        more_executions: 0,
        tables: Vec::new(),
        schedule: None,
    }
}

/// What came of a scenario.
pub(super) fn tell(report: &mut ScenarioReport, played: &Played, stack: &RunnableStack, begin: Timestamp) {
    report.notes.clone_from(&played.notes);
    let text =
        |event: &Value, pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let events = played.delivered.iter().map(|delivered| EventReport {
        kind: text(&delivered.event, "/detail-type"),
        about: text(&delivered.event, "/detail/object/key"),
        at: delivered.at.since(begin).as_secs_f64(),
        rules: delivered.delivery.rules.clone(),
        executions: delivered.delivery.executions.clone(),
    });
    report.events = events.collect();
    report.more_executions = played.executions.len().saturating_sub(MAX_EXECUTIONS);
    let told = played.executions.iter().take(MAX_EXECUTIONS);
    report.executions = told.filter_map(|finished| execution(finished, stack, begin)).collect();
    let tables = stack.tables().iter().filter_map(|table| {
        let (key, items) = played.tables.get(&table.name)?;
        let name = table.logical_id.clone();
        Some(TableReport { name, key: key.clone(), items: items.iter().map(bounded).collect() })
    });
    report.tables = tables.collect();
}

fn execution(finished: &Finished, stack: &RunnableStack, begin: Timestamp) -> Option<ExecutionReport> {
    let machine = stack.machine(&finished.machine)?;
    let program = &stack.machines()[machine].program;
    let runs = in_order(finished.runs_with_calls(), program);
    let failure = match &finished.outcome {
        Outcome::Failed(failure) => Some(failure),
        _ => None,
    };
    Some(ExecutionReport {
        number: finished.number,
        machine,
        status: finished.outcome.status(),
        at: finished.start.since(begin).as_secs_f64(),
        took: finished.stop.since(finished.start).as_secs_f64(),
        error: failure.and_then(|failure| failure.error.clone()),
        cause: match &finished.outcome {
            Outcome::Asks(asked) => Some(asked.to_string()),
            _ => failure.and_then(|failure| failure.cause.clone()),
        },
        more_steps: runs.len().saturating_sub(MAX_STEPS),
        steps: runs.iter().take(MAX_STEPS).map(|(run, calls)| step(run, calls, finished.start, stack)).collect(),
    })
}

type Run<'a> = (&'a StateRun, Vec<&'a RecordedCall>);

/// The runs in the order in which their states were entered: a Map or Parallel before what is inside it.
fn in_order<'a>(runs: Vec<Run<'a>>, program: &Program) -> Vec<Run<'a>> {
    let mut ordered: Vec<Run<'a>> = Vec::with_capacity(runs.len());
    for run in runs {
        let Some(state) = program.state(&run.0.state).filter(|id| !program[*id].machines().is_empty()) else {
            ordered.push(run);
            continue;
        };
        let pointer = format!("{}/", program[state].pointer);
        let inside = |other: &Run<'_>| {
            let found = program.state(&other.0.state);
            found.is_some_and(|id| program[id].pointer.starts_with(&pointer)) && other.0.entered >= run.0.entered
        };
        let behind = ordered.iter().rev().take_while(|other| inside(other)).count();
        ordered.insert(ordered.len() - behind, run);
    }
    ordered
}

fn step(run: &StateRun, calls: &[&RecordedCall], start: Timestamp, stack: &RunnableStack) -> StepReport {
    let (ended, failure, output, next) = match &run.ended {
        StateEnd::Succeeded { output, next } => ("succeeded", None, Some(output), next.clone()),
        StateEnd::Caught { error, output, next } => ("caught", Some(error), Some(output), Some(next.clone())),
        StateEnd::Failed(error) => ("failed", Some(error), None, None),
    };
    let text = |of: fn(&Failure) -> &Option<String>| failure.and_then(|failure| of(failure).clone());
    StepReport {
        state: run.state.clone(),
        kind: run.kind,
        item: run.item_index,
        at: run.entered.since(start).as_secs_f64(),
        took: run.left.since(run.entered).as_secs_f64(),
        ended,
        error: text(|failure| &failure.error),
        cause: text(|failure| &failure.cause),
        next,
        input: run.inspection.get("input").map(bounded).unwrap_or_default(),
        data: data(run, output),
        variables: run.inspection.get("variables").map(bounded),
        output: output.map(bounded),
        calls: calls.iter().map(|made| call(made, stack)).collect(),
    }
}

/// The steps between input and output that changed something.
fn data(run: &StateRun, output: Option<&Value>) -> Vec<(String, Value)> {
    const ELSEWHERE: [&str; 3] = ["input", "variables", "errorDetails"];
    let mut before = run.inspection.get("input");
    let mut told = Vec::new();
    for (name, value) in run.inspection.steps().iter().filter(|(name, _)| !ELSEWHERE.contains(&name.as_str())) {
        if before != Some(value) && output != Some(value) {
            told.push((name.clone(), bounded(value)));
        }
        before = Some(value);
    }
    told
}

fn call(made: &RecordedCall, stack: &RunnableStack) -> CallReport {
    let (answer, error) = match &made.completion {
        Completion::Succeeded(answer) => (Some(answer), None),
        Completion::Failed(error) => (None, Some((error.error.clone(), error.cause.clone()))),
        Completion::Never => (None, Some(("no answer".to_owned(), "this task is never completed".to_owned()))),
    };
    let (error, cause) = error.unzip();
    let items = made.items.iter().map(|item| ItemReport {
        table: stack.table(&item.table).map_or_else(|| item.table.clone(), |table| table.logical_id.clone()),
        before: item.before.as_ref().map(bounded),
        after: item.after.as_ref().map(bounded),
    });
    CallReport {
        call: called(made.resource.arn()).to_owned(),
        arguments: bounded(&made.arguments),
        answer: answer.map(without_metadata),
        error,
        cause,
        items: items.collect(),
    }
}

/// An answer without what Step Functions adds of HTTP's: nobody's workflow is about that.
fn without_metadata(answer: &Value) -> Value {
    let mut answer = answer.clone();
    if let Some(fields) = answer.as_object_mut() {
        fields.retain(|name, _| name != "SdkHttpMetadata" && name != "SdkResponseMetadata");
    }
    bounded(&answer)
}

/// A value, or, of a very long one, how long it is.
fn bounded(value: &Value) -> Value {
    let length = value.to_string().len();
    if length <= MAX_VALUE { value.clone() } else { format!("… {length} bytes of JSON, too long to show").into() }
}

/// Something that happens, in words.
fn happens(step: &Step, depth: usize) -> String {
    let object = |key: &Key| {
        let size = key.object.size.map(|size| format!(" ({size} bytes)")).unwrap_or_default();
        let late =
            key.late.map(|late| format!("; its event arrives {} late", span(late.0.as_secs()))).unwrap_or_default();
        (key.key.clone(), size, late)
    };
    match step {
        Step::Put(key) => {
            let (key, size, late) = object(key);
            format!("{key} is put into the bucket{size}{late}")
        }
        Step::Delete(key) => {
            let (key, _, late) = object(key);
            format!("{key} is deleted from the bucket{late}")
        }
        Step::Event(event) => match event["detail-type"].as_str() {
            Some(kind) => format!("event: {kind}"),
            None => format!("event: {}", event.as_str().unwrap_or("without a `detail-type`")),
        },
        Step::DeleteVersion(number) => format!("the version of event {number} is deleted permanently"),
        Step::Again(number) => format!("event {number} is delivered again"),
        Step::Input(_) => "the state machine is started".to_owned(),
        Step::Start(start) => format!("{} is started", start.machine),
        Step::Pipe(feed) => {
            let records = counted(feed.records.len(), "record");
            format!("{} gets {records}", feed.name.as_deref().unwrap_or("the pipe"))
        }
        Step::Api(request) => format!("{} {} arrives", request.method, request.path),
        Step::Schedule(name) => format!("{name} fires"),
        Step::Wait(delay) => format!("{} pass", span(delay.0.as_secs())),
        Step::Expire(table) => format!("every item of {table} with a time to live expires"),
        Step::Together(steps) if depth < 8 => {
            let steps: Vec<String> = steps.iter().map(|step| happens(step, depth + 1)).collect();
            format!("at the same time: {}", steps.join("; "))
        }
        Step::Together(steps) => format!("{} steps at the same time", steps.len()),
        Step::Fault(fault) => format!("from now on: {}", fault.0),
    }
}

/// A number of seconds as people say it.
fn span(seconds: u64) -> String {
    let (count, unit) = match seconds {
        s if s >= 86_400 && s % 86_400 == 0 => (s / 86_400, "day"),
        s if s >= 3600 && s % 3600 == 0 => (s / 3600, "hour"),
        s if s >= 60 && s % 60 == 0 => (s / 60, "minute"),
        s => (s, "second"),
    };
    counted(usize::try_from(count).unwrap_or(usize::MAX), unit)
}
