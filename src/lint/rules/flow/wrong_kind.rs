use super::{field, severity, then};
use crate::lint::flow::Problem;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};

rule! {
    /// Wrong kind of value
    ///
    /// # What it does
    /// Reports values of the wrong type in arguments of intrinsic functions and in fields such as `ItemsPath` and `SecondsPath`.
    ///
    /// Source: [the Amazon States Language](https://states-language.net/spec.html).
    ///
    /// # Why is this bad
    /// Every execution that reaches this state fails with `States.Runtime` or `States.IntrinsicFailure`.
    ///
    /// # Example
    /// ```json
    /// "count.$": "States.ArrayLength($.detail.object)"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "count.$": "States.ArrayLength($.resources)"
    /// ```
    pub(super) static RULE: "FLOW104", "wrong-kind", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for fault in machine.flow() {
        let Problem::Kind { given, taker, expected, found } = &fault.problem else { continue };
        let (place, _) = field(machine, fault);
        let said = format!("`{taker}` takes {expected}, and `{given}` is {found}: the execution fails here");
        findings.add(place, then(fault, &said)).help(format!("pass {expected}")).severity(severity(fault.extent));
    }
}
