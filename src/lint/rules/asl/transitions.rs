//! Where states lead to.

use crate::aws::states::StateType;
use crate::lint::schema::choice_rules;
use crate::lint::view::unknown;
use crate::lint::{MachineView, StateView};
use crate::source::{Node, Pointer};

/// A field that names the state that comes next.
pub(super) struct Target<'a> {
    pub(super) node: &'a Node,
    pub(super) pointer: Pointer,
}

/// Every transition of a state.
pub(super) fn targets<'a>(state: &StateView<'a>) -> Vec<Target<'a>> {
    let mut targets = Vec::new();
    let mut add = |node: Option<&'a Node>, pointer: Pointer| {
        if let Some(node) = node {
            targets.push(Target { node, pointer });
        }
    };
    if state.known_type().is_none_or(|known| known.has_next()) {
        add(state.get("Next"), state.pointer_to("Next"));
        for (at, catcher) in state.get("Catch").map_or(&[][..], Node::items).iter().enumerate() {
            add(catcher.get("Next"), state.pointer_to("Catch").index(at).child("Next"));
        }
    }
    if state.is(StateType::Choice) || state.state_type.is_none() {
        add(state.get("Default"), state.pointer_to("Default"));
        for (at, rule) in state.get("Choices").map_or(&[][..], Node::items).iter().enumerate() {
            choice_rules(rule, &state.pointer_to("Choices").index(at), 0, &mut |rule, pointer, depth| {
                if depth == 0 {
                    add(rule.get("Next"), pointer.child("Next"));
                }
            });
        }
    }
    targets
}

/// The states of a scope that can be entered, as flags by their index among the scope's states; `None` if that cannot be
/// told: a substitution decides, or the start is wrong.
pub(super) fn reachable(machine: &MachineView<'_>, scope: usize) -> Option<Vec<bool>> {
    let scope = &machine.scopes[scope];
    let start = *scope.names.get(scope.node.get("StartAt")?.as_str()?)?;
    let first = *scope.states.first()?;
    let mut reached = vec![false; scope.states.len()];
    let mut waiting = vec![start];
    // States of a scope stand one after the other.
    while let Some(index) = waiting.pop() {
        let slot = reached.get_mut(index.checked_sub(first)?)?;
        if std::mem::replace(slot, true) {
            continue;
        }
        let state = &machine.states[index];
        state.state_type?;
        for target in targets(state) {
            if unknown(target.node) {
                return None;
            }
            waiting.extend(target.node.as_str().and_then(|name| scope.names.get(name)));
        }
    }
    Some(reached)
}
