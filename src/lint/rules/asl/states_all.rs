use crate::aws::states::error;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};
use crate::source::Node;

rule! {
    /// `States.ALL` is not alone or not last
    ///
    /// # What it does
    /// Checks that `States.ALL` is the only name in its `ErrorEquals`, and that this is the last retrier or catcher.
    ///
    /// Source: [error handling](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition: ``States.ALL must appear alone and at end of list``.
    ///
    /// # Example
    /// ```json
    /// "Retry": [ { "ErrorEquals": ["States.ALL"] }, { "ErrorEquals": ["States.Timeout"], "MaxAttempts": 0 } ]
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Retry": [ { "ErrorEquals": ["States.Timeout"], "MaxAttempts": 0 }, { "ErrorEquals": ["States.ALL"] } ]
    /// ```
    pub(super) static RULE: "ASL016", "states-all", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for field in ["Retry", "Catch"] {
        let Some(list) = state.get(field) else { continue };
        let last = list.items().len().saturating_sub(1);
        for (at, item) in list.items().iter().enumerate() {
            let errors = item.get("ErrorEquals").map_or(&[][..], Node::items);
            for (index, error) in errors.iter().enumerate().filter(|(_, error)| error.as_str() == Some(error::ALL)) {
                let pointer = format!("{}/{at}/ErrorEquals/{index}", state.pointer_to(field));
                if errors.len() > 1 {
                    findings
                        .add(
                            machine.place(&pointer, error),
                            "`States.ALL` must be alone in its `ErrorEquals`: the definition is refused",
                        )
                        .help("it covers the other errors anyway");
                } else if at < last {
                    findings
                        .add(
                            machine.place(&pointer, error),
                            format!("`States.ALL` must be in the last entry of `{field}`: the definition is refused"),
                        )
                        .help("what stands behind it would never be looked at");
                }
            }
        }
    }
}
