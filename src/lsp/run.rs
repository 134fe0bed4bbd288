//! A run of a machine, told as a page: with the event that is open in the editor, or with one that its rules take.

use std::fmt::Write;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::aws::integration::called;
use crate::eventbridge::DetailType;
use crate::loaded::LoadedStack;
use crate::simulate::services::LocalServices;
use crate::simulate::services::dynamodb::DynamoDb;
use crate::simulate::services::s3::Upload;
use crate::simulate::simulation::{Finished, Simulation, SimulationOptions};
use crate::simulate::stack::{RunnableStack, TargetKind, likely_event};
use crate::simulate::{Outcome, StateEnd, StateRun, samples};

use super::answer::Refused;

/// Of the states that an execution ran, so many are told.
const MOST_STATES: usize = 200;
/// The most characters of a value that a table shows.
const MOST_CHARACTERS: usize = 120;

/// What a run begins with.
enum Begin {
    Event(Value),
    /// The machine is started by nothing that is known, so by hand.
    Input(Value),
}

/// Runs a machine of a stack, named by its logical id; the only one where there is no name. `open` is an event that is open in the editor,
/// with the name of its file. Gives a page of Markdown.
pub(super) fn run(stack: &LoadedStack, id: Option<&str>, open: Option<(&str, Value)>) -> Result<String, Refused> {
    let refused = |error: &dyn std::fmt::Display| Refused::new(error.to_string());
    let local = RunnableStack::new(stack).map_err(|faults| {
        Refused::new(faults.first().map_or_else(|| "the stack cannot be run".to_owned(), |fault| fault.message.clone()))
    })?;
    let local = Arc::new(local);
    let machine = match id {
        Some(id) => local.machine(id),
        None => (!local.machines().is_empty()).then_some(0),
    };
    let machine = machine.ok_or_else(|| Refused::new("there is no such state machine"))?;
    let mut services = LocalServices::over(DynamoDb::in_memory().map_err(|error| refused(&error))?, 0);
    local.furnish(&mut services).map_err(|error| refused(&error))?;
    let options = SimulationOptions { inspections: true, ..SimulationOptions::default() };
    let mut simulation = Simulation::new(Arc::clone(&local), services, options);
    let source = open
        .as_ref()
        .map_or_else(|| "an event that its rules take".to_owned(), |(name, _)| format!("the event in `{name}`"));
    let begin = match open {
        Some((name, event)) => taken(&simulation, machine, name, event)?,
        None => likely(&mut simulation, &local, machine),
    };
    let label = simulation.stack().machines()[machine].label().to_owned();
    let mut text = match &begin {
        Begin::Event(_) => format!("# {label}, run with {source}\n"),
        Begin::Input(_) => format!("# {label}, run with an empty input\n\nNo rule of the stack starts it.\n"),
    };
    match &begin {
        Begin::Event(event) => drop(simulation.deliver(event).map_err(|error| refused(&error))?),
        Begin::Input(input) => drop(simulation.start(machine, input.clone())),
    }
    let mut ended: Vec<Finished> = Vec::new();
    simulation.settle(&mut |finished| ended.push(finished)).map_err(|error| refused(&error))?;
    ended.iter().for_each(|finished| execution(finished, &mut text));
    tables(&simulation, &mut text);
    let (Begin::Event(value) | Begin::Input(value)) = &begin;
    let kind = if matches!(begin, Begin::Event(_)) { "Event" } else { "Input" };
    section(&mut text, kind, value);
    Ok(text)
}

/// The event of an open file, if a rule of the machine takes it.
fn taken(simulation: &Simulation, machine: usize, name: &str, event: Value) -> Result<Begin, Refused> {
    if starts(simulation.stack(), machine, &event) {
        return Ok(Begin::Event(event));
    }
    let misses: Vec<String> = simulation.misses(&event).iter().map(ToString::to_string).collect();
    let why = if misses.is_empty() { "the stack has no rule".to_owned() } else { misses.join("; ") };
    Err(Refused::new(format!(
        "no rule starts the state machine with the event in `{name}`: {why}. Change the event, or close its file to run with a made-up one"
    )))
}

/// Whether an event starts a machine.
fn starts(stack: &RunnableStack, machine: usize, event: &Value) -> bool {
    let starts = |kind: &TargetKind| matches!(kind, TargetKind::Machine(at) if *at == machine);
    stack
        .matching(event)
        .is_ok_and(|mut rules| rules.any(|rule| rule.targets.iter().any(|target| starts(&target.kind))))
}

/// An event that starts a machine: of a bucket's if there is one, so that the bucket holds what the event tells of.
fn likely(simulation: &mut Simulation, stack: &RunnableStack, machine: usize) -> Begin {
    for bucket in stack.buckets().iter().filter(|bucket| bucket.sends_to_event_bridge) {
        let taken = stack.taken_events(bucket);
        let event = |kind: DetailType| likely_event(kind, &bucket.name, &taken.key, taken.size);
        let Some(kind) = DetailType::ALL.into_iter().find(|kind| starts(stack, machine, &event(*kind))) else {
            continue;
        };
        let put = simulation.upload(&bucket.name, &taken.key, &Upload::of_size(Some(taken.size)));
        return Begin::Event(match kind {
            DetailType::ObjectCreated => put,
            DetailType::ObjectDeleted => simulation.delete(&bucket.name, &taken.key).unwrap_or_else(|| event(kind)),
            _ => event(kind),
        });
    }
    let made = stack.rules().iter().map(|rule| samples::like(&rule.source));
    let made = made.into_iter().find(|event| starts(stack, machine, event));
    made.map_or_else(|| Begin::Input(Value::Object(Map::new())), Begin::Event)
}

