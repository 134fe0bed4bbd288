use crate::aws::integration::Resource;
use serde_json::{Value, json};

use super::*;
use crate::simulate::Timestamp;
use crate::simulate::services::{Caller, Ids};

fn call(dynamodb: &DynamoDb, resource: &str, arguments: &Value) -> Result<Value, TaskError> {
    let resource: Resource = format!("arn:aws:states:::{resource}").parse().unwrap();
    let call = ServiceCall {
        resource: &resource,
        arguments,
        caller: Caller::Task,
        state: "S",
        attempt: 0,
        item_index: None,
        task_token: None,
        state_machine: "m",
        execution: "e",
        role_arn: None,
        now: Timestamp::from_millis(1_700_000_000_000),
    };
    dynamodb.call(&call, &mut Ids::seeded(1))
}

fn files() -> DynamoDb {
    let dynamodb = DynamoDb::in_memory().unwrap();
    let properties = json!({
        "AttributeDefinitions": [
            {"AttributeName": "fileName", "AttributeType": "S"},
            {"AttributeName": "lastModified", "AttributeType": "S"},
            {"AttributeName": "folder", "AttributeType": "S"},
        ],
        "KeySchema": [{"AttributeName": "fileName", "KeyType": "HASH"}, {"AttributeName": "lastModified", "KeyType": "RANGE"}],
        "GlobalSecondaryIndexes": [{
            "IndexName": "byFolder",
            "KeySchema": [{"AttributeName": "folder", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
            "ContributorInsightsSpecification": {"Enabled": true},
        }],
        "BillingMode": "PROVISIONED",
        "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
        "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": true},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true},
        "SSESpecification": {"SSEEnabled": true},
    });
    dynamodb.create_table("files", &properties).unwrap();
    dynamodb
}

fn item(name: &str) -> Value {
    json!({"fileName": {"S": name}, "lastModified": {"S": "1"}, "size": {"N": "5"}, "tags": {"SS": ["b", "a"]}})
}

fn key(name: &str) -> Value {
    json!({"fileName": {"S": name}, "lastModified": {"S": "1"}})
}

#[test]
fn plain_texts_are_attribute_values_for_the_optimized_integration() {
    let dynamodb = files();
    let put = json!({"TableName": "files", "Item": {"fileName": "a", "lastModified": {"S": "1"}}});
    assert!(call(&dynamodb, "dynamodb:putItem", &put).is_ok());
    assert_eq!(dynamodb.items("files").unwrap(), [json!({"fileName": {"S": "a"}, "lastModified": {"S": "1"}})]);
    assert!(call(&dynamodb, "aws-sdk:dynamodb:putItem", &put).is_err());
}

