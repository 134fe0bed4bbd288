use super::retry::{covers, is_retried};
use crate::lint::rule::rule;
use crate::lint::task::ServiceTask;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// `Retry` that leaves out throttling
    ///
    /// # What it does
    /// Reports a `Retry` on DynamoDB or Lambda calls if none of its error names matches the service's throttling errors. Off by
    /// default.
    ///
    /// Source: [best practices](https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html).
    ///
    /// # Why is this bad
    /// Throttling comes when load is highest, and waiting resolves it. A `Retry` that leaves it out fails when many events arrive
    /// at once.
    ///
    /// # Example
    /// ```json
    /// "Retry": [{ "ErrorEquals": ["DynamoDB.InternalServerError"] }]
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Retry": [{ "ErrorEquals": ["DynamoDB.InternalServerError", "DynamoDB.ProvisionedThroughputExceededException", "DynamoDB.ThrottlingException"] }]
    /// ```
    pub(super) static RULE: "REL702", "retry-without-throttling", Info, off = State(check);
}

/// The errors by which a service says that it is asked too much. The two styles of call spell DynamoDB's differently.
const THROTTLING: [(&str, bool, &[&str]); 4] = [
    (
        "dynamodb",
        false,
        &[
            "DynamoDB.ProvisionedThroughputExceededException",
            "DynamoDB.ThrottlingException",
            "DynamoDB.RequestLimitExceeded",
        ],
    ),
    (
        "dynamodb",
        true,
        &[
            "DynamoDb.ProvisionedThroughputExceededException",
            "DynamoDb.ThrottlingException",
            "DynamoDb.RequestLimitExceededException",
        ],
    ),
    ("lambda", false, &["Lambda.TooManyRequestsException"]),
    ("lambda", true, &["Lambda.TooManyRequestsException"]),
];

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(task) = ServiceTask::of(state, machine).filter(|_| is_retried(state, machine)) else { return };
    let style = (task.call.service(), task.call.is_sdk());
    let Some((.., errors)) = THROTTLING.iter().find(|(service, sdk, _)| (*service, *sdk) == style) else { return };
    if errors.iter().any(|error| covers(state, machine, error)) {
        return;
    }
    let field = if state.get("Retry").is_some() { "Retry" } else { "Resource" };
    let Some(node) = state.get(field) else { return };
    findings
        .add(
            machine.place(&state.pointer_to(field), node),
            format!("throttling is not retried: `{}` ends the execution when load is highest", errors[0]),
        )
        .help(format!("add `{}` to an `ErrorEquals`", errors.join("`, `")));
}
