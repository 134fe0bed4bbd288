use super::{field, severity, then};
use crate::lint::flow::Problem;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};

rule! {
    /// `ResultPath` into a value that is not an object
    ///
    /// # What it does
    /// Reports a `ResultPath` that leads through a string, a number or an array, to which no field can be added.
    ///
    /// Source: [paths](https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html).
    ///
    /// # Why is this bad
    /// The execution fails with `States.ResultPathMatchFailure`, after the state has done its work.
    ///
    /// # Example
    /// ```json
    /// "ResultPath": "$.time.written"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "ResultPath": "$.written"
    /// ```
    pub(super) static RULE: "FLOW106", "unwritable-result-path", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for fault in machine.flow() {
        let Problem::Unwritable { path, into } = &fault.problem else { continue };
        let (place, _) = field(machine, fault);
        let said =
            format!("`{path}` cannot be set in {into}: the execution fails here, after the state has done its work");
        findings.add(place, then(fault, &said)).help("use a field of an object").severity(severity(fault.extent));
    }
}
