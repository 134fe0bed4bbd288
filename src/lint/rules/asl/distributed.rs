use crate::aws::states::{ProcessorMode, StateType};
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// Fields of inline and distributed Maps mixed
    ///
    /// # What it does
    /// Checks that `ItemReader`, `ItemBatcher` and `ResultWriter` are used only in Maps whose `ProcessorConfig` sets `Mode` to
    /// `DISTRIBUTED`.
    ///
    /// Source: [the Distributed Map](https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html).
    ///
    /// # Why is this bad
    /// An inline Map does not support these fields: Step Functions refuses the definition, or the Map reads its items from the
    /// state's input and ignores the `ItemReader`.
    ///
    /// # Example
    /// ```json
    /// "ItemReader": { "Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": { "Bucket": "files" } },
    /// "ItemProcessor": { "StartAt": "Put", "States": {} }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "ItemReader": { "Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": { "Bucket": "files" } },
    /// "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" },
    ///                    "StartAt": "Put", "States": {} }
    /// ```
    pub(super) static RULE: "ASL028", "distributed-map", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    if !state.is(StateType::Map) {
        return;
    }
    let Some(processor) = state.get("ItemProcessor").or_else(|| state.get("Iterator")) else { return };
    let mode = processor.get("ProcessorConfig").and_then(|config| config.get("Mode"));
    if mode.is_some_and(|mode| mode.as_str() != Some(ProcessorMode::Inline.as_str())) {
        return;
    }
    for field in ["ItemReader", "ItemBatcher", "ResultWriter"] {
        if let Some((key, _)) = state.entry(field) {
            let message =
                format!("`{field}` needs a distributed Map, and this one is inline: the definition is refused");
            findings
                .add(machine.place(&state.pointer_to(field), key), message)
                .help("set `\"Mode\": \"DISTRIBUTED\"` in the `ProcessorConfig` of the `ItemProcessor`");
        }
    }
}
