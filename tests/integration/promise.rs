//! The promise, held here: whatever the order of the events, how often each comes and how the executions overlap, the table says
//! what the newest said. Every starter and every option, on the simulated stack.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use crate::promised::Variant;
use crate::variants::VARIANTS;
use bucketbook::catalog;
use bucketbook::loaded::load;
use bucketbook::prove::{Bounds, Deed, End, FaultKind, Question, Story, Verdict, numbered_upload, prove_one};
use bucketbook::simulate::scenario::plain;
use bucketbook::simulate::services::s3::Upload;
use bucketbook::simulate::services::{Fault, LocalServices};
use bucketbook::simulate::simulation::{Simulation, SimulationOptions};
use bucketbook::simulate::stack::RunnableStack;
use bucketbook::source::Source;
use bucketbook::spec::Document;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

/// The stack of a spec, written and read again as `simulate` reads it, and the text of its workflow.
pub(crate) fn local(spec: &str) -> (Arc<RunnableStack>, String) {
    let directory = tempfile::tempdir().unwrap();
    let document = Document::parse(Source::new("spec", spec)).map_err(|(_, fault)| fault).unwrap();
    let mut workflow = String::new();
    for file in catalog::stack(&document.spec.with_table_here()).unwrap().files().unwrap() {
        let path = directory.path().join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.text).unwrap();
        if file.path.ends_with("object_created.asl.json") {
            workflow = file.text;
        }
    }
    let template: PathBuf = directory.path().join("template.yaml");
    let loaded = load(&[template]).unwrap().pop().unwrap();
    (Arc::new(RunnableStack::new(&loaded).unwrap()), workflow)
}

/// The table after these events, and how the executions ended: one after the other, or all at the same moment.
fn table(
    stack: &Arc<RunnableStack>,
    events: &[Value],
    together: bool,
    seed: u64,
) -> (Vec<Value>, BTreeSet<&'static str>) {
    let mut services = LocalServices::in_memory(seed).unwrap();
    stack.furnish(&mut services).unwrap();
    let options = SimulationOptions { seed, ..SimulationOptions::default() };
    let mut simulation = Simulation::new(Arc::clone(stack), services, options);
    let mut statuses = BTreeSet::new();
    for event in events {
        let delivery = simulation.deliver(event).unwrap();
        assert!(!delivery.executions.is_empty(), "{event}: {:?}", simulation.misses(event));
        if !together {
            simulation
                .settle(&mut |finished| {
                    statuses.insert(finished.outcome.status());
                })
                .unwrap();
        }
    }
    simulation
        .settle(&mut |finished| {
            statuses.insert(finished.outcome.status());
        })
        .unwrap();
    // Routes may have tables of their own; together they hold what one would.
    let tables = stack.tables().iter();
    let rows: Vec<_> = tables.flat_map(|table| simulation.services.dynamodb.items(&table.name).unwrap()).collect();
    let rows = rows.iter().map(|row| {
        let mut row = plain(row);
        // Where changes are recorded as well, these are what orders them.
        row.retain(|name, _| !name.ends_with("SetBy"));
        row.into()
    });
    (sorted(rows.collect()), statuses)
}

pub(crate) fn sorted(mut rows: Vec<Value>) -> Vec<Value> {
    rows.iter_mut().for_each(Value::sort_all_objects);
    rows.sort_by_key(Value::to_string);
    rows
}

#[test]
fn the_promise_holds_for_events_in_any_order() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for (name, spec) in VARIANTS {
        // Events of a bucket whose name another stack exports are not known here.
        if spec.contains("existing: !ImportValue") {
            continue;
        }
        let (stack, workflow) = local(spec);
        // Options beside the workflow leave it as it is: then one order shows that the rest runs too.
        let new = seen.insert(workflow);
        let variant = Variant::of(spec);
        let bucket = variant.existing.clone().unwrap_or_else(|| stack.bucket(None).unwrap().name.clone());
        let promised = sorted(variant.promised());
        let orders = variant.deliveries(&mut runner).into_iter().take(if new { usize::MAX } else { 1 });
        for (seed, order) in (0..).zip(orders) {
            let event = |happening: &crate::promised::Happening| {
                let text = happening.event(variant.versioned).to_string();
                serde_json::from_str(&text.replace("@bucket", &bucket)).unwrap()
            };
            let events: Vec<Value> = order.iter().map(event).collect();
            for together in [false, true] {
                let (mut rows, statuses) = table(&stack, &events, together, seed);
                if variant.enriched {
                    // What S3 answers is not the events' to promise.
                    let names: BTreeSet<&String> =
                        promised.iter().filter_map(Value::as_object).flat_map(Map::keys).collect();
                    let of_events = |row: &mut Map<String, Value>| row.retain(|name, _| names.contains(name));
                    rows.iter_mut().filter_map(Value::as_object_mut).for_each(of_events);
                    rows = sorted(rows);
                }
                assert_eq!(statuses, BTreeSet::from(["SUCCEEDED"]), "{name}, together: {together}");
                assert_eq!(rows, promised, "{name}, together: {together}");
            }
        }
    }
    assert!(seen.len() > 10, "the variants have {} workflows", seen.len());
}

