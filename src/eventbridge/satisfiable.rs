//! Whether any event of known kinds can match a pattern.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::CompiledPattern;
use super::matcher::{Leaf, Matcher};
use crate::source::Pointer;

/// What the events of one kind hold: their fields, from the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// What the kind is called in messages.
    pub name: &'static str,
    /// The fields.
    pub fields: IndexMap<&'static str, Field>,
}

/// A field of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// What it holds.
    pub shape: Shape,
    /// Which events of the kind have it.
    pub presence: Presence,
}

/// Which events of a kind have a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// All.
    Always,
    /// Some lack it, whoever asks.
    Sometimes,
    /// The sender's settings decide.
    Perhaps,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Fields.
    Object(IndexMap<&'static str, Field>),
    /// One of these texts.
    OneOf(Vec<&'static str>),
    /// A text, or a list of texts.
    Text,
    /// A whole number that is not negative.
    Count,
    /// True or false.
    Flag,
    /// Any value, with any fields.
    Anything,
}

/// A part of a pattern that no event can match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impossible {
    /// The part, as a JSON Pointer into the pattern.
    pub pointer: Pointer,
    /// Why.
    pub why: String,
    /// What was probably meant.
    pub instead: Option<String>,
    /// Whether it may be something that the sender has added since: a field, or a value of a list, that is not known.
    pub added: bool,
}

/// Objects within objects beyond this are not looked into.
const MAX_DEPTH: usize = 64;

/// The parts of a pattern that no event of these kinds can match: a field that none of them has, a value that its field
/// never takes, a condition on something of another type; and the pattern itself, if no one kind has all that it asks for.
/// What EventBridge refuses is among them, with the reason that it gives.
///
/// A condition in a list, or an alternative of `$or`, is named even where another one beside it can match: it is there
/// for something that never happens.
///
/// ```
/// use bucketbook::eventbridge::{DetailType, s3, satisfiable};
/// use serde_json::json;
///
/// let pattern = json!({"detail": {"reason": ["PutObject", "Putobject"]}});
/// let found = satisfiable(&pattern, &[s3::schema(DetailType::ObjectCreated)]);
/// assert_eq!(found[0].pointer, "/detail/reason/1");
/// assert_eq!(found[0].instead.as_deref(), Some("PutObject"));
/// ```
pub fn satisfiable(pattern: &Value, kinds: &[Schema]) -> Vec<Impossible> {
    let Value::Object(fields) = pattern else {
        return vec![Impossible {
            pointer: Pointer::root(),
            why: "a pattern is an object".to_owned(),
            instead: None,
            added: false,
        }];
    };
    let mut walk = Walk { kinds, found: Vec::new() };
    let at = Place { pointer: Pointer::root(), path: String::new() };
    let everywhere: Vec<Here<'_>> = kinds.iter().map(|kind| Here::Object(&kind.fields)).collect();
    walk.object(fields, &everywhere, &at, 0);
    let mut found = walk.found;
    if found.is_empty() && !everywhere.iter().any(|here| matches(fields, *here, 0)) {
        let why = "no one kind of event has all that this pattern asks for".to_owned();
        found.push(Impossible { pointer: Pointer::root(), why, instead: None, added: true });
    }
    found
}

/// What one kind of event has at a place.
#[derive(Debug, Clone, Copy)]
enum Here<'a> {
    /// Nothing.
    Absent,
    /// Fields.
    Object(&'a IndexMap<&'static str, Field>),
    /// A value, which is always there or not.
    Leaf(&'a Shape, bool),
}

impl<'a> Here<'a> {
    /// What it has under a name, which may be several joined with periods.
    fn step(self, name: &str) -> Self {
        name.split('.').fold(self, |here, step| match here {
            Here::Object(fields) => fields.get(step).map_or(Here::Absent, Here::of),
            Here::Leaf(Shape::Anything, _) => here,
            _ => Here::Absent,
        })
    }

    fn of(field: &'a Field) -> Self {
        match &field.shape {
            Shape::Object(fields) => Self::Object(fields),
            shape => Self::Leaf(shape, field.presence == Presence::Always && field.shape != Shape::Anything),
        }
    }

    /// Whether a condition can hold here.
    fn allows(self, condition: &Value, matcher: &Matcher) -> bool {
        match (self, matcher) {
            (Self::Absent, Matcher::Absent) => true,
            (Self::Leaf(_, always), Matcher::Absent) => !always,
            (Self::Leaf(shape, _), matcher) => holds(shape, condition, matcher),
            // EventBridge asks only values whether they are there.
            (Self::Object(_), Matcher::Absent) => true,
            _ => false,
        }
    }
}

