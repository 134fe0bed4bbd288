//! Which calls commute: those that touch nothing in common, or only read it.

use serde_json::Value;

use crate::aws::integration::Resource;
use crate::aws::{ItemRequest, TableOperation, table_name};
use crate::dynamodb::grammar::{Comparator, Element, Expression, ExpressionKind, parse};

/// What a call touches, and whether it may change it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Touch {
    pub(super) place: Place,
    pub(super) writes: bool,
}

/// Something that calls read and write.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// An item of a table, by its key: the values of its partition and sort key, as JSON.
    Item { table: String, partition: String, sort: String },
    /// All items of a partition.
    Partition { table: String, partition: String },
    /// A table.
    Table(String),
    /// The buckets.
    Buckets,
    /// Anything.
    Everything,
}

/// A table, and how its items are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableKey {
    pub(super) name: String,
    /// The partition key, and the sort key if there is one.
    pub(super) key: Vec<String>,
}

impl Touch {
    /// Whether the order of two calls can make a difference.
    pub(super) fn conflicts(&self, other: &Self) -> bool {
        (self.writes || other.writes) && self.place.overlaps(&other.place)
    }
}

impl Place {
    fn overlaps(&self, other: &Self) -> bool {
        use Place::{Buckets, Everything, Item, Partition};
        match (self, other) {
            (Everything, _) | (_, Everything) => true,
            (Buckets, Buckets) => true,
            (Buckets, _) | (_, Buckets) => false,
            (Item { table, partition, sort }, Item { table: other, partition: same, sort: order }) => {
                (table, partition, sort) == (other, same, order)
            }
            (
                Item { table, partition, .. } | Partition { table, partition },
                Item { table: other, partition: same, .. } | Partition { table: other, partition: same },
            ) => (table, partition) == (other, same),
            (one, other) => one.table() == other.table(),
        }
    }

    fn table(&self) -> Option<&str> {
        match self {
            Self::Item { table, .. } | Self::Partition { table, .. } | Self::Table(table) => Some(table),
            Self::Buckets | Self::Everything => None,
        }
    }
}

/// What a call touches. What is sent to a queue, a topic or a bus is read by nobody here, so it touches nothing.
pub(super) fn touches(resource: &Resource, arguments: &Value, tables: &[TableKey]) -> Vec<Touch> {
    let action = resource.action().unwrap_or_default();
    match resource.service() {
        Some("dynamodb") => of_dynamodb(action, arguments, tables),
        Some("s3") => {
            let writes = !["get", "head", "list"].iter().any(|verb| action.starts_with(verb));
            vec![Touch { place: Place::Buckets, writes }]
        }
        Some("sqs" | "sns" | "events" | "eventbridge" | "lambda") => Vec::new(),
        _ => vec![Touch { place: Place::Everything, writes: true }],
    }
}

/// Whether a call may be told what was there a moment ago: a
/// [read](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html) that does not ask for more, or one of
/// a global index, which cannot.
pub(super) fn can_be_stale(resource: &Resource, arguments: &Value) -> bool {
    let consistent = |arguments: &Value| arguments["ConsistentRead"] == true;
    let operation = resource.action().and_then(TableOperation::of).filter(|_| resource.service() == Some("dynamodb"));
    match operation {
        Some(TableOperation::GetItem | TableOperation::Query | TableOperation::Scan) => !consistent(arguments),
        Some(TableOperation::BatchGetItem) => {
            arguments["RequestItems"].as_object().into_iter().flatten().any(|(_, request)| !consistent(request))
        }
        _ => false,
    }
}

fn of_dynamodb(action: &str, arguments: &Value, tables: &[TableKey]) -> Vec<Touch> {
    let Some(operation) = TableOperation::of(action) else {
        return vec![Touch { place: Place::Everything, writes: true }];
    };
    let writes = operation.writes();
    match operation {
        TableOperation::Query => vec![Touch { place: queried(arguments, tables), writes }],
        TableOperation::Scan => vec![Touch { place: named(arguments["TableName"].as_str()), writes }],
        // What a batch leaves undone depends on all of it.
        TableOperation::BatchGetItem | TableOperation::BatchWriteItem => {
            let requests = arguments["RequestItems"].as_object().into_iter().flatten();
            requests.map(|(table, _)| Touch { place: named(Some(table)), writes }).collect()
        }
        _ => {
            let touch = |request: ItemRequest<'_>| Touch {
                place: item(request.table, request.item, tables),
                writes: request.operation.writes(),
            };
            operation.requests(arguments).into_iter().map(touch).collect()
        }
    }
}

/// A table by its name or its ARN.
fn named(table: Option<&str>) -> Place {
    table.map_or(Place::Everything, |name| Place::Table(table_name(name).to_owned()))
}

/// The item of a key, or the table where the key is not known.
fn item(table: Option<&str>, key: &Value, tables: &[TableKey]) -> Place {
    let place = named(table);
    let Place::Table(name) = &place else { return place };
    let Some(schema) = tables.iter().find(|table| table.name == *name) else { return place };
    let mut values = schema.key.iter().map(|attribute| key.get(attribute).map(canonical));
    match (values.next().flatten(), schema.key.len(), values.next().flatten()) {
        (Some(partition), 1, _) => Place::Item { table: name.clone(), partition, sort: String::new() },
        (Some(partition), _, Some(sort)) => Place::Item { table: name.clone(), partition, sort },
        _ => place,
    }
}

/// An attribute value, by which equal ones are known. The optimized integration takes a plain text for a string.
fn canonical(value: &Value) -> String {
    match value {
        Value::String(text) => serde_json::json!({ "S": text }).to_string(),
        other => other.to_string(),
    }
}

/// The partition that a query reads, or the whole table: an index has partitions of its own.
fn queried(arguments: &Value, tables: &[TableKey]) -> Place {
    let place = named(arguments["TableName"].as_str());
    let partition = || {
        let Place::Table(name) = &place else { return None };
        let schema =
            tables.iter().find(|table| table.name == *name).filter(|_| arguments.get("IndexName").is_none())?;
        let text = arguments["KeyConditionExpression"].as_str()?;
        let Ok(Expression::KeyCondition(condition)) = parse(ExpressionKind::KeyCondition, text) else { return None };
        let attribute = |element: &Element| match element {
            Element::Attribute(name) => Some(name.clone()),
            Element::Name(name) => Some(arguments["ExpressionAttributeNames"].get(name)?.as_str()?.to_owned()),
            Element::Index(_) => None,
        };
        let terms = condition.terms.iter().filter(|term| term.comparator == Some(Comparator::Equal));
        let mut values =
            terms.filter(|term| term.path.elements.first().and_then(attribute).as_ref() == schema.key.first());
        let value = arguments["ExpressionAttributeValues"].get(&values.next()?.values.first()?.name)?;
        Some(Place::Partition { table: name.clone(), partition: canonical(value) })
    };
    partition().unwrap_or(place)
}