const A: &str = "a.txt";

fn put(size: u64) -> Deed {
    Deed::Put { bucket: String::new(), key: A.to_owned(), object: Upload::of_size(Some(size)) }
}

fn delete() -> Deed {
    Deed::Delete { bucket: String::new(), key: A.to_owned() }
}

fn deleted_for_good(of: usize) -> Deed {
    Deed::DeleteVersion { of }
}

fn backfill() -> Deed {
    Deed::Start { machine: "BackfillStateMachine".to_owned(), input: json!({}) }
}

fn expire() -> Deed {
    Deed::Expire { table: String::new() }
}

/// A deed in a stack's bucket or table. What is put there has the number of its deed in its metadata.
fn in_stack(stack: &RunnableStack, number: usize, deed: &Deed) -> Deed {
    let bucket = stack.bucket(None).unwrap().name.clone();
    match deed.clone() {
        Deed::Put { key, object, .. } => {
            Deed::Put { bucket, key, object: numbered_upload(number, object.size.unwrap()) }
        }
        Deed::Delete { key, .. } => Deed::Delete { bucket, key },
        Deed::Expire { .. } => Deed::Expire { table: stack.tables()[0].logical_id.clone() },
        other => other,
    }
}

/// An event about the object that tells of no creation and no deletion.
fn told(bucket: &str, kind: &str, version: Option<&str>, more: (&str, &str)) -> Deed {
    let mut event = json!({
        "source": "aws.s3", "detail-type": kind, "time": "2026-01-01T00:00:30Z", "region": "us-east-1", "account": "123456789012",
        "detail": {"bucket": {"name": bucket}, "object": {"key": A, "etag": "e", "size": 1}, "requester": "s3.amazonaws.com"},
    });
    event["detail"][more.0] = more.1.into();
    if let Some(version) = version {
        event["detail"]["object"]["version-id"] = version.into();
    }
    Deed::Told { event }
}

/// What the table says of the object, by its newest record, is what is in the bucket: its size, its entity tag, its version and, if S3 was
/// asked for it, its metadata. Of an object that is not there it says so, or nothing.
fn says_what_is_there(end: &End, bucket: &str, rows: &[Value]) -> Result<(), String> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| row.get("sequencer").map(Value::to_string));
    let Some(object) = end.played.s3.object(bucket, A) else {
        return match rows.last() {
            Some(row) if row.get("deletedAt").is_none() || row.get("size").is_some() => {
                Err(format!("it is gone: {row:?}"))
            }
            _ => Ok(()),
        };
    };
    let Some(row) = rows.last() else { return Err("it is there, and has no record".to_owned()) };
    let mut wrong: Vec<&str> = Vec::new();
    let mut compare = |name: &'static str, is: Value| {
        if row.get(name).unwrap_or(&Value::Null) != &is {
            wrong.push(name);
        }
    };
    compare("size", object.body.size().into());
    compare("etag", object.etag.as_str().into());
    compare("deletedAt", Value::Null);
    compare("versionId", object.version_id.as_deref().into());
    if row.get("metadata").is_some() {
        compare("metadata", json!(object.metadata));
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("{wrong:?} of {row:?} are not those of {object:?}")) }
}

/// Tries every order of a story of a spec, of which `before` deeds are older than the stack: each event comes up to `repeats` times again, and
/// up to `stops` executions are stopped.
fn holds(spec: &str, before: usize, repeats: usize, stops: usize, deeds: &[Deed]) {
    holds_and(spec, before, repeats, stops, deeds, &|_| Ok(()));
}

fn holds_and(
    spec: &str,
    before: usize,
    repeats: usize,
    stops: usize,
    deeds: &[Deed],
    more: &(dyn Fn(&[Value]) -> Result<(), String> + Sync),
) {
    let (stack, _) = local(spec);
    let faults = if stops > 0 { vec![FaultKind::Crash] } else { Vec::new() };
    let bounds = Bounds { repeats, faults, faults_at_once: stops, ..Bounds::default() };
    explored(&stack, (spec, before, deeds, &[]), &bounds, more);
}