// Writing to a string cannot fail.

fn execution(finished: &Finished, text: &mut String) {
    let took = finished.stop.since(finished.start);
    let took = if took.is_zero() { String::new() } else { format!(" after {took:?}") };
    let _ = writeln!(text, "\n## {}: {}{took}\n", finished.machine, finished.outcome.status());
    let _ = writeln!(text, "| state | does | what comes of it |\n|---|---|---|");
    let runs = finished.runs_with_calls();
    for (run, calls) in runs.iter().take(MOST_STATES) {
        let does = calls.last().map_or(run.kind, |call| called(call.resource.arn()));
        let item = run.item_index.map(|index| format!(" [{index}]")).unwrap_or_default();
        let again = match calls.len() {
            0 | 1 => String::new(),
            more => format!(" (tried {more} times)"),
        };
        let _ = writeln!(text, "| {}{item} | {does}{again} | {} |", cell(&run.state), cell(&came(run)));
    }
    if runs.len() > MOST_STATES {
        let _ = writeln!(text, "\n{} more states are not shown.", runs.len() - MOST_STATES);
    }
    match &finished.outcome {
        Outcome::Failed(failure) => {
            let error = failure.error.as_deref().unwrap_or("an error without a name");
            let _ = writeln!(text, "\n**{error}**: {}", failure.cause.as_deref().unwrap_or("no cause"));
        }
        Outcome::Succeeded(output) => section(text, "Output", output),
        Outcome::Asks(asked) => drop(writeln!(text, "\n{asked}")),
        Outcome::TimedOut => {}
    }
}

fn came(run: &StateRun) -> String {
    match &run.ended {
        StateEnd::Succeeded { next: Some(next), .. } if run.kind == "Choice" => format!("goes to {next}"),
        StateEnd::Succeeded { output, .. } => output.to_string(),
        StateEnd::Caught { error, next, .. } => {
            format!("caught {}, goes to {next}", error.error.as_deref().unwrap_or("an error without a name"))
        }
        StateEnd::Failed(error) => {
            format!("failed with {}", error.error.as_deref().unwrap_or("an error without a name"))
        }
    }
}

/// A text in a cell of a table.
fn cell(text: &str) -> String {
    let short = match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    short.replace('|', "\\|").replace(['\n', '\r'], " ")
}

fn tables(simulation: &Simulation, text: &mut String) {
    for table in simulation.stack().tables() {
        if let Ok(items) = simulation.services.dynamodb.items(&table.name) {
            section(text, &format!("Table {}", table.logical_id), &Value::Array(items));
        }
    }
}

fn section(text: &mut String, title: &str, value: &Value) {
    let json = serde_json::to_string_pretty(value).unwrap_or_default();
    let _ = writeln!(text, "\n### {title}\n\n```json\n{json}\n```");
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn stack(machine: &str) -> LoadedStack {
        let template = format!(
            "Resources:\n  B: {{Type: AWS::S3::Bucket, Properties: {{NotificationConfiguration: {{EventBridgeConfiguration: {{}}}}}}}}\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition: {machine}\n      Events:\n        E: {{Type: EventBridgeRule, Properties: {{Pattern: {{source: [aws.s3], detail-type: [Object Deleted]}}}}}}\n"
        );
        LoadedStack::from_text("t.yaml", template).unwrap()
    }

    const PASS: &str = "{StartAt: A, States: {A: {Type: Pass, InputPath: $.detail, End: true}}}";

    #[test]
    fn a_machine_runs_with_what_its_rule_takes() {
        let text = run(&stack(PASS), Some("M"), None).unwrap();
        assert!(text.starts_with("# M, run with an event that its rules take\n\n## M: SUCCEEDED\n"), "{text}");
        assert!(text.contains("\"detail-type\": \"Object Deleted\"") && text.contains("| A | Pass | {"), "{text}");
        let failing = "{StartAt: A, States: {A: {Type: Pass, InputPath: $.gone, End: true}}}";
        assert!(run(&stack(failing), None, None).unwrap().contains("**States.Runtime**"));
    }

    #[test]
    fn an_open_event_counts_if_a_rule_takes_it() {
        let event = |kind: &str| json!({"source": "aws.s3", "detail-type": kind, "detail": {"x": 1}});
        let text = run(&stack(PASS), Some("M"), Some(("e.json", event("Object Deleted")))).unwrap();
        assert!(text.starts_with("# M, run with the event in `e.json`") && text.contains("\"x\": 1"), "{text}");
        let refused = run(&stack(PASS), Some("M"), Some(("e.json", event("Object Created")))).unwrap_err();
        assert!(refused.message.contains("`detail-type` is \"Object Created\""), "{}", refused.message);
    }

    #[test]
    fn a_machine_that_nothing_starts_runs_with_an_empty_input() {
        let stack = LoadedStack::from_text("m.asl.yaml", "StartAt: A\nStates: {A: {Type: Succeed}}\n").unwrap();
        assert!(run(&stack, None, None).unwrap().contains("run with an empty input"));
        assert!(run(&stack, Some("X"), None).is_err());
    }
}
