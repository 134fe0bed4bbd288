use super::{field, severity, then};
use crate::lint::flow::Problem;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};

rule! {
    /// Comparison that can never be true
    ///
    /// # What it does
    /// Reports rules of a Choice whose operator takes values of another kind than the one that its `Variable` leads to.
    ///
    /// Source: [the Choice state](https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html).
    ///
    /// # Why is this bad
    /// No execution fails: the rule is just never true, and everything takes the other way. A list compared with a number is
    /// the classic one: what was meant is the count.
    ///
    /// # Example
    /// ```json
    /// { "Variable": "$.dynamoDbResult.Items", "NumericGreaterThan": 0, "Next": "UpdateObject" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// { "Variable": "$.dynamoDbResult.Count", "NumericGreaterThan": 0, "Next": "UpdateObject" }
    /// ```
    pub(super) static RULE: "FLOW103", "comparison-never-holds", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for fault in machine.flow() {
        let Problem::NeverHolds { path, operator, found } = &fault.problem else { continue };
        let (place, _) = field(machine, fault);
        let said =
            then(fault, &format!("`{path}` is {found}, so `{operator}` never holds and this rule is never taken"));
        let finding = findings.add(place, said).severity(severity(fault.extent));
        if let Some(list) = path.strip_suffix(".Items").filter(|_| operator.starts_with("Numeric")) {
            finding.help(format!("the number of items is `{list}.Count`"));
        } else {
            finding.help("compare a value of the kind that the operator takes");
        }
    }
}
