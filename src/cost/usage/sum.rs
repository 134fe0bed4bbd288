//! Usage added up: executions of one machine, several ways, shares of the events.

use super::call::{Billed, add};
use super::{EventKind, KindUsage, LogBytes, MachineUsage, counted, listed};
use crate::cost::{CostError, Decimal, Mix, Share};

impl KindUsage {
    pub(super) fn nothing(kind: EventKind) -> Self {
        Self {
            kind,
            share: Decimal::zero(),
            path: Vec::new(),
            failed: None,
            machines: Vec::new(),
            calls: Vec::new(),
            billed: Vec::new(),
            index_write_units: Decimal::zero(),
        }
    }

    pub(super) fn add_machine(&mut self, more: MachineUsage) {
        match self.machines.iter_mut().find(|known| known.at == more.at) {
            Some(known) => {
                known.executions += more.executions;
                known.transitions += more.transitions;
                known.milliseconds += more.milliseconds;
                known.log_bytes.fatal += more.log_bytes.fatal;
                known.log_bytes.error += more.log_bytes.error;
                known.log_bytes.all += more.log_bytes.all;
            }
            None => self.machines.push(more),
        }
    }

    /// The same usage, `factor` times.
    pub(super) fn times(mut self, factor: &Decimal) -> Self {
        if *factor == Decimal::one() {
            return self;
        }
        for machine in &mut self.machines {
            let LogBytes { fatal, error, all } = &mut machine.log_bytes;
            for number in
                [&mut machine.executions, &mut machine.transitions, &mut machine.milliseconds, fatal, error, all]
            {
                *number = &*number * factor;
            }
        }
        self.calls.iter_mut().for_each(|call| call.count = &call.count * factor);
        self.billed.iter_mut().for_each(|(_, units)| *units = &*units * factor);
        self.index_write_units = &self.index_write_units * factor;
        self
    }

    /// Both together. The path is that of the first.
    pub(super) fn plus(mut self, more: Self) -> Self {
        more.machines.into_iter().for_each(|machine| self.add_machine(machine));
        let calls = self.calls.iter().chain(&more.calls);
        self.calls = counted(calls.map(|call| (call.service.as_str(), call.action.as_str(), call.count.clone())));
        let mut billed: Billed = self.billed.into_iter().collect();
        add(&mut billed, more.billed.into_iter().collect());
        self.billed = listed(&billed);
        self.index_write_units += more.index_write_units;
        self.failed = self.failed.or(more.failed);
        self
    }
}

/// Gives each kind its share, and leaves out what the stack does not take and nobody asked for.
pub(super) fn shares(mix: &Mix, measured: Vec<KindUsage>) -> Result<Vec<KindUsage>, CostError> {
    let five = Decimal::from(5).over(&Decimal::from(100));
    let is_taken = |usage: &KindUsage| !usage.machines.is_empty();
    let share = |chosen: &Option<Share>, taken: bool| match chosen {
        Some(share) => share.decimal(),
        None if taken => five.clone(),
        None => Decimal::zero(),
    };
    let deleted = measured.iter().any(|usage| usage.kind == EventKind::Deleted && is_taken(usage));
    let changes =
        measured.iter().filter(|usage| matches!(usage.kind, EventKind::Changed(_)) && is_taken(usage)).count();
    let (deletions, changed) = (share(&mix.deletions, deleted), share(&mix.changes, changes > 0));
    let rest = mix.rest(&deletions, &changed).ok_or(CostError::Mix)?;
    // Changes that nothing takes are billed by EventBridge all the same: one kind stands for all.
    let each = changed.over(&Decimal::from(changes.max(1) as u64));
    let mut first_change = changes == 0;
    let mut kinds = Vec::new();
    for mut usage in measured {
        usage.share = match usage.kind {
            EventKind::New | EventKind::Any => rest.clone(),
            EventKind::Update => mix.updates.decimal(),
            EventKind::Late => mix.late.decimal(),
            EventKind::Deleted => deletions.clone(),
            EventKind::Failed => mix.failures.decimal(),
            EventKind::Changed(_) if is_taken(&usage) || std::mem::take(&mut first_change) => each.clone(),
            EventKind::Changed(_) => Decimal::zero(),
        };
        let always = matches!(usage.kind, EventKind::New | EventKind::Update | EventKind::Late);
        if always || !usage.share.is_zero() || (is_taken(&usage) && usage.kind != EventKind::Failed) {
            kinds.push(usage);
        }
    }
    Ok(kinds)
}
