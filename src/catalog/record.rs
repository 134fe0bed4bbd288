use super::attributes::{self, Described, EVENT_TIME, FILE_NAME, LAST_MODIFIED};
use super::changes::{Changes, Superseded};
use super::event_value::{Attribute, EventValue, text};
use super::questions::{self, Questions};
use super::{CatalogError, folder, promise};
use crate::dynamodb::{AttributeType, AttributeValue, Item, Key, KeyAttribute, KeySchema, Query, WriteCondition};
use crate::eventbridge::field;
use crate::name::AttributeName;
use crate::spec::{DeletedEffect, Layout, Spec};

/// What the table holds of an object: the attributes of its record, and which of them are the key.
#[derive(Debug, Clone)]
pub(super) struct Record {
    schema: KeySchema,
    attributes: Vec<Attribute>,
    sequencer: Attribute,
    mark: Mark,
    questions: Option<Questions>,
    changes: Changes,
    told: Told,
    leaves_nothing: bool,
}

/// What is left of the record of an object that was deleted.
#[derive(Debug, Clone)]
struct Mark {
    /// What it holds besides the key.
    attributes: Vec<Attribute>,
    /// The attribute by whose time it goes, if it does.
    expires_at: Option<AttributeName>,
}

/// An attribute as the blueprint lists it.
struct Entry {
    name: AttributeName,
    /// What it holds, for messages.
    holds: &'static str,
    value: AttributeValue<EventValue>,
    /// Where the spec chose its name, if it did.
    pointer: Option<&'static str>,
    /// Whether only the mark of a deletion holds it.
    marks: bool,
}

/// Where a listing of an object's versions, made into an event, says when the object was written: the event's own time is that of the deletion.
pub(super) const LEFT_MODIFIED: [&str; 3] = ["detail", "object", "last-modified"];

fn is_epoch(value: &AttributeValue<EventValue>) -> bool {
    matches!(value.value(), EventValue::EpochAfter { .. })
}

/// Who tells of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// An event of S3.
    Event,
    /// A listing of the bucket, in the shape of an event. It knows neither sequencer nor version.
    Listing,
    /// A listing of an object's versions, after an event that one of them was deleted, in the shape of the event about the newest one
    /// that is left.
    Versions,
}

impl Record {
    /// The record that a spec asks for.
    pub(super) fn of(spec: &Spec) -> Result<Self, CatalogError> {
        Self::told(spec, Told::Event)
    }

    /// As much of that record as a listing can tell. In the layout `history` its sort key has nothing behind the `#`, so it is
    /// no event's, and the same in every listing of the same upload.
    pub(super) fn listed(spec: &Spec) -> Result<Self, CatalogError> {
        Self::told(spec, Told::Listing)
    }

    /// The record of the version that is current after another was deleted.
    pub(super) fn left(spec: &Spec) -> Result<Self, CatalogError> {
        Self::told(spec, Told::Versions)
    }

