use serde_json::Value;

use super::play::table;
use super::{ExpectedCall, Item, Played, Scenario, Status, plain, typed};
use crate::aws::integration::called;
use crate::aws::states::error;
use crate::simulate::Outcome;
use crate::simulate::services::RecordedCall;
use crate::simulate::stack::RunnableStack;

/// Something that did not come of a scenario as it should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What: `items of FilesTable`.
    pub what: String,
    /// What should have been, in lines.
    pub expected: String,
    /// What was.
    pub actual: String,
}

impl Mismatch {
    fn new(what: impl Into<String>, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self { what: what.into(), expected: expected.into(), actual: actual.into() }
    }
}

/// Compares what came of a scenario with what should have.
///
/// # Errors
/// The scenario names a table that the stack does not have.
pub fn check(scenario: &Scenario, played: &Played, stack: &RunnableStack) -> Result<Vec<Mismatch>, String> {
    compare(scenario, played, stack, true)
}

/// The same, but for how the executions ended.
///
/// # Errors
/// The scenario names a table that the stack does not have.
pub fn check_results(scenario: &Scenario, played: &Played, stack: &RunnableStack) -> Result<Vec<Mismatch>, String> {
    compare(scenario, played, stack, false)
}

fn compare(
    scenario: &Scenario,
    played: &Played,
    stack: &RunnableStack,
    with_status: bool,
) -> Result<Vec<Mismatch>, String> {
    let (then, mut found) = (&scenario.then, Vec::new());
    let unnamed = then.items.as_ref().map(|items| (None, items));
    let named = then.tables.iter().map(|(name, items)| (Some(name.as_str()), items));
    for (name, expected) in unnamed.into_iter().chain(named) {
        let table = table(stack, name)?;
        let Some((key, items)) = played.tables.get(table) else { continue };
        found.extend(items_differ(table, key, expected, items));
    }
    let count = played.executions.len();
    if let Some(expected) = then.executions.filter(|expected| *expected != count) {
        found.push(Mismatch::new("executions", expected.to_string(), count.to_string()));
    }
    if with_status {
        statuses(scenario, played, &mut found);
    }
    last(scenario, played, &mut found);
    found.extend(then.calls.iter().filter_map(|call| missing(call, played)));
    for target in &played.unused_faults {
        let never = format!("`{target}` was called less often");
        found.push(Mismatch::new("fault", format!("the fault of `{target}` is injected"), never));
    }
    Ok(found)
}

fn statuses(scenario: &Scenario, played: &Played, found: &mut Vec<Mismatch>) {
    let expected = match (scenario.then.status, &scenario.then.error) {
        (Some(status), _) => status.as_str(),
        (None, Some(_)) => return,
        (None, None) => Status::Succeeded.as_str(),
    };
    for execution in played.executions.iter().filter(|execution| execution.outcome.status() != expected) {
        let mut actual = execution.outcome.status().to_owned();
        if let Outcome::Failed(failure) = &execution.outcome {
            for text in [&failure.error, &failure.cause].into_iter().flatten() {
                actual.push('\n');
                actual.push_str(text);
            }
        }
        let what = format!("status of #{} {}", execution.number, execution.machine);
        found.push(Mismatch::new(what, expected, actual));
    }
}

/// What is said of the execution that started last.
fn last(scenario: &Scenario, played: &Played, found: &mut Vec<Mismatch>) {
    let then = &scenario.then;
    let Some(execution) = played.executions.last() else {
        if then.error.is_some() || then.path.is_some() || then.output.is_some() || then.status.is_some() {
            found.push(Mismatch::new("executions", "an execution", "none"));
        }
        return;
    };
    let error = match &execution.outcome {
        Outcome::Failed(failure) => failure.error.as_deref().unwrap_or("an error without a name"),
        Outcome::TimedOut => error::TIMEOUT,
        Outcome::Succeeded(_) | Outcome::Asks(_) => "no error",
    };
    if let Some(expected) = then.error.as_deref().filter(|expected| *expected != error) {
        found.push(Mismatch::new("error", expected, error));
    }
    if let Some(expected) = &then.path {
        let path: Vec<&str> = execution.path().collect();
        if path != *expected {
            found.push(Mismatch::new("path", expected.join("\n"), path.join("\n")));
        }
    }
    if let Some(expected) = &then.output {
        let output = match &execution.outcome {
            Outcome::Succeeded(output) => Some(output),
            _ => None,
        };
        if !output.is_some_and(|output| includes(output, expected)) {
            let shown =
                output.map_or_else(|| "no output".to_owned(), |output| format!("{:#}", reduced(output, expected)));
            found.push(Mismatch::new("output", format!("{expected:#}"), shown));
        }
    }
}

