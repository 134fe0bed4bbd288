//! The promise of our own stacks, as a model that reads nothing but the events: what the table has to say of every file.

use std::collections::BTreeMap;

use serde_json::Value;

use super::End;
use crate::simulate::scenario::{Item, plain};
use crate::spec::{DeletedEffect, EventAttribute, Layout, Spec};

/// What a spec promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    layout: Layout,
    deleted: DeletedEffect,
    file_name: String,
    /// Whether records that stay hold what S3 was asked.
    asks: bool,
    /// The attributes that records have, and where events have them.
    attributes: Vec<(&'static str, &'static str)>,
}

impl Promise {
    /// What this spec promises.
    pub fn of(spec: &Spec) -> Self {
        let chosen = spec.attributes.as_ref();
        let holds = |attribute| chosen.is_none_or(|chosen| chosen.contains(&attribute));
        let known = [
            (EventAttribute::Size, ("size", "/size")),
            (EventAttribute::Etag, ("etag", "/etag")),
            (EventAttribute::VersionId, ("versionId", "/version-id")),
        ];
        Self {
            layout: spec.table.layout,
            deleted: spec.events.deleted,
            asks: !spec.enrich.is_empty() && spec.table.layout == Layout::History,
            file_name: spec.table.attribute_names.file_name.to_string(),
            attributes: known.into_iter().filter(|(attribute, _)| holds(*attribute)).map(|(_, names)| names).collect(),
        }
    }

    /// Whether the tables follow from the events alone. In a history a record holds what S3 answered when it was asked, which is nothing once the
    /// version is gone.
    pub fn converges(&self) -> bool {
        !self.asks
    }

    /// Whether the tables say what they promise.
    ///
    /// # Errors
    /// They do not: what is wrong.
    pub fn check(&self, end: &End) -> Result<(), String> {
        let mut objects: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for object in end.events.iter().flatten().filter(|event| is_told(event)) {
            objects.entry(object["detail"]["object"]["key"].as_str().unwrap_or_default()).or_default().push(object);
        }
        let rows: Vec<Item> = end.items().map(plain).collect();
        for (key, mut events) in objects {
            events.sort_by_key(|event| event["detail"]["object"]["sequencer"].as_str());
            let rows =
                rows.iter().filter(|row| row.get(&self.file_name).and_then(Value::as_str) == Some(key)).collect();
            let wrong = match self.layout {
                Layout::Latest => self.latest(&events, rows),
                Layout::History => self.history(&events, rows),
            };
            wrong.map_err(|what| format!("`{key}` has {what}"))?;
        }
        Ok(())
    }

    /// One record, of what is there now; of what is gone none, or one that says so.
    fn latest(&self, events: &[&Value], rows: Vec<&Item>) -> Result<(), String> {
        let gone = |row: &&Item| row.contains_key("deletedAt") && !row.contains_key("size");
        match (self.current(events), rows.as_slice()) {
            (Some(_), []) => Err("no record, although the object exists".to_owned()),
            (Some(event), [row]) => self.says(row, event),
            (None, []) => Ok(()),
            (None, [row]) if gone(row) => Ok(()),
            (None, [_]) => Err("the record of an existing object, although it was deleted".to_owned()),
            (_, rows) => Err(format!("{} records instead of one", rows.len())),
        }
    }

    /// A record of each upload, and no other that tells of one. What a backfill adds and what is said of changes has no sequencer.
    fn history(&self, events: &[&Value], rows: Vec<&Item>) -> Result<(), String> {
        let recorded = |event: &&&Value| is_created(event) || self.deleted == DeletedEffect::Mark;
        let recorded: Vec<&&Value> = events.iter().filter(recorded).collect();
        for event in &recorded {
            let sequencer = &event["detail"]["object"]["sequencer"];
            let row = rows.iter().find(|row| row.get("sequencer") == Some(sequencer));
            let row = row.ok_or_else(|| "no record of one of its events".to_owned())?;
            if is_created(event) {
                self.says(row, event)?;
            }
        }
        let told = rows.iter().filter(|row| row.contains_key("sequencer")).count();
        if told == recorded.len() { Ok(()) } else { Err("more records than events".to_owned()) }
    }

    fn says(&self, row: &Item, event: &Value) -> Result<(), String> {
        let object = &event["detail"]["object"];
        if row.contains_key("deletedAt") && self.layout == Layout::Latest {
            return Err("the mark of a deletion, although the object exists".to_owned());
        }
        for (name, pointer) in &self.attributes {
            let (is, should) = (row.get(*name), object.pointer(pointer));
            if is != should {
                let shown = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
                return Err(format!("{name} {}, although the newest event has {}", shown(is), shown(should)));
            }
        }
        Ok(())
    }

    /// The event of the upload that is there after all events, which are in their order.
    fn current<'a>(&self, events: &[&'a Value]) -> Option<&'a Value> {
        let mut versions: Vec<(Option<&str>, Option<&Value>)> = Vec::new();
        for event in events {
            let version = event.pointer("/detail/object/version-id").and_then(Value::as_str);
            let for_good = event["detail"]["deletion-type"] == "Permanently Deleted";
            match (is_created(event), self.deleted) {
                (true, _) => versions.push((version, Some(*event))),
                (false, DeletedEffect::Ignore) => {}
                (false, _) if for_good && version.is_some() => versions.retain(|(other, _)| *other != version),
                (false, _) => versions.push((version, None)),
            }
        }
        versions.last()?.1
    }
}

fn is_created(event: &Value) -> bool {
    event["detail-type"] == "Object Created"
}

/// Whether an event tells that an object was written or deleted.
fn is_told(event: &Value) -> bool {
    is_created(event) || event["detail-type"] == "Object Deleted"
}
