//! Executions as people read them: the states in order, and what each did.

use std::collections::HashMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use serde_json::Value;

use crate::aws::integration::called;
use crate::aws::{Finds, TableOperation};
use crate::diagnostic::shown;
use crate::simulate::services::RecordedCall;
use crate::simulate::simulation::Finished;
use crate::simulate::{Failure, Outcome, StateEnd, StateRun};

use super::rows::attribute;

/// The attributes of each table's key.
pub(super) type Keys = HashMap<String, Vec<String>>;

/// How many states of a long execution are shown from its beginning.
const FIRST: usize = 30;
/// How many states of a long execution are shown from its end.
const LAST: usize = 20;

/// The longest text of a cause that is shown without `--trace`.
const MAX_CAUSE: usize = 300;

fn style(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(colour.into()))
}

/// What became of an execution, with its states.
pub(super) fn execution(finished: &Finished, keys: &Keys, trace: bool) -> String {
    let mut text = String::new();
    let (status, colour) = match finished.outcome {
        Outcome::Succeeded(_) => (finished.outcome.status(), style(AnsiColor::Green)),
        _ => (finished.outcome.status(), style(AnsiColor::Red)),
    };
    let took = finished.stop.since(finished.start);
    let took = if took.is_zero() { String::new() } else { format!(" after {took:?}") };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  #{} {}: {colour}{status}{colour:#}{took}", finished.number, shown(&finished.machine));
    let lines = lines(finished, keys);
    let width = |of: fn(&Line) -> &str| lines.iter().map(|line| of(line).chars().count()).max().unwrap_or(0);
    let (names, whats) = (width(|line| &line.name), width(|line| &line.what));
    let left_out = if trace { 0 } else { lines.len().saturating_sub(FIRST + LAST) };
    for (at, (line, run)) in lines.iter().zip(finished.state_runs()).enumerate() {
        if left_out > 0 && at == FIRST {
            let _ = writeln!(text, "     ... {left_out} more states, which --trace shows");
        }
        if left_out > 0 && (FIRST..FIRST + left_out).contains(&at) {
            continue;
        }
        let shown = format!("     {:<names$}  {:<whats$}  {}", line.name, line.what, line.how);
        let _ = writeln!(text, "{}", shown.trim_end());
        if trace {
            traced(run, &mut text);
        }
    }
    match &finished.outcome {
        Outcome::Failed(failure) => {
            let red = style(AnsiColor::Red);
            let _ = writeln!(text, "     {red}{}{red:#}", shown(&described(failure, trace)));
        }
        Outcome::Succeeded(output) if trace => {
            let _ = writeln!(text, "     output {}", shown(&output.to_string()));
        }
        _ => {}
    }
    text
}

fn described(failure: &Failure, whole: bool) -> String {
    let error = failure.error.as_deref().unwrap_or("no error name");
    let Some(cause) = failure.cause.as_deref().filter(|cause| !cause.is_empty()) else { return error.to_owned() };
    match cause.char_indices().nth(MAX_CAUSE).filter(|_| !whole) {
        Some((end, _)) => format!("{error}: {}…", &cause[..end]),
        None => format!("{error}: {cause}"),
    }
}

fn traced(run: &StateRun, text: &mut String) {
    let dim = Style::new().dimmed();
    let mut before = None;
    // A step that changes nothing is not shown.
    let mut show = |name: &str, value: &Value| {
        if before.as_ref() != Some(value) {
            let _ = writeln!(text, "       {dim}{}{dim:#} {}", shown(name), shown(&value.to_string()));
        }
        before = Some(value.clone());
    };
    for (step, value) in run.inspection.steps() {
        show(step, value);
    }
    match &run.ended {
        StateEnd::Succeeded { output, .. } => show("output", output),
        StateEnd::Caught { error, output, .. } => {
            show("error", &Value::String(described(error, true)));
            show("output", output);
        }
        StateEnd::Failed(error) => show("error", &Value::String(described(error, true))),
    }
}

/// A state in one line.
struct Line {
    name: String,
    what: String,
    how: String,
}

fn lines(finished: &Finished, keys: &Keys) -> Vec<Line> {
    let line = |(run, made): (&StateRun, Vec<&RecordedCall>)| {
        let name = match run.item_index {
            Some(index) => format!("{} [{index}]", run.state),
            None => run.state.clone(),
        };
        let what = made.last().map_or_else(|| run.kind.to_owned(), |call| short(call.resource.arn()).to_owned());
        let [name, what, how] = [name, what, how(run, &made, keys)].map(|text| shown(&text).into_owned());
        Line { name, what, how }
    };
    finished.runs_with_calls().into_iter().map(line).collect()
}

fn how(run: &StateRun, made: &[&RecordedCall], keys: &Keys) -> String {
    let mut how = match (&run.ended, made.last()) {
        (StateEnd::Succeeded { next: Some(next), .. }, _) if run.kind == "Choice" => format!("-> {next}"),
        (StateEnd::Succeeded { .. }, Some(call)) => written(call, keys).unwrap_or_default(),
        (StateEnd::Succeeded { .. }, None) => String::new(),
        (StateEnd::Caught { error, next, .. }, _) => {
            format!("caught {} -> {next}", error.error.as_deref().unwrap_or("an error without a name"))
        }
        (StateEnd::Failed(error), _) => format!("failed: {}", error.error.as_deref().unwrap_or("no error name")),
    };
    let failures = made.len().saturating_sub(1);
    if failures > 0 {
        let gap = if how.is_empty() { "" } else { ", " };
        let _ = write!(how, "{gap}after {}", super::counted(failures, "failed attempt"));
    }
    let waited = run.left.since(run.entered);
    if !waited.is_zero() {
        let gap = if how.is_empty() { "" } else { ", " };
        let _ = write!(how, "{gap}{waited:?}");
    }
    how
}

/// `dynamodb:putItem`.
fn short(resource: &str) -> &str {
    match called(resource) {
        call if call == resource => resource.rsplit(':').next().unwrap_or(resource),
        call => call,
    }
}

/// What a call wrote.
fn written(call: &RecordedCall, keys: &Keys) -> Option<String> {
    if call.is_echo() {
        return Some("returned its input".to_owned());
    }
    let text = |name: &str| call.arguments[name].as_str();
    let (service, action) = short(call.resource.arn()).split_once(':')?;
    let action = action.split('.').next().unwrap_or(action);
    if let "sqs" | "sns" | "s3" = service {
        let place = text("QueueUrl").or_else(|| text("TopicArn"));
        let object = text("Bucket").zip(text("Key")).map(|(bucket, key)| format!("s3://{bucket}/{key}"));
        let place = place.map(str::to_owned).or(object)?;
        return Some(format!("to {place}")).filter(|_| matches!(action, "sendMessage" | "publish" | "putObject"));
    }
    let operation = TableOperation::of(action).filter(|_| service == "dynamodb")?;
    let done = match operation {
        TableOperation::PutItem => "put",
        TableOperation::UpdateItem => "updated",
        TableOperation::DeleteItem => "deleted",
        _ => return None,
    };
    let Finds::Item(field) = operation.finds() else { return None };
    let table = text("TableName")?;
    let table = table.rsplit('/').next().unwrap_or(table);
    let item = &call.arguments[field];
    let names = keys.get(table).map(Vec::as_slice).unwrap_or_default();
    let key: Vec<String> = names.iter().map(|name| format!("{name}={}", attribute(&item[name]))).collect();
    Some(format!("{done} {table}: {}", key.join(", ")))
}
