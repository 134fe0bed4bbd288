use std::borrow::Cow;

use serde_json::{Map, Value};
use thiserror::Error;

use super::{JsonPath, Step, predicate};

/// How many values a path may visit. No payload has as many; a path of several `..` could visit one value very often.
const MAX_VISITS: usize = 2_000_000;

/// Why a path leads nowhere, in the words of AWS (which are Jayway's), such as `No results for path: $['a']`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{cause}")]
pub struct PathFault {
    cause: String,
}

impl PathFault {
    pub(super) fn new(cause: impl Into<String>) -> Self {
        Self { cause: cause.into() }
    }

    /// The cause that an execution fails with where a field such as `InputPath` has this path.
    pub fn in_path(&self, path: &JsonPath) -> String {
        format!("Invalid path '{path}' : {self}")
    }
}

/// What a path selects.
#[derive(Debug, Clone, PartialEq)]
pub enum Selected<'a> {
    /// What a definite path leads to. Borrowed, unless a function or several names made it.
    One(Cow<'a, Value>),
    /// Everything that an indefinite path leads to, in order.
    Many(Vec<Cow<'a, Value>>),
}

impl<'a> Selected<'a> {
    /// One value: the list of them, where there are many.
    pub fn into_cow(self) -> Cow<'a, Value> {
        match self {
            Self::One(value) => value,
            Self::Many(values) => Cow::Owned(values.into_iter().map(Cow::into_owned).collect()),
        }
    }

    /// One value of one's own.
    pub fn into_value(self) -> Value {
        self.into_cow().into_owned()
    }
}

impl JsonPath {
    /// What a reference path leads to, if anything. Other paths find nothing here.
    pub fn find<'a>(&self, root: &'a Value) -> Option<&'a Value> {
        self.steps.iter().try_fold(root, |value, step| match step {
            Step::Name(name) => value.as_object()?.get(name),
            Step::Index(index) => element(value.as_array()?, *index),
            _ => None,
        })
    }

    /// What it selects below a root.
    ///
    /// # Errors
    ///
    /// A definite part of it leads nowhere.
    pub fn evaluate<'a>(&self, root: &'a Value) -> Result<Selected<'a>, PathFault> {
        if let Some(value) = self.find(root) {
            return Ok(Selected::One(Cow::Borrowed(value)));
        }
        select(&self.steps, self.is_definite(), root, root)
    }
}

/// What `steps` select from `start`, in a document.
pub(super) fn select<'a>(
    steps: &[Step],
    definite: bool,
    start: &'a Value,
    document: &'a Value,
) -> Result<Selected<'a>, PathFault> {
    if let Some((Step::Function(function), before)) = steps.split_last() {
        let before_definite = before.iter().enumerate().all(|(at, step)| step.is_definite(at + 1 == before.len()));
        let value = select(before, before_definite, start, document)?.into_cow();
        return function.apply(&value).map(|value| Selected::One(Cow::Owned(value))).map_err(PathFault::new);
    }
    let mut walk = Walk { document, found: Vec::new(), visits: 0 };
    walk.steps(steps, Cow::Borrowed(start), &mut Place::root())?;
    if !definite {
        return Ok(Selected::Many(walk.found));
    }
    let none = || PathFault::new(format!("No results for path: {}", canonical(steps)));
    walk.found.pop().map(Selected::One).ok_or_else(none)
}

/// A path with every step in brackets.
fn canonical(steps: &[Step]) -> String {
    std::iter::once("$".to_owned()).chain(steps.iter().map(Step::to_string)).collect()
}

/// The element at an index, which counts from the end where it is negative.
pub(super) fn element(items: &[Value], index: i64) -> Option<&Value> {
    let at = if index < 0 { index + items.len() as i64 } else { index };
    items.get(usize::try_from(at).ok()?)
}

/// Where an evaluation is.
#[derive(Clone)]
struct Place {
    /// The definite steps taken so far, for the cause of a failure. Not kept up behind an indefinite step.
    path: String,
    /// Whether every step so far led to one value: only then is a missing one a failure.
    definite: bool,
}