    fn told(spec: &Spec, told: Told) -> Result<Self, CatalogError> {
        let entries = entries(spec, told)?;
        let changes = Changes::of(spec)?;
        distinct(&entries)?;
        changes.distinct(spec)?;
        let names = &spec.table.attribute_names;
        let hash = KeyAttribute::string(names.file_name.clone());
        let schema = match spec.table.layout {
            Layout::Latest => KeySchema::hash(hash),
            Layout::History => KeySchema::hash_and_range(hash, KeyAttribute::string(names.last_modified.clone()))?,
        };
        let sequencer = (AttributeName::parse("sequencer")?, text(&field::SEQUENCER));
        let (marks, entries): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| entry.marks);
        let attribute = |entry: Entry| (entry.name, entry.value);
        let mark = Mark {
            expires_at: marks.iter().find(|entry| is_epoch(&entry.value)).map(|entry| entry.name.clone()),
            attributes: marks.into_iter().map(attribute).collect(),
        };
        let attributes = entries.into_iter().map(attribute).collect();
        let questions = match told {
            Told::Event | Told::Versions => Questions::by_event(spec),
            Told::Listing => Questions::by_listing(spec),
        };
        let leaves_nothing = promise::leaves_nothing(spec);
        Ok(Self { schema, attributes, sequencer, mark, questions, changes, told, leaves_nothing })
    }

    /// The table's key.
    pub(super) fn key_schema(&self) -> &KeySchema {
        &self.schema
    }

    /// The partition key's value: the object's key.
    pub(super) fn hash_value(&self) -> AttributeValue<EventValue> {
        text(&field::KEY)
    }

    /// The key of the record that an event is about.
    pub(super) fn key(&self) -> Result<Key<EventValue>, CatalogError> {
        let key = self.attributes.iter().filter(|(name, _)| self.schema.contains(name)).cloned();
        Ok(self.schema.key(key)?)
    }

    /// The item that a creation writes: every attribute with its value.
    pub(super) fn item(&self) -> Result<Item<EventValue>, CatalogError> {
        let attributes = self.attributes.iter().cloned();
        let superseding = match self.told != Told::Listing && !self.is_history() {
            true => self.changes.superseding(Superseded::ByCreation),
            false => Vec::new(),
        };
        Ok(self.schema.item(attributes.chain(superseding))?)
    }

    /// The attributes' names and types, in the order in which a record lists them.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&AttributeName, AttributeType)> {
        self.attributes.iter().map(|(name, value)| (name, value.attribute_type()))
    }

    /// The same, with those of a mark and of changes.
    pub(super) fn all_attributes(&self) -> Vec<(AttributeName, AttributeType)> {
        let own = self.attributes.iter().chain(&self.mark.attributes);
        let mut all: Vec<_> = own.map(|(name, value)| (name.clone(), value.attribute_type())).collect();
        // What S3 is asked for and what a change says may be one attribute.
        let changes = self.change_attributes().into_iter();
        all.extend(changes.filter(|(name, _)| self.attributes.iter().all(|(own, _)| own != name)));
        all
    }

    /// What S3 is asked before the record is written, if anything is.
    pub(super) fn questions(&self) -> Option<&Questions> {
        self.questions.as_ref()
    }

    /// What other events than those of creation and deletion set.
    pub(super) fn changes(&self) -> &Changes {
        &self.changes
    }

    /// The attributes that changes set in a file's record. In a history they are in records that the API does not show.
    pub(super) fn change_attributes(&self) -> Vec<(AttributeName, AttributeType)> {
        if self.is_history() { Vec::new() } else { self.changes.attributes() }
    }

    /// What an update sets, or removes where it has no value for it: everything but the key, which no update changes.
    pub(super) fn updated(&self) -> Vec<Attribute> {
        self.attributes.iter().filter(|(name, _)| !self.schema.contains(name)).cloned().collect()
    }

    /// What an update takes away: the marks of a deletion that was before.
    pub(super) fn unmarked(&self) -> Vec<AttributeName> {
        match self.is_history() {
            true => Vec::new(),
            false => self.mark.attributes.iter().map(|(name, _)| name.clone()).collect(),
        }
    }

    /// What the mark of a deletion sets.
    pub(super) fn marks(&self) -> Vec<Attribute> {
        let event_time = self.attributes.iter().filter(|(name, _)| name.as_str() == EVENT_TIME).cloned();
        self.mark.attributes.iter().cloned().chain(event_time).chain([self.sequencer.clone()]).collect()
    }

    /// What the mark of a deletion takes away: what the object was, but for the key.
    pub(super) fn marked_away(&self) -> Vec<AttributeName> {
        match self.is_history() {
            true => Vec::new(),
            false => {
                let updated = self.updated().into_iter().map(|(name, _)| name);
                updated.filter(|name| *name != self.sequencer.0).collect()
            }
        }
    }

    /// The attribute by whose time marks go, if they do.
    pub(super) fn expires_at(&self) -> Option<&AttributeName> {
        self.mark.expires_at.as_ref()
    }

    /// Whether every event has a record of its own, so that none has anything to take away from another's.
    pub(super) fn is_history(&self) -> bool {
        self.schema.range_attribute().is_some()
    }

    /// Whether there is a record of any upload of the file. Those of changes, in a history that has them, stand below those of
    /// uploads, which begin with a year.
    pub(super) fn any_upload(&self) -> Result<Query<EventValue>, CatalogError> {
        let query = Query::any_item(&self.schema, self.hash_value());
        match self.is_history() && !self.changes.is_empty() {
            true => Ok(query.above(&self.schema, AttributeValue::S(EventValue::Constant("0")))?),
            false => Ok(query),
        }
    }

    /// There is nothing of an upload in the record: it is not there, or only changes have been recorded.
    pub(super) fn has_no_upload(&self, last_modified: &AttributeName) -> WriteCondition<EventValue> {
        let nothing = |name: &AttributeName| WriteCondition::AttributeNotExists(name.clone());
        nothing(&self.sequencer.0).and(nothing(last_modified))
    }

    /// There is no such record yet.
    pub(super) fn is_new(&self) -> WriteCondition<EventValue> {
        WriteCondition::AttributeNotExists(self.schema.hash_attribute().name.clone())
    }

    /// Whether nothing is left of a record whose object is gone. What writes a record then asks S3 afterwards whether the object is there.
    pub(super) fn leaves_nothing(&self) -> bool {
        self.leaves_nothing
    }

    /// The record is the one that was written for this very event.
    pub(super) fn is_this_events(&self) -> WriteCondition<EventValue> {
        let (name, value) = self.sequencer.clone();
        WriteCondition::Equals(name, value)
    }

    /// The event is newer than the one that the record was last written for.
    pub(super) fn is_older(&self) -> WriteCondition<EventValue> {
        let (name, value) = self.sequencer.clone();
        WriteCondition::AttributeNotExists(name.clone()).or(WriteCondition::LessThan(name, value))
    }
}

