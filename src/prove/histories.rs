//! What S3 can tell of a key, as far as the rules of a stack take it: every history of a few events.

use serde_json::{Map, Value};

use super::scenario_file::whole;
use super::story::{Deed, Story, numbered_upload, starts};
use crate::eventbridge::DetailType;
use crate::simulate::samples;
use crate::simulate::stack::{Bucket, RunnableStack, TakenEvents, USUAL_SIZE, likely_event};

/// Histories, and what they are made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Histories {
    /// The histories, the shorter ones first.
    pub stories: Vec<Story>,
    /// What kinds of events there are in them.
    pub kinds: Vec<String>,
    /// Whether these are all: more than [`MAX_STORIES`] are not made.
    pub complete: bool,
}

/// Something that can happen to a key.
#[derive(Debug, Clone, PartialEq)]
enum Happens {
    Put,
    Delete,
    /// What the deed so many before made is deleted for good.
    DeleteVersion(usize),
    Told(Value),
}

/// The most histories that are made.
pub const MAX_STORIES: usize = 5_000;

/// Every history of at most so many events about at most so many keys: where rules start other machines for other keys, of each choice of
/// machines. Where tables have items that expire, they do so somewhere in it, or do not. State machines that somebody starts by hand, a backfill, do so beside
/// each of them; then what the first deed makes may also be there before.
pub fn histories(stack: &RunnableStack, events: usize, keys: usize, started: &[String]) -> Histories {
    let mut found = Histories { stories: Vec::new(), kinds: Vec::new(), complete: true };
    for bucket in stack.buckets().iter().filter(|bucket| bucket.sends_to_event_bridge) {
        for taken in stack.all_taken_events(bucket) {
            found.kinds.extend(taken.kinds.iter().map(|kind| kind.as_str().to_owned()));
            let maker = Maker { stack, bucket, keys: names(&taken.key, keys), taken, events, started };
            maker.extend(&mut Vec::new(), &mut found.stories);
        }
    }
    let own: Vec<Value> = own_events(stack);
    found.kinds.extend(own.iter().filter_map(|event| event["detail-type"].as_str().map(str::to_owned)));
    for length in 1..=events.min(if own.is_empty() { 0 } else { events }) {
        sequences(&own, length, &mut Vec::new(), &mut |sequence| {
            if found.stories.len() >= MAX_STORIES {
                return;
            }
            let deeds = sequence.iter().enumerate();
            let at = |number| Story::default().time(number);
            let deeds =
                deeds.map(|(number, event)| Deed::Told { event: whole((*event).clone(), number, at(number), stack) });
            with_expiry(stack, &Story { deeds: deeds.collect(), ..Story::default() }, &mut found.stories);
        });
    }
    found.kinds.sort();
    found.kinds.dedup();
    found.complete = found.stories.len() < MAX_STORIES;
    found.stories.sort_by_key(|story| story.deeds.len());
    found
}

/// The events that rules take and that are not S3's.
fn own_events(stack: &RunnableStack) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for rule in stack.rules() {
        let event = samples::like(&rule.source);
        if event["source"] != "aws.s3" && !starts(stack, &event, None).is_empty() && !found.contains(&event) {
            found.push(event);
        }
    }
    found
}

/// Adds a story, and the same with items that expire after each of its deeds and in the end, where a table has such.
fn with_expiry(stack: &RunnableStack, story: &Story, stories: &mut Vec<Story>) {
    stories.push(story.clone());
    let expiring: Vec<Deed> = stack
        .tables()
        .iter()
        .filter(|table| table.expires())
        .map(|table| Deed::Expire { table: table.logical_id.clone() })
        .collect();
    if expiring.is_empty() {
        return;
    }
    for after in story.before.max(1)..=story.deeds.len() {
        let mut other = Story { told_without_expiry: true, ..story.clone() };
        insert(&mut other.deeds, after, &expiring);
        other.deeds.extend(expiring.iter().cloned());
        stories.push(other);
    }
}

/// Puts deeds among others; those that are about others are about the same ones afterwards.
fn insert(deeds: &mut Vec<Deed>, at: usize, new: &[Deed]) {
    for deed in deeds.iter_mut() {
        if let Deed::DeleteVersion { of } = deed {
            *of += if *of >= at { new.len() } else { 0 };
        }
    }
    deeds.splice(at..at, new.iter().cloned());
}

fn sequences<'a>(all: &'a [Value], length: usize, sequence: &mut Vec<&'a Value>, told: &mut impl FnMut(&[&'a Value])) {
    if sequence.len() == length {
        return told(sequence);
    }
    for event in all {
        sequence.push(event);
        sequences(all, length, sequence, told);
        sequence.pop();
    }
}