impl Place {
    fn root() -> Self {
        Self { path: "$".to_owned(), definite: true }
    }

    /// Behind an indefinite step.
    fn behind() -> Self {
        Self { path: String::new(), definite: false }
    }
}

struct Walk<'a> {
    document: &'a Value,
    found: Vec<Cow<'a, Value>>,
    visits: usize,
}

impl<'a> Walk<'a> {
    /// Takes the steps, one after the other while they lead to one value, and from each of many where they don't.
    fn steps(&mut self, steps: &[Step], from: Cow<'a, Value>, place: &mut Place) -> Result<(), PathFault> {
        // Values that a path itself made are merged objects, which are always last.
        let Cow::Borrowed(mut value) = from else {
            self.found.push(from);
            return Ok(());
        };
        let mut steps = steps;
        loop {
            self.visits += 1;
            if self.visits > MAX_VISITS {
                return Err(PathFault::new("the path visits more values than a payload can have"));
            }
            let Some((step, rest)) = steps.split_first() else {
                self.found.push(Cow::Borrowed(value));
                return Ok(());
            };
            let next = match step {
                Step::Name(name) => self.name(value, name, rest.is_empty(), place)?,
                Step::Index(index) => self.index(value, *index, step, place)?,
                _ => return self.several(step, rest, value, place),
            };
            let Some(next) = next else { return Ok(()) };
            if place.definite {
                place.path.push_str(&step.to_string());
            }
            value = next;
            steps = rest;
        }
    }

    fn name(&self, value: &'a Value, name: &str, last: bool, place: &Place) -> Result<Option<&'a Value>, PathFault> {
        let Some(fields) = value.as_object() else {
            return not_an_object(value, &format!("['{name}']"), place);
        };
        match fields.get(name) {
            Some(found) => Ok(Some(found)),
            None if last || !place.definite => Ok(None),
            None => Err(PathFault::new(format!("Missing property in path {}['{name}']", place.path))),
        }
    }

    fn index(&self, value: &'a Value, index: i64, step: &Step, place: &Place) -> Result<Option<&'a Value>, PathFault> {
        Ok(items(value, step, place)?.and_then(|items| element(items, index)))
    }

    fn several(&mut self, step: &Step, rest: &[Step], value: &'a Value, place: &mut Place) -> Result<(), PathFault> {
        match step {
            Step::Names(names) => return self.names(names, rest, value, place),
            Step::Indices(indices) => {
                let Some(items) = items(value, step, place)? else { return Ok(()) };
                for item in indices.iter().filter_map(|index| element(items, *index)) {
                    self.steps(rest, Cow::Borrowed(item), &mut Place::behind())?;
                }
            }
            Step::Slice { from, to, .. } => {
                let Some(items) = items(value, step, place)? else { return Ok(()) };
                for item in slice(items.len(), *from, *to).filter_map(|index| element(items, index)) {
                    self.steps(rest, Cow::Borrowed(item), &mut Place::behind())?;
                }
            }
            Step::Wildcard => {
                for child in children(value) {
                    self.steps(rest, Cow::Borrowed(child), &mut Place::behind())?;
                }
            }
            Step::Filter(filter) => {
                let candidates = match value {
                    Value::Array(items) => items.as_slice(),
                    // On an object, the filter asks the object itself.
                    Value::Object(_) => std::slice::from_ref(value),
                    _ => &[],
                };
                for item in candidates {
                    if predicate::holds(filter, item, self.document)? {
                        self.steps(rest, Cow::Borrowed(item), &mut Place::behind())?;
                    }
                }
            }
            Step::Scan => return self.scan(rest, value, &Place::behind()),
            Step::Name(_) | Step::Index(_) | Step::Function(_) => {}
        }
        Ok(())
    }

    /// Several names: one object of those that are there where nothing follows, and each of them otherwise.
    fn names(&mut self, names: &[String], rest: &[Step], value: &'a Value, place: &Place) -> Result<(), PathFault> {
        let Some(fields) = value.as_object() else {
            let listed = Step::Names(names.to_vec()).to_string();
            return not_an_object(value, &listed, place).map(|_| ());
        };
        let there = names.iter().filter_map(|name| Some((name, fields.get(name)?)));
        if rest.is_empty() {
            let merged: Map<String, Value> = there.map(|(name, value)| (name.clone(), value.clone())).collect();
            self.found.push(Cow::Owned(Value::Object(merged)));
            return Ok(());
        }
        for (_, value) in there {
            self.steps(rest, Cow::Borrowed(value), &mut Place::behind())?;
        }
        Ok(())
    }

    /// The rest of the path from a value and from everything below it, parents first. Without recursion: data may be
    /// deep.
    fn scan(&mut self, rest: &[Step], value: &'a Value, place: &Place) -> Result<(), PathFault> {
        let mut waiting = vec![value];
        while let Some(value) = waiting.pop() {
            self.visits += 1;
            if matches!(value, Value::Object(_) | Value::Array(_)) {
                // As by Jayway: several names are taken from what has all of them, and a filter asks what it would
                // look into before it asks what is in there, so no value is found twice.
                let applies = match rest.first() {
                    Some(Step::Names(names)) => names.iter().all(|name| value.get(name).is_some()),
                    Some(Step::Filter(filter)) => predicate::holds(filter, value, self.document)?,
                    _ => true,
                };
                if applies {
                    self.steps(rest, Cow::Borrowed(value), &mut place.clone())?;
                }
                let from = waiting.len();
                waiting.extend(children(value));
                waiting[from..].reverse();
            }
        }
        Ok(())
    }
}

/// The values directly in another, in order.
fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(fields) => Box::new(fields.values()),
        _ => Box::new(std::iter::empty()),
    }
}

