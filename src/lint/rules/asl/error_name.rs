use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::{Findings, Fix, MachineView, StateView};
use crate::source::Node;

rule! {
    /// An error that nothing reports
    ///
    /// # What it does
    /// Checks that names of errors that begin with `States.` are those that Step Functions reports: `States.Timeout`,
    /// `States.TaskFailed` and the others of the language.
    ///
    /// # Why is this bad
    /// Names that begin with `States.` are reserved, and a retrier or catcher for one that there is not never does anything: the
    /// execution fails, and looked as if it could not.
    ///
    /// # Example
    /// ```json
    /// "Catch": [ { "ErrorEquals": ["States.TimeOut"], "Next": "TooLate" } ]
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Catch": [ { "ErrorEquals": ["States.Timeout"], "Next": "TooLate" } ]
    /// ```
    pub(super) static RULE: "ASL017", "error-name", Warning = State(check);
}

const NAMES: [&str; 18] = [
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.Http.StatusCode",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
];

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for field in ["Retry", "Catch"] {
        for (at, item) in state.get(field).map_or(&[][..], Node::items).iter().enumerate() {
            let errors = item.get("ErrorEquals").map_or(&[][..], Node::items);
            for (index, error) in errors.iter().enumerate() {
                let Some(name) = error.as_str().filter(|name| is_unknown(name)) else { continue };
                let pointer = format!("{}/{at}/ErrorEquals/{index}", state.pointer_to(field));
                let message = format!("no state reports `{name}`, so this entry never does anything");
                let finding = findings.add(machine.place(&pointer, error), message);
                if let Some(near) = nearest(name, NAMES) {
                    let fix = Fix::rename(machine.definition.document, machine.text(), error, near);
                    let slip = near.eq_ignore_ascii_case(name);
                    finding.help(format!("did you mean `{near}`?")).fix(fix.filter(|_| slip));
                }
            }
        }
    }
}

fn is_unknown(name: &str) -> bool {
    let reserved = name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("States."));
    // HTTP tasks report the status in the name.
    reserved && !NAMES.contains(&name) && !name.starts_with("States.Http.") && !name.contains("${")
}
