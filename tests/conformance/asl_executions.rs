//! Executions recorded on AWS, run again: how they ended, with which data, through which states and events.

use std::sync::Arc;

use bucketbook::asl::program::Program;
use bucketbook::simulate::{Execution, ExecutionOptions, HistoryEvent, Identity, Outcome};
use serde::Deserialize;
use serde_json::Value;

use crate::corpus;
use crate::replay::{Replay, TaskEvent};
use crate::services::{Step, prepared};
use crate::table::Table;

/// How many misses each category may have.
///
/// Not recorded are the errors and headers of Lambda functions in executions of Express workflows.
pub(crate) const ALLOWED_MISSES: &[(&str, usize)] = &[("not recorded", 5)];

#[derive(Deserialize)]
struct Row {
    id: String,
    definition: Value,
    input: Value,
    services: Vec<String>,
    query_language: String,
    expect: Expect,
    states_entered: Option<Vec<String>>,
    states_exited: Option<Vec<Exited>>,
    event_types: Option<Vec<String>>,
    nondeterministic_functions: Vec<String>,
    masked: Vec<String>,
    cause_json: Option<Value>,
    cause_parts: Option<Vec<String>>,
    concurrent: bool,
    task_events: Vec<TaskEvent>,
    setup: Vec<Step>,
    source: String,
    context: Context,
}

/// A state that was left.
#[derive(Deserialize)]
struct Exited {
    name: Option<String>,
    output: Option<Value>,
    assigned: Option<Value>,
}

#[derive(Deserialize)]
struct Expect {
    status: String,
    output: Option<Value>,
    error: Option<String>,
    cause: Option<String>,
}

#[derive(Deserialize)]
struct Context {
    state_machine_arn: Option<String>,
    state_machine_name: Option<String>,
    execution_arn: Option<String>,
    execution_name: Option<String>,
    role_arn: Option<String>,
}

/// What came of running a row.
struct Ran {
    status: &'static str,
    output: Option<Value>,
    error: Option<String>,
    cause: Option<String>,
    events: Vec<&'static str>,
    states: Vec<String>,
    /// Name, output and variables of each state that was left.
    left: Vec<(String, Value, Value)>,
    /// State and arguments of each call.
    calls: Vec<(String, Value)>,
}

/// Judges all rows of `asl/exec.jsonl`.
pub(crate) fn executions(text: &str) -> Result<Table, String> {
    let mut table = Table::default();
    for row in corpus::rows::<Row>(text)? {
        let category = row.category();
        match row.run() {
            Ok(ran) => row.judge(&mut table, &category, ran),
            Err(refused) => table.count(&category, "outcome", &row.id, Some(refused)),
        }
    }
    Ok(table)
}

impl Row {
    /// By language and service. Apart are the rows whose services' answers are not recorded.
    fn category(&self) -> String {
        if self.services == ["none"] {
            return self.query_language.clone();
        }
        if self.task_events.is_empty() { "not recorded".to_owned() } else { self.services.join("+") }
    }

    fn run(&self) -> Result<Ran, String> {
        let program = Program::read(&self.definition).map_err(|faults| format!("not read: {}", faults[0]))?;
        let mut identity = Identity::new("machine", "execution");
        let context = &self.context;
        for (field, value) in [
            (&mut identity.state_machine_arn, &context.state_machine_arn),
            (&mut identity.state_machine_name, &context.state_machine_name),
            (&mut identity.execution_arn, &context.execution_arn),
            (&mut identity.execution_name, &context.execution_name),
            (&mut identity.role_arn, &context.role_arn),
        ] {
            if let Some(value) = value {
                field.clone_from(value);
            }
        }
        let redrive_count = if self.source == "sync" { None } else { Some(0) };
        let options = ExecutionOptions { identity, redrive_count, history: true, ..ExecutionOptions::default() };
        let mut execution = Execution::new(Arc::new(program), self.input.clone(), options);
        let mut replay = Replay::new(&self.task_events, prepared(&self.setup)?);
        let outcome = execution.run(&mut replay).clone();
        let (output, error, cause) = match outcome.clone() {
            Outcome::Succeeded(output) => (Some(output), None, None),
            Outcome::Failed(ref failure) => (None, failure.error.clone(), failure.cause.clone()),
            Outcome::TimedOut | Outcome::Asks(_) => (None, None, None),
        };
        let history = execution.history();
        let entered = history.iter().filter(|event| event.kind.ends_with("StateEntered"));
        let name = |details: &Value| details["name"].as_str().unwrap_or_default().to_owned();
        let states = entered.filter_map(|event| event.details.as_ref().map(|(_, details)| name(details)));
        Ok(Ran {
            status: outcome.status(),
            output,
            error,
            cause,
            states: states.collect(),
            left: history.iter().filter(|event| event.kind.ends_with("StateExited")).filter_map(left).collect(),
            calls: replay.calls,
            events: history.iter().map(|event| event.kind).collect(),
        })
    }

