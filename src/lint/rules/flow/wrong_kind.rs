use super::{field, severity, then};
use crate::lint::flow::Problem;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};

rule! {
    /// Wrong kind of value
    ///
    /// # What it does
    /// Reports what intrinsic functions and fields such as `ItemsPath` and `SecondsPath` are given and cannot take.
    ///
    /// Source: [the Amazon States Language](https://states-language.net/spec.html).
    ///
    /// # Why is this bad
    /// The execution fails with `States.Runtime` or `States.IntrinsicFailure` as soon as it comes here.
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
        findings.add(place, then(fault, &said)).help(format!("give it {expected}")).severity(severity(fault.extent));
    }
}
