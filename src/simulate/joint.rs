//! What a Parallel or a Map keeps while its branches or iterations run.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use serde_json::Value;

use super::flow::{FlowId, Item};
use super::items::{self, ChildExecution};
use super::{Failure, Timestamp};

/// The branches or iterations of a state: those that run, those that ended, those that are still to start.
#[derive(Debug, Clone)]
pub(super) struct Joint {
    /// The outputs of those that ended, each in its place.
    pub(super) results: Vec<Option<Value>>,
    /// How many have not ended.
    pub(super) unfinished: usize,
    /// Those that run.
    pub(super) running: BTreeSet<FlowId>,
    /// What ended one of them badly and with it all.
    pub(super) failure: Option<Failure>,
    /// What only a Map has.
    pub(super) map: Option<MapRun>,
}

/// The iterations of a Map that are still to start, and how many may fail.
#[derive(Debug, Clone)]
pub(super) struct MapRun {
    /// The items that no iteration has begun with, the place of each, and what its iteration is given where that is known.
    pub(super) pending: VecDeque<(usize, Arc<Item>, Option<Value>)>,
    /// How many may run at once.
    pub(super) concurrency: usize,
    /// Whether each is an execution of its own.
    pub(super) distributed: bool,
    /// How many items there are in all, and in each batch.
    pub(super) weights: Vec<usize>,
    /// What became of each child execution, where a `ResultWriter` wants to know.
    pub(super) records: Option<Vec<ChildExecution>>,
    /// How many items failed.
    pub(super) failed: usize,
    /// How many may.
    pub(super) tolerated: Tolerance,
}

/// How many items of a distributed Map may fail.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tolerance {
    pub(super) count: Option<f64>,
    pub(super) percentage: Option<f64>,
}

impl Tolerance {
    /// Whether more failed of `total` than may. Either bound alone is enough; without any, none may.
    pub(super) fn is_exceeded(&self, failed: usize, total: usize) -> bool {
        if failed == 0 {
            return false;
        }
        let failed = failed as f64;
        let too_many = self.count.is_some_and(|count| failed > count);
        let too_much = self.percentage.is_some_and(|percent| failed * 100.0 > percent * total as f64);
        too_many || too_much || (self.count.is_none() && self.percentage.is_none())
    }
}

impl Joint {
    /// What waits for `count` flows.
    pub(super) fn new(count: usize, map: Option<MapRun>) -> Self {
        Self { results: vec![None; count], unfinished: count, running: BTreeSet::new(), failure: None, map }
    }

    /// Takes how one of them ended.
    pub(super) fn take(&mut self, flow: FlowId, place: usize, now: Timestamp, ended: Result<Value, Failure>) {
        let record = self.map.as_mut().and_then(|map| map.records.as_mut()?.get_mut(place));
        if let Some(record) = record {
            record.stop = Some(now.to_string());
            record.outcome = match &ended {
                Ok(output) => items::Outcome::Succeeded(output.clone()),
                Err(failure) => items::Outcome::Failed { error: failure.error.clone(), cause: failure.cause.clone() },
            };
        }
        self.running.remove(&flow);
        self.unfinished = self.unfinished.saturating_sub(1);
        match ended {
            Ok(output) => self.results[place] = Some(output),
            Err(failure) => self.failed(place, failure),
        }
    }

    fn failed(&mut self, place: usize, failure: Failure) {
        let total: usize = self.map.as_ref().map_or(0, |map| map.weights.iter().sum());
        let failure = match &mut self.map {
            Some(map) if map.distributed => {
                map.failed += map.weights.get(place).copied().unwrap_or(1);
                if !map.tolerated.is_exceeded(map.failed, total) {
                    self.results[place] = Some(failure.output());
                    return;
                }
                Failure::threshold()
            }
            _ => failure,
        };
        self.failure.get_or_insert(failure);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_bound_is_enough() {
        let cases = [
            (None, None, 0, 10, false),
            (None, None, 1, 10, true),
            (Some(1.0), None, 1, 10, false),
            (Some(1.0), None, 2, 10, true),
            (None, Some(20.0), 2, 10, false),
            (None, Some(20.0), 3, 10, true),
            (Some(5.0), Some(20.0), 3, 10, true),
            (Some(0.0), Some(100.0), 1, 10, true),
        ];
        for (count, percentage, failed, total, expected) in cases {
            let tolerance = Tolerance { count, percentage };
            assert_eq!(tolerance.is_exceeded(failed, total), expected, "{tolerance:?} {failed}/{total}");
        }
    }
}