    fn judge(&self, table: &mut Table, category: &str, ran: Ran) {
        let expect = &self.expect;
        let mut count = |aspect, wrong: Option<String>| table.count(category, aspect, &self.id, wrong);
        let outcome = || format!("{} {:?} {:?} {:?}", ran.status, ran.output, ran.error, ran.cause);
        let right = ran.status == expect.status
            && ran.error == expect.error
            && self.same_cause(ran.cause.as_deref())
            && self.same_output(ran.output.as_ref());
        let expected = || format!("{} {:?} {:?} {:?}", expect.status, expect.output, expect.error, expect.cause);
        count("outcome", (!right).then(|| format!("{}\n    NOT {}", outcome(), expected())));
        if let (Some(states), false) = (&self.states_entered, self.concurrent) {
            count("path", (ran.states != *states).then(|| format!("{:?}, not {states:?}", ran.states)));
        }
        // What is random or a time is not in every case hidden in the data between.
        let comparable = !self.concurrent && self.nondeterministic_functions.is_empty();
        if let (Some(states), true) = (&self.states_exited, comparable) {
            count("data", self.wrong_data(states, &ran.left));
        }
        let asked = self.task_events.iter().filter_map(TaskEvent::asked);
        if comparable && self.task_events.iter().any(|event| event.asked().is_some()) {
            let wrong = asked.zip(&ran.calls).find(|((_, asked), (_, ours))| !alike(ours, asked));
            count("calls", wrong.map(|((state, asked), (_, ours))| format!("{state:?}: {ours}\n    NOT {asked}")));
        }
        if let Some(events) = &self.event_types {
            let ours: Vec<&str> = ran.events.clone();
            count("events", (ours != *events).then(|| format!("{ours:?}\n    NOT {events:?}")));
        }
    }

    /// The first state that was left with other data than recorded.
    fn wrong_data(&self, recorded: &[Exited], ours: &[(String, Value, Value)]) -> Option<String> {
        let wrong = recorded.iter().zip(ours).find(|(recorded, (name, output, assigned))| {
            recorded.name.as_ref().is_some_and(|recorded| recorded != name)
                || recorded.output.as_ref().is_some_and(|recorded| !alike(output, recorded))
                || recorded.assigned.as_ref().is_some_and(|recorded| !alike(assigned, recorded))
        });
        if let Some((recorded, (name, output, assigned))) = wrong {
            return Some(format!("{name}: {output} {assigned}\n    NOT {:?} {:?}", recorded.output, recorded.assigned));
        }
        (recorded.len() != ours.len()).then(|| format!("{} states left, not {}", ours.len(), recorded.len()))
    }

    fn same_output(&self, output: Option<&Value>) -> bool {
        let (Some(output), Some(expected)) = (output, &self.expect.output) else {
            return output.is_none() && self.expect.output.is_none();
        };
        let (mut output, mut expected) = (output.clone(), expected.clone());
        blank(&mut output, &self.masked);
        blank(&mut expected, &self.masked);
        same(&output, &expected)
    }

    fn same_cause(&self, cause: Option<&str>) -> bool {
        match (cause, &self.cause_json, &self.cause_parts) {
            (Some(cause), Some(json), _) => serde_json::from_str::<Value>(cause).is_ok_and(|cause| same(&cause, json)),
            (Some(cause), None, Some(parts)) => {
                let found = |rest: Option<usize>, part: &String| {
                    let from = rest?;
                    cause.get(from..)?.find(part.as_str()).map(|at| from + at + part.len())
                };
                parts.iter().fold(Some(0), found).is_some()
            }
            (cause, ..) => cause == self.expect.cause.as_deref(),
        }
    }
}

/// Name, output and variables of a state that was left.
fn left(event: &HistoryEvent) -> Option<(String, Value, Value)> {
    let details = &event.details.as_ref()?.1;
    let output = serde_json::from_str(details["output"].as_str()?).ok()?;
    let values = details["assignedVariables"].as_object().into_iter().flatten();
    let value =
        |text: &Value| -> Value { text.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default() };
    let assigned = values.map(|(name, text)| (name.clone(), value(text))).collect();
    Some((details["name"].as_str()?.to_owned(), output, assigned))
}

/// Whether a value is what was recorded, where that does not hide it: ids are written `<uuid:1>`, times `date`.
fn alike(ours: &Value, recorded: &Value) -> bool {
    match (ours, recorded) {
        (_, Value::String(text)) if text.contains('<') => true,
        (_, Value::String(text)) if text.ends_with("date") || text.ends_with("time") => true,
        (Value::Array(ours), Value::Array(recorded)) => {
            ours.len() == recorded.len() && ours.iter().zip(recorded).all(|(ours, recorded)| alike(ours, recorded))
        }
        (Value::Object(ours), Value::Object(recorded)) => {
            // The oldest recordings are from before the context object had a `RedriveCount`.
            let known = |name: &&String| recorded.contains_key(*name) || *name != "RedriveCount";
            ours.keys().filter(known).count() == recorded.len()
                && recorded.iter().all(|(name, value)| ours.get(name).is_some_and(|ours| alike(ours, value)))
        }
        _ => same(ours, recorded),
    }
}

/// Takes out what a recording hides.
pub(crate) fn blank(value: &mut Value, masked: &[String]) {
    for pointer in masked {
        if let Some(value) = value.pointer_mut(pointer) {
            *value = Value::Null;
        }
    }
}

/// Whether two values are the same. Numbers are compared as numbers, in whichever form they are written.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| same(value, other)))
        }
        _ => left == right,
    }
}