/// A place in a pattern, and the path of the field that it is about.
struct Place {
    pointer: Pointer,
    path: String,
}

impl Place {
    fn name(&self, name: &str) -> Self {
        let path = match (name, self.path.as_str()) {
            ("$or", path) => path.to_owned(),
            (name, "") => name.to_owned(),
            (name, path) => format!("{path}.{name}"),
        };
        Self { pointer: self.pointer.child(name), path }
    }

    fn item(&self, index: usize) -> Self {
        Self { pointer: self.pointer.index(index), path: self.path.clone() }
    }
}

struct Walk<'a> {
    kinds: &'a [Schema],
    found: Vec<Impossible>,
}

impl<'a> Walk<'a> {
    fn report(&mut self, at: &Place, why: String, instead: Option<String>, added: bool) {
        self.found.push(Impossible { pointer: at.pointer.clone(), why, instead, added });
    }

    /// The kinds of event, for messages.
    fn names(&self) -> String {
        let names: Vec<String> = self.kinds.iter().map(|kind| format!("`{}`", kind.name)).collect();
        names.join(", ")
    }

    fn object(&mut self, fields: &Map<String, Value>, here: &[Here<'a>], at: &Place, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for (name, node) in fields {
            let place = at.name(name);
            if let Some(alternatives) = alternatives(name, node) {
                for (index, alternative) in alternatives.iter().enumerate() {
                    self.object(alternative, here, &place.item(index), depth + 1);
                }
                continue;
            }
            let below: Vec<Here<'a>> = here.iter().map(|here| here.step(name)).collect();
            match node {
                Value::Object(inner) => self.within(inner, &below, here, name, &place, depth),
                Value::Array(conditions) => self.leaf(conditions, &below, here, name, &place),
                _ => self.report(&place, format!("`{name}` has to be a list of values, or an object"), None, false),
            }
        }
    }

