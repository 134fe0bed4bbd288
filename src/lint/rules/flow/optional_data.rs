use super::field;
use super::missing_data::said;
use crate::lint::flow::{Extent, Problem};
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};

rule! {
    /// Path to data that may not exist
    ///
    /// # What it does
    /// Reports paths to data that only some of the paths to the state set, or that only some inputs contain, unless a Choice tests
    /// it with `IsPresent` first.
    ///
    /// Source: [error handling](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html).
    ///
    /// # Why is this bad
    /// Executions that reach the state along another path fail with `States.Runtime`, and tests may not have covered that path.
    ///
    /// # Example
    /// ```json
    /// "Known?": { "Type": "Choice", "Default": "Record", "Choices": [
    ///     { "Variable": "$.kind", "StringEquals": "image", "Next": "Measure" } ] },
    /// "Measure": { "Type": "Task", "Resource": "${Measure}", "ResultPath": "$.measures", "Next": "Record" },
    /// "Record": { "Type": "Pass", "Parameters": { "width.$": "$.measures.width" }, "End": true }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Known?": { "Type": "Choice", "Default": "Assume", "Choices": [
    ///     { "Variable": "$.kind", "StringEquals": "image", "Next": "Measure" } ] },
    /// "Assume": { "Type": "Pass", "Result": { "width": 0 }, "ResultPath": "$.measures", "Next": "Record" },
    /// "Measure": { "Type": "Task", "Resource": "${Measure}", "ResultPath": "$.measures", "Next": "Record" },
    /// "Record": { "Type": "Pass", "Parameters": { "width.$": "$.measures.width" }, "End": true }
    /// ```
    pub(super) static RULE: "FLOW102", "optional-data", Warning = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for fault in machine.flow() {
        let message = match (&fault.problem, fault.extent) {
            (Problem::Missing { path, miss }, Extent::Sometimes) => {
                format!(
                    "`{path}` does not exist on every path to this state, and executions on the other paths fail: there, {}",
                    said(miss)
                )
            }
            (Problem::Optional { path }, _) => {
                format!("`{path}` does not always exist, and executions without it fail")
            }
            _ => continue,
        };
        let (place, _) = field(machine, fault);
        findings.add(place, message).help("set it on every path, or test it with `IsPresent` in a Choice first");
    }
}
