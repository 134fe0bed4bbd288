use super::paths::{Reading, reads};
use crate::asl::Root;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// `ResultPath` that is not a reference path
    ///
    /// # What it does
    /// Checks that `ResultPath` is a reference path: `$` followed only by names and indices.
    ///
    /// Source: [paths](https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html).
    ///
    /// # Why is this bad
    /// A result can be placed at only one location. Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// "ResultPath": "$.files[*].result"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "ResultPath": "$.result"
    /// ```
    pub(super) static RULE: "ASL021", "result-path", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for read in reads(state).into_iter().filter(|read| read.field == "ResultPath" && !read.template) {
        let Ok(Reading::Path(path)) = &read.value else { continue };
        let place = machine.place(&read.pointer, read.node);
        if *path.root() != Root::Input {
            findings
                .add(place, "a result can be placed only in the state's input, not in the context or a variable: the definition is refused")
                .help("`Assign` sets variables");
        } else if !path.is_reference() {
            findings
                .add(place, "this path may lead to several places, or to none: the definition is refused")
                .help("a `ResultPath` goes through names and indices only");
        }
    }
}