fn explored(
    stack: &Arc<RunnableStack>,
    (spec, before, deeds, faults): (&str, usize, &[Deed], &[Fault]),
    bounds: &Bounds,
    more: &(dyn Fn(&[Value]) -> Result<(), String> + Sync),
) {
    let deeds = deeds.iter().enumerate().map(|(number, deed)| in_stack(stack, number, deed)).collect();
    let story = Story { before, deeds, faults: faults.to_vec(), ..Story::default() };
    let (bucket, table) = (&stack.bucket(None).unwrap().name, &stack.tables()[0].name);
    let judge = move |end: &End| {
        let rows: Vec<Value> = end.played.tables[table].1.iter().map(|item| plain(item).into()).collect();
        says_what_is_there(end, bucket, &rows)?;
        more(&rows)
    };
    let question = Question { judge: Some(Box::new(judge)), ..Question::default() };
    let (verdict, explored) = prove_one(stack, &story, bounds, &question).unwrap();
    match verdict {
        Verdict::Holds => {}
        Verdict::Broken(found) => panic!("{spec}: {}\n{}\n{}", found.what, found.sequence, found.is),
        other => panic!("{spec}: {other:?}"),
    }
    assert!(explored.ends > 0 && explored.states > story.deeds.len(), "{spec}: {explored:?}");
}

#[test]
fn every_order_of_deletions_and_uploads_holds() {
    for language in ["", "state_machine: {query_language: JSONata, flow: upsert}, "] {
        for rest in [
            "events: {deleted: mark}",
            "events: {deleted: remove}",
            "events: {deleted: mark}, enrich: [metadata, tags]",
            "events: {deleted: remove}, enrich: [metadata]",
            "events: {deleted: mark}, table: {layout: history}",
        ] {
            let spec = format!("{{{language}{rest}}}");
            if !language.is_empty() {
                holds(&spec, 0, 0, 0, &[put(1), delete(), put(2)]);
            }
            holds(&spec, 0, 0, 1, &[put(1), delete()]);
        }
    }
}

#[test]
fn equal_entity_tags_are_not_one_upload() {
    holds("{events: {deleted: mark}, enrich: [metadata], state_machine: {flow: upsert}}", 0, 1, 0, &[put(1), put(1)]);
    let spec =
        "{table: {layout: history}, bucket: {versioned: true}, enrich: [metadata], state_machine: {flow: upsert}}";
    holds_and(spec, 0, 1, 0, &[put(1), put(1)], &|rows| {
        let mut deeds: Vec<_> = rows.iter().map(|row| row["metadata"]["deed"].to_string()).collect();
        deeds.sort();
        if deeds == ["\"0\"", "\"1\""] { Ok(()) } else { Err(format!("{rows:?}")) }
    });
}

#[test]
fn every_order_of_what_happens_to_versions_holds() {
    for (language, rest) in [
        ("JSONata", "events: {deleted: mark}"),
        ("JSONPath", "events: {deleted: remove}"),
        ("JSONPath", "events: {deleted: mark}, enrich: [metadata]"),
        ("JSONPath", "events: {deleted: mark, tags: record}"),
        ("JSONPath", "events: {deleted: mark}, table: {layout: history}"),
    ] {
        let machine = format!("state_machine: {{query_language: {language}, flow: upsert}}");
        let spec = format!("{{bucket: {{versioned: true}}, {machine}, {rest}}}");
        // The only version goes; the newest of two goes; a deletion is undone.
        holds(&spec, 0, 0, 1, &[put(1), deleted_for_good(0)]);
        holds(&spec, 0, 0, 0, &[put(1), put(2), deleted_for_good(1)]);
        holds(&spec, 0, 0, 0, &[put(1), delete(), deleted_for_good(1)]);
    }
    // In the flow that looks before it writes, with an event that comes twice.
    holds("{bucket: {versioned: true}, events: {deleted: mark}}", 0, 1, 0, &[put(1), deleted_for_good(0)]);
}

#[test]
fn a_file_that_comes_and_goes_for_good_holds() {
    let spec = "{bucket: {versioned: true}, events: {deleted: mark}, state_machine: {flow: upsert}}";
    holds(spec, 0, 0, 0, &[put(1), deleted_for_good(0), put(2)]);
    holds(spec, 0, 0, 0, &[put(1), delete(), deleted_for_good(1)]);
}

