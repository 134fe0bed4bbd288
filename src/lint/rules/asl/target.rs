use super::transitions::targets;
use crate::lint::near::{nearest, only_near};
use crate::lint::rule::rule;
use crate::lint::view::unknown;
use crate::lint::{Findings, Fix, MachineView, Scope};
use crate::loaded::below;
use crate::source::Node;

rule! {
    /// Transition to a state that does not exist
    ///
    /// # What it does
    /// Checks that `StartAt`, `Next` and `Default` name states of the same branch: a state inside a Parallel or Map state cannot be
    /// entered from outside, and cannot transition to a state outside.
    ///
    /// Source: [the Amazon States Language](https://states-language.net/spec.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// { "StartAt": "Qurey", "States": { "Query": { "Type": "Pass", "End": true } } }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// { "StartAt": "Query", "States": { "Query": { "Type": "Pass", "End": true } } }
    /// ```
    pub(super) static RULE: "ASL010", "transition-target", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for scope in &machine.scopes {
        if let Some(start) = scope.node.get("StartAt") {
            judge(machine, scope, start, &below(&scope.pointer, "StartAt"), findings);
        }
    }
    for state in &machine.states {
        for target in targets(state) {
            judge(machine, machine.scope_of(state), target.node, &target.pointer, findings);
        }
    }
}

fn judge(machine: &MachineView<'_>, scope: &Scope<'_>, node: &Node, pointer: &str, findings: &mut Findings<'_>) {
    let Some(name) = node.as_str().filter(|name| !unknown(node) && !scope.names.contains_key(name)) else { return };
    // Without states everything leads nowhere, and that is said already. A name with a substitution may be any.
    if scope.names.is_empty() || scope.states.iter().any(|index| unknown(machine.states[*index].key)) {
        return;
    }
    let shown: String = name.chars().take(80).collect();
    let elsewhere = machine.states.iter().any(|state| state.name == name);
    let message = if elsewhere {
        format!("the state `{shown}` is not in this branch, and cannot be reached from here: the definition is refused")
    } else {
        format!("there is no state `{shown}`: the definition is refused")
    };
    let finding = findings.add(machine.place(pointer, node), message);
    let only = only_near(name, scope.names.keys().copied());
    match only.or_else(|| nearest(name, scope.names.keys().copied())) {
        Some(near) if only.is_some() => {
            let fix = Fix::rename(machine.definition.document, machine.text(), node, near);
            finding.help(format!("did you mean `{near}`?")).fix(fix)
        }
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding,
    };
}
