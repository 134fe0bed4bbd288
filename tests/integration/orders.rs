//! The promise as a law of the rendered definitions: whatever the order of a few random events, however often each comes, wherever
//! their executions overlap or break off, the table is a function of the set of events.
//!
//! Random events, and every order of them; `promise.rs` has what S3 really tells, with S3's own state beside it.

use bucketbook::eventbridge::DetailType;
use bucketbook::prove::{Bounds, Deed, FaultKind, Question, Story, Verdict, prove_one};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::promise::local;

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

const EVENTS: &str =
    "deleted: mark, storage_class: record, access_tier: record, restore: record, tags: record, acl: record";

/// A table is the same after every order, with overlaps and executions that break off.
fn law(layout: &str, flow: &str, language: &str, versioned: bool) {
    let (stack, _) = local(&format!(
        "{{events: {{{EVENTS}}}, table: {{layout: {layout}}}, bucket: {{versioned: {versioned}}}, state_machine: {{flow: {flow}, \
         query_language: {language}}}}}"
    ));
    let bucket = stack.bucket(None).unwrap().name.clone();
    let of_bucket =
        move |event: Value| -> Value { serde_json::from_str(&event.to_string().replace("@bucket", &bucket)).unwrap() };
    let events = prop::collection::vec(event().prop_map(of_bucket), 1..4);
    let bounds = Bounds { repeats: 0, faults: vec![FaultKind::Crash], ..Bounds::default() };
    let config = ProptestConfig { cases: 10, ..ProptestConfig::default() };
    proptest!(config, |(events in events)| {
        let deeds = events.iter().map(|event| Deed::Told { event: event.clone() }).collect();
        let story = Story { deeds, ..Story::default() };
        let question = Question { converges: true, ..Question::default() };
        let (verdict, explored) = prove_one(&stack, &story, &bounds, &question).unwrap();
        if let Verdict::Broken(found) = &verdict {
            panic!("{events:?}: {}\n{}\n{}\n{}", found.what, found.sequence, found.expected, found.is);
        }
        prop_assert!(matches!(verdict, Verdict::Holds), "{verdict:?}");
        prop_assert!(explored.ends > 0);
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
