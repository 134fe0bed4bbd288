//! Data flow: no execution that went well on AWS may be said to fail, and of those that failed for their data it is asked how
//! many are found.

use bucketbook::asl::program::{Program, StateId};
use bucketbook::lint::flow::{self, Extent, Problem, Shape, World};
use serde::Deserialize;
use serde_json::Value;

use crate::corpus;
use crate::table::Table;

#[derive(Deserialize)]
struct Row {
    id: String,
    definition: Value,
    input: Value,
    query_language: String,
    services: Vec<String>,
    states_entered: Option<Vec<String>>,
    expect: Expect,
}

#[derive(Deserialize)]
struct Expect {
    status: String,
    error: Option<String>,
}

/// Services that answer whatever they like.
struct Unknown;

impl World for Unknown {
    fn answer(&self, _: &Program, _: StateId, _: &Shape) -> Shape {
        Shape::unknown()
    }
}

/// Judges all rows of `asl/exec.jsonl`.
pub(crate) fn executions(text: &str) -> Result<Table, String> {
    let mut table = Table::default();
    for row in corpus::rows::<Row>(text)? {
        let Ok(program) = Program::read(&row.definition) else { continue };
        let faults = flow::faults(&program, &[Shape::of(&row.input)], &Unknown);
        let entered = |pointer: &str| {
            let states = program.states().filter(|(_, state)| {
                pointer
                    .strip_prefix(state.pointer.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
            let innermost = states.max_by_key(|(_, state)| state.pointer.len());
            let (Some((_, state)), Some(entered)) = (innermost, &row.states_entered) else { return true };
            entered.contains(&state.name)
        };
        let sure: Vec<String> = faults
            .iter()
            // A comparison that never holds is no failure.
            .filter(|fault| !matches!(fault.problem, Problem::NeverHolds { .. }))
            .filter(|fault| fault.extent == Extent::Always && entered(&fault.pointer))
            .map(|fault| format!("{} {:?}", fault.pointer, fault.problem))
            .collect();
        let failed_for_data =
            matches!(row.expect.error.as_deref(), Some("States.Runtime" | "States.QueryEvaluationError"));
        if row.expect.status == "SUCCEEDED" {
            let wrong = (!sure.is_empty()).then(|| sure.join("; "));
            table.count(&row.query_language, "no false alarm", &row.id, wrong);
        } else if failed_for_data && row.services == ["none"] {
            let missed = faults.is_empty().then(|| "nothing found".to_owned());
            table.count(&row.query_language, "found", &row.id, missed);
        }
    }
    Ok(table)
}
