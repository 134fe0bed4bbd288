//! What the actions of DynamoDB's API do to the items of tables.

use serde_json::Value;

use super::service_model::capital;

/// An [operation](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html) on the items of
/// tables. Statements in PartiQL say in their own text what they do, and are none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TableOperation {
    /// [`GetItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html).
    GetItem,
    /// [`BatchGetItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html).
    BatchGetItem,
    /// [`TransactGetItems`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html).
    TransactGetItems,
    /// [`Query`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html).
    Query,
    /// [`Scan`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html).
    Scan,
    /// [`PutItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html).
    PutItem,
    /// [`UpdateItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html).
    UpdateItem,
    /// [`DeleteItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html).
    DeleteItem,
    /// [`BatchWriteItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
    BatchWriteItem,
    /// [`TransactWriteItems`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
    TransactWriteItems,
    /// A [`ConditionCheck`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ConditionCheck.html): there is none but
    /// in a transaction that writes.
    ConditionCheck,
}

/// How an operation says which items it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finds {
    /// It has the item, or the item's key, in this field.
    Item(&'static str),
    /// It looks for items, in a table or an index: with a condition for the key, or in all of it.
    Items,
    /// It is made of other operations, which this field lists: by table, or one after the other.
    Parts(&'static str),
}

/// An operation on one item: what a call does, or a part of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ItemRequest<'a> {
    /// What is done.
    pub operation: TableOperation,
    /// The table, by its name or ARN, as far as the request says it.
    pub table: Option<&'a str>,
    /// The item of a put, the key of every other operation.
    pub item: &'a Value,
    /// The object with its options, such as `ConsistentRead`.
    pub options: &'a Value,
}

impl TableOperation {
    /// All operations on items.
    pub const ALL: [Self; 11] = [
        Self::GetItem,
        Self::BatchGetItem,
        Self::TransactGetItems,
        Self::Query,
        Self::Scan,
        Self::PutItem,
        Self::UpdateItem,
        Self::DeleteItem,
        Self::BatchWriteItem,
        Self::TransactWriteItems,
        Self::ConditionCheck,
    ];

    /// The operation of an action, as the `Resource` of a task names it: `putItem`.
    pub fn of(action: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.is_action() && operation.action() == action)
    }

    /// The operation that an IAM action allows: `dynamodb:PutItem`.
    pub fn of_iam(action: &str) -> Option<Self> {
        let name = action.strip_prefix("dynamodb:")?;
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// The operation that an entry of `TransactItems` names: `Put`.
    pub fn in_transaction(name: &str) -> Option<Self> {
        match name {
            "Get" => Some(Self::GetItem),
            "Put" => Some(Self::PutItem),
            "Update" => Some(Self::UpdateItem),
            "Delete" => Some(Self::DeleteItem),
            "ConditionCheck" => Some(Self::ConditionCheck),
            _ => None,
        }
    }

    /// The operation that an entry of a batch that writes names: `PutRequest`.
    pub fn in_batch(name: &str) -> Option<Self> {
        match name {
            "PutRequest" => Some(Self::PutItem),
            "DeleteRequest" => Some(Self::DeleteItem),
            _ => None,
        }
    }

    /// As a task's `Resource` names it: `putItem`.
    pub fn action(self) -> &'static str {
        match self {
            Self::GetItem => "getItem",
            Self::BatchGetItem => "batchGetItem",
            Self::TransactGetItems => "transactGetItems",
            Self::Query => "query",
            Self::Scan => "scan",
            Self::PutItem => "putItem",
            Self::UpdateItem => "updateItem",
            Self::DeleteItem => "deleteItem",
            Self::BatchWriteItem => "batchWriteItem",
            Self::TransactWriteItems => "transactWriteItems",
            Self::ConditionCheck => "conditionCheckItem",
        }
    }

    /// As the API's reference and [IAM](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html) name
    /// it: `PutItem`.
    pub fn name(self) -> String {
        capital(self.action()).into_owned()
    }

    /// Whether it is a call of its own, rather than only a part of one.
    pub fn is_action(self) -> bool {
        self != Self::ConditionCheck
    }

    /// The permission that it needs. A transaction
    /// [needs](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html) those of its parts, so that
    /// `None` is said of one that may be of several kinds.
    pub fn permission(self) -> Option<String> {
        match self {
            Self::TransactWriteItems => None,
            Self::TransactGetItems => Self::GetItem.permission(),
            _ => Some(format!("dynamodb:{}", self.name())),
        }
    }

    /// Whether it changes items.
    pub fn writes(self) -> bool {
        matches!(
            self,
            Self::PutItem | Self::UpdateItem | Self::DeleteItem | Self::BatchWriteItem | Self::TransactWriteItems
        )
    }

    /// Whether it changes one item, and can give its attributes back.
    pub fn writes_one(self) -> bool {
        self.writes() && matches!(self.finds(), Finds::Item(_))
    }

    /// Whether its parts are done together or not at all, for which DynamoDB
    /// [counts](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-capacity-handling)
    /// each of them twice.
    pub fn is_transaction(self) -> bool {
        matches!(self, Self::TransactGetItems | Self::TransactWriteItems)
    }

    /// How it says which items it is about.
    pub fn finds(self) -> Finds {
        match self {
            Self::PutItem => Finds::Item("Item"),
            Self::GetItem | Self::UpdateItem | Self::DeleteItem | Self::ConditionCheck => Finds::Item("Key"),
            Self::Query | Self::Scan => Finds::Items,
            Self::BatchGetItem | Self::BatchWriteItem => Finds::Parts("RequestItems"),
            Self::TransactGetItems | Self::TransactWriteItems => Finds::Parts("TransactItems"),
        }
    }

    /// The operations on single items that a call with these arguments makes. Of a query or a scan nobody knows before what it finds.
    pub fn requests(self, arguments: &Value) -> Vec<ItemRequest<'_>> {
        match (self, self.finds()) {
            (_, Finds::Items) => Vec::new(),
            (_, Finds::Item(_)) => self.request(arguments, None).into_iter().collect(),
            (Self::BatchGetItem, Finds::Parts(field)) => entries(&arguments[field])
                .flat_map(|(table, request)| items(&request["Keys"]).map(move |key| (table, request, key)))
                .map(|(table, options, item)| ItemRequest {
                    operation: Self::GetItem,
                    table: Some(table),
                    item,
                    options,
                })
                .collect(),
            (Self::BatchWriteItem, Finds::Parts(field)) => entries(&arguments[field])
                .flat_map(|(table, requests)| items(requests).map(move |request| (table, request)))
                .flat_map(|(table, request)| {
                    entries(request).filter_map(move |(name, part)| Self::in_batch(name)?.request(part, Some(table)))
                })
                .collect(),
            (_, Finds::Parts(field)) => items(&arguments[field])
                .flat_map(entries)
                .filter_map(|(name, part)| Self::in_transaction(name)?.request(part, None))
                .collect(),
        }
    }

    fn request<'a>(self, part: &'a Value, table: Option<&'a str>) -> Option<ItemRequest<'a>> {
        let Finds::Item(field) = self.finds() else { return None };
        let table = table.or_else(|| part["TableName"].as_str());
        Some(ItemRequest { operation: self, table, item: &part[field], options: part })
    }
}

