//! What retriers cover.

use crate::aws::states::error;
use crate::lint::view::unknown;
use crate::lint::{MachineView, StateView};
use crate::source::Node;

/// Whether a state, or one that it stands in, is retried at all. A Map or Parallel state that is retried runs all that is in
/// it again.
pub(super) fn is_retried(state: &StateView<'_>, machine: &MachineView<'_>) -> bool {
    around(state, machine)
        .any(|state| state.get("Retry").is_some_and(|retry| unknown(retry) || !retry.items().is_empty()))
}

/// Whether an error is retried in a state or in one that it stands in; what is not known is taken to be right.
pub(super) fn covers(state: &StateView<'_>, machine: &MachineView<'_>, error: &str) -> bool {
    around(state, machine).any(|state| {
        let Some(retry) = state.get("Retry") else { return false };
        let covers = |name: &Node| {
            unknown(name)
                || matches!(name.as_str(), Some(error::ALL | error::TASK_FAILED))
                || name.as_str() == Some(error)
        };
        let equals = |retrier: &Node| {
            unknown(retrier)
                || retrier.get("ErrorEquals").is_some_and(|names| unknown(names) || names.items().iter().any(covers))
        };
        unknown(retry) || retry.items().iter().any(equals)
    })
}

/// A state, then those that it stands in.
fn around<'s, 'a>(state: &'s StateView<'a>, machine: &'s MachineView<'a>) -> impl Iterator<Item = &'s StateView<'a>> {
    std::iter::successors(Some(state), |state| machine.states.get(machine.scope_of(state).owner?))
}
