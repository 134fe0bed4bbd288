//! Usage out of histories that somebody has: those of `simulate --format json`, or of `GetExecutionHistory`.

use serde_json::Value;

use super::call::{Billed, Context, add};
use super::history::{self, Event};
use super::{Basis, EventKind, KindUsage, MachineUsage, Stored, Usage, counted, listed};
use crate::cost::design::Design;
use crate::cost::{CostError, Decimal, Options};
use crate::simulate::Timestamp;

/// The usage of executions that a file of `simulate --format json` (or `jsonl`) tells of, or of one history as AWS gives it. An
/// event is taken to start one execution, and what it makes is the average.
///
/// # Errors
/// There is no execution with a history in it.
pub fn usage(text: &str, design: &Design, options: &Options) -> Result<Usage, CostError> {
    let executions = executions(text).ok_or(CostError::Trace)?;
    let part = Decimal::one().over(&Decimal::from(executions.len() as u64));
    let mut kind = KindUsage { share: Decimal::one(), ..KindUsage::nothing(EventKind::Any) };
    let (mut billed, mut calls, mut largest) = (Billed::new(), Vec::new(), 0);
    for execution in &executions {
        let events = execution["events"].as_array().map(Vec::as_slice).unwrap_or_default();
        let arn = execution["stateMachineArn"].as_str().unwrap_or_default();
        let at = design.machines.iter().position(|machine| same(&machine.arn, arn)).unwrap_or(0);
        let Some(machine) = design.machines.get(at) else { return Err(CostError::NoMachine) };
        let execution_arn = execution["executionArn"].as_str().unwrap_or_default();
        let told = history::read(events.iter().map(Event::of_json), execution_arn, machine.log.data);
        let made = history::calls(events);
        if kind.path.is_empty() {
            kind.path.clone_from(&told.path);
        }
        let worked = made.iter().map(|call| call.milliseconds(options)).fold(0, u64::saturating_add);
        let milliseconds = options.duration_ms.unwrap_or_else(|| waited(events).saturating_add(worked));
        kind.add_machine(MachineUsage {
            at,
            machine: machine.label.clone(),
            executions: Decimal::one(),
            transitions: Decimal::from(told.transitions()),
            milliseconds: Decimal::from(milliseconds.max(1)).up_to(100),
            log_bytes: told.log_bytes,
            walked: None,
        });
        let nothing = |_: &str, _: &Value| None;
        for call in made {
            largest = largest.max(super::capacity::item_bytes(&call.arguments["Item"]));
            let Options { item_bytes, function_ms, .. } = *options;
            let context = Context { items: &nothing, item_bytes, functions: &design.functions, function_ms };
            add(&mut billed, call.billed(&context).unwrap_or_default());
            calls.push(call);
        }
    }
    kind.calls = counted(calls.iter().map(|call| (call.service.as_str(), call.action.as_str(), Decimal::one())));
    kind.billed = listed(&billed);
    let path = std::mem::take(&mut kind.path);
    let kind = KindUsage { path, ..kind.times(&part) };
    let item_bytes = options.item_bytes.unwrap_or(largest);
    let table_bytes = if item_bytes == 0 { 0 } else { item_bytes + super::capacity::STORED_BESIDE };
    let notes = vec![
        format!("The usage per event is the average of {} executions of the trace.", executions.len()),
        "A trace does not contain the contents of indexes: writes to them are not included.".to_owned(),
    ];
    let measured = options.item_bytes.is_none();
    let stored = Stored { item_bytes, measured, table_bytes, index_bytes: 0, every_upload: false };
    Ok(Usage { basis: Basis::Trace, kinds: vec![kind], stored, backfill: None, notes })
}

/// An ARN of this machine: the same, or in another account or region.
fn same(machine: &str, arn: &str) -> bool {
    let name = |arn: &str| arn.rsplit(':').next().unwrap_or_default().to_owned();
    machine == arn || name(machine) == name(arn)
}

/// The executions with a history, if there are any.
fn executions(text: &str) -> Option<Vec<Value>> {
    let with_history = |execution: &Value| execution["events"].as_array().is_some_and(|events| !events.is_empty());
    let mut found: Vec<Value> = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(mut whole)) => match whole.remove("executions") {
            Some(Value::Array(executions)) => executions,
            _ => vec![Value::Object(whole)],
        },
        Ok(Value::Array(executions)) => executions,
        Ok(_) => Vec::new(),
        Err(_) => text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect(),
    };
    found.retain(with_history);
    (!found.is_empty()).then_some(found)
}

/// How long the events of a history lie apart, in milliseconds.
fn waited(events: &[Value]) -> u64 {
    let time = |event: Option<&Value>| Timestamp::parse(event?["timestamp"].as_str()?);
    match (time(events.first()), time(events.last())) {
        (Some(first), Some(last)) => last.since(first).as_millis() as u64,
        _ => 0,
    }
}
