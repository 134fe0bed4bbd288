//! Events that the rules of a stack take, made up where nobody says what happens.

use crate::loaded::stand_in::ACCOUNT;
use serde_json::{Map, Value};

use super::{Bucket, RunnableStack, Target, TargetKind};
use crate::eventbridge::s3::schema;
use crate::eventbridge::{DetailType, Field, Presence, Shape};

/// The key of objects, where rules take any.
const KEY: &str = "photos/cat.jpg";
/// The size of objects, where rules take any.
pub const USUAL_SIZE: u64 = 48_213;
/// Sizes of objects, of which one is what rules take.
const SIZES: [u64; 4] = [USUAL_SIZE, 0, 5 << 20, 5 << 30];
/// About as many bytes as an object has of which nothing is said.
const FEW_BYTES: u64 = 50;
/// Of keys that rules may mean, so many are tried.
const MAX_KEYS: usize = 64;

/// What of a bucket's events starts state machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenEvents {
    /// The key of an object whose events do.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// The kinds of events that do: none, if nothing of the bucket starts anything.
    pub kinds: Vec<DetailType>,
}

impl RunnableStack {
    /// An object of a bucket whose events start state machines, as far as the rules' patterns show one.
    pub fn taken_events(&self, bucket: &Bucket) -> TakenEvents {
        let mut best = TakenEvents { key: KEY.to_owned(), size: USUAL_SIZE, kinds: Vec::new() };
        for (key, size) in keys(self).iter().flat_map(|key| SIZES.map(|size| (key, size))) {
            let takes = |kind: &DetailType| starts(self, &likely_event(*kind, &bucket.name, key, size));
            let kinds: Vec<DetailType> = DetailType::ALL.into_iter().filter(takes).collect();
            if kinds.len() > best.kinds.len() {
                best = TakenEvents { key: key.clone(), size, kinds };
            }
        }
        best
    }

    /// Objects of a bucket whose events start state machines, as far as the rules' patterns show them: one for each choice of machines that
    /// they start. The first is that of [`RunnableStack::taken_events`].
    pub fn all_taken_events(&self, bucket: &Bucket) -> Vec<TakenEvents> {
        let usual = self.taken_events(bucket);
        let others = keys(self).into_iter().flat_map(|key| SIZES.map(|size| (key.clone(), size)));
        let mut seen: Vec<Vec<(DetailType, Vec<usize>)>> = Vec::new();
        let mut all = Vec::new();
        for (key, size) in std::iter::once((usual.key, usual.size)).chain(others) {
            let started = |kind| (kind, machines(self, &likely_event(kind, &bucket.name, &key, size)));
            let started = DetailType::ALL.into_iter().map(started).filter(|(_, machines)| !machines.is_empty());
            let started: Vec<_> = started.collect();
            if !started.is_empty() && !seen.contains(&started) {
                let kinds = started.iter().map(|(kind, _)| *kind).collect();
                all.push(TakenEvents { key, size, kinds });
                seen.push(started);
            }
        }
        all
    }

    /// The key of an object whose upload starts a state machine, as far as the rules' patterns show one; and its size, where a rule asks for
    /// more than the few bytes that an object has of which nothing is said.
    pub fn usual_upload(&self, bucket: &Bucket) -> (String, Option<u64>) {
        let TakenEvents { key, size, .. } = self.taken_events(bucket);
        let takes = |size| starts(self, &likely_event(DetailType::ObjectCreated, &bucket.name, &key, size));
        let size = Some(size).filter(|size| takes(*size) && !takes(FEW_BYTES));
        (key, size)
    }
}

/// Whether an event starts a state machine.
fn starts(stack: &RunnableStack, event: &Value) -> bool {
    !machines(stack, event).is_empty()
}

/// The state machines that an event starts.
fn machines(stack: &RunnableStack, event: &Value) -> Vec<usize> {
    let rules = stack.matching(event).into_iter().flatten();
    let machine = |target: &Target| match target.kind {
        TargetKind::Machine(machine) => Some(machine),
        TargetKind::Other(_) => None,
    };
    rules.flat_map(|rule| rule.targets.iter().filter_map(machine)).collect()
}

/// Keys that the rules may mean: of what their patterns begin and end with.
fn keys(stack: &RunnableStack) -> Vec<String> {
    let (mut exact, mut prefixes, mut suffixes) = (vec![KEY.to_owned()], vec![String::new()], vec![String::new()]);
    for rule in stack.rules() {
        let conditions = rule.source.pointer("/detail/object/key").and_then(Value::as_array);
        for condition in conditions.into_iter().flatten() {
            let text = |name: &str| condition.get(name).and_then(Value::as_str);
            exact.extend(condition.as_str().map(str::to_owned));
            exact.extend(text("equals-ignore-case").map(str::to_owned));
            exact.extend(text("wildcard").map(|pattern| pattern.replace('*', "x")));
            prefixes.extend(text("prefix").map(str::to_owned));
            suffixes.extend(text("suffix").map(str::to_owned));
        }
    }
    for prefix in &prefixes {
        let ends = suffixes.iter().map(|suffix| if suffix.is_empty() { ".jpg" } else { suffix.as_str() });
        exact.extend(ends.map(|end| format!("{prefix}cat{end}")));
    }
    exact.truncate(MAX_KEYS);
    exact
}

/// An event of S3 with everything that this kind always has. Its time and id are left to the player.
pub fn likely_event(kind: DetailType, bucket: &str, key: &str, size: u64) -> Value {
    let fields = schema(kind).fields;
    let mut event = sample(&fields, key, size);
    for name in ["id", "time", "account", "region", "resources", "version"] {
        event.shift_remove(name);
    }
    let mut event = Value::Object(event);
    event["detail"]["bucket"]["name"] = bucket.into();
    event
}

fn sample(fields: &indexmap::IndexMap<&'static str, Field>, key: &str, size: u64) -> Map<String, Value> {
    let fields = fields.iter().filter(|(_, field)| field.presence == Presence::Always);
    let value = |name: &str, shape: &Shape| match shape {
        Shape::Object(inner) => Value::Object(sample(inner, key, size)),
        Shape::OneOf(texts) => texts.first().copied().unwrap_or_default().into(),
        Shape::Count => size.into(),
        Shape::Flag => false.into(),
        Shape::Anything => Value::Object(Map::new()),
        Shape::Text => match name {
            "key" => key.into(),
            "etag" => "d41d8cd98f00b204e9800998ecf8427e".into(),
            "sequencer" => "0069B2C3D4E5F60718".into(),
            "request-id" => "C3D13FE58DE4C810".into(),
            "requester" => ACCOUNT.into(),
            "restore-expiry-time" => "2026-01-08T00:00:00Z".into(),
            _ => Value::String(String::new()),
        },
    };
    fields.map(|(name, field)| ((*name).to_owned(), value(name, &field.shape))).collect()
}