#[test]
fn a_backfill_among_events_holds() {
    for rest in ["", ", bucket: {versioned: true}", ", enrich: [metadata]"] {
        let spec = format!("{{events: {{deleted: mark}}, backfill: {{}}{rest}}}");
        holds(&spec, 1, 0, 0, &[put(1), backfill(), put(2)]);
        holds(&spec, 1, 0, 0, &[put(1), backfill(), delete()]);
    }
    let spec = "{events: {deleted: mark}, backfill: {}, bucket: {versioned: true}}";
    holds(spec, 1, 0, 0, &[put(1), backfill(), deleted_for_good(0)]);
}

#[test]
fn a_backfill_leaves_what_was_said_about_a_change() {
    let spec = "{enrich: [storageClass], events: {storage_class: record, deleted: mark}, backfill: {}}";
    let (stack, _) = local(spec);
    let bucket = stack.bucket(None).unwrap().name.clone();
    let moved = told(&bucket, "Object Storage Class Changed", None, ("destination-storage-class", "GLACIER"));
    holds_and(spec, 1, 1, 0, &[put(1), backfill(), moved], &|rows| match &rows[0]["storageClass"] {
        Value::String(class) if class == "GLACIER" => Ok(()),
        other => Err(format!("the storage class is {other}")),
    });
}

#[test]
fn events_without_a_version_are_recorded() {
    let spec = "{bucket: {versioned: true}, enrich: [metadata], events: {deleted: mark, tags: record}}";
    let (stack, _) = local(spec);
    let bucket = stack.bucket(None).unwrap().name.clone();
    let tagged = told(&bucket, "Object Tags Added", None, ("reason", "PutObjectTagging"));
    let created = match told(&bucket, "Object Created", None, ("reason", "PutObject")) {
        Deed::Told { mut event } => {
            event["detail"]["object"]["sequencer"] = "0A1".into();
            Deed::Told { event }
        }
        other => other,
    };
    holds_and(spec, 0, 1, 0, &[created, tagged], &|rows| match &rows[0]["tagsStatus"] {
        Value::String(status) if status == "Added" && rows.len() == 1 => Ok(()),
        _ => Err(format!("{rows:?}")),
    });
}

#[test]
fn the_routes_of_a_file_keep_the_promise() {
    let routes = "routes: [{name: Texts, suffix: .txt}, {name: Photos, prefix: photos/}]";
    for rest in ["", ", bucket: {versioned: true}", ", enrich: [metadata]"] {
        let spec = format!("{{events: {{deleted: mark}}, {routes}{rest}}}");
        holds(&spec, 0, 1, 0, &[put(1), delete()]);
        holds(&spec, 0, 0, 0, &[put(1), put(2), delete()]);
    }
}

#[test]
fn an_old_version_may_go_while_a_newer_one_stays() {
    let machine = "state_machine: {flow: upsert}";
    for rest in ["events: {deleted: mark}", "events: {deleted: remove}", "events: {deleted: mark}, enrich: [metadata]"]
    {
        let spec = format!("{{bucket: {{versioned: true}}, {machine}, {rest}}}");
        holds(&spec, 0, 0, 0, &[put(1), put(2), deleted_for_good(0)]);
    }
}

#[test]
fn a_record_is_written_where_s3_refuses_to_answer() {
    let spec = "{events: {deleted: mark}, enrich: [metadata], state_machine: {flow: upsert}}";
    let (stack, _) = local(spec);
    let faults = ["fail HeadObject with S3.S3Exception".parse().unwrap()];
    let bounds = Bounds { repeats: 0, faults: Vec::new(), ..Bounds::default() };
    for deeds in [[put(1), put(2)], [put(1), delete()]] {
        explored(&stack, (spec, 0, &deeds, &faults), &bounds, &|rows| match rows
            .iter()
            .find(|row| row.get("metadata").is_some())
        {
            None => Ok(()),
            Some(row) => Err(format!("S3 did not say so: {row}")),
        });
    }
}

#[test]
fn a_mark_that_expires_leaves_room_for_the_file() {
    for rest in ["", ", bucket: {versioned: true}", ", enrich: [metadata]", ", state_machine: {flow: upsert}"] {
        let spec = format!("{{events: {{deleted: mark}}{rest}}}");
        holds(&spec, 0, 1, 0, &[put(1), delete(), expire()]);
        holds(&spec, 0, 0, 0, &[put(1), delete(), expire(), put(2)]);
    }
}
