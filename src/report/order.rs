//! Whose turn it was in a scenario with a schedule, as a picture.

use crate::graph::{Sequence, SequenceTurn};
use crate::simulate::scenario::{Played, Turn, changed, said};
use crate::simulate::stack::RunnableStack;

/// Of more executions, and of more turns, there is no picture.
const MAX_EXECUTIONS: usize = 12;
const MAX_TURNS: usize = 200;

/// The picture of a scenario's schedule, if it has one.
pub(super) fn picture(name: &str, played: &Played, stack: &RunnableStack, id_prefix: &str) -> Option<String> {
    let executions = played.turns.iter().map(|taken| taken.execution).max()? as usize;
    if executions > MAX_EXECUTIONS || played.turns.len() > MAX_TURNS {
        return None;
    }
    let of = |number: u64| played.executions.iter().find(|execution| execution.number == number);
    let column = |number: u64| of(number).map_or_else(|| "is started again".to_owned(), |one| one.machine.clone());
    let turns = played.turns.iter().map(|taken| {
        let call = of(taken.execution).and_then(|execution| execution.calls.get(taken.call?));
        let wrong = match taken.turn {
            Turn::Throttle(_) => Some("is throttled"),
            Turn::Lose(_) => Some("its answer is lost"),
            Turn::Stale(_) => Some("reads what was there before"),
            Turn::Again(_) => Some("stops, and is started again"),
            Turn::Step | Turn::Go(_) => None,
        };
        let items = call.map(|call| call.items.as_slice()).unwrap_or_default();
        let changes = items.iter().filter_map(|item| {
            let key = stack.table(&item.table).and_then(|table| played.tables.get(&table.name));
            changed(key.map_or(&[], |(key, _)| key), item.before.as_ref(), item.after.as_ref())
        });
        let found = call.filter(|_| wrong.is_none()).map(|call| said(&call.completion)).filter(|text| !text.is_empty());
        let said = wrong.map(str::to_owned).or(found);
        SequenceTurn {
            column: usize::try_from(taken.execution.saturating_sub(1)).unwrap_or_default(),
            label: call.map_or_else(|| "(ends)".to_owned(), |call| call.state.clone()),
            notes: said.into_iter().chain(changes).collect(),
            wrong: wrong.is_some(),
            decides: false,
        }
    });
    let mut rows: Vec<SequenceTurn> = turns.collect();
    let writes = |taken: &crate::simulate::scenario::Taken| {
        let call = of(taken.execution).and_then(|execution| execution.calls.get(taken.call?));
        call.is_some_and(|call| call.items.iter().any(|item| item.before != item.after))
    };
    if let Some(last) = played.turns.iter().rposition(writes) {
        rows[last].decides = true;
    }
    let columns = (1..=executions as u64).map(column).collect();
    Some(Sequence { title: format!("Schedule: {name}"), columns, rows }.svg(id_prefix))
}
