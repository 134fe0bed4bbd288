use super::request::Request;
use crate::aws::TableOperation;
use crate::dynamodb::grammar::{Element, Expression, ExpressionKind};
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};
use crate::source::Kind;

rule! {
    /// Filter on a key attribute
    ///
    /// # What it does
    /// Checks that the `FilterExpression` of a Query does not use a key attribute of the table or index that it queries, for a
    /// table in the same template.
    ///
    /// Source: [Query](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html).
    ///
    /// # Why is this bad
    /// DynamoDB refuses every call: `Filter Expression can only contain non-primary key attributes`.
    ///
    /// # Example
    /// ```json
    /// "KeyConditionExpression": "fileName = :fileName",
    /// "FilterExpression": "lastModified > :time"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "KeyConditionExpression": "fileName = :fileName AND lastModified > :time"
    /// ```
    pub(super) static FILTER: "DDB312", "filter-on-key", Error = State(filter);
}

rule! {
    /// Mutually exclusive parameters
    ///
    /// # What it does
    /// Checks that a request does not mix expressions with the legacy parameters that they replace, that a projection is not
    /// combined with another `Select`, and that a consistent read does not use a global secondary index.
    ///
    /// Source: [Query](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html).
    ///
    /// # Why is this bad
    /// DynamoDB refuses every call: `Can not use both expression and non-expression parameters in the same request`.
    ///
    /// # Example
    /// ```json
    /// "KeyConditions": { "fileName": { "ComparisonOperator": "EQ", "AttributeValueList": [{ "S": "cat.jpg" }] } },
    /// "FilterExpression": "size > :size"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "KeyConditionExpression": "fileName = :fileName",
    /// "FilterExpression": "size > :size"
    /// ```
    pub(super) static EXCLUSIVE: "DDB313", "exclusive-parameters", Error = State(exclusive);
}

/// The parameters that expressions replaced.
const OLDER: [&str; 7] = [
    "AttributesToGet",
    "AttributeUpdates",
    "ConditionalOperator",
    "Expected",
    "KeyConditions",
    "QueryFilter",
    "ScanFilter",
];

fn filter(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine).into_iter().filter(|request| request.operation == TableOperation::Query)
    {
        let Some(Ok((key, _))) = request.queried() else { continue };
        for (written, expression) in request.read().filter(|(written, _)| written.kind == ExpressionKind::Filter) {
            let Expression::Condition(condition) = expression else { continue };
            for path in condition.paths() {
                let name = match path.elements.first() {
                    Some(Element::Attribute(name)) => Some(name.clone()),
                    Some(Element::Name(name)) => request.attribute(name),
                    _ => None,
                };
                let Some(name) = name.filter(|name| key.iter().any(|element| element.name == *name)) else { continue };
                findings
                    .add(
                        request.place_in(written, path.span),
                        format!("`{name}` is a key attribute of what is queried, and a filter cannot use it: DynamoDB refuses each call"),
                    )
                    .help("move it to the KeyConditionExpression");
            }
        }
    }
}

fn exclusive(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine) {
        let entries = request.node.entries().iter();
        let named = entries.filter_map(|(key, value)| Some((key, key.as_str()?, value)));
        let bare = |name: &str| name.strip_suffix(".$").unwrap_or(name).to_owned();
        let expression = ExpressionKind::ALL.into_iter().find(|kind| request.given(kind.parameter()).is_there());
        let Some(expression) = expression else {
            consistent(&request, findings);
            continue;
        };
        for (key, name, _) in named.filter(|(_, name, _)| OLDER.contains(&bare(name).as_str())) {
            let message = format!(
                "`{}` and `{}` exclude each other: DynamoDB refuses each call",
                bare(name),
                expression.parameter()
            );
            findings.add(request.place(name, key), message).help("expressions replace the legacy parameters");
        }
        let select = request.given("Select").literal();
        let projected = select.filter(|_| request.given("ProjectionExpression").is_there());
        if let Some((node, word)) = projected.and_then(|node| Some((node, node.as_str()?)))
            && matches!(word, "COUNT" | "ALL_ATTRIBUTES" | "ALL_PROJECTED_ATTRIBUTES")
        {
            let message =
                format!("`{word}` and a `ProjectionExpression` exclude each other: DynamoDB refuses each call");
            findings.add(request.place("Select", node), message).help("`SPECIFIC_ATTRIBUTES`, or no `Select`");
        }
        consistent(&request, findings);
    }
}

/// Global indexes are eventually consistent.
fn consistent(request: &Request<'_, '_>, findings: &mut Findings<'_>) {
    let Some(Ok((_, Some(index)))) = request.queried() else { return };
    let Some(node) = request.given("ConsistentRead").literal() else { return };
    if index.global && matches!(node.kind, Kind::Bool(true)) {
        let message = format!(
            "`{}` is a global secondary index, which does not support consistent reads: DynamoDB refuses each call",
            index.name
        );
        findings.add(request.place("ConsistentRead", node), message);
    }
}
