use super::{field, severity, then};
use crate::lint::flow::Problem;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};

rule! {
    /// Variable that is not set here
    ///
    /// # What it does
    /// Reports `$name` if no state on any path to this state assigns `name`. Variables assigned inside a Map or Parallel state are
    /// not visible outside it, and the iterations of a distributed Map do not see the variables of their parent.
    ///
    /// Source: [variables](https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html).
    ///
    /// # Why is this bad
    /// The execution fails with `States.Runtime`, or in JSONata with `States.QueryEvaluationError`.
    ///
    /// # Example
    /// ```json
    /// "Remember": { "Type": "Pass", "Assign": { "key.$": "$.detail.object.key" }, "Next": "Record" },
    /// "Record": { "Type": "Pass", "Parameters": { "fileName.$": "$fileKey" }, "End": true }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Remember": { "Type": "Pass", "Assign": { "fileKey.$": "$.detail.object.key" }, "Next": "Record" },
    /// "Record": { "Type": "Pass", "Parameters": { "fileName.$": "$fileKey" }, "End": true }
    /// ```
    pub(super) static RULE: "FLOW105", "unset-variable", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for fault in machine.flow() {
        let Problem::NoVariable { name } = &fault.problem else { continue };
        let (place, _) = field(machine, fault);
        let said = format!("no state before this one has set the variable `${name}`: the execution fails here");
        let finding = findings.add(place, then(fault, &said)).severity(severity(fault.extent));
        finding.help(format!(
            "set it with `Assign` on every path to this state, or read the state's input with `$.{name}`"
        ));
    }
}
