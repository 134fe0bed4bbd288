use super::request::Request;
use crate::aws::TableOperation;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// Unsupported `ReturnValues`
    ///
    /// # What it does
    /// Checks that `PutItem` and `DeleteItem` set `ReturnValues` only to `NONE` or `ALL_OLD`: the other values are for updates.
    ///
    /// Source: [UpdateItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html).
    ///
    /// # Why is this bad
    /// DynamoDB refuses every call: `Return values set to invalid value`.
    ///
    /// # Example
    /// ```json
    /// "Resource": "arn:aws:states:::dynamodb:putItem",
    /// "Parameters": { "TableName": "${TableName}", "Item.$": "$.item", "ReturnValues": "ALL_NEW" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Resource": "arn:aws:states:::dynamodb:putItem",
    /// "Parameters": { "TableName": "${TableName}", "Item.$": "$.item", "ReturnValues": "ALL_OLD" }
    /// ```
    pub(super) static RULE: "DDB311", "return-values", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine) {
        let only_old = matches!(request.operation, TableOperation::PutItem | TableOperation::DeleteItem);
        let Some(node) = request.given("ReturnValues").literal().filter(|_| only_old) else { continue };
        let Some(word @ ("ALL_NEW" | "UPDATED_OLD" | "UPDATED_NEW")) = node.as_str() else { continue };
        findings
            .add(
                request.place("ReturnValues", node),
                format!("only updates support `{word}`: DynamoDB refuses each call"),
            )
            .help("`ALL_OLD` returns the item as it was before, `NONE` returns nothing");
    }
}
