use std::fmt;

use serde_json::{Map, Value};

use super::RunnableRule;
use crate::eventbridge::CompiledPattern;

/// Why a rule does not take an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Miss {
    /// The rule's logical id.
    pub rule: String,
    /// The bus that the rule listens to, where the event is not sent to it.
    pub bus: Option<String>,
    /// The first field of the pattern that does not match, with dots between its parts; `None` where each field matches and
    /// they do not together, which lists in the event can do.
    pub field: Option<MissedField>,
}

/// A field that does not match.
#[derive(Debug, Clone, PartialEq)]
pub struct MissedField {
    /// Its path: `detail.bucket.name`.
    pub path: String,
    /// What the event has there, if anything.
    pub found: Option<Value>,
    /// What the pattern asks for.
    pub wanted: Value,
}

/// The longest value that is shown.
const SHOWN: usize = 80;

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = &self.rule;
        if let Some(bus) = &self.bus {
            return write!(
                f,
                "{rule}: it is on the event bus `{bus}`, but AWS services send events to the default bus"
            );
        }
        match &self.field {
            None => write!(f, "{rule}: each field matches, but not within the same element of a list"),
            Some(MissedField { path, found: None, wanted }) => {
                write!(f, "{rule}: the event has no `{path}`, but the pattern requires {}", shown(wanted))
            }
            Some(MissedField { path, found: Some(found), wanted }) => {
                write!(f, "{rule}: `{path}` is {}, but the pattern requires {}", shown(found), shown(wanted))
            }
        }
    }
}

/// The first field of a rule's pattern that does not match an event: the field's own pattern is held against the event.
pub(super) fn miss(rule: &RunnableRule, event: &Value) -> Miss {
    let bus = rule.own_bus.clone().filter(|_| super::is_of_service(event));
    let text = event.to_string();
    let mut leaves = Vec::new();
    collect(&rule.source, &mut Vec::new(), &mut leaves);
    let missed = leaves.into_iter().find(|(path, wanted)| {
        let pattern = CompiledPattern::parse(&around(path, (*wanted).clone()).to_string());
        pattern.is_ok_and(|pattern| pattern.matches(&text).is_ok_and(|matches| !matches))
    });
    let field = missed.map(|(path, wanted)| MissedField {
        found: found(event, &path).cloned(),
        path: path.join("."),
        wanted: wanted.clone(),
    });
    Miss { rule: rule.logical_id.clone(), bus, field }
}

/// The lists of a pattern with their paths. (A pattern was read with a bounded depth.)
fn collect<'a>(pattern: &'a Value, path: &mut Vec<&'a str>, leaves: &mut Vec<(Vec<&'a str>, &'a Value)>) {
    let Value::Object(fields) = pattern else { return leaves.push((path.clone(), pattern)) };
    for (name, value) in fields {
        path.push(name);
        collect(value, path, leaves);
        path.pop();
    }
}

fn around(path: &[&str], wanted: Value) -> Value {
    path.iter().rev().fold(wanted, |inner, name| Value::Object(Map::from_iter([((*name).to_owned(), inner)])))
}

fn found<'a>(event: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(event, |value, name| value.get(name))
}
