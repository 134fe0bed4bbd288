use super::paths::{Reading, Unreadable, reads};
use crate::asl::Function;
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// Invalid intrinsic function
    ///
    /// # What it does
    /// Parses every intrinsic function call and checks its name, the number of its arguments, and the types of constant arguments. It
    /// also runs the functions whose constants alone decide that they fail: a hash algorithm that does not exist, a range of more than
    /// 1,000 numbers, a chunk size of 0.
    ///
    /// Source: [intrinsic functions](https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition: ``The value for the field must be a valid JSONPath or a valid intrinsic
    /// function call``. With constants that a function does not take, every execution of the state fails with
    /// `States.IntrinsicFailure`.
    ///
    /// # Example
    /// ```json
    /// "Parameters": { "N.$": "States.format('{}', $.detail.object.size)" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Parameters": { "N.$": "States.Format('{}', $.detail.object.size)" }
    /// ```
    pub(super) static RULE: "ASL022", "intrinsic-function", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for read in reads(state) {
        if let Ok(Reading::Intrinsic(call)) = &read.value
            && let Some(problem) = call.doomed()
        {
            let problem = problem.trim_end_matches('.');
            let message = format!("this function fails each time: {problem}");
            findings.add(machine.place(&read.pointer, read.node), message);
        }
        let Err(Unreadable::Intrinsic(error)) = &read.value else { continue };
        let message = format!(
            "invalid intrinsic function: expected {} at character {}: the definition is refused",
            error.expected, error.position
        );
        let finding = findings.add(machine.place(&read.pointer, read.node), message);
        let name = read.text.split('(').next().unwrap_or_default().trim();
        let names = Function::ALL.map(Function::name);
        if !names.contains(&name)
            && let Some(near) = nearest(name, names)
        {
            finding.help(format!("did you mean `{near}`?"));
        }
    }
}
