use super::request::Request;
use crate::dynamodb::grammar::reserved_words;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// Reserved word as an attribute name
    ///
    /// # What it does
    /// Checks that no expression uses one of DynamoDB's 573 [reserved
    /// words](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html), in upper or lower case, as the
    /// name of an attribute or of a map entry.
    ///
    /// # Why is this bad
    /// DynamoDB refuses every call: `Attribute name is a reserved keyword`.
    ///
    /// # Example
    /// ```json
    /// "UpdateExpression": "SET size = :size"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "UpdateExpression": "SET #size = :size",
    /// "ExpressionAttributeNames": { "#size": "size" }
    /// ```
    pub(super) static RULE: "DDB304", "reserved-word", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine) {
        for (written, expression) in request.read() {
            for reference in reserved_words(expression.references()) {
                let name = &reference.name;
                let message = format!("`{name}` is a reserved word: DynamoDB refuses each call");
                findings
                    .add(request.place_in(written, reference.span), message)
                    .help(format!("write `#{name}`, and `\"ExpressionAttributeNames\": {{\"#{name}\": \"{name}\"}}`"));
            }
        }
    }
}
