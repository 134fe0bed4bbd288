use super::request::{Request, references};
use crate::dynamodb::grammar::{Undeclared, declarations};
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};
use crate::source::Node;

rule! {
    /// Undefined `#name` or `:value`
    ///
    /// # What it does
    /// Checks that every `#name` in a request's expressions is defined in `ExpressionAttributeNames`, and every `:value` in
    /// `ExpressionAttributeValues`.
    ///
    /// Source: [expression attribute names](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html).
    ///
    /// # Why is this bad
    /// DynamoDB refuses every call: `An expression attribute value used in expression is not defined`.
    ///
    /// # Example
    /// ```json
    /// "UpdateExpression": "SET lastModified = :time",
    /// "ExpressionAttributeValues": { ":lastModified": { "S.$": "$.time" } }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "UpdateExpression": "SET lastModified = :lastModified",
    /// "ExpressionAttributeValues": { ":lastModified": { "S.$": "$.time" } }
    /// ```
    pub(super) static UNDECLARED: "DDB302", "undeclared-placeholder", Error = State(undeclared);
}

rule! {
    /// Unused `#name` or `:value`
    ///
    /// # What it does
    /// Checks that every entry of `ExpressionAttributeNames` and `ExpressionAttributeValues` is used in an expression of the
    /// request.
    ///
    /// Source: [expression attribute names](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html).
    ///
    /// # Why is this bad
    /// DynamoDB refuses every call: `Value provided in ExpressionAttributeValues unused in expressions`.
    ///
    /// # Example
    /// ```json
    /// "UpdateExpression": "SET eTag = :eTag",
    /// "ExpressionAttributeValues": { ":eTag": { "S.$": "$.detail.object.etag" }, ":size": { "N": "0" } }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "UpdateExpression": "SET eTag = :eTag",
    /// "ExpressionAttributeValues": { ":eTag": { "S.$": "$.detail.object.etag" } }
    /// ```
    pub(super) static UNUSED: "DDB303", "unused-placeholder", Error = State(unused);
}

const NAMES: &str = "ExpressionAttributeNames";
const VALUES: &str = "ExpressionAttributeValues";

fn words<'a>(found: &Option<Vec<(&'a Node, &'a str)>>) -> Option<Vec<&'a str>> {
    Some(found.as_ref()?.iter().map(|(_, name)| *name).collect())
}

fn undeclared(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine) {
        let (names, values) = (words(&request.placeholders(NAMES)), words(&request.placeholders(VALUES)));
        let found = declarations(&references(&request), names.as_deref(), values.as_deref());
        let read: Vec<_> = request.read().map(|(written, _)| written).collect();
        for (list, field, known) in
            [(&found.undeclared_names, NAMES, &names), (&found.undeclared_values, VALUES, &values)]
        {
            for Undeclared { expression, reference } in list {
                let Some(written) = read.get(*expression) else { continue };
                let message = format!("`{}` is not in `{field}`: DynamoDB refuses each call", reference.name);
                let finding = findings.add(request.place_in(written, reference.span), message);
                let known = known.as_deref().unwrap_or_default();
                if let Some(near) = crate::lint::near::nearest(&reference.name, known.iter().copied()) {
                    finding.help(format!("did you mean `{near}`?"));
                }
            }
        }
    }
}

fn unused(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine) {
        // An expression that is not known, or not read, may use anything.
        if request.open || request.expressions.iter().any(|written| written.read.is_err()) {
            continue;
        }
        for field in [NAMES, VALUES] {
            let Some(given) = request.placeholders(field) else { continue };
            let declared: Vec<&str> = given.iter().map(|(_, name)| *name).collect();
            let used = references(&request);
            let found = match field {
                NAMES => declarations(&used, Some(&declared), None).unused_names,
                _ => declarations(&used, None, Some(&declared)).unused_values,
            };
            for (key, name) in given.iter().filter(|(_, name)| found.iter().any(|unused| unused == name)) {
                let pointer = crate::loaded::below(field, key.as_str().unwrap_or_default());
                let place = machine.place(&format!("{}/{pointer}", request.pointer), key);
                let finding = findings.add(place, format!("no expression uses `{name}`: DynamoDB refuses each call"));
                let sign = if field == NAMES { '#' } else { ':' };
                if !name.starts_with(sign) {
                    finding.help(format!("a key of `{field}` must begin with `{sign}`"));
                }
            }
        }
    }
}