    fn within(
        &mut self,
        inner: &Map<String, Value>,
        below: &[Here<'a>],
        here: &[Here<'a>],
        name: &str,
        place: &Place,
        depth: usize,
    ) {
        if below.iter().any(|here| matches!(here, Here::Object(_))) {
            self.object(inner, below, place, depth + 1);
        } else if below.iter().any(|here| matches!(here, Here::Leaf(Shape::Anything, _))) {
            // Its fields are not known.
        } else if below.iter().any(|here| matches!(here, Here::Leaf(..))) {
            self.report(place, format!("`{}` is a value, and has no fields", place.path), None, false);
        } else if !all_absent(inner, 0) {
            self.never_sent(here, name, place);
        }
    }

    fn leaf(&mut self, conditions: &[Value], below: &[Here<'a>], here: &[Here<'a>], name: &str, place: &Place) {
        let compiled: Vec<_> = conditions.iter().map(compile).collect();
        let asks_for_nothing = |matcher: &Result<Matcher, String>| *matcher == Ok(Matcher::Absent);
        if below.iter().all(|here| matches!(here, Here::Absent)) && !compiled.iter().all(asks_for_nothing) {
            return self.never_sent(here, name, place);
        }
        for (index, (condition, matcher)) in conditions.iter().zip(&compiled).enumerate() {
            let place = place.item(index);
            match matcher {
                Err(why) => self.report(&place, format!("EventBridge refuses this: {why}"), None, false),
                Ok(matcher) if !below.iter().any(|here| here.allows(condition, matcher)) => {
                    let (why, instead) = refusal(&place.path, condition, matcher, below);
                    // S3 may have a value more in such a list by now.
                    let added = *matcher != Matcher::Absent
                        && below.iter().any(|here| matches!(here, Here::Leaf(Shape::OneOf(_), _)));
                    self.report(&place, why, instead, added);
                }
                Ok(_) => {}
            }
        }
    }

    fn never_sent(&mut self, here: &[Here<'a>], name: &str, place: &Place) {
        let names = here.iter().flat_map(|here| match here {
            Here::Object(fields) => fields.keys().copied().collect(),
            _ => Vec::new(),
        });
        let instead = nearest(name, names).map(str::to_owned);
        let why = format!("there is never a `{}` in the events {}", place.path, self.names());
        self.report(place, why, instead, true);
    }
}

/// The alternatives of a `$or`. It is one where it lists two objects or more; otherwise it is the name of a field.
fn alternatives<'a>(name: &str, node: &'a Value) -> Option<Vec<&'a Map<String, Value>>> {
    let items = node.as_array().filter(|items| name == "$or" && items.len() > 1)?;
    items.iter().map(Value::as_object).collect()
}

/// A condition as EventBridge reads it, or why it refuses it.
fn compile(condition: &Value) -> Result<Matcher, String> {
    let pattern = CompiledPattern::parse(&format!(r#"{{"x":[{condition}]}}"#)).map_err(|error| error.to_string())?;
    pattern.only_matcher().ok_or_else(|| "it is no condition".to_owned())
}

/// Whether an object of a pattern asks for nothing but that fields are absent.
fn all_absent(fields: &Map<String, Value>, depth: usize) -> bool {
    depth <= MAX_DEPTH
        && fields.values().all(|node| match node {
            Value::Object(inner) => all_absent(inner, depth + 1),
            Value::Array(conditions) => conditions.iter().all(|condition| compile(condition) == Ok(Matcher::Absent)),
            _ => false,
        })
}

/// Whether an event of one kind can match all of an object.
fn matches(fields: &Map<String, Value>, here: Here<'_>, depth: usize) -> bool {
    fields.iter().all(|(name, node)| {
        if depth > MAX_DEPTH {
            return true;
        }
        if let Some(alternatives) = alternatives(name, node) {
            return alternatives.iter().any(|alternative| matches(alternative, here, depth + 1));
        }
        let below = here.step(name);
        match node {
            Value::Object(inner) => matches(inner, below, depth + 1),
            Value::Array(conditions) => conditions
                .iter()
                .any(|condition| compile(condition).is_ok_and(|matcher| below.allows(condition, &matcher))),
            _ => false,
        }
    })
}

/// Whether any value of a shape matches.
fn holds(shape: &Shape, condition: &Value, matcher: &Matcher) -> bool {
    match shape {
        Shape::Object(_) => false,
        Shape::OneOf(texts) => texts.iter().any(|text| matcher.matches(&Leaf::text(text))),
        Shape::Text => match matcher {
            Matcher::Exact(raw) => raw.starts_with('"'),
            Matcher::Number(..) | Matcher::Range(_) => false,
            _ => true,
        },
        Shape::Flag => matches!(condition, Value::Bool(_)) || condition.is_object(),
        Shape::Anything => true,
        Shape::Count => counts_near(condition).iter().any(|count| matcher.matches(&Leaf::number(count))),
    }
}

/// Whole numbers that are not negative, on either side of every number in a condition. If any such number matches, one of
/// these does: between two neighbouring numbers of a condition, it holds for all or for none.
fn counts_near(condition: &Value) -> Vec<String> {
    let mut numbers = vec![0.0];
    let mut rest = vec![condition];
    while let Some(value) = rest.pop() {
        match value {
            Value::Number(number) => numbers.extend(number.as_f64()),
            Value::Array(items) => rest.extend(items),
            Value::Object(fields) => rest.extend(fields.values()),
            _ => {}
        }
    }
    let near =
        numbers.iter().flat_map(|number| [number.floor() - 1.0, number.floor(), number.ceil(), number.ceil() + 1.0]);
    near.filter(|count| (0.0..9e15).contains(count)).map(|count| format!("{count}")).collect()
}

/// Why no value of a field matches, and what was probably meant.
fn refusal(path: &str, condition: &Value, matcher: &Matcher, below: &[Here<'_>]) -> (String, Option<String>) {
    if *matcher == Matcher::Absent {
        return (format!("`{path}` is always there"), None);
    }
    let shapes: Vec<&Shape> =
        below.iter().filter_map(|here| if let Here::Leaf(shape, _) = here { Some(*shape) } else { None }).collect();
    let known: Vec<&str> = shapes
        .iter()
        .flat_map(|shape| if let Shape::OneOf(texts) = shape { texts.clone() } else { Vec::new() })
        .collect();
    if !known.is_empty() {
        let mut listed: Vec<String> = known.iter().map(|text| format!("`{text}`")).collect();
        listed.dedup();
        let why = format!("`{path}` is never that: it is one of {}", listed.join(", "));
        return (why, condition.as_str().and_then(|typed| nearest(typed, known.into_iter())).map(str::to_owned));
    }
    let what = match shapes.first() {
        Some(Shape::Count) => "a whole number from 0",
        Some(Shape::Text) => "a text",
        Some(Shape::Flag) => "true or false",
        _ => return (format!("`{path}` is an object, and has no value"), None),
    };
    (format!("`{path}` is {what}, and none is what this asks for"), None)
}

/// The name that was probably meant.
fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    known
        .map(|name| (strsim::jaro_winkler(&folded(typed), &folded(name)), name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
