//! What a stack uses, in numbers.

use serde::Serialize;

use super::EventKind;
use super::call::Billed;
use crate::cost::{Decimal, PriceId};

/// What a stack uses for each event, object and backfilled object.
#[derive(Debug, Clone, PartialEq)]
pub struct Usage {
    /// Where the counts are from.
    pub basis: Basis,
    /// What an event of each kind makes.
    pub kinds: Vec<KindUsage>,
    /// What is stored of an object.
    pub stored: Stored,
    /// What a backfill makes of each object, if the stack has one.
    pub backfill: Option<BackfillUsage>,
    /// What was assumed, or could not be counted.
    pub notes: Vec<String>,
}

/// Where counts are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Events were run in the simulator.
    Simulated,
    /// The ways through the definition were counted.
    Walked,
    /// Histories that somebody gave.
    Trace,
}

/// What an event of a kind makes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KindUsage {
    /// The kind.
    pub kind: EventKind,
    /// Which part of the events is of it.
    pub share: Decimal,
    /// The states that were entered, in order, of the executions one after the other.
    pub path: Vec<String>,
    /// How its executions ended, if not well.
    pub failed: Option<String>,
    /// The executions that it starts.
    pub machines: Vec<MachineUsage>,
    /// How often each call is made.
    pub calls: Vec<CallCount>,
    /// What the calls are billed as, but for the writes of indexes.
    #[serde(skip)]
    pub billed: Vec<(PriceId, Decimal)>,
    /// The write request units of the indexes.
    pub index_write_units: Decimal,
}

/// What an execution uses, or several of one machine together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MachineUsage {
    /// The machine: its place in [`Design::machines`](crate::cost::Design::machines).
    #[serde(skip)]
    pub at: usize,
    /// What people call it.
    pub machine: String,
    /// How many executions.
    pub executions: Decimal,
    /// Their transitions as a STANDARD workflow: one for each state entered, and one for each time that it is tried again.
    pub transitions: Decimal,
    /// Their duration in milliseconds, each rounded up to 100.
    pub milliseconds: Decimal,
    /// What they log, by level.
    pub log_bytes: LogBytes,
    /// The fewest and the most transitions, where ways were counted; the most is unknown if a loop has no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub walked: Option<Walked>,
}

/// Bytes that are logged, as CloudWatch counts them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogBytes {
    /// At the level `FATAL`.
    pub fatal: Decimal,
    /// At the level `ERROR`.
    pub error: Decimal,
    /// At the level `ALL`.
    pub all: Decimal,
}

/// How often a call is made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CallCount {
    /// The service: `dynamodb`.
    pub service: String,
    /// The call: `putItem`.
    pub action: String,
    /// How often.
    pub count: Decimal,
}

/// What is stored of an object.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stored {
    /// The size of a record in bytes.
    pub item_bytes: u64,
    /// Whether it was measured, not given or assumed.
    pub measured: bool,
    /// The records that an object has at once, and the entries of indexes: their bytes in storage, with what DynamoDB adds.
    pub table_bytes: u64,
    /// The same of indexes.
    pub index_bytes: u64,
    /// Whether every upload has a record of its own.
    pub every_upload: bool,
}

/// What a backfill makes of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct BackfillUsage {
    /// The machine: its place in [`Design::machines`](crate::cost::Design::machines).
    pub at: usize,
    /// Transitions of the machine itself.
    pub transitions: Decimal,
    /// Child executions for each object.
    pub children: Decimal,
    /// Whether they are EXPRESS.
    pub express: bool,
    /// Transitions of the children for each object, if they are STANDARD.
    pub child_transitions: Decimal,
    /// The children's duration in milliseconds for each object.
    pub milliseconds: Decimal,
    /// What its calls are billed as, for each object.
    pub billed: Vec<(PriceId, Decimal)>,
    /// The write request units of the indexes for each object.
    pub index_write_units: Decimal,
}

impl LogBytes {
    /// No bytes at any level.
    pub(crate) fn none() -> Self {
        Self { fatal: Decimal::zero(), error: Decimal::zero(), all: Decimal::zero() }
    }
}

/// Units, as a list in the order of bills.
pub(super) fn listed(billed: &Billed) -> Vec<(PriceId, Decimal)> {
    PriceId::ALL.into_iter().filter_map(|id| Some((id, billed.get(&id)?.clone()))).collect()
}

/// The calls, how often each was made.
pub(super) fn counted<'a>(calls: impl IntoIterator<Item = (&'a str, &'a str, Decimal)>) -> Vec<CallCount> {
    let mut counts: Vec<CallCount> = Vec::new();
    for (service, action, count) in calls {
        match counts.iter_mut().find(|known| known.service == service && known.action == action) {
            Some(known) => known.count += count,
            None => counts.push(CallCount { service: service.to_owned(), action: action.to_owned(), count }),
        }
    }
    counts
}

/// The fewest and the most transitions of the ways through a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Walked {
    /// The least number of transitions on any way.
    pub fewest: Decimal,
    /// The most; `None` where there is a loop.
    pub most: Option<Decimal>,
}
