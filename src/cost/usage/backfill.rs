//! What a state machine makes of each object that is in the bucket already: started by hand, with a listing.

use super::call::{Billed, add};
use super::history::{self, Event};
use super::lab::Lab;
use super::tally::recorded;
use super::walk::walked_states;
use super::{BackfillUsage, listed};
use crate::asl::program::{Dynamic, Map, Mode, Program, StateKind};
use crate::aws::states::WorkflowType;
use crate::cost::{CostError, Decimal, PriceId};
use crate::loaded::LoadedStack;

/// How many objects are in the bucket while it is measured.
const OBJECTS: u64 = 20;

/// How many keys a listing has a page.
const PAGE: u64 = 1000;

/// Measures the machine that lists a bucket and that no rule starts, if there is one.
pub(super) fn measure(lab: &Lab<'_>, stack: &LoadedStack) -> Result<Option<BackfillUsage>, CostError> {
    let started = |arn: &str| stack.rules.iter().flat_map(|rule| &rule.targets).any(|target| target.arn == arn);
    let machines = lab.stack.machines().iter().enumerate();
    let mut found = machines
        .filter(|(_, machine)| !started(&machine.arn))
        .filter_map(|(at, machine)| Some((at, machine, listing(&machine.program)?.1.clone())));
    let Some((at, machine, map)) = found.next() else { return Ok(None) };
    let mut simulation = lab.simulation()?;
    for number in 0..OBJECTS {
        simulation.put(&lab.bucket, &format!("photos/2024/summer/IMG_{number:04}.jpg"), Some(1 << 20));
    }
    let watched = lab.watching(&mut simulation, Default::default(), |simulation| {
        simulation.start(at, serde_json::json!({}));
        Ok(())
    })?;
    let Some(finished) = watched.finished.first() else { return Ok(None) };
    let events = finished.history().iter().map(Event::of_simulated);
    let transitions = history::read(events, "", false).transitions();
    let each = Decimal::one().over(&Decimal::from(OBJECTS));
    let (mut billed, mut tasks) = (Billed::new(), 0_u64);
    let items = finished.calls.iter().map(recorded).filter(|call| call.action != "listObjectsV2");
    for call in items {
        tasks += 1;
        add(&mut billed, lab.billed(&call, &watched).unwrap_or_default());
    }
    billed.values_mut().for_each(|units| *units = &*units * &each);
    add(&mut billed, Billed::from([(PriceId::S3Put, Decimal::one().over(&Decimal::from(PAGE)))]));
    let batch = batch(&map);
    let express = map.mode == Mode::Distributed(WorkflowType::Express);
    let worked = Decimal::from(tasks * lab.options.task_ms) * each.clone();
    let at = lab.design.machines.iter().position(|known| known.arn == machine.arn).unwrap_or(0);
    Ok(Some(BackfillUsage {
        at,
        transitions: Decimal::from(transitions),
        children: Decimal::one().over(&Decimal::from(batch)),
        express,
        child_transitions: if express {
            Decimal::zero()
        } else {
            walked_states(machine, map.item_processor, batch, lab.options)?
        },
        milliseconds: worked.over(&Decimal::from(concurrency(&machine.program))),
        billed: listed(&billed),
        index_write_units: lab.index_units(&watched) * each,
    }))
}

/// The distributed Map of a listing.
fn listing(program: &Program) -> Option<(usize, &Map)> {
    program.states().enumerate().find_map(|(at, (_, state))| match &state.kind {
        StateKind::Map(map) => {
            let reader = map.item_reader.as_ref()?;
            (reader.resource.action() == Some("listObjectsV2")).then_some((at, map.as_ref()))
        }
        _ => None,
    })
}

fn batch(map: &Map) -> u64 {
    let batcher = map.item_batcher.as_ref().and_then(|batcher| batcher.max_items_per_batch.as_ref());
    match batcher {
        Some(Dynamic::Literal(number)) if *number >= 1.0 => *number as u64,
        _ => 1,
    }
}

/// How many items a child works on at a time.
fn concurrency(program: &Program) -> u64 {
    let inline = program.states().filter_map(|(_, state)| match &state.kind {
        StateKind::Map(map) if map.mode == Mode::Inline => map.max_concurrency.as_ref(),
        _ => None,
    });
    let limits = inline.filter_map(|limit| match limit {
        Dynamic::Literal(number) if *number >= 1.0 => Some(*number as u64),
        _ => None,
    });
    limits.min().unwrap_or(1)
}
