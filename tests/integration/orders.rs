//! The promise as a law of the rendered definitions: whatever the order of the events, however often each comes, wherever their
//! executions overlap or break off, the table is a function of the set of events.
//!
//! Random orders of many events; `promise.rs` has every order of a few, with S3's own state beside them.

use std::sync::Arc;

use bucketbook::eventbridge::DetailType;
use bucketbook::simulate::services::LocalServices;
use bucketbook::simulate::simulation::{Finished, Simulation, SimulationOptions};
use bucketbook::simulate::stack::LocalStack;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::promise::{local, sorted};

/// Any event about one of two objects, within a few seconds, so that ties are common. The sequencer orders the creations and
/// deletions of an object; their times need not be in the same order, and no two have one sequencer.
fn event() -> impl Strategy<Value = Value> {
    let kinds = prop::sample::select(DetailType::ALL.to_vec());
    let class = prop::sample::select(vec!["GLACIER", "STANDARD_IA"]);
    (kinds, prop::bool::ANY, 0..4u32, 0..6u32, class).prop_map(|(kind, other, second, sequencer, class)| {
        let ordered = matches!(kind, DetailType::ObjectCreated | DetailType::ObjectDeleted);
        // What has one sequencer is one event.
        let kind = match sequencer % 2 {
            _ if !ordered => kind,
            0 => DetailType::ObjectCreated,
            _ => DetailType::ObjectDeleted,
        };
        let second = if ordered { (sequencer + 1) % 4 } else { second };
        let mut object = json!({"key": if other { "b" } else { "a" }, "etag": "e", "version-id": format!("v{second}")});
        if ordered {
            object["sequencer"] = format!("A{sequencer}").into();
            object["size"] = sequencer.into();
        }
        json!({
            "source": "aws.s3", "detail-type": kind.as_str(), "time": format!("2024-05-01T10:00:0{second}Z"),
            "detail": {
                "bucket": {"name": "@bucket"}, "object": object, "requester": "123456789012",
                "deletion-type": "Delete Marker Created", "destination-storage-class": class,
                "destination-access-tier": class, "restore-expiry-time": format!("2024-05-02T00:00:0{second}Z"),
            },
        })
    })
}

/// A stack that nothing has happened to.
fn fresh(stack: &Arc<LocalStack>) -> Simulation {
    let mut services = LocalServices::in_memory(0).unwrap();
    stack.furnish(&services.dynamodb, &mut services.s3).unwrap();
    Simulation::new(Arc::clone(stack), services, SimulationOptions::default())
}

/// An execution that has ended ended well.
fn well(finished: Finished) {
    assert_eq!(finished.outcome.status(), "SUCCEEDED", "{}: {:?}", finished.machine, finished.outcome);
}

fn rows(simulation: &Simulation) -> Vec<Value> {
    let table = &simulation.stack().tables()[0].name;
    sorted(simulation.services.dynamodb.items(table).unwrap())
}

/// One event after the other, to the end.
fn one_by_one<'a>(stack: &Arc<LocalStack>, events: impl IntoIterator<Item = &'a Value>) -> Vec<Value> {
    let mut simulation = fresh(stack);
    for event in events {
        simulation.deliver(event).unwrap();
        simulation.settle(&mut well).unwrap();
    }
    rows(&simulation)
}

/// All at once: `schedule` says whose turn it is, and what is left over is finished in the end. Some executions break off wherever they
/// are, and their events are sent again.
fn overlapping(
    stack: &Arc<LocalStack>,
    events: &[Value],
    schedule: &[prop::sample::Index],
    broken: usize,
) -> Vec<Value> {
    let mut simulation = fresh(stack);
    for event in events {
        simulation.deliver(event).unwrap();
    }
    for turn in schedule {
        let running = simulation.running();
        if !running.is_empty() {
            simulation.advance(*turn.get(&running), &mut well).unwrap();
        }
    }
    let stopped: Vec<Value> =
        simulation.running().into_iter().take(broken).filter_map(|number| simulation.stop(number)).collect();
    for event in &stopped {
        simulation.deliver(event).unwrap();
    }
    simulation.settle(&mut well).unwrap();
    rows(&simulation)
}

const EVENTS: &str =
    "deleted: mark, storage_class: record, access_tier: record, restore: record, tags: record, acl: record";

/// A table is the same after every order, with repetitions and overlaps.
fn law(layout: &str, flow: &str, language: &str, versioned: bool) {
    let (stack, _) = local(&format!(
        "{{events: {{{EVENTS}}}, table: {{layout: {layout}}}, bucket: {{versioned: {versioned}}}, state_machine: {{flow: {flow}, \
         query_language: {language}}}}}"
    ));
    let bucket = stack.bucket(None).unwrap().name.clone();
    let of_bucket =
        move |event: Value| -> Value { serde_json::from_str(&event.to_string().replace("@bucket", &bucket)).unwrap() };
    let events = prop::collection::vec(event().prop_map(of_bucket), 1..8);
    let orders = events.prop_flat_map(|events| {
        let again = prop::collection::vec(prop::sample::select(events.clone()), 0..4);
        let shuffled = again.prop_map({
            let events = events.clone();
            move |again| [events.clone(), again].concat()
        });
        let schedule = prop::collection::vec(any::<prop::sample::Index>(), 0..60);
        (Just(events), shuffled.prop_shuffle(), schedule, 0..3usize)
    });
    let config = ProptestConfig { cases: 40, ..ProptestConfig::default() };
    proptest!(config, |((events, shuffled, schedule, broken) in orders)| {
        let promised = one_by_one(&stack, &events);
        prop_assert_eq!(&one_by_one(&stack, &shuffled), &promised);
        prop_assert_eq!(&overlapping(&stack, &shuffled, &schedule, broken), &promised);
    });
}

#[test]
fn a_table_of_latest_records_is_a_function_of_the_events() {
    law("latest", "query-then-write", "JSONPath", false);
    law("latest", "upsert", "JSONPath", true);
}

#[test]
fn a_table_of_latest_records_is_a_function_of_the_events_in_jsonata() {
    law("latest", "query-then-write", "JSONata", true);
}

#[test]
fn a_history_is_a_function_of_the_events() {
    law("history", "query-then-write", "JSONPath", true);
    law("history", "upsert", "JSONata", false);
}
