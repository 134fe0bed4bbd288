use std::sync::Arc;

use serde_json::Value;

use super::{StackFault, is_made};
use crate::asl::program::Program;
use crate::loaded::{Definition, LoadedMachine, LoadedStack, MachineType};

/// A state machine of a stack, ready to run.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Its logical id; `None` for a definition on its own.
    pub logical_id: Option<String>,
    /// The name of the state machine, made up where only a deployment knows it.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Whether it is an Express workflow.
    pub express: bool,
    /// Its definition, with its substitutions made.
    pub definition: Value,
    /// The same, read.
    pub program: Arc<Program>,
}

impl Machine {
    /// What people call it: its logical id, or else its name.
    pub fn label(&self) -> &str {
        self.logical_id.as_deref().unwrap_or(&self.name)
    }

    /// The machine that a state is in (this one, a branch, the processor of a Map), as a definition of its own.
    pub fn around(&self, state: &str) -> Option<Value> {
        let machines = self.program.machines();
        let mut machines =
            machines.filter(|(_, machine)| machine.states.iter().any(|id| self.program[*id].name == state));
        let mut definition = self.definition.pointer(&machines.next()?.1.pointer)?.clone();
        if let (Some(fields), Some(language)) = (definition.as_object_mut(), self.definition.get("QueryLanguage")) {
            fields.entry("QueryLanguage").or_insert_with(|| language.clone());
        }
        Some(definition)
    }
}

/// The machine of a name, a logical id or an ARN, which may be that of a version or an alias.
pub(super) fn named(machines: &[Machine], name: &str) -> Option<usize> {
    let is = |machine: &Machine| {
        machine.name == name
            || machine.logical_id.as_deref() == Some(name)
            || name.strip_prefix(machine.arn.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    };
    machines.iter().position(is)
}

/// The machines whose definitions can be had. What cannot be run is a fault.
pub(super) fn machines(stack: &LoadedStack, faults: &mut Vec<StackFault>) -> Vec<Machine> {
    let made = |machine: &&LoadedMachine| machine.logical_id.as_deref().is_none_or(|id| is_made(stack, id));
    stack.machines.iter().filter(made).filter_map(|machine| ready(machine, faults)).collect()
}

fn ready(machine: &LoadedMachine, faults: &mut Vec<StackFault>) -> Option<Machine> {
    let definition = machine.definition.as_ref()?;
    let value = machine.definition()?;
    match machine.program()? {
        Ok(program) => Some(Machine {
            definition: value,
            logical_id: machine.logical_id.clone(),
            name: machine.name.clone(),
            arn: machine.arn.clone(),
            express: machine.machine_type == MachineType::Express,
            program: Arc::new(program),
        }),
        Err(found) => {
            faults.extend(found.into_iter().map(|fault| placed(definition, &fault.pointer, fault.message)));
            None
        }
    }
}

/// A fault at the innermost value around a pointer that there is.
fn placed(definition: &Definition, pointer: &str, message: String) -> StackFault {
    let mut at = pointer;
    loop {
        if let Some(node) = definition.root.pointer(at) {
            return StackFault::at(definition.place(at, node), message);
        }
        match at.rsplit_once('/') {
            Some((above, _)) => at = above,
            None => return StackFault { place: None, message, help: None },
        }
    }
}