/// Whether a value has all that is expected, and maybe more in its objects.
fn includes(value: &Value, expected: &Value) -> bool {
    match (value, expected) {
        (Value::Object(fields), Value::Object(expected)) => {
            expected.iter().all(|(name, expected)| fields.get(name).is_some_and(|value| includes(value, expected)))
        }
        (Value::Array(items), Value::Array(expected)) => {
            items.len() == expected.len() && items.iter().zip(expected).all(|(item, expected)| includes(item, expected))
        }
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (value, expected) => value == expected,
    }
}

/// A value with only those fields that are expected.
fn reduced(value: &Value, expected: &Value) -> Value {
    match (value, expected) {
        (Value::Object(fields), Value::Object(expected)) => expected
            .iter()
            .filter_map(|(name, expected)| Some((name.clone(), reduced(fields.get(name)?, expected))))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        (value, _) => value.clone(),
    }
}

/// How the items of a table differ: those that are there are shown with the attributes that are asked for.
fn items_differ(table: &str, key: &[String], expected: &[Item], items: &[Value]) -> Option<Mismatch> {
    let sort_key = |item: &Value| key.iter().map(|name| item[name].to_string()).collect::<Vec<_>>();
    let mut expected: Vec<Value> = expected.iter().map(typed).collect();
    expected.sort_by_cached_key(&sort_key);
    let same_key = |a: &Value, b: &Value| key.iter().all(|name| b.get(name).is_none() || a.get(name) == b.get(name));
    let mut left: Vec<&Value> = expected.iter().collect();
    let actual = items.iter().map(|item| match left.iter().position(|one| same_key(item, one)) {
        Some(at) => {
            let wanted = left.remove(at);
            let asked = wanted
                .as_object()
                .into_iter()
                .flatten()
                .filter_map(|(name, _)| Some((name.clone(), item.get(name)?.clone())));
            asked.collect::<serde_json::Map<_, _>>().into()
        }
        None => item.clone(),
    });
    let actual: Vec<Value> = actual.collect();
    let (expected, actual) = (shown(&expected), shown(&actual));
    (expected != actual).then(|| Mismatch::new(format!("items of {table}"), expected, actual))
}

fn shown(items: &[Value]) -> String {
    let mut lines = Vec::new();
    for item in items {
        let mut fields: Vec<(String, Value)> = plain(item).into_iter().collect();
        fields.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (at, (name, value)) in fields.iter().enumerate() {
            let mark = if at == 0 { "-" } else { " " };
            lines.push(format!("{mark} {name}: {value}"));
        }
        if fields.is_empty() {
            lines.push("- {}".to_owned());
        }
    }
    if lines.is_empty() { "no items".to_owned() } else { lines.join("\n") }
}

/// A call that was not made, or not so often.
fn missing(expected: &ExpectedCall, played: &Played) -> Option<Mismatch> {
    let made = || played.executions.iter().flat_map(|execution| &execution.calls);
    let count = made().filter(|call| is(call, expected)).count();
    let as_expected = expected.times.map_or(count > 0, |times| times == count);
    if as_expected {
        return None;
    }
    let what = expected.call.as_deref().or(expected.state.as_deref()).unwrap_or("any call");
    let mut wanted =
        format!("{what}, {}", expected.times.map_or("at least once".to_owned(), |times| format!("{times} times")));
    if let Some(arguments) = &expected.arguments {
        wanted.push_str(&format!("\n{arguments}"));
    }
    let mut actual: Vec<String> = vec![format!("{what}, {count} times")];
    let near = made().filter(|call| is(call, &ExpectedCall { arguments: None, times: None, ..expected.clone() }));
    actual.extend(near.take(5).map(|call| call.arguments.to_string()));
    Some(Mismatch::new("calls", wanted, actual.join("\n")))
}

fn is(call: &RecordedCall, expected: &ExpectedCall) -> bool {
    let resource = |wanted: &String| {
        let arn = call.resource.arn();
        arn == wanted || called(arn) == called(wanted)
    };
    expected.call.as_ref().is_none_or(resource)
        && expected.state.as_ref().is_none_or(|state| *state == call.state)
        && expected.arguments.as_ref().is_none_or(|arguments| includes(&call.arguments, arguments))
}