/// The attributes, in the order in which a record lists them.
fn entries(spec: &Spec, told: Told) -> Result<Vec<Entry>, CatalogError> {
    let names = &spec.table.attribute_names;
    let chosen = |name: &AttributeName, holds, value, pointer| Entry {
        name: name.clone(),
        holds,
        value,
        pointer: Some(pointer),
        marks: false,
    };
    let fixed = |name, holds, value| -> Result<Entry, CatalogError> {
        Ok(Entry { name: AttributeName::parse(name)?, holds, value, pointer: None, marks: false })
    };
    let history = spec.table.layout == Layout::History;

    // Two uploads of a key within one second have the same time. The sequencer, which no other upload of the key has, makes
    // the sort key of each its own, and sorts them as S3 ordered them.
    let last_modified = match told {
        Told::Versions if !history => text(&LEFT_MODIFIED),
        _ if !history => text(&field::TIME),
        Told::Event | Told::Versions => AttributeValue::S(EventValue::Joined(&field::TIME, "#", &field::SEQUENCER)),
        Told::Listing => AttributeValue::S(EventValue::Followed(&field::TIME, "#")),
    };
    let mut entries = vec![
        chosen(&names.file_name, "the object's key", text(&field::KEY), FILE_NAME),
        chosen(&names.last_modified, "the time of the upload", last_modified, LAST_MODIFIED),
    ];
    if history {
        entries.push(fixed(EVENT_TIME, "the time of the upload, without the sequencer", text(&field::TIME))?);
    }
    let described = |described: Vec<Described>| -> Result<Vec<Entry>, CatalogError> {
        described.into_iter().map(|Described { name, holds, value }| fixed(name, holds, value)).collect()
    };
    entries.extend(described(attributes::of_object(spec))?);
    if spec.api.is_some() {
        let folder = AttributeValue::S(EventValue::Folder(&field::KEY));
        entries.push(fixed(folder::ATTRIBUTE, "the folder that the API lists", folder)?);
    }
    if told == Told::Listing {
        entries.extend(described(attributes::of_listing(spec))?);
        entries.extend(described(questions::attributes(spec))?);
        return Ok(entries);
    }
    entries.push(fixed("sequencer", "S3's sequencer", text(&field::SEQUENCER))?);
    entries.extend(described(attributes::of_event(spec))?);
    entries.extend(described(questions::attributes(spec))?);
    if spec.events.deleted == DeletedEffect::Mark {
        let marks = |entry: Entry| Entry { marks: true, ..entry };
        entries.push(marks(fixed("deletedAt", "the time of the deletion", text(&field::TIME))?));
        if !history {
            let days = spec.events.mark_days;
            let value = AttributeValue::N(EventValue::EpochAfter { time: &field::TIME, days });
            entries.push(marks(fixed("expiresAt", "the time at which the mark goes", value)?));
        }
    }
    Ok(entries)
}

/// No two attributes have one name.
fn distinct(entries: &[Entry]) -> Result<(), CatalogError> {
    for (index, entry) in entries.iter().enumerate() {
        let Some(pointer) = entry.pointer else { continue };
        let others = entries.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, other)| other);
        // Of two chosen names that are the same, the second is reported.
        let mut taken = others.filter(|other| other.name == entry.name && other.pointer != Some(LAST_MODIFIED));
        if let Some(other) = taken.next() {
            return Err(CatalogError::AttributeTaken { name: entry.name.clone(), holds: other.holds, pointer });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(file_name: &str, last_modified: &str) -> Spec {
        let mut spec = Spec::default();
        spec.table.attribute_names.file_name = AttributeName::parse(file_name).unwrap();
        spec.table.attribute_names.last_modified = AttributeName::parse(last_modified).unwrap();
        spec
    }

    #[test]
    fn names_that_are_taken() {
        for (file_name, last_modified, pointer, holds) in [
            ("size", "b", FILE_NAME, "the object's size"),
            ("a", "sequencer", LAST_MODIFIED, "S3's sequencer"),
            ("a", "a", LAST_MODIFIED, "the object's key"),
        ] {
            let error = Record::of(&spec(file_name, last_modified)).unwrap_err();
            let name = AttributeName::parse(if pointer == FILE_NAME { file_name } else { last_modified }).unwrap();
            assert_eq!(error, CatalogError::AttributeTaken { name, holds, pointer });
        }
    }

    #[test]
    fn names_are_only_taken_by_what_is_there() {
        let mut spec = spec("versionId", "eventTime");
        assert!(Record::of(&spec).is_ok());
        spec.bucket.versioned = true;
        assert!(Record::of(&spec).is_err());
    }
}
