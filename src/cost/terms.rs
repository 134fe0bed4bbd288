//! From usage to the terms of a bill: which units of which price.

use std::collections::BTreeMap;

use super::bill::Term;
use super::design::{Design, LogDesign, LogLevel, MachineDesign};
use super::usage::capacity::read_units;
use super::usage::{BackfillUsage, EventKind, KindUsage, MachineUsage, Usage, function_units};
use super::{Decimal, Options, PriceId};

/// The terms of each price.
pub(super) type Terms = BTreeMap<PriceId, Vec<Term>>;

/// Of what is logged, so much is kept after compression, in percent: as
/// [CloudWatch's own examples](https://aws.amazon.com/cloudwatch/pricing/) have it.
pub(super) const COMPRESSED_PERCENT: u64 = 15;

/// A key is asked so often a month for each resource that it encrypts: every five minutes, as long as the services keep what it
/// has given them.
pub(super) const KEY_REQUESTS: u64 = 12 * 730;

/// What a run of a function leaves in its log, in bytes.
const FUNCTION_LOG: u64 = 400;

/// Bytes in a GB, as AWS counts.
const GB: u64 = 1 << 30;

/// Collects the terms of a bill from what a stack has and uses.
pub(super) struct Collector<'a> {
    pub(super) design: &'a Design,
    pub(super) usage: &'a Usage,
    pub(super) options: &'a Options,
    pub(super) terms: Terms,
}

fn gigabytes(bytes: &Decimal) -> Decimal {
    bytes.clone().over(&Decimal::from(GB))
}

