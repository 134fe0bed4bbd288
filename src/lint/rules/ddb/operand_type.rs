use super::request::Request;
use crate::dynamodb::grammar::operand_types;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// Wrong type of operand
    ///
    /// # What it does
    /// Checks the types of `:values` against the operators and functions that use them: `+`, `-` and `ADD` accept numbers, `ADD`
    /// and `DELETE` sets, `list_append` lists, `begins_with` strings and binary values; `<` and similar operators accept no
    /// booleans, lists or maps.
    ///
    /// Source: [operators and functions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html).
    ///
    /// # Why is this bad
    /// DynamoDB refuses every call: `Incorrect operand type for operator or function`.
    ///
    /// # Example
    /// ```json
    /// "UpdateExpression": "ADD uploads :one",
    /// "ExpressionAttributeValues": { ":one": { "S": "1" } }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "UpdateExpression": "ADD uploads :one",
    /// "ExpressionAttributeValues": { ":one": { "N": "1" } }
    /// ```
    pub(super) static RULE: "DDB306", "operand-type", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine) {
        for (written, expression) in request.read() {
            for fault in operand_types(expression, |name| request.value_type(name)) {
                let message = format!("DynamoDB refuses each call: {}", fault.error());
                findings
                    .add(request.place_in(written, fault.span), message)
                    .help(format!("{} takes {}", fault.operator, fault.takes));
            }
        }
    }
}
