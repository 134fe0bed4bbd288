//! Data flow: what is read and is not there, what is compared or taken and is of another kind.

mod comparison_never_holds;
mod express_wait;
mod literal_path;
mod missing_data;
mod optional_data;
mod unset_variable;
mod unwritable_result_path;
mod wrong_kind;

use crate::diagnostic::Severity;
use crate::lint::flow::{Extent, Fault};
use crate::lint::{LintRule, MachineView};
use crate::loaded::Place;
use crate::source::Node;

pub(super) const RULES: &[&LintRule] = &[
    &missing_data::RULE,
    &optional_data::RULE,
    &comparison_never_holds::RULE,
    &wrong_kind::RULE,
    &unset_variable::RULE,
    &unwritable_result_path::RULE,
    &literal_path::RULE,
    &express_wait::RULE,
];

/// The field that a fault is about, and where it stands.
fn field<'a>(machine: &MachineView<'a>, fault: &Fault) -> (Place, &'a Node) {
    let root = &machine.definition.root;
    // A Map's selector used to be called `Parameters`.
    let pointers = [fault.pointer.clone(), fault.pointer.replacen("/ItemSelector", "/Parameters", 1)];
    if let Some((pointer, node)) = pointers.iter().find_map(|pointer| Some((pointer, root.pointer(pointer)?))) {
        return (machine.place(pointer, node), node);
    }
    // What the fault names is put there by the language: a default, a field without a value of its own.
    let mut pointer = fault.pointer.as_str();
    while let Some((above, _)) = pointer.rsplit_once('/') {
        if let Some(node) = root.pointer(above) {
            return (machine.place(above, node), node);
        }
        pointer = above;
    }
    (machine.place("", root), root)
}

/// How bad a fault is in a stack, where it is known what starts the machine. `run` softens what is found in a definition on its own.
fn severity(extent: Extent) -> Severity {
    match extent {
        Extent::Always => Severity::Error,
        Extent::Sometimes => Severity::Warning,
    }
}

/// What happens on the ways that a fault is on.
fn then(fault: &Fault, always: &str) -> String {
    match fault.extent {
        Extent::Always => always.to_owned(),
        Extent::Sometimes => format!("on some paths to this state, {always}"),
    }
}