impl Collector<'_> {
    fn add(&mut self, id: PriceId, term: Term) {
        self.terms.entry(id).or_default().push(term);
    }

    /// What is paid every month.
    pub(super) fn monthly(mut self) -> Terms {
        let usage = self.usage;
        if self.design.bucket_events {
            self.add(PriceId::OptInEvent, Term::per_event("events of the bucket", Decimal::one()));
        }
        for at in 0..self.design.machines.len() {
            self.machine(at);
        }
        for kind in &usage.kinds {
            for (id, units) in &kind.billed {
                self.add(*id, Term::per_event(kind.kind.to_string(), units * &kind.share));
            }
        }
        let indexes = average(&usage.kinds, |kind| kind.index_write_units.clone());
        self.add(PriceId::WriteRequestUnit, Term::per_event("indexes", indexes));
        self.storage();
        self.reads();
        let fixed = [
            (PriceId::Alarm, "alarms", self.design.alarms),
            (PriceId::Dashboard, "dashboards", self.design.dashboards),
            (PriceId::Key, "keys", self.design.keys),
        ];
        for (id, what, count) in fixed {
            self.add(id, Term::fixed(what, Decimal::from(count)));
        }
        if self.design.tables.iter().any(|table| table.stream) {
            self.add(PriceId::StreamRead, Term::fixed("stream reads", self.options.stream_reads.decimal()));
        }
        if self.design.keys > 0 {
            let requests = self.design.encrypted * KEY_REQUESTS;
            self.add(PriceId::KeyRequest, Term::fixed("resources that the key encrypts", Decimal::from(requests)));
        }
        self.terms
    }

    /// The executions of a machine: transitions or requests and durations, logs, traces.
    fn machine(&mut self, at: usize) {
        let usage = self.usage;
        let average = |of: &dyn Fn(&MachineUsage) -> Decimal| {
            average(&usage.kinds, |kind| {
                kind.machines.iter().find(|machine| machine.at == at).map_or_else(Decimal::zero, of)
            })
        };
        let MachineDesign { label, express, log, traced, .. } = self.design.machines[at].clone();
        let executions = average(&|machine| machine.executions.clone());
        if express {
            self.add(PriceId::ExpressRequest, Term::per_event(&label, executions.clone()));
            let gb_seconds = self.gb_seconds(&average(&|machine| machine.milliseconds.clone()));
            self.add(PriceId::ExpressGbSecond, Term::per_event(&label, gb_seconds));
        } else {
            let transitions = average(&|machine| machine.transitions.clone());
            self.add(PriceId::StateTransition, Term::per_event(&label, transitions));
        }
        let logged = average(&|machine| match log.level {
            LogLevel::Off => Decimal::zero(),
            LogLevel::Fatal => machine.log_bytes.fatal.clone(),
            LogLevel::Error => machine.log_bytes.error.clone(),
            LogLevel::All => machine.log_bytes.all.clone(),
        });
        self.logs(&log, &logged, &|units| Term::per_event(label.clone(), units));
        if traced {
            let traces = executions * self.options.traced.decimal();
            self.add(PriceId::Trace, Term::per_event(label, traces));
        }
    }

    fn gb_seconds(&self, milliseconds: &Decimal) -> Decimal {
        let memory = Decimal::from(self.options.memory_mb.max(1)).up_to(64).over(&Decimal::from(1024));
        memory * milliseconds.over(&Decimal::from(1000))
    }

    /// What is written to a log, and what is kept of it in the long run.
    fn logs(&mut self, log: &LogDesign, bytes: &Decimal, term: &dyn Fn(Decimal) -> Term) {
        let written = gigabytes(bytes);
        // Without an end of keeping, the first month's.
        let months = Decimal::from(log.retention_days.unwrap_or(30)).over(&Decimal::from(30));
        let kept = &(&written * &months) * &Decimal::from(COMPRESSED_PERCENT).over(&Decimal::from(100));
        self.add(PriceId::LogIngestion, term(written));
        self.add(PriceId::LogStorage, term(kept));
    }

    fn storage(&mut self) {
        let stored = &self.usage.stored;
        let records = records_per_object(self.usage);
        let gb = |bytes: u64| &gigabytes(&Decimal::from(bytes)) * &records;
        let (table, indexes) = (gb(stored.table_bytes), gb(stored.index_bytes));
        self.add(PriceId::TableStorage, Term::per_object("records", table.clone()));
        self.add(PriceId::TableStorage, Term::per_object("indexes", indexes));
        if self.design.tables.iter().any(|table| table.backup) {
            // Indexes are not in a backup's size: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery.html
            self.add(PriceId::TableBackup, Term::per_object("records", table));
        }
    }

    /// What a read of one record takes, through the API if there is one.
    fn reads(&mut self) {
        let per_read = |units: Decimal| Term::per_read("reads", units);
        let units = read_units(self.usage.stored.item_bytes, false);
        self.add(PriceId::ReadRequestUnit, per_read(units));
        let Some(api) = self.design.api.clone() else { return };
        let request = if api.rest { PriceId::RestApiRequest } else { PriceId::HttpApiRequest };
        self.add(request, per_read(Decimal::one()));
        if let Some((bytes, retention_days)) = api.access_log {
            let log = LogDesign { level: LogLevel::All, data: false, retention_days };
            self.logs(&log, &Decimal::from(bytes), &|units| Term::per_read("access log", units));
        }
        if api.traced {
            self.add(PriceId::Trace, per_read(self.options.traced.decimal()));
        }
        let Some(function) = api.function.and_then(|at| self.design.functions.get(at)).cloned() else { return };
        for (id, units) in function_units(function.memory_mb, function.arm, self.options.function_ms) {
            self.add(id, Term::per_read("function of the API", units));
        }
        let log = LogDesign { level: LogLevel::All, data: false, retention_days: Some(30) };
        self.logs(&log, &Decimal::from(FUNCTION_LOG), &|units| Term::per_read("log of the API's function", units));
    }

    /// What a backfill of every object costs.
    pub(super) fn backfill(mut self, backfill: &BackfillUsage) -> Terms {
        let what = "backfill";
        let per_object = |units: Decimal| Term::per_object(what, units);
        self.add(PriceId::StateTransition, Term::fixed(what, backfill.transitions.clone()));
        let children = backfill.children.clone();
        self.add(
            PriceId::StateTransition,
            Term::per_object("children", children.clone() + backfill.child_transitions.clone()),
        );
        if backfill.express {
            self.add(PriceId::ExpressRequest, per_object(children));
            let gb_seconds = self.gb_seconds(&backfill.milliseconds);
            self.add(PriceId::ExpressGbSecond, per_object(gb_seconds));
        }
        for (id, units) in &backfill.billed {
            self.add(*id, per_object(units.clone()));
        }
        self.add(PriceId::WriteRequestUnit, Term::per_object("indexes", backfill.index_write_units.clone()));
        self.terms
    }
}

/// The average over the kinds of events, by their shares.
fn average(kinds: &[KindUsage], of: impl Fn(&KindUsage) -> Decimal) -> Decimal {
    kinds.iter().map(|kind| &of(kind) * &kind.share).sum()
}

/// How many records there are of an object: where every upload has one, as many as the mix of events makes of each new file.
pub(super) fn records_per_object(usage: &Usage) -> Decimal {
    if !usage.stored.every_upload {
        return Decimal::one();
    }
    let share =
        |kind| usage.kinds.iter().find(|usage| usage.kind == kind).map_or_else(Decimal::zero, |k| k.share.clone());
    let new = share(EventKind::New);
    if new.is_zero() { Decimal::one() } else { (new.clone() + share(EventKind::Update)).over(&new) }
}
