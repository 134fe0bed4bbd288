use crate::aws::states::{ProcessorMode, StateType};
use crate::diagnostic::Severity;
use crate::lint::rule::rule;
use crate::lint::schema::{Shape, is_object, scope_shape, shapes};
use crate::lint::{Findings, Language, MachineView, StateView};
use crate::source::Node;

rule! {
    /// Missing required field
    ///
    /// # What it does
    /// Checks that definitions, states, retriers, catchers and item readers have their required fields: a definition its `StartAt`
    /// and `States`, a Task its `Resource`, a Choice its `Choices`, a Map its `ItemProcessor` and, if it is distributed, the `ExecutionType`, a Wait the time to wait.
    ///
    /// Source: [the Amazon States Language](https://states-language.net/spec.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition: ``These fields are required``.
    ///
    /// # Example
    /// ```json
    /// "Pause": { "Type": "Wait", "Next": "Done" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Pause": { "Type": "Wait", "Seconds": 5, "Next": "Done" }
    /// ```
    pub(super) static RULE: "ASL007", "missing-field", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for scope in machine.scopes.iter().filter(|scope| is_object(scope.node)) {
        look(machine, scope_shape(scope), scope.node, &scope.pointer, None, findings);
    }
    for state in &machine.states {
        shapes(state, |shape, node, pointer| {
            // A state as a whole is shown by its name.
            let shown = (state.pointer == *pointer).then_some(state.key);
            look(machine, shape, node, pointer, shown, findings);
        });
        alternatives(state, machine, findings);
        headers(state, machine, findings);
        execution_type(state, machine, findings);
    }
}

fn look(
    machine: &MachineView<'_>,
    shape: Shape,
    node: &Node,
    pointer: &str,
    shown: Option<&Node>,
    findings: &mut Findings<'_>,
) {
    for field in shape.fields().iter().filter(|field| field.required && node.get(field.name).is_none()) {
        let message = format!("{} needs the field `{}`: the definition is refused", shape.describe(), field.name);
        findings.add(machine.place(pointer, shown.unwrap_or(node)), message);
    }
}

/// The [headers](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html) of a CSV file that has none itself.
fn headers(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(config) = state.get("ItemReader").and_then(|reader| reader.get("ReaderConfig")) else { return };
    let pointer = state.pointer_to("ItemReader").child("ReaderConfig");
    let Some(location) = config.get("CSVHeaderLocation") else {
        if let Some(kind) = config.get("InputType").filter(|kind| kind.as_str() == Some("CSV")) {
            let message = "a CSV file needs the field `CSVHeaderLocation`: `FIRST_ROW` or `GIVEN`";
            let place = machine.place(&pointer.child("InputType"), kind);
            findings.add(place, message).severity(Severity::Warning);
        }
        return;
    };
    if location.as_str() == Some("GIVEN") && config.get("CSVHeaders").is_none() {
        let pointer = pointer.child("CSVHeaderLocation");
        let message = "`CSVHeaderLocation: GIVEN` needs the field `CSVHeaders`: the definition is refused";
        findings.add(machine.place(&pointer, location), message);
    }
}

/// A [distributed Map](https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html) says what its children are.
fn execution_type(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for field in ["ItemProcessor", "Iterator"] {
        let Some(config) = state.get(field).and_then(|processor| processor.get("ProcessorConfig")) else { continue };
        let is_distributed = |mode: &&Node| mode.as_str() == Some(ProcessorMode::Distributed.as_str());
        let Some(mode) = config.get("Mode").filter(is_distributed) else { continue };
        if config.get("ExecutionType").is_none() {
            let pointer = state.pointer_to(field).child("ProcessorConfig").child("Mode");
            let message = "`Mode: DISTRIBUTED` needs the field `ExecutionType`: the definition is refused";
            findings.add(machine.place(&pointer, mode), message).help("`STANDARD` or `EXPRESS`");
        }
    }
}

/// Fields of which one is needed.
fn alternatives(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let one_of: &[&str] = match (state.known_type(), state.language) {
        (Some(StateType::Wait), Language::Jsonata) => &["Seconds", "Timestamp"],
        (Some(StateType::Wait), _) => &["Seconds", "SecondsPath", "Timestamp", "TimestampPath"],
        (Some(StateType::Map), _) => &["ItemProcessor", "Iterator"],
        _ => return,
    };
    if one_of.iter().all(|name| state.get(name).is_none()) {
        let shown = if state.is(StateType::Map) { &one_of[..1] } else { one_of };
        let message = format!(
            "a {} state needs {}: the definition is refused",
            state.state_type.unwrap_or_default(),
            shown.join(" or ")
        );
        findings.add(machine.place(&state.pointer, state.key), message);
    }
}
