//! What calls find and change, in words.

use serde_json::Value;

use super::{Item, plain};
use crate::simulate::services::{Completion, TaskError};

/// The most attributes of an item that are shown.
const MAX_TOLD: usize = 4;
/// The longest text that is told of a value, in characters.
const MAX_TEXT: usize = 28;

/// What an answer says, in a word or two: nothing, where it says nothing of weight.
pub fn said(completion: &Completion) -> String {
    match completion {
        Completion::Failed(TaskError { error, .. }) => error.rsplit('.').next().unwrap_or(error).to_owned(),
        Completion::Never => "no answer".to_owned(),
        Completion::Succeeded(value) => {
            let found = value["Items"].as_array().map(Vec::len).or_else(|| value["Count"].as_u64().map(|n| n as usize));
            match (found, value.get("Item")) {
                (Some(0), _) => "finds nothing".to_owned(),
                (Some(1), _) | (None, Some(_)) => "finds it".to_owned(),
                (Some(count), _) => format!("finds {count}"),
                (None, None) => String::new(),
            }
        }
    }
}

/// How an item changed, by the attributes of its table's key: nothing, where it did not.
pub fn changed(key: &[String], before: Option<&Value>, after: Option<&Value>) -> Option<String> {
    let (before, after) = (before.map(plain), after.map(plain));
    let name = |item: &Item| key.iter().filter_map(|name| item.get(name)).map(short).collect::<Vec<_>>().join("/");
    match (&before, &after) {
        (Some(before), Some(after)) if before == after => None,
        (Some(before), Some(after)) => Some(format!("{}: {}", name(after), differences(key, before, after))),
        (None, Some(after)) => Some(format!("{} is new: {}", name(after), attributes(key, after))),
        (Some(before), None) => Some(format!("{} is gone", name(before))),
        (None, None) => None,
    }
}

fn attributes(key: &[String], item: &Item) -> String {
    let others = item.iter().filter(|(name, _)| !key.contains(name));
    shortened(others.map(|(name, value)| format!("{name} {}", short(value))).collect())
}

fn differences(key: &[String], old: &Item, new: &Item) -> String {
    let mut told: Vec<String> = Vec::new();
    for (name, value) in new.iter().filter(|(name, _)| !key.contains(name)) {
        match old.get(name) {
            Some(same) if same == value => {}
            Some(old) => told.push(format!("{name} {} -> {}", short(old), short(value))),
            None => told.push(format!("{name} {}", short(value))),
        }
    }
    told.extend(old.keys().filter(|name| !new.contains_key(*name)).map(|name| format!("no {name}")));
    shortened(told)
}

fn shortened(told: Vec<String>) -> String {
    let more = told.len().saturating_sub(MAX_TOLD);
    let text = told.into_iter().take(MAX_TOLD).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{text} and {more} more") } else { text }
}

/// A value, at most so long.
fn short(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match text.char_indices().nth(MAX_TEXT) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_told_by_what_differs() {
        let key = ["id".to_owned()];
        let (one, two) = (json!({"id": {"S": "a"}, "n": {"N": "1"}}), json!({"id": {"S": "a"}, "n": {"N": "2"}}));
        assert_eq!(changed(&key, None, Some(&one)).as_deref(), Some("a is new: n 1"));
        assert_eq!(changed(&key, Some(&one), Some(&two)).as_deref(), Some("a: n 1 -> 2"));
        assert_eq!(changed(&key, Some(&two), None).as_deref(), Some("a is gone"));
        assert_eq!(changed(&key, Some(&one), Some(&one)), None);
    }

    #[test]
    fn answers_are_told_by_what_they_find() {
        assert_eq!(said(&Completion::Succeeded(json!({"Count": 0, "Items": []}))), "finds nothing");
        assert_eq!(said(&Completion::Succeeded(json!({"Item": {}}))), "finds it");
        assert_eq!(said(&Completion::Succeeded(json!({"Count": 3}))), "finds 3");
        assert_eq!(said(&Completion::Never), "no answer");
    }
}
