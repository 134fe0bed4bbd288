//! What there is when all has been done.

use serde_json::Value;

use super::masks::Masks;
use crate::simulate::scenario::Played;

/// What there is when all has been done.
#[derive(Debug)]
pub struct End {
    /// The tables and the buckets, and the executions, where [`Question::watches`](super::Question::watches) asks for them.
    pub played: Played,
    /// The event of each deed, where it had one.
    pub events: Vec<Option<Value>>,
    /// Whether items have expired on the way.
    pub expired: bool,
    /// The tables as text, a line an item, with what differs by chance made alike.
    pub text: String,
}

/// Says what is wrong at an end.
pub type Judge<'a> = dyn Fn(&End) -> Result<(), String> + Sync + 'a;

impl End {
    pub(super) fn new(played: Played, events: Vec<Option<Value>>, expired: bool, masks: &Masks) -> Self {
        let mut text = String::new();
        for (table, (_, items)) in &played.tables {
            let mut lines: Vec<String> = items.iter().map(|item| masks.applied(&sorted(item).to_string())).collect();
            lines.sort();
            for line in lines {
                text.push_str(&format!("{table} {line}\n"));
            }
        }
        Self { played, events, expired, text }
    }

    /// The items of all tables.
    pub fn items(&self) -> impl Iterator<Item = &Value> {
        self.played.tables.values().flat_map(|(_, items)| items)
    }
}

fn sorted(item: &Value) -> Value {
    let mut item = item.clone();
    item.sort_all_objects();
    item
}
