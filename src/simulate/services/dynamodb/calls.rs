//! The calls of DynamoDB's API, by name.

use dynoxide::actions::{
    batch_execute_statement::BatchExecuteStatementRequest, batch_get_item::BatchGetItemRequest,
    batch_write_item::BatchWriteItemRequest, create_table::CreateTableRequest, delete_item::DeleteItemRequest,
    delete_table::DeleteTableRequest, describe_table::DescribeTableRequest,
    describe_time_to_live::DescribeTimeToLiveRequest, execute_statement::ExecuteStatementRequest,
    execute_transaction::ExecuteTransactionRequest, get_item::GetItemRequest, list_tables::ListTablesRequest,
    list_tags_of_resource::ListTagsOfResourceRequest, put_item::PutItemRequest, query::QueryRequest, scan::ScanRequest,
    tag_resource::TagResourceRequest, transact_get_items::TransactGetItemsRequest,
    transact_write_items::TransactWriteItemsRequest, untag_resource::UntagResourceRequest,
    update_item::UpdateItemRequest, update_table::UpdateTableRequest, update_time_to_live::UpdateTimeToLiveRequest,
};
use dynoxide::{Database, Result};
use serde::Serialize;
use serde_json::{Map, Value};

use super::requests::{Plain, read};
use super::values::{Item, to_json};
use crate::aws::TableOperation;

/// The calls that file events make, if their arguments are plain: straight into the engine and out of it.
pub(super) fn plain(database: &Database, action: &str, arguments: &Value) -> Option<Result<Value>> {
    Some(match TableOperation::of(action)? {
        TableOperation::GetItem => {
            let request = GetItemRequest::plain(arguments)?;
            database.get_item(request).map(|response| one("Item", response.item))
        }
        TableOperation::PutItem => {
            let request = PutItemRequest::plain(arguments)?;
            database.put_item(request).map(|response| one("Attributes", response.attributes))
        }
        TableOperation::UpdateItem => {
            let request = UpdateItemRequest::plain(arguments)?;
            database.update_item(request).map(|response| one("Attributes", response.attributes))
        }
        TableOperation::DeleteItem => {
            let request = DeleteItemRequest::plain(arguments)?;
            database.delete_item(request).map(|response| one("Attributes", response.attributes))
        }
        TableOperation::Query => {
            let request = QueryRequest::plain(arguments)?;
            database.query(request).map(|response| {
                let mut answer = Map::new();
                answer.insert("Count".to_owned(), response.count.into());
                if let Some(items) = response.items {
                    answer.insert("Items".to_owned(), items.into_iter().map(to_json).collect());
                }
                if let Some(key) = response.last_evaluated_key {
                    answer.insert("LastEvaluatedKey".to_owned(), to_json(key));
                }
                answer.insert("ScannedCount".to_owned(), response.scanned_count.into());
                answer.into()
            })
        }
        _ => return None,
    })
}

fn one(name: &str, item: Option<Item>) -> Value {
    item.map(|item| (name.to_owned(), to_json(item))).into_iter().collect::<Map<_, _>>().into()
}

/// Any call that the engine has, its arguments read in full; `None` if it has not.
pub(super) fn full(database: &Database, action: &str, arguments: &Value) -> Option<Result<Value>> {
    /// Reads the request, calls, and gives the answer as JSON with its names in order.
    macro_rules! call {
        ($request:ty, $method:ident) => {
            read::<$request>(action, arguments).and_then(|request| database.$method(request)).map(answer)
        };
    }
    if let Some(operation) = TableOperation::of(action) {
        return match operation {
            TableOperation::GetItem => Some(call!(GetItemRequest, get_item)),
            TableOperation::PutItem => Some(call!(PutItemRequest, put_item)),
            TableOperation::UpdateItem => Some(call!(UpdateItemRequest, update_item)),
            TableOperation::DeleteItem => Some(call!(DeleteItemRequest, delete_item)),
            TableOperation::Query => Some(call!(QueryRequest, query)),
            TableOperation::Scan => Some(call!(ScanRequest, scan)),
            TableOperation::BatchGetItem => Some(call!(BatchGetItemRequest, batch_get_item)),
            TableOperation::BatchWriteItem => Some(call!(BatchWriteItemRequest, batch_write_item)),
            TableOperation::TransactGetItems => Some(call!(TransactGetItemsRequest, transact_get_items)),
            TableOperation::TransactWriteItems => Some(call!(TransactWriteItemsRequest, transact_write_items)),
            TableOperation::ConditionCheck => None,
        };
    }
    Some(match action {
        "executeStatement" => call!(ExecuteStatementRequest, execute_statement),
        "executeTransaction" => call!(ExecuteTransactionRequest, execute_transaction),
        "batchExecuteStatement" => call!(BatchExecuteStatementRequest, batch_execute_statement),
        "createTable" => call!(CreateTableRequest, create_table),
        "deleteTable" => call!(DeleteTableRequest, delete_table),
        "describeTable" => call!(DescribeTableRequest, describe_table),
        "listTables" => call!(ListTablesRequest, list_tables),
        "updateTable" => call!(UpdateTableRequest, update_table),
        "tagResource" => call!(TagResourceRequest, tag_resource),
        "untagResource" => call!(UntagResourceRequest, untag_resource),
        "listTagsOfResource" => call!(ListTagsOfResourceRequest, list_tags_of_resource),
        "updateTimeToLive" => call!(UpdateTimeToLiveRequest, update_time_to_live),
        "describeTimeToLive" => call!(DescribeTimeToLiveRequest, describe_time_to_live),
        _ => return None,
    })
}

fn answer(response: impl Serialize) -> Value {
    let mut answer = serde_json::to_value(response).unwrap_or_default();
    answer.sort_all_objects();
    answer
}
