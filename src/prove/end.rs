//! What there is when all has been done.

use serde_json::Value;

use super::masks::Masks;

/// What there is when all has been done.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// The items of each table, by its name, in DynamoDB's form.
    pub tables: Vec<(String, Vec<Value>)>,
    /// The event of each deed, where it had one.
    pub events: Vec<Option<Value>>,
    /// The tables as text, a line an item, with what differs by chance made alike.
    pub text: String,
}

/// Says what is wrong at an end.
pub type Judge<'a> = dyn Fn(&End) -> Result<(), String> + Sync + 'a;

impl End {
    pub(super) fn new(tables: Vec<(String, Vec<Value>)>, events: Vec<Option<Value>>, masks: &Masks) -> Self {
        let mut text = String::new();
        for (table, items) in &tables {
            let mut lines: Vec<String> = items.iter().map(|item| masks.applied(&sorted(item).to_string())).collect();
            lines.sort();
            for line in lines {
                text.push_str(&format!("{table} {line}\n"));
            }
        }
        Self { tables, events, text }
    }

    /// The items of all tables.
    pub fn items(&self) -> impl Iterator<Item = &Value> {
        self.tables.iter().flat_map(|(_, items)| items)
    }
}

fn sorted(item: &Value) -> Value {
    let mut item = item.clone();
    item.sort_all_objects();
    item
}
