//! Which values that only a deployment says a state needs.

use std::collections::BTreeSet;

use super::Need;
use super::fault::Faults;
use super::state::{State, StateKind};
use super::unknown::{self, Unknown, is_own};
use crate::source::Pointer;

/// The fields that say which states follow which.
const WAYS: [&str; 10] =
    ["Branches", "Catch", "Choices", "Default", "End", "ErrorEquals", "Next", "QueryLanguage", "StartAt", "Type"];

/// Gives each state the values of it that only a deployment says; whether these say which states follow which.
pub(super) fn note_unknown(states: &mut [State], faults: &Faults) -> bool {
    if faults.unknowns.is_empty() {
        return false;
    }
    let excused: BTreeSet<&Pointer> = faults.excused.iter().collect();
    for state in &mut *states {
        let own =
            |pointer: &&Pointer| is_own(&state.pointer, pointer) && pointer.starts_with(&format!("{}/", state.pointer));
        let unread = excused
            .range::<Pointer, _>(&state.pointer..)
            .take_while(|at| at.starts_with(state.pointer.as_str()))
            .copied();
        state.unread = unread.filter(own).cloned().collect();
        let is_task = matches!(state.kind, StateKind::Task(_) | StateKind::Map(_));
        let need = |unknown: &Unknown| {
            let field = unknown.field(&state.pointer);
            let unread = state
                .unread
                .iter()
                .any(|at| unknown.pointer.starts_with(at.as_str()) || at.starts_with(unknown.pointer.as_str()));
            match () {
                () if is_task && unknown::CALL.contains(&field) && (!unread || field == "Resource") => {
                    if unknown.stands_in && field != "Resource" { Need::Never } else { Need::ForTheCall }
                }
                () if unread || !unknown::DATA.contains(&field) => Need::Always,
                () => Need::Never,
            }
        };
        let within = faults.unknowns.within(&state.pointer).filter(|unknown| is_own(&state.pointer, &unknown.pointer));
        state.unknown = within.map(|unknown| (unknown.clone(), need(unknown))).collect();
    }
    let decides = |pointer: &str| WAYS.contains(&pointer.rsplit('/').next().unwrap_or_default());
    let assigns = |(unknown, _): &(Unknown, Need)| unknown.pointer.ends_with("/Assign");
    states.iter().any(|state| matches!(state.kind, StateKind::Unknown) || state.unknown.iter().any(assigns))
        || excused.iter().any(|at| decides(at))
}