/// The items of a list. What is no list fails a definite path and is passed over by any other.
fn items<'a>(value: &'a Value, step: &Step, place: &Place) -> Result<Option<&'a [Value]>, PathFault> {
    match value {
        Value::Array(items) => Ok(Some(items)),
        _ if !place.definite => Ok(None),
        Value::Null => Err(PathFault::new(format!("The path {} is null", place.path))),
        _ => {
            let text = format!("Filter: {step} can only be applied to arrays. Current context is: {value}");
            Err(PathFault::new(text))
        }
    }
}

fn not_an_object<'a>(value: &Value, fragment: &str, place: &Place) -> Result<Option<&'a Value>, PathFault> {
    if !place.definite {
        return Ok(None);
    }
    let class = match value {
        Value::Null => "com.fasterxml.jackson.databind.node.NullNode",
        Value::Bool(_) => "com.fasterxml.jackson.databind.node.BooleanNode",
        Value::Number(number) if number.is_f64() => "com.fasterxml.jackson.databind.node.DoubleNode",
        Value::Number(number) if number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) => {
            "com.fasterxml.jackson.databind.node.IntNode"
        }
        Value::Number(_) => "com.fasterxml.jackson.databind.node.LongNode",
        Value::String(_) => "com.fasterxml.jackson.databind.node.TextNode",
        Value::Array(_) => "com.fasterxml.jackson.databind.node.ArrayNode",
        Value::Object(_) => "com.fasterxml.jackson.databind.node.ObjectNode",
    };
    Err(PathFault::new(format!(
        "Expected to find an object with property {fragment} in path {} but found '{class}'. This is not a json object \
         according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.",
        place.path
    )))
}

/// The indices of a slice, by Jayway's arithmetic: a negative end counts from the end only where there is no start.
fn slice(length: usize, from: Option<i64>, to: Option<i64>) -> std::ops::Range<i64> {
    let length = length as i64;
    match (from, to) {
        (Some(from), None) => (if from < 0 { length + from } else { from }).max(0)..length,
        (None, Some(to)) => 0..(if to < 0 { length + to } else { to }).min(length),
        (Some(from), Some(to)) => from.max(-length)..to.min(length),
        (None, None) => 0..length,
    }
}
