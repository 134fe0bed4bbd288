//! What happens: deeds in their order, as S3 would tell of them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::simulate::Timestamp;
use crate::simulate::s3_events::{Change, Origin};
use crate::simulate::services::s3::{S3, Upload};
use crate::simulate::services::{Fault, Ids};
use crate::simulate::simulation::SimulationOptions;
use crate::simulate::stack::{RunnableStack, TargetKind};

/// The name under which an object's metadata has the number of the deed that wrote it.
pub const DEED: &str = "deed";

/// Something that is done, or that somebody tells of.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// An object is written.
    Put {
        /// Its bucket.
        bucket: String,
        /// Its key.
        key: String,
        /// What is said of it.
        object: Upload,
    },
    /// An object is deleted; in a bucket that keeps versions, that leaves a marker.
    Delete {
        /// Its bucket.
        bucket: String,
        /// Its key.
        key: String,
    },
    /// What an earlier deed made (a version or a marker) is deleted for good.
    DeleteVersion {
        /// The number of that deed, counted from 0.
        of: usize,
    },
    /// An event comes. The bucket stays as it is.
    Told {
        /// The event.
        event: Value,
    },
    /// DynamoDB removes every item of a table that has a time to live. It does so when all executions have ended that were started before.
    Expire {
        /// The table, by its name or logical id.
        table: String,
    },
    /// A state machine is started by hand.
    Start {
        /// Its name or logical id.
        machine: String,
        /// Its input.
        input: Value,
    },
}

/// What happens to a stack.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Story {
    /// What is in the tables at first: the name of a table and an item in DynamoDB's form.
    pub given: Vec<(String, Value)>,
    /// How many of the deeds are done before the stack is there: no events tell of those.
    pub before: usize,
    /// What is done, in this order.
    pub deeds: Vec<Deed>,
    /// When each deed is done, from the beginning. Those that are done at one moment are done together. What is left out is done a second
    /// after the one before it; what is older than the stack, at the beginning.
    pub at: Vec<Duration>,
    /// How often the event of each deed comes beyond the first time; what is left out comes once.
    pub again: Vec<usize>,
    /// What goes wrong all the time, as a scenario says it: `fail HeadObject with S3.S3Exception`.
    pub faults: Vec<Fault>,
    /// Whether the same story without items that expire is told as well: where nothing does, this one says no more.
    pub told_without_expiry: bool,
}

/// A deed, and what comes of it.
#[derive(Debug, Clone)]
pub(super) struct Done {
    /// When.
    pub(super) at: Timestamp,
    /// Its event, if one is sent.
    pub(super) event: Option<Value>,
    /// The machines that it starts, each time that its event comes, and their inputs.
    pub(super) starts: Vec<(usize, Value)>,
}

impl Deed {
    /// Its bucket's name, where it is about one.
    fn told_by<'a>(&'a self, changes: &'a [Option<Change>]) -> Option<&'a str> {
        match self {
            Self::Put { bucket, .. } | Self::Delete { bucket, .. } => Some(bucket),
            Self::DeleteVersion { of } => Some(changes.get(*of)?.as_ref()?.bucket.as_str()),
            Self::Told { .. } | Self::Start { .. } | Self::Expire { .. } => None,
        }
    }
}

/// An upload of so many bytes, whose metadata has the number of its deed as [`DEED`], counted from 0.
pub fn numbered_upload(deed: usize, size: u64) -> Upload {
    let metadata = BTreeMap::from([(DEED.to_owned(), deed.to_string())]);
    Upload { size: Some(size), metadata, ..Upload::default() }
}

impl Story {
    /// When a deed is done, from the beginning.
    pub(super) fn offset(&self, deed: usize) -> Duration {
        let usual = || Duration::from_secs(deed.saturating_sub(self.before) as u64);
        self.at.get(deed).copied().unwrap_or_else(usual)
    }

    /// When a deed is done.
    pub(super) fn time(&self, deed: usize) -> Timestamp {
        SimulationOptions::default().start.after(self.offset(deed))
    }

    /// The deed after those that are done together with this one.
    pub(super) fn together(&self, deed: usize) -> usize {
        let same = |other: &usize| self.offset(*other) == self.offset(deed);
        let first =
            if deed < self.before { deed } else { (deed..self.deeds.len()).take_while(same).last().unwrap_or(deed) };
        first + 1
    }

