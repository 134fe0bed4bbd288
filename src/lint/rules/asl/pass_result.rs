use super::templates::leaves;
use crate::asl::JsonPath;
use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::{Findings, Language, MachineView, StateView};
use crate::source::Node;

rule! {
    /// Path in a static `Result`
    ///
    /// # What it does
    /// Reports fields in the `Result` of Pass states whose name ends in `.$`.
    ///
    /// Source: [the Pass state](https://docs.aws.amazon.com/step-functions/latest/dg/state-pass.html).
    ///
    /// # Why is this bad
    /// A `Result` is a constant: the path is not evaluated but passed on as a string.
    ///
    /// # Example
    /// ```json
    /// "Name": { "Type": "Pass", "Result": { "key.$": "$.detail.object.key" }, "End": true }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Name": { "Type": "Pass", "Parameters": { "key.$": "$.detail.object.key" }, "End": true }
    /// ```
    pub(super) static RULE: "ASL036", "static-result", Warning = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(result) =
        state.get("Result").filter(|_| state.is(StateType::Pass) && state.language == Language::JsonPath)
    else {
        return;
    };
    leaves(result, &state.pointer_to("Result"), &mut |key, value, pointer| {
        let named = key.and_then(Node::as_str).is_some_and(|name| name.ends_with(".$"));
        let path = value.as_str().is_some_and(|text| text.starts_with('$') && JsonPath::parse(text).is_ok());
        if named && path {
            findings
                .add(machine.place(pointer, value), "a `Result` is a constant: this path is passed on as a string")
                .help("`Parameters` computes");
        }
    });
}
