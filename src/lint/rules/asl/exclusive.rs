use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::below;
use crate::source::Node;

rule! {
    /// Mutually exclusive fields
    ///
    /// # What it does
    /// Reports fields that exclude each other: `TimeoutSeconds` and `TimeoutSecondsPath`, `Error` and `ErrorPath`, `Seconds` and
    /// `Timestamp`, `ItemProcessor` and `Iterator`, `Parameters` and `ItemSelector` of a Map.
    ///
    /// Source: [the Amazon States Language](https://states-language.net/spec.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// "Pause": { "Type": "Wait", "Seconds": 5, "SecondsPath": "$.delay", "Next": "Done" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Pause": { "Type": "Wait", "SecondsPath": "$.delay", "Next": "Done" }
    /// ```
    pub(super) static RULE: "ASL015", "exclusive-fields", Error = State(check);
}

/// Sets of fields of which one may be set.
const GROUPS: [(StateType, &[&str]); 10] = [
    (StateType::Task, &["TimeoutSeconds", "TimeoutSecondsPath"]),
    (StateType::Task, &["HeartbeatSeconds", "HeartbeatSecondsPath"]),
    (StateType::Wait, &["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]),
    (StateType::Fail, &["Error", "ErrorPath"]),
    (StateType::Fail, &["Cause", "CausePath"]),
    (StateType::Map, &["ItemProcessor", "Iterator"]),
    (StateType::Map, &["ItemSelector", "Parameters"]),
    (StateType::Map, &["MaxConcurrency", "MaxConcurrencyPath"]),
    (StateType::Map, &["ToleratedFailureCount", "ToleratedFailureCountPath"]),
    (StateType::Map, &["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"]),
];

const NESTED: [(&str, &[&str]); 3] = [
    ("ReaderConfig", &["MaxItems", "MaxItemsPath"]),
    ("ItemBatcher", &["MaxItemsPerBatch", "MaxItemsPerBatchPath"]),
    ("ItemBatcher", &["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"]),
];

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for (_, group) in GROUPS.iter().filter(|(state_type, _)| state.is(*state_type)) {
        judge(machine, state.node, &state.pointer, group, findings);
    }
    if !state.is(StateType::Map) {
        return;
    }
    for (object, group) in NESTED {
        let (node, pointer) = match object {
            "ReaderConfig" => (
                state.get("ItemReader").and_then(|reader| reader.get(object)),
                state.pointer_to("ItemReader").child(object),
            ),
            _ => (state.get(object), state.pointer_to(object)),
        };
        if let Some(node) = node {
            judge(machine, node, &pointer, group, findings);
        }
    }
}

fn judge(machine: &MachineView<'_>, node: &Node, pointer: &str, group: &[&str], findings: &mut Findings<'_>) {
    let set: Vec<_> =
        node.entries().iter().filter(|(key, _)| key.as_str().is_some_and(|name| group.contains(&name))).collect();
    let [(first, _), others @ ..] = set.as_slice() else { return };
    for (key, _) in others {
        let (name, first) = (key.as_str().unwrap_or_default(), first.as_str().unwrap_or_default());
        let message = format!("`{name}` and `{first}` cannot both be set: the definition is refused");
        findings.add(machine.place(&below(pointer, name), key), message).help("remove one of them");
    }
}