/// A number of keys that differ where rules do not look: before their end.
fn names(key: &str, count: usize) -> Vec<String> {
    let (folder, name) = key.rsplit_once('/').map_or(("", key), |(folder, name)| (folder, name));
    let slash = if folder.is_empty() { "" } else { "/" };
    let other = |number: usize| match name.split_once('.') {
        Some((stem, end)) => format!("{folder}{slash}{stem}-{number}.{end}"),
        None => format!("{key}-{number}"),
    };
    (1..=count).map(|number| if number == 1 { key.to_owned() } else { other(number) }).collect()
}

struct Maker<'a> {
    stack: &'a RunnableStack,
    bucket: &'a Bucket,
    taken: TakenEvents,
    keys: Vec<String>,
    events: usize,
    started: &'a [String],
}

impl Maker<'_> {
    /// Adds every history that begins so.
    fn extend(&self, begun: &mut Vec<(usize, Happens)>, stories: &mut Vec<Story>) {
        if begun.len() >= self.events || stories.len() >= MAX_STORIES {
            return;
        }
        // The keys are alike: a new one is the next.
        let used = begun.iter().map(|(key, _)| key + 1).max().unwrap_or(0);
        for key in 0..self.keys.len().min(used + 1) {
            for happens in self.can_happen(begun, key) {
                begun.push((key, happens));
                self.tell(begun, stories);
                self.extend(begun, stories);
                begun.pop();
            }
        }
    }

    /// The size of what a deed uploads: of a rule that chooses by the size, always the same.
    fn size(&self, deed: u64) -> u64 {
        if self.taken.size == USUAL_SIZE { USUAL_SIZE + deed * 2_864 } else { self.taken.size }
    }

    fn takes(&self, kind: DetailType) -> bool {
        self.taken.kinds.contains(&kind)
    }

    fn can_happen(&self, begun: &[(usize, Happens)], key: usize) -> Vec<Happens> {
        let mine = || begun.iter().enumerate().filter(|(_, (of, _))| *of == key);
        let is_there = match mine().next_back() {
            Some((_, (_, Happens::Delete))) => false,
            Some((_, (_, Happens::Told(_) | Happens::DeleteVersion(_)))) => {
                mine().any(|(_, (_, happens))| *happens == Happens::Put)
            }
            Some(_) => true,
            None => false,
        };
        let mut all = vec![Happens::Put];
        if self.takes(DetailType::ObjectDeleted) {
            if is_there {
                all.push(Happens::Delete);
            }
            if self.bucket.versioned {
                let made = mine().filter(|(_, (_, happens))| matches!(happens, Happens::Put | Happens::Delete));
                let gone = |at: &usize| mine().any(|(_, (_, happens))| *happens == Happens::DeleteVersion(*at));
                all.extend(made.map(|(at, _)| at).filter(|at| !gone(at)).map(Happens::DeleteVersion));
            }
        }
        if is_there {
            let told = self
                .taken
                .kinds
                .iter()
                .filter(|kind| !matches!(kind, DetailType::ObjectCreated | DetailType::ObjectDeleted));
            let event = |kind: &DetailType| likely_event(*kind, &self.bucket.name, &self.keys[key], self.taken.size);
            all.extend(told.map(|kind| Happens::Told(event(kind))));
        }
        all
    }

    fn tell(&self, begun: &[(usize, Happens)], stories: &mut Vec<Story>) {
        let deed = |(number, (key, happens)): (usize, &(usize, Happens))| {
            let (bucket, key) = (self.bucket.name.clone(), self.keys[*key].clone());
            match happens {
                Happens::Put => Deed::Put { bucket, key, object: numbered_upload(number, self.size(number as u64)) },
                Happens::Delete => Deed::Delete { bucket, key },
                Happens::DeleteVersion(of) => Deed::DeleteVersion { of: *of },
                Happens::Told(event) => {
                    Deed::Told { event: whole(event.clone(), number, Story::default().time(number), self.stack) }
                }
            }
        };
        let deeds: Vec<Deed> = begun.iter().enumerate().map(deed).collect();
        if self.started.is_empty() {
            // What only makes something, and starts nothing, is no history of its own.
            if !self.takes(DetailType::ObjectCreated) && begun.iter().all(|(_, happens)| *happens == Happens::Put) {
                return;
            }
            return with_expiry(self.stack, &Story { deeds, ..Story::default() }, stories);
        }
        // Started when there is something: its executions begin as late as they like.
        let start = |machine: &String| Deed::Start { machine: machine.clone(), input: Value::Object(Map::new()) };
        let started: Vec<Deed> = self.started.iter().map(start).collect();
        for before in [0, 1] {
            let mut deeds = deeds.clone();
            let first = deeds.len().min(1);
            insert(&mut deeds, first, &started);
            with_expiry(self.stack, &Story { before, deeds, ..Story::default() }, stories);
        }
    }
}
