use super::{field, severity, then};
use crate::diagnostic::Severity;
use crate::lint::flow::{Extent, Problem};
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};

rule! {
    /// Comparison that can never be true
    ///
    /// # What it does
    /// Reports choice rules whose operator accepts another type than the type of the value at `Variable`, those that compare it
    /// with a misspelling of a text that it can be, and those that ask for a misspelling of a field (`IsPresent`, `$exists`).
    ///
    /// Source: [the Choice state](https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html).
    ///
    /// # Why is this bad
    /// No execution fails: the choice rule is never true, and every execution takes another branch. The classic case compares a
    /// list with a number where its count was meant.
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
        if let Problem::NeverText { path, text, near } = &fault.problem {
            let (place, _) = field(machine, fault);
            let said = then(fault, &format!("`{path}` is never `{text}`, so this choice rule never matches"));
            findings.add(place, said).severity(Severity::Warning).help(format!("did you mean `{near}`?"));
            continue;
        }
        if let Problem::NeverPresent { path, wanted, near } = &fault.problem {
            if fault.extent != Extent::Always {
                continue;
            }
            let (place, _) = field(machine, fault);
            let said = then(fault, &format!("`{path}` is never there: there is no `{wanted}`"));
            findings.add(place, said).severity(Severity::Warning).help(format!("did you mean `{near}`?"));
            continue;
        }
        let Problem::NeverHolds { path, operator, found } = &fault.problem else { continue };
        let (place, _) = field(machine, fault);
        let said = then(
            fault,
            &format!("`{path}` is {found}, so `{operator}` is never true and this choice rule never matches"),
        );
        let finding = findings.add(place, said).severity(severity(fault.extent));
        if let Some(list) = path.strip_suffix(".Items").filter(|_| operator.starts_with("Numeric")) {
            finding.help(format!("the number of items is `{list}.Count`"));
        } else {
            finding.help("compare a value of the operator's type");
        }
    }
}
