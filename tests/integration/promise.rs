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
use bucketbook::simulate::scenario::plain;
use bucketbook::simulate::services::LocalServices;
use bucketbook::simulate::simulation::{Simulation, SimulationOptions};
use bucketbook::simulate::stack::LocalStack;
use bucketbook::source::Source;
use bucketbook::spec::{DeletedEffect, Document};
use proptest::test_runner::TestRunner;
use serde_json::Value;

/// The stack of a spec, written and read again as `simulate` reads it, and the text of its workflow.
fn local(spec: &str) -> (Arc<LocalStack>, String) {
    let directory = tempfile::tempdir().unwrap();
    let document = Document::parse(Source::new("spec", spec)).map_err(|(_, fault)| fault).unwrap();
    let mut workflow = String::new();
    for file in catalog::stack(&document.spec).unwrap().files().unwrap() {
        let path = directory.path().join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.text).unwrap();
        if file.path.ends_with("object_created.asl.json") {
            workflow = file.text;
        }
    }
    let template: PathBuf = directory.path().join("template.yaml");
    let loaded = load(&[template]).unwrap().pop().unwrap();
    (Arc::new(LocalStack::new(&loaded).unwrap()), workflow)
}

/// The table after these events, and how the executions ended: one after the other, or all at the same moment.
fn table(stack: &Arc<LocalStack>, events: &[Value], together: bool, seed: u64) -> (Vec<Value>, BTreeSet<&'static str>) {
    let mut services = LocalServices::in_memory(seed).unwrap();
    stack.furnish(&services.dynamodb, &mut services.s3).unwrap();
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

fn sorted(mut rows: Vec<Value>) -> Vec<Value> {
    rows.iter_mut().for_each(Value::sort_all_objects);
    rows.sort_by_key(Value::to_string);
    rows
}

#[test]
fn the_promise_holds_for_events_in_any_order() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for (name, spec) in VARIANTS {
        let (stack, workflow) = local(spec);
        // Options beside the workflow leave it as it is: then one order shows that the rest runs too.
        let new = seen.insert(workflow);
        let variant = Variant::of(spec);
        // These events are about objects that the bucket here does not have.
        if variant.asks_for_objects {
            continue;
        }
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
                // What is removed at once leaves nothing that could hold off an event that comes late.
                if together && variant.deleted == DeletedEffect::Remove {
                    continue;
                }
                let (rows, statuses) = table(&stack, &events, together, seed);
                assert_eq!(statuses, BTreeSet::from(["SUCCEEDED"]), "{name}, together: {together}");
                assert_eq!(rows, promised, "{name}, together: {together}");
            }
        }
    }
    assert!(seen.len() > 10, "the variants have {} workflows", seen.len());
}
