//! What happens: deeds in their order, as S3 would tell of them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::simulate::Timestamp;
use crate::simulate::s3_events::{Change, Origin};
use crate::simulate::services::Ids;
use crate::simulate::services::s3::{Body, Object, S3};
use crate::simulate::simulation::SimulationOptions;
use crate::simulate::stack::{LocalStack, TargetKind};

/// The name under which an object's metadata has the number of the deed that wrote it.
pub const DEED: &str = "deed";

/// Something that is done, or that somebody tells of.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// An object is written, of so many bytes. Its metadata has the number of the deed as [`DEED`], counted from 0.
    Put {
        /// Its bucket.
        bucket: String,
        /// Its key.
        key: String,
        /// Its size in bytes.
        size: u64,
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
    /// What is done, in this order, a second after each other.
    pub deeds: Vec<Deed>,
    /// How often the event of each deed comes beyond the first time; what is left out comes once.
    pub again: Vec<usize>,
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
            Self::Told { .. } | Self::Start { .. } => None,
        }
    }
}

impl Story {
    /// When a deed is done.
    pub(super) fn time(number: usize) -> Timestamp {
        SimulationOptions::default().start.after(Duration::from_secs(number as u64))
    }

    /// How often the event of a deed comes at least.
    pub(super) fn deliveries(&self, deed: usize) -> usize {
        1 + self.again.get(deed).copied().unwrap_or_default()
    }

    /// Does a deed to the buckets. Its ids and times follow from its number, so that they are the same whatever happens around it.
    pub(super) fn change(&self, number: usize, s3: &mut S3, changes: &[Option<Change>]) -> Option<Change> {
        let (mut ids, now) = (Ids::seeded(number as u64), Self::time(number));
        match &self.deeds[number] {
            Deed::Put { bucket, key, size } => {
                let mut object = Object::new(Body::Unseen(*size), now);
                object.metadata = BTreeMap::from([(DEED.to_owned(), number.to_string())]);
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
            Deed::Start { .. } => None,
        }
    }

    /// How many events there are, those aside that are older than the stack.
    pub fn events(&self) -> usize {
        self.deeds.iter().skip(self.before).filter(|deed| !matches!(deed, Deed::Start { .. })).count()
    }

    /// All deeds, one after the other, in buckets that nobody else writes.
    pub(super) fn done(&self, stack: &LocalStack) -> Vec<(Done, Option<Change>)> {
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
                _ => event.as_ref().map(|event| starts(stack, event)).unwrap_or_default(),
            };
            all.push((Done { at: Self::time(number), event, starts }, change.clone()));
            changes.push(change);
        }
        all
    }
}

/// The machines that an event starts, and their inputs.
pub(super) fn starts(stack: &LocalStack, event: &Value) -> Vec<(usize, Value)> {
    let mut found = Vec::new();
    for rule in stack.matching(event).into_iter().flatten() {
        for target in rule.targets.iter().filter(|target| target.obstacle.is_none()) {
            if let (TargetKind::Machine(machine), Ok(input)) = (&target.kind, target.input.apply(event)) {
                found.push((*machine, input));
            }
        }
    }
    found
}
