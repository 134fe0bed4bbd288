//! What a workflow's pair of calls costs (a query, then an update on condition): bare in the engine, by way of the services that
//! tasks call, in the workflow of the committed stack, and from the event on. Each over the first is what is left of the engine.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bucketbook::loaded::load;
use bucketbook::simulate::services::{Caller, Completion, LocalServices, ServiceCall, Services};
use bucketbook::simulate::simulation::{Simulation, SimulationOptions};
use bucketbook::simulate::stack::RunnableStack;
use bucketbook::simulate::{Execution, ExecutionOptions, Timestamp};
use divan::Bencher;
use divan::counter::ItemsCount;
use dynoxide::actions::create_table::CreateTableRequest;
use dynoxide::actions::query::QueryRequest;
use dynoxide::actions::update_item::UpdateItemRequest;
use dynoxide::{AttributeValue, Database};
use serde_json::{Value, json};

const FILES: u64 = 1000;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn table() -> Value {
    json!({
        "TableName": "files",
        "AttributeDefinitions": [{"AttributeName": "fileName", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "fileName", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    })
}

fn texts(pairs: &[(&str, &str)]) -> HashMap<String, AttributeValue> {
    pairs.iter().map(|(name, text)| ((*name).to_owned(), AttributeValue::S((*text).to_owned()))).collect()
}

const UPDATE: &str = "SET lastModified = :lastModified, #size = :size, sequencer = :sequencer";
const CONDITION: &str = "attribute_not_exists(sequencer) OR sequencer < :sequencer";

/// The pair by the engine's own API.
#[divan::bench(sample_count = 30, sample_size = 500)]
fn bare_engine(bencher: Bencher<'_, '_>) {
    let Ok(database) = Database::memory() else { std::process::abort() };
    let Ok(request) = serde_json::from_value::<CreateTableRequest>(table()) else { std::process::abort() };
    assert!(database.create_table(request).is_ok());
    let turn = AtomicU64::new(0);
    bencher.counter(ItemsCount::new(1u64)).bench(|| {
        let turn = turn.fetch_add(1, Ordering::Relaxed);
        let (name, sequencer) = (format!("photos/{}.jpg", turn % FILES), format!("{turn:018X}"));
        let query = QueryRequest {
            table_name: "files".to_owned(),
            key_condition_expression: Some("fileName = :fileName".to_owned()),
            expression_attribute_values: Some(texts(&[(":fileName", &name)])),
            scan_index_forward: true,
            ..QueryRequest::default()
        };
        assert!(database.query(query).is_ok());
        let mut values = texts(&[(":lastModified", "2026-01-31T12:00:00Z"), (":sequencer", &sequencer)]);
        values.insert(":size".to_owned(), AttributeValue::N("1234".to_owned()));
        let update = UpdateItemRequest {
            table_name: "files".to_owned(),
            key: texts(&[("fileName", &name)]),
            update_expression: Some(UPDATE.to_owned()),
            condition_expression: Some(CONDITION.to_owned()),
            expression_attribute_names: Some(HashMap::from([("#size".to_owned(), "size".to_owned())])),
            expression_attribute_values: Some(values),
            ..UpdateItemRequest::default()
        };
        assert!(database.update_item(update).is_ok());
    });
}

fn by_services(bencher: Bencher<'_, '_>, [query, update]: [&str; 2]) {
    let Ok(mut services) = LocalServices::in_memory(1) else { std::process::abort() };
    assert!(services.dynamodb.create_table("files", &table()).is_ok());
    let parsed = |call: &str| format!("arn:aws:states:::{call}").parse();
    let (Ok(query), Ok(update)) = (parsed(query), parsed(update)) else { std::process::abort() };
    let mut turn = 0u64;
    bencher.counter(ItemsCount::new(1u64)).bench_local(move || {
        turn += 1;
        let (name, sequencer) = (format!("photos/{}.jpg", turn % FILES), format!("{turn:018X}"));
        let calls = [
            json!({
                "TableName": "files", "KeyConditionExpression": "fileName = :fileName",
                "ExpressionAttributeValues": {":fileName": {"S": name}},
            }),
            json!({
                "TableName": "files", "Key": {"fileName": {"S": name}}, "UpdateExpression": UPDATE,
                "ConditionExpression": CONDITION, "ExpressionAttributeNames": {"#size": "size"},
                "ExpressionAttributeValues": {
                    ":lastModified": {"S": "2026-01-31T12:00:00Z"}, ":sequencer": {"S": sequencer}, ":size": {"N": "1234"},
                },
            }),
        ];
        for (resource, arguments) in [&query, &update].into_iter().zip(&calls) {
            let answer = services.call(&ServiceCall {
                resource,
                arguments,
                caller: Caller::Task,
                state: "State",
                attempt: 0,
                item_index: None,
                task_token: None,
                state_machine: "machine",
                execution: "execution",
                role_arn: None,
                now: Timestamp::from_millis(1_700_000_000_000),
            });
            assert!(matches!(answer.completion, Completion::Succeeded(_)));
        }
    });
}

/// The pair as a workflow's tasks make it, both by the SDK integration.
#[divan::bench(sample_count = 30, sample_size = 500)]
fn sdk_integrations(bencher: Bencher<'_, '_>) {
    by_services(bencher, ["aws-sdk:dynamodb:query", "aws-sdk:dynamodb:updateItem"]);
}

/// The same with the optimized integration's update, whose answer tells of the HTTP exchange.
#[divan::bench(sample_count = 30, sample_size = 500)]
fn optimized_update(bencher: Bencher<'_, '_>) {
    by_services(bencher, ["aws-sdk:dynamodb:query", "dynamodb:updateItem"]);
}

/// The committed stack, and services with its tables in them.
fn committed() -> (Arc<RunnableStack>, LocalServices) {
    let loaded = load(&[Path::new("out/template.yaml").to_owned()]).ok().and_then(|mut stacks| stacks.pop());
    let Some(stack) = loaded.and_then(|loaded| RunnableStack::new(&loaded).ok()) else { std::process::abort() };
    let Ok(mut services) = LocalServices::in_memory(1) else { std::process::abort() };
    assert!(stack.furnish(&mut services).is_ok());
    (Arc::new(stack), services)
}

/// What S3 says of an upload. The files repeat, so that all but the first of each are updates.
fn event(stack: &RunnableStack, turn: u64) -> Value {
    json!({
        "version": "0", "id": "17793124-05d4-b198-2fde-7ededc63b103", "detail-type": "Object Created", "source": "aws.s3",
        "account": "111122223333", "time": "2026-01-31T12:00:00Z", "region": "us-east-1", "resources": [],
        "detail": {
            "version": "0", "bucket": {"name": stack.buckets()[0].name}, "request-id": "N4N7GDK58NMKJ12R",
            "object": {
                "key": format!("photos/{}.jpg", turn % FILES), "size": 1234, "etag": "b1946ac92492d2347c6235b4d2611184",
                "version-id": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e", "sequencer": format!("{turn:018X}"),
            },
            "requester": "123456789012", "source-ip-address": "1.2.3.4", "reason": "PutObject",
        },
    })
}

/// The article's workflow: the same pair of calls as tasks of a state machine that chooses between them.
#[divan::bench(sample_count = 30, sample_size = 500)]
fn workflow(bencher: Bencher<'_, '_>) {
    let (stack, mut services) = committed();
    let mut turn = 0u64;
    bencher.counter(ItemsCount::new(1u64)).bench_local(move || {
        turn += 1;
        let options = ExecutionOptions { history: false, ..ExecutionOptions::default() };
        let input = event(&stack, turn);
        Execution::new(Arc::clone(&stack.machines()[0].program), input, options).run(&mut services).status()
    });
}

/// The same from the event on: the rule's pattern, the target's input, the execution, its calls as they are reported.
#[divan::bench(sample_count = 30, sample_size = 500)]
fn event_to_end(bencher: Bencher<'_, '_>) {
    let (stack, services) = committed();
    let options = SimulationOptions { history: false, inspections: false, ..SimulationOptions::default() };
    let mut simulation = Simulation::new(Arc::clone(&stack), services, options);
    let mut turn = 0u64;
    bencher.counter(ItemsCount::new(1u64)).bench_local(move || {
        turn += 1;
        let delivered = simulation.deliver(&event(&stack, turn)).is_ok_and(|delivery| delivery.executions.len() == 1);
        assert!(delivered);
        assert!(simulation.settle(&mut |finished| assert_eq!(finished.outcome.status(), "SUCCEEDED")).is_ok());
    });
}
