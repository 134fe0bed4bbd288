use super::field;
use super::missing_data::said;
use crate::lint::flow::{Extent, Problem};
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};

rule! {
    /// Path to data that exists on some ways only
    ///
    /// # What it does
    /// Reports paths to what only some of the ways to the state set, or only some of the inputs have, without a Choice with
    /// `IsPresent` before it.
    ///
    /// Source: [error handling](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html).
    ///
    /// # Why is this bad
    /// Executions fail with `States.Runtime` when they come by one of the other ways, which tests may not have taken.
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
                    "`{path}` is not there on every way to this state, and executions that come by another fail: there, {}",
                    said(miss)
                )
            }
            (Problem::Optional { path }, _) => {
                format!("`{path}` is not always there, and executions fail where it is not")
            }
            _ => continue,
        };
        let (place, _) = field(machine, fault);
        findings.add(place, message).help("set it on every way, or ask with `IsPresent` in a Choice first");
    }
}
