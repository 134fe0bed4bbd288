use serde_json::{Value, json};

use super::asked::Asked;
use super::human::unmocked;
use crate::prove::{Counterexample, Proof, Verdict};

/// The verdict for programs.
pub(super) fn report(asked: &Asked, proof: &Proof) -> String {
    let (verdict, why, counterexample) = match &proof.verdict {
        Verdict::Holds => ("holds", Value::Null, Value::Null),
        Verdict::Broken(found) => ("broken", found.what.as_str().into(), told(found)),
        Verdict::Undecided(why) => ("undecided", why.as_str().into(), Value::Null),
        Verdict::Unmocked { what, state } => ("undecided", unmocked(what, state).into(), Value::Null),
    };
    let faults = asked.faults.iter().map(|fault| fault.as_str());
    let explored = &proof.explored;
    let report = json!({
        "stack": asked.name, "verdict": verdict, "why": why, "checked": asked.checks,
        "events": asked.events, "kinds": asked.kinds, "keys": asked.keys, "repeats": asked.repeats,
        "faults": faults.collect::<Vec<_>>(), "faultsAtOnce": asked.faults_at_once,
        "histories": asked.stories, "historiesThatHold": proof.stories,
        "schedules": explored.schedules, "states": explored.states, "waysAtLeast": explored.ways,
        "counterexample": counterexample,
    });
    format!("{report:#}\n")
}

fn told(found: &Counterexample) -> Value {
    let calls = found.sequence.rows.iter().map(|row| {
        let execution = (row.column != usize::MAX).then_some(row.column + 1);
        json!({"execution": execution, "state": row.state, "says": row.says, "fault": row.fault, "changes": row.changes})
    });
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    json!({
        "executions": found.sequence.executions, "calls": calls.collect::<Vec<_>>(),
        "decides": found.sequence.decides.map(|at| at + 1),
        "tables": lines(&found.is), "tablesInOrder": lines(&found.expected), "scenario": found.text,
    })
}
