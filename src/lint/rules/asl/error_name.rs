use std::collections::HashSet;

use crate::aws::states::error::RESERVED;
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::{Findings, Fix, MachineView};
use crate::source::Node;

rule! {
    /// Unknown error name
    ///
    /// # What it does
    /// Reports error names in retriers and catchers that begin with `States.` and resemble, but do not equal, an error that Step
    /// Functions reports: `States.Timeout`, `States.TaskFailed` and so on.
    ///
    /// Source: [error handling](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html).
    ///
    /// # Why is this bad
    /// The prefix `States.` is reserved. A retrier or catcher for an unknown name never matches: the error looks handled, and the
    /// execution fails.
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
    pub(super) static RULE: "ASL017", "error-name", Warning = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    // What a Fail state reports is caught by its name, reserved or not.
    let reported: HashSet<&str> =
        machine.states.iter().filter_map(|state| state.get("Error")).filter_map(Node::as_str).collect();
    for state in &machine.states {
        for field in ["Retry", "Catch"] {
            for (at, item) in state.get(field).map_or(&[][..], Node::items).iter().enumerate() {
                let errors = item.get("ErrorEquals").map_or(&[][..], Node::items);
                for (index, error) in errors.iter().enumerate() {
                    let Some(name) = error.as_str().filter(|name| is_unknown(name) && !reported.contains(name)) else {
                        continue;
                    };
                    judge(
                        machine,
                        name,
                        error,
                        &format!("{}/{at}/ErrorEquals/{index}", state.pointer_to(field)),
                        findings,
                    );
                }
            }
        }
    }
}

/// A function may report an error of any name; only what is a known name but for a slip is said to be wrong.
fn judge(machine: &MachineView<'_>, name: &str, error: &Node, pointer: &str, findings: &mut Findings<'_>) {
    let Some(near) = nearest(name, RESERVED) else { return };
    let fix = Fix::rename(machine.definition.document, machine.text(), error, near);
    findings
        .add(machine.place(pointer, error), format!("no state reports `{name}`, so this entry never matches"))
        .help(format!("did you mean `{near}`?"))
        .fix(fix.filter(|_| near.eq_ignore_ascii_case(name)));
}

fn is_unknown(name: &str) -> bool {
    let reserved = name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("States."));
    // HTTP tasks report the status in the name.
    reserved && !RESERVED.contains(&name) && !name.starts_with("States.Http.") && !name.contains("${")
}
