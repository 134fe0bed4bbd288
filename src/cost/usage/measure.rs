//! What a stack uses, measured by running an event of each kind in the simulator.

use super::lab::Lab;
use super::not_measured::NotMeasured;
use super::sample::{Sample, samples, taken};
use super::stored::Tables;
use super::sum::shares;
use super::tally::uncounted;
use super::{Basis, EventKind, KindUsage, Stored, Usage, backfill};
use crate::cost::design::Design;
use crate::cost::{CostError, Decimal, Options};
use crate::loaded::LoadedStack;
use crate::simulate::stack::{Bucket, RunnableStack};

/// Measures a stack by running an event of each kind in the simulator.
pub(super) fn measure(stack: &LoadedStack, design: &Design, options: &Options) -> Result<Usage, NotMeasured> {
    let local = RunnableStack::new(stack).map_err(CostError::Stack)?;
    let sends = |bucket: &&Bucket| bucket.sends_to_event_bridge;
    let found = local.bucket(None).ok().or_else(|| local.buckets().iter().find(sends));
    let Some(Bucket { logical_id, name, .. }) = found.cloned() else {
        return Err(NotMeasured::cannot_run("no bucket sends events"));
    };
    let mut lab = Lab::new(design, options, local, name);
    let ways = taken(&lab.stack, samples(stack), &|sample| lab.upload(sample))?;
    if ways.is_empty() {
        return Err(NotMeasured::cannot_run("no rule matches the event of an upload"));
    }
    let first = usage(&lab, stack, &ways);
    let is_final = match &first {
        Ok(usage) => is_sound(usage),
        Err(NotMeasured::CannotRun(_)) => false,
        Err(NotMeasured::NoBill(_)) => true,
    };
    if is_final || logical_id.is_some() {
        return first;
    }
    // A bucket that the template does not declare may keep versions without its saying so.
    lab.versioned = true;
    usage(&lab, stack, &ways).ok().filter(is_sound).map_or(first, Ok)
}

/// Whether nothing fails but what is meant to.
fn is_sound(usage: &Usage) -> bool {
    usage.kinds.iter().all(|kind| kind.failed.is_none() || kind.kind == EventKind::Failed)
}

/// What the stack uses, of which these are the uploads that its rules distinguish.
fn usage(lab: &Lab<'_>, stack: &LoadedStack, ways: &[Sample]) -> Result<Usage, NotMeasured> {
    let mut notes = Vec::new();
    if lab.versioned {
        notes.push("The bucket is assumed to be versioned, because the stack needs it.".to_owned());
    }
    if ways.len() > 1 {
        notes.push(format!(
            "The rules distinguish {} kinds of uploads, which are assumed to be equally frequent.",
            ways.len()
        ));
    }
    let (new, held) = of_kind(lab, EventKind::New, ways)?;
    if let Some(failed) = &new.failed {
        let reason = format!("the execution for a new file fails in the simulation: {failed}");
        return Err(NotMeasured::CannotRun(reason));
    }
    let stored = Stored::of(lab.design, lab.options, &held, ways.len());
    let mut measured = vec![new];
    let changes = EventKind::CHANGES.map(EventKind::Changed);
    let others = [EventKind::Update, EventKind::Late, EventKind::Deleted].into_iter().chain(changes);
    for kind in others.chain([EventKind::Failed]) {
        measured.push(of_kind(lab, kind, ways)?.0);
    }
    let kinds = shares(&lab.options.mix, measured)?;
    for usage in kinds.iter().filter(|usage| usage.kind != EventKind::Failed && !usage.share.is_zero()) {
        if let Some(failed) = &usage.failed {
            notes.push(format!("An execution fails ({}): {failed}.", usage.kind));
        }
    }
    notes.extend(uncounted(&kinds));
    let backfill = backfill::measure(lab, stack)?;
    Ok(Usage { basis: Basis::Simulated, kinds, stored, backfill, notes })
}

/// What an event of a kind uses, on average over the ways; and what tables hold afterwards.
fn of_kind(lab: &Lab<'_>, kind: EventKind, ways: &[Sample]) -> Result<(KindUsage, Tables), NotMeasured> {
    let mut sum: Option<KindUsage> = None;
    let mut held = Tables::new();
    let part = Decimal::one().over(&Decimal::from(ways.len() as u64));
    for way in ways {
        let watched = lab.watch(kind, way)?;
        let usage = lab.used(kind, &watched)?.times(&part);
        for (table, items) in watched.after {
            held.entry(table).or_default().extend(items);
        }
        sum = Some(match sum {
            Some(sum) => sum.plus(usage),
            None => usage,
        });
    }
    sum.map(|sum| (sum, held)).ok_or_else(|| NotMeasured::cannot_run("there is no event"))
}
