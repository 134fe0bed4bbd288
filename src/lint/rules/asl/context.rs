use super::paths::{of_context, reads};
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// Unknown field of the context object
    ///
    /// # What it does
    /// Checks paths that begin with `$$` against the fields of the [context
    /// object](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html).
    ///
    /// # Why is this bad
    /// The field does not exist, and the execution fails in this state.
    ///
    /// # Example
    /// ```json
    /// "Parameters": { "execution.$": "$$.Execution.ID" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Parameters": { "execution.$": "$$.Execution.Id" }
    /// ```
    pub(super) static RULE: "ASL023", "context-object", Warning = State(check);
}

/// The fields of the context object; those of `Execution.Input` and of items are the user's own.
const FIELDS: [(&str, &[&str]); 5] = [
    ("Execution", &["Id", "Input", "Name", "RoleArn", "StartTime", "RedriveCount", "RedriveTime"]),
    ("State", &["EnteredTime", "Name", "RetryCount"]),
    ("StateMachine", &["Id", "Name"]),
    ("Task", &["Token"]),
    ("Map", &["Item"]),
];
const ITEM: &[&str] = &["Index", "Value", "Key", "Source"];

/// The first name on a path into the context object that is not there, and what was meant.
pub(super) fn wrong<'a>(names: &[&'a str]) -> Option<(&'a str, Option<&'static str>)> {
    let (first, rest) = names.split_first()?;
    let Some((_, fields)) = FIELDS.iter().find(|(name, _)| name == first) else {
        return Some((first, nearest(first, FIELDS.map(|(name, _)| name))));
    };
    let (second, rest) = rest.split_first()?;
    if !fields.contains(second) {
        return Some((second, nearest(second, fields.iter().copied())));
    }
    let third = rest.first().filter(|_| *first == "Map")?;
    (!ITEM.contains(third)).then(|| (*third, nearest(third, ITEM.iter().copied())))
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for read in reads(state).into_iter().filter(|read| !read.asked) {
        for path in read.paths().into_iter().filter(|path| of_context(path)) {
            let names: Vec<&str> = path.leading_names().collect();
            let Some((name, near)) = wrong(&names) else { continue };
            let shown: String = name.chars().take(60).collect();
            let message = format!("the context object has no `{shown}` here: the execution fails in this state");
            let finding = findings.add(machine.place(&read.pointer, read.node), message);
            if let Some(near) = near {
                finding.help(format!("did you mean `{near}`?"));
            }
        }
    }
}