/// The name of a table in what a request has as its name, which
/// [may be its ARN](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html).
pub fn table_name(text: &str) -> &str {
    let resource = text.strip_prefix("arn:").and_then(|arn| arn.split_once(":table/"));
    resource.map_or(text, |(_, path)| path.split('/').next().unwrap_or(path))
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_are_read_back() {
        for operation in TableOperation::ALL {
            let action = TableOperation::of(operation.action());
            assert_eq!(action, operation.is_action().then_some(operation));
            assert_eq!(TableOperation::of_iam(&format!("dynamodb:{}", operation.name())), Some(operation));
        }
        assert_eq!(TableOperation::of("executeStatement"), None);
        assert_eq!(TableOperation::of_iam("s3:GetItem"), None);
        assert_eq!(TableOperation::ConditionCheck.permission().as_deref(), Some("dynamodb:ConditionCheckItem"));
        assert_eq!(TableOperation::TransactGetItems.permission().as_deref(), Some("dynamodb:GetItem"));
    }

    #[test]
    fn an_arn_stands_for_a_name() {
        let arn = "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/files";
        for (text, name) in [(arn, "files"), ("files", "files"), ("arn:aws:s3:::files", "arn:aws:s3:::files")] {
            assert_eq!(table_name(text), name);
        }
        assert_eq!(table_name(&format!("{arn}/index/by-size")), "files");
    }

    #[test]
    fn a_call_is_taken_apart() {
        let (key, item) = (json!({"id": {"S": "a"}}), json!({"id": {"S": "a"}, "n": {"N": "1"}}));
        let cases = [
            ("putItem", json!({"TableName": "T", "Item": item}), vec!["PutItem of T: 2"]),
            ("updateItem", json!({"TableName": "T", "Key": key}), vec!["UpdateItem of T: 1"]),
            ("query", json!({"TableName": "T"}), vec![]),
            ("batchGetItem", json!({"RequestItems": {"T": {"Keys": [key, key]}}}), vec!["GetItem of T: 1"; 2]),
            (
                "batchWriteItem",
                json!({"RequestItems": {"T": [{"PutRequest": {"Item": item}}, {"DeleteRequest": {"Key": key}}]}}),
                vec!["PutItem of T: 2", "DeleteItem of T: 1"],
            ),
            (
                "transactWriteItems",
                json!({"TransactItems": [
                    {"Put": {"TableName": "T", "Item": item}}, {"ConditionCheck": {"TableName": "U", "Key": key}},
                ]}),
                vec!["PutItem of T: 2", "ConditionCheckItem of U: 1"],
            ),
            (
                "transactGetItems",
                json!({"TransactItems": [{"Get": {"TableName": "T", "Key": key}}, 7]}),
                vec!["GetItem of T: 1"],
            ),
            ("batchGetItem", json!({"RequestItems": "wrong"}), vec![]),
        ];
        for (action, arguments, expected) in cases {
            let requests = TableOperation::of(action).unwrap().requests(&arguments);
            let told = requests.iter().map(|request| {
                let fields = request.item.as_object().map_or(0, |item| item.len());
                format!("{} of {}: {fields}", request.operation.name(), request.table.unwrap_or("?"))
            });
            assert_eq!(told.collect::<Vec<_>>(), expected, "{action}");
        }
    }
}
