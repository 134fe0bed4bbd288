use super::request::{Request, value_type};
use crate::aws::TableOperation;
use crate::dynamodb::grammar::{ExpressionKind, ValueType};
use crate::lint::rule::rule;
use crate::lint::task::Given;
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::below;
use crate::source::Node;

rule! {
    /// Expiry that DynamoDB ignores
    ///
    /// # What it does
    /// Looks at what calls write into the attribute by which a table of the template lets items expire: it is a number, and counts seconds
    /// since 1970.
    ///
    /// Source: DynamoDB's guide, [Time to Live](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html).
    ///
    /// # Why is this bad
    /// DynamoDB takes the item and never deletes it: a text does not count, and milliseconds are tens of thousands of years away.
    ///
    /// # Example
    /// ```json
    /// "Item": { "fileName": { "S": "{% $key %}" }, "expiresAt": { "N": "{% $string($millis() + 86400000) %}" } }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Item": { "fileName": { "S": "{% $key %}" }, "expiresAt": { "N": "{% $string($floor($millis() / 1000) + 86400) %}" } }
    /// ```
    pub(super) static RULE: "DDB314", "expiry", Warning = State(check);
}

/// From here on seconds would be those of the year 5138: what is above is meant as milliseconds.
const SECONDS: f64 = 1e11;

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine) {
        let Some(expires) = request.table().and_then(|table| table.expires.as_deref()) else { continue };
        for (pointer, value) in written(&request, expires) {
            let Some(fault) = fault(value, request.sdk) else { continue };
            findings
                .add(machine.place(&pointer, value), format!("`{expires}` {fault}: the item never expires"))
                .help("write seconds since 1970 as a number: `{\"N\": \"1767225600\"}`");
        }
    }
}

/// The values that a request writes into an attribute, with their pointers.
fn written<'a>(request: &Request<'a, '_>, attribute: &str) -> Vec<(String, &'a Node)> {
    if request.operation == TableOperation::PutItem {
        let item = request.given("Item").literal().and_then(|item| item.get(attribute));
        return item.map(|value| (below(&below(&request.pointer, "Item"), attribute), value)).into_iter().collect();
    }
    let mut found = Vec::new();
    let Some(values) = request.given("ExpressionAttributeValues").literal() else { return found };
    for update in request.expressions.iter().filter(|written| written.kind == ExpressionKind::Update) {
        // `a = :a`, wherever that stands.
        let words: Vec<&str> = update.text.split([' ', ',', '\n', '\t']).filter(|word| !word.is_empty()).collect();
        for assignment in words.windows(3).filter(|words| words[1] == "=") {
            let target = match assignment[0].starts_with('#') {
                true => request.attribute(assignment[0]),
                false => Some(assignment[0].to_owned()),
            };
            let value = values.get(assignment[2]).filter(|_| target.as_deref() == Some(attribute));
            let pointer = below(&below(&request.pointer, "ExpressionAttributeValues"), assignment[2]);
            found.extend(value.map(|value| (pointer, value)));
        }
    }
    found
}

/// What is wrong with an expiry, if anything is known to be.
fn fault(value: &Node, sdk: bool) -> Option<&'static str> {
    match value_type(value, sdk)? {
        ValueType::N => {}
        ValueType::S => return Some("is written as a text, and has to be a number"),
        _ => return Some("is written as another type, and has to be a number"),
    }
    let milliseconds = match Given::of(value, "N") {
        Given::Literal(_, number) => number.as_str()?.trim().parse::<f64>().ok()? >= SECONDS,
        // Nothing but a division makes seconds of the clock's milliseconds.
        Given::Open(expression) => {
            let text = expression.as_str()?;
            let clock = text.contains("$millis()") || text.contains("$toMillis(");
            text.starts_with("{%") && clock && !text.contains('/') && !text.contains("substring")
        }
        Given::Nothing => false,
    };
    milliseconds.then_some("counts milliseconds, and has to count seconds")
}