    /// Whether a deed waits until all executions have ended.
    pub(super) fn waits(&self, deed: usize) -> bool {
        matches!(self.deeds.get(deed), Some(Deed::Expire { .. }))
    }

    /// How many executions its events start at least.
    pub fn executions(&self, stack: &RunnableStack) -> usize {
        let done = self.done(stack);
        done.iter().enumerate().map(|(deed, (done, _))| done.starts.len() * self.deliveries(deed)).sum()
    }

    /// How often the event of a deed comes at least.
    pub(super) fn deliveries(&self, deed: usize) -> usize {
        1 + self.again.get(deed).copied().unwrap_or_default()
    }

    /// Does a deed to the buckets. Its ids and times follow from its number, so that they are the same whatever happens around it.
    pub(super) fn change(&self, number: usize, s3: &mut S3, changes: &[Option<Change>]) -> Option<Change> {
        let (mut ids, now) = (Ids::seeded(number as u64), self.time(number));
        match &self.deeds[number] {
            Deed::Put { bucket, key, object } => {
                let object = object.object(key, now, &mut ids);
                Some(s3.put(bucket, key, object, "PutObject", &mut ids))
            }
            Deed::Delete { bucket, key } => s3.delete(bucket, key, now, &mut ids),
            Deed::DeleteVersion { of } => {
                let made = changes.get(*of)?.as_ref()?;
                s3.delete_version(&made.bucket, &made.key, made.version_id.as_deref()?, now)
            }
            // What an event says is so in the bucket from then on, unless something newer happened to that.
            Deed::Told { event } => {
                let change = Change::of_event(event)?;
                s3.happened(&change);
                Some(change)
            }
            Deed::Start { .. } | Deed::Expire { .. } => None,
        }
    }

    /// How many events there are, those aside that are older than the stack.
    pub fn events(&self) -> usize {
        self.deeds
            .iter()
            .skip(self.before)
            .filter(|deed| !matches!(deed, Deed::Start { .. } | Deed::Expire { .. }))
            .count()
    }

    /// All deeds, one after the other, in buckets that nobody else writes.
    pub(super) fn done(&self, stack: &RunnableStack) -> Vec<(Done, Option<Change>)> {
        let mut s3 = S3::new();
        for bucket in stack.buckets() {
            s3.create_bucket(&bucket.name, bucket.versioned);
        }
        let mut changes: Vec<Option<Change>> = Vec::new();
        let mut all = Vec::new();
        for (number, deed) in self.deeds.iter().enumerate() {
            let change = self.change(number, &mut s3, &changes);
            let mut ids = Ids::seeded(number as u64 + 1000);
            let sends = deed.told_by(&changes).is_some_and(|name| {
                stack.buckets().iter().any(|bucket| bucket.name == name && bucket.sends_to_event_bridge)
            });
            let event = match deed {
                Deed::Told { event } => Some(event.clone()),
                _ => change.as_ref().filter(|_| sends).map(|change| change.event(&Origin::default(), &mut ids)),
            };
            let event = event.filter(|_| number >= self.before);
            let starts = match deed {
                Deed::Start { machine, input } => {
                    stack.machine(machine).map(|machine| (machine, input.clone())).into_iter().collect()
                }
                _ => event.as_ref().map(|event| starts(stack, event, None)).unwrap_or_default(),
            };
            all.push((Done { at: self.time(number), event, starts }, change.clone()));
            changes.push(change);
        }
        all
    }
}

/// An event that a call causes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sent {
    pub(super) event: Value,
    /// The bus that a workflow put it on; S3 sends to the default one.
    pub(super) bus: Option<String>,
}

/// The machines that an event starts on a bus, on any if none is given, and their inputs.
pub(super) fn starts(stack: &RunnableStack, event: &Value, bus: Option<&str>) -> Vec<(usize, Value)> {
    let mut found = Vec::new();
    for rule in stack.matching_on(event, bus).into_iter().flatten() {
        for target in rule.targets.iter().filter(|target| target.obstacle.is_none()) {
            if let (TargetKind::Machine(machine), Ok(input)) = (&target.kind, target.input.apply(event)) {
                found.push((*machine, input));
            }
        }
    }
    found
}