#[test]
fn a_table_is_what_the_template_says() {
    let dynamodb = files();
    assert_eq!(dynamodb.tables().unwrap(), ["files"]);
    assert_eq!(dynamodb.ttl_attribute("files").as_deref(), Some("expires"));
    for name in ["b", "a"] {
        dynamodb.put("files", &item(name)).unwrap();
    }
    let names: Vec<_> =
        dynamodb.items("files").unwrap().into_iter().map(|item| item["fileName"]["S"].clone()).collect();
    assert_eq!(names, ["a", "b"]);
    dynamodb.create_simple_table("simple", &json!({})).unwrap();
    assert_eq!(dynamodb.key_schema("simple"), Some(json!([{"AttributeName": "id", "KeyType": "HASH"}])));
    let other = json!({"KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}]});
    let refused = dynamodb.create_table("files", &other).unwrap_err().to_string();
    assert_eq!(
        refused,
        "the table file has a table `files` with the key fileName (HASH) and lastModified (RANGE), but the template gives it the key x (HASH)"
    );
    assert!(dynamodb.items("none").is_err());
}

#[test]
fn both_integrations_answer_in_their_own_shape() {
    let dynamodb = files();
    let put = json!({"TableName": "files", "Item": item("a")});
    let answer = call(&dynamodb, "dynamodb:putItem", &put).unwrap();
    let names: Vec<_> = answer.as_object().unwrap().keys().collect();
    assert_eq!(names, ["SdkHttpMetadata", "SdkResponseMetadata"]);
    let headers = &answer["SdkHttpMetadata"]["HttpHeaders"];
    // The checksum of `{}`, as AWS gives it with every such answer.
    assert_eq!((&headers["Content-Length"], &headers["x-amz-crc32"]), (&json!("2"), &json!("2745614147")));
    assert_eq!(headers["Date"], "Tue, 14 Nov 2023 22:13:20 GMT");
    assert_eq!(answer["SdkHttpMetadata"]["AllHttpHeaders"]["Server"], json!(["Server"]));
    assert_eq!(call(&dynamodb, "aws-sdk:dynamodb:putItem", &put).unwrap(), json!({}));

    let key = json!({"TableName": "files", "Key": {"fileName": {"S": "a"}, "lastModified": {"S": "1"}}});
    let mut expected = item("a");
    expected["tags"]["SS"] = json!(["a", "b"]);
    assert_eq!(call(&dynamodb, "dynamodb:getItem", &key).unwrap()["Item"], expected);
    expected["tags"] = json!({"Ss": ["a", "b"]});
    assert_eq!(call(&dynamodb, "aws-sdk:dynamodb:getItem", &key).unwrap(), json!({ "Item": expected }));
    let gone = json!({"TableName": "files", "Key": {"fileName": {"S": "z"}, "lastModified": {"S": "1"}}});
    assert_eq!(call(&dynamodb, "aws-sdk:dynamodb:getItem", &gone).unwrap(), json!({}));
}

#[test]
fn the_direct_way_and_the_long_way_say_the_same() {
    let key = json!({"fileName": {"S": "a"}, "lastModified": {"S": "1"}});
    let cases = [
        ("putItem", json!({"Item": item("a")})),
        ("putItem", json!({"Item": item("a"), "ConditionExpression": "attribute_not_exists(fileName)"})),
        (
            "updateItem",
            json!({
                "Key": key, "UpdateExpression": "SET #s = :s ADD hits :one", "ReturnValues": "ALL_NEW",
                "ExpressionAttributeNames": {"#s": "size"},
                "ExpressionAttributeValues": {":s": {"N": "7"}, ":one": {"N": "1"}},
            }),
        ),
        (
            "query",
            json!({
                "KeyConditionExpression": "fileName = :n", "ExpressionAttributeValues": {":n": {"S": "a"}},
                "Limit": 1, "ScanIndexForward": false,
            }),
        ),
        ("query", json!({"KeyConditionExpression": "x = :n", "ExpressionAttributeValues": {":n": {"S": "a"}}})),
        ("getItem", json!({"Key": key, "ProjectionExpression": "size"})),
        ("deleteItem", json!({"Key": key, "ReturnValues": "ALL_OLD"})),
        ("deleteItem", json!({"Key": {"fileName": {"S": "a"}}})),
        ("getItem", json!({"Key": {"fileName": {"N": "1"}, "lastModified": {"S": "1"}}})),
    ];
    let (direct, long) = (files(), files());
    for (action, mut arguments) in cases {
        arguments["TableName"] = "files".into();
        let quick = calls::plain(&direct.database.0, action, &arguments);
        // A set goes the long way: here the same item without one.
        let quick = quick.unwrap_or_else(|| calls::full(&direct.database.0, action, &arguments).unwrap());
        let slow = calls::full(&long.database.0, action, &arguments).unwrap();
        let words = |answer: dynoxide::Result<Value>| answer.map_err(|error| error.to_string());
        assert_eq!(words(quick), words(slow), "{action} {arguments}");
    }
}

#[test]
fn errors_are_spelled_as_each_integration_spells_them() {
    let dynamodb = files();
    dynamodb.put("files", &item("a")).unwrap();
    let put = |more: Value| {
        let mut arguments = json!({"TableName": "files", "Item": item("a")});
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        arguments
    };
    let lost = put(json!({"ConditionExpression": "attribute_not_exists(fileName)"}));
    let cases = [
        (
            "dynamodb:putItem",
            lost.clone(),
            "DynamoDB.ConditionalCheckFailedException",
            "The conditional request failed (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: \
             ConditionalCheckFailedException; Request ID: ",
        ),
        (
            "aws-sdk:dynamodb:putItem",
            lost,
            "DynamoDb.ConditionalCheckFailedException",
            "The conditional request failed (Service: DynamoDb, Status Code: 400, Request ID: ",
        ),
        (
            "dynamodb:putItem",
            json!({"TableName": "none", "Item": {"a": {"S": "b"}}}),
            "DynamoDB.ResourceNotFoundException",
            "Requested resource not found (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: \
             ResourceNotFoundException; Request ID: ",
        ),
        (
            "aws-sdk:dynamodb:putItem",
            json!({"TableName": "none", "Item": null}),
            "DynamoDb.DynamoDbException",
            "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null \
             (Service: DynamoDb, Status Code: 400, Request ID: ",
        ),
        (
            "dynamodb:putItem",
            json!({"TableName": "none", "Item": null}),
            "DynamoDB.AmazonDynamoDBException",
            "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null \
             (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ValidationException; Request ID: ",
        ),
        (
            "dynamodb:updateItem",
            json!({"TableName": "files", "Key": {"fileName": {"S": "a"}}, "UpdateExpression": "SET a = :a",
                "ExpressionAttributeValues": {":a": {"S": "b"}}}),
            "DynamoDB.AmazonDynamoDBException",
            "The provided key element does not match the schema (",
        ),
        (
            "dynamodb:putItem",
            json!({"TableName": "files", "Item": {"fileName": {"N": 5}}}),
            "States.Runtime",
            "The Parameters '{\"TableName\":\"files\",\"Item\":{\"fileName\":{\"N\":5}}}' could not be used to start the \
             Task: [The value for the field 'N' must be a STRING]",
        ),
        (
            "aws-sdk:dynamodb:describeTable",
            json!({"TableName": "none"}),
            "DynamoDb.ResourceNotFoundException",
            "Requested resource not found: Table: none not found (Service: DynamoDb, Status Code: 400, Request ID: ",
        ),
        (
            "aws-sdk:dynamodb:query",
            json!({"TableName": "none", "KeyConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": {"S": "b"}}}),
            "DynamoDb.ResourceNotFoundException",
            "Requested resource not found (Service: DynamoDb, Status Code: 400, Request ID: ",
        ),
        (
            "aws-sdk:dynamodb:createTable",
            json!({"TableName": "files", "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}]}),
            "DynamoDb.ResourceInUseException",
            "Table already exists: files (Service: DynamoDb, Status Code: 400, Request ID: ",
        ),
        (
            "aws-sdk:dynamodb:transactWriteItems",
            json!({"TransactItems": [{"Put": {"TableName": "files", "Item": item("a"),
                "ConditionExpression": "attribute_not_exists(fileName)"}}]}),
            "DynamoDb.TransactionCanceledException",
            "Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed] (Service: \
             DynamoDb, Status Code: 400, Request ID: ",
        ),
        (
            "dynamodb:query",
            json!({}),
            "States.Runtime",
            "there is no simulated service for arn:aws:states:::dynamodb:query",
        ),
        ("aws-sdk:dynamodb:createBackup", json!({}), "States.Runtime", "there is no simulated service for"),
    ];
    for (resource, arguments, error, cause) in cases {
        let refused = call(&dynamodb, resource, &arguments).unwrap_err();
        assert_eq!(refused.error, error, "{resource} {arguments}: {}", refused.cause);
        assert!(refused.cause.starts_with(cause), "{resource} {arguments}: {}", refused.cause);
    }
}

#[test]
fn sdk_calls_spell_types_as_the_sdk_does() {
    let dynamodb = files();
    let mut written = item("a");
    written["seen"] = json!({"Bool": true});
    written["tags"] = json!({"Ss": ["x", "y"]});
    let put = json!({"TableName": "files", "Item": written});
    call(&dynamodb, "aws-sdk:dynamodb:putItem", &put).unwrap();
    let get = json!({"TableName": "files", "Key": key("a")});
    let read = call(&dynamodb, "aws-sdk:dynamodb:getItem", &get).unwrap();
    assert_eq!((&read["Item"]["seen"], &read["Item"]["tags"]), (&json!({"Bool": true}), &json!({"Ss": ["x", "y"]})));
    let read = call(&dynamodb, "dynamodb:getItem", &get).unwrap();
    assert_eq!((&read["Item"]["seen"], &read["Item"]["tags"]), (&json!({"BOOL": true}), &json!({"SS": ["x", "y"]})));
}

#[test]
fn many_items_at_once() {
    let dynamodb = files();
    let key = |name: &str| json!({"fileName": {"S": name}, "lastModified": {"S": "1"}});
    let write =
        json!({"RequestItems": {"files": [{"PutRequest": {"Item": item("a")}}, {"PutRequest": {"Item": item("b")}}]}});
    assert_eq!(call(&dynamodb, "aws-sdk:dynamodb:batchWriteItem", &write).unwrap()["UnprocessedItems"], json!({}));
    let get = json!({"RequestItems": {"files": {"Keys": [key("a"), key("z")]}}});
    let got = call(&dynamodb, "aws-sdk:dynamodb:batchGetItem", &get).unwrap();
    assert_eq!(got["Responses"]["files"][0]["fileName"], json!({"S": "a"}));
    let scan = call(&dynamodb, "aws-sdk:dynamodb:scan", &json!({"TableName": "files"})).unwrap();
    assert_eq!(scan["Count"], 2);
    let both = json!({"TransactItems": [
        {"Delete": {"TableName": "files", "Key": key("a")}},
        {"ConditionCheck": {"TableName": "files", "Key": key("b"), "ConditionExpression": "attribute_not_exists(fileName)"}},
    ]});
    let refused = call(&dynamodb, "aws-sdk:dynamodb:transactWriteItems", &both).unwrap_err();
    assert_eq!(refused.error, "DynamoDb.TransactionCanceledException");
    assert!(refused.cause.contains("[None, ConditionalCheckFailed]"), "{}", refused.cause);
    let statement = json!({"Statement": "SELECT fileName FROM files WHERE fileName = 'a'"});
    let found = call(&dynamodb, "aws-sdk:dynamodb:executeStatement", &statement).unwrap();
    assert_eq!(found["Items"], json!([{"fileName": {"S": "a"}}]));
    let arn = json!({"TableName": "arn:aws:dynamodb:eu-west-1:1:table/files", "Select": "COUNT"});
    assert_eq!(call(&dynamodb, "aws-sdk:dynamodb:scan", &arn).unwrap()["Count"], 2);
}

#[test]
fn hostile_arguments_are_refused_without_harm() {
    let dynamodb = files();
    let deep = (0..300).fold(json!({"S": ""}), |inner, _| json!({"L": [inner]}));
    let mut arguments = json!({"TableName": "files", "Item": item("a")});
    arguments["Item"]["deep"] = deep;
    let refused = call(&dynamodb, "dynamodb:putItem", &arguments).unwrap_err();
    assert_eq!(refused.error, "DynamoDB.AmazonDynamoDBException");
    for arguments in
        [json!(null), json!("x"), json!([]), json!({"TableName": 5}), json!({"TableName": "files", "Item": []})]
    {
        assert!(call(&dynamodb, "dynamodb:putItem", &arguments).is_err(), "{arguments}");
    }
}

#[test]
fn the_first_items_are_those_of_all() {
    let dynamodb = files();
    for name in ["c", "a", "d", "b"] {
        let put = json!({"TableName": "files", "Item": item(name)});
        call(&dynamodb, "aws-sdk:dynamodb:putItem", &put).unwrap();
    }
    let all = dynamodb.items("files").unwrap();
    assert_eq!(dynamodb.first_items("files", 3).unwrap(), (all[..3].to_vec(), 4));
    assert_eq!(dynamodb.first_items("files", 9).unwrap(), (all, 4));
    assert!(dynamodb.first_items("none", 3).is_err());
}

#[test]
fn a_file_keeps_its_tables() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tables.db");
    let key = json!({"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]});
    let dynamodb = DynamoDb::open(&path).unwrap();
    dynamodb.create_table("kept", &key).unwrap();
    dynamodb.put("kept", &json!({"id": {"S": "a"}})).unwrap();
    assert!(matches!(DynamoDb::open(&path), Err(TableError::Locked { .. })));
    drop(dynamodb);
    let again = DynamoDb::open(&path).unwrap();
    again.create_table("kept", &key).unwrap();
    assert_eq!(again.items("kept").unwrap(), [json!({"id": {"S": "a"}})]);
}

#[test]
fn a_file_that_is_no_table_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    std::fs::write(&path, "my only copy").unwrap();
    assert!(matches!(DynamoDb::open(&path), Err(TableError::NotATableFile { .. })));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "my only copy");

    let damaged = [&b"SQLite format 3\0"[..], &[0xff; 5000]].concat();
    std::fs::write(&path, &damaged).unwrap();
    assert!(matches!(DynamoDb::open(&path), Err(TableError::Damaged { .. })));
    assert_eq!(std::fs::read(&path).unwrap(), damaged);
    assert!(matches!(DynamoDb::open(folder.path()), Err(TableError::Io { .. })));
}
