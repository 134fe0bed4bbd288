use super::paths::{Reading, Unreadable, reads};
use crate::asl::{JsonPath, Root};
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// Invalid path
    ///
    /// # What it does
    /// Parses every JSONPath: in `InputPath`, `ItemsPath` and every other `...Path` field, in `Variable`, and in payload template
    /// fields whose name ends in `.$`.
    ///
    /// Source: [paths](https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition: ``The value for the field must be a valid JSONPath``.
    ///
    /// # Example
    /// ```json
    /// "Parameters": { "key.$": "detail.object.key", "size.$": "$.detail.object[size" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Parameters": { "key.$": "$.detail.object.key", "size.$": "$.detail.object['size']" }
    /// ```
    pub(super) static RULE: "ASL020", "path", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for read in reads(state) {
        let place = || machine.place(&read.pointer, read.node);
        match &read.value {
            Err(Unreadable::Path(error)) => {
                let message = format!(
                    "invalid JSONPath: expected {} at character {}: the definition is refused",
                    error.expected, error.position
                );
                findings.add(place(), message);
            }
            Err(Unreadable::Neither) => {
                let what = if read.template { "a JSONPath or an intrinsic function" } else { "a JSONPath" };
                let finding = findings.add(place(), format!("expected {what}: the definition is refused"));
                if JsonPath::parse(&format!("$.{}", read.text)).is_ok_and(|path| *path.root() == Root::Input) {
                    finding.help(format!("a path begins with `$`: `$.{}`", read.text));
                } else if read.template {
                    finding.help("without `.$` at the end of the field's name, the value is a constant");
                }
            }
            Ok(Reading::Intrinsic(_)) if !read.template && !matches!(read.field, "ErrorPath" | "CausePath") => {
                findings.add(
                    place(),
                    format!("`{}` takes a path, not a function call: the definition is refused", read.field),
                );
            }
            _ => {}
        }
    }
}
