use super::{CatalogError, folder};
use crate::asl::{IntrinsicFunction, ReferencePath, RunTimeValue};
use crate::dynamodb::{AttributeType, AttributeValue, Condition, Item, Key, KeyAttribute, KeySchema};
use crate::eventbridge::field;
use crate::name::AttributeName;
use crate::spec::{Layout, Spec};

/// An attribute of the record, and the value that it takes from the event.
type Attribute = (AttributeName, AttributeValue<RunTimeValue>);

/// What the table holds of an object: the attributes of its record, and which of them are the key.
#[derive(Debug, Clone)]
pub(super) struct Record {
    schema: KeySchema,
    attributes: Vec<Attribute>,
    sequencer: Attribute,
}

/// Where the spec chooses the names of the article's two attributes.
const FILE_NAME: &str = "/table/attribute_names/file_name";
const LAST_MODIFIED: &str = "/table/attribute_names/last_modified";

/// An attribute as the blueprint lists it.
struct Entry {
    name: AttributeName,
    /// What it holds, for messages.
    holds: &'static str,
    value: AttributeValue<RunTimeValue>,
    /// Where the spec chose its name, if it did.
    pointer: Option<&'static str>,
}

impl Record {
    /// The record that a spec asks for.
    pub(super) fn of(spec: &Spec) -> Result<Self, CatalogError> {
        let entries = entries(spec)?;
        distinct(&entries)?;
        let names = &spec.table.attribute_names;
        let hash = KeyAttribute::string(names.file_name.clone());
        let schema = match spec.table.layout {
            Layout::Latest => KeySchema::hash(hash),
            Layout::History => KeySchema::hash_and_range(hash, KeyAttribute::string(names.last_modified.clone()))?,
        };
        let sequencer = (AttributeName::parse("sequencer")?, AttributeValue::S(path(&field::SEQUENCER).into()));
        let attributes = entries.into_iter().map(|entry| (entry.name, entry.value)).collect();
        Ok(Self { schema, attributes, sequencer })
    }

    /// The table's key.
    pub(super) fn key_schema(&self) -> &KeySchema {
        &self.schema
    }

    /// The partition key's value: the object's key.
    pub(super) fn hash_value(&self) -> AttributeValue<RunTimeValue> {
        AttributeValue::S(path(&field::KEY).into())
    }

    /// The key of the record that an event is about.
    pub(super) fn key(&self) -> Result<Key<RunTimeValue>, CatalogError> {
        let key = self.attributes.iter().filter(|(name, _)| self.schema.contains(name)).cloned();
        Ok(self.schema.key(key)?)
    }

    /// The whole record.
    pub(super) fn item(&self) -> Result<Item<RunTimeValue>, CatalogError> {
        Ok(self.schema.item(self.attributes.iter().cloned())?)
    }

    /// The attributes' names and types, in the order in which a record lists them.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&AttributeName, AttributeType)> {
        self.attributes.iter().map(|(name, value)| (name, value.attribute_type()))
    }

    /// What an update sets: everything but the key, which no update changes.
    pub(super) fn updated(&self) -> Vec<Attribute> {
        self.attributes.iter().filter(|(name, _)| !self.schema.contains(name)).cloned().collect()
    }

    /// There is no such record yet.
    pub(super) fn is_new(&self) -> Condition<RunTimeValue> {
        Condition::AttributeNotExists(self.schema.hash_attribute().name.clone())
    }

    /// The event is newer than the one that the record was last written for.
    pub(super) fn is_older(&self) -> Condition<RunTimeValue> {
        let (name, value) = self.sequencer.clone();
        Condition::AttributeNotExists(name.clone()).or(Condition::LessThan(name, value))
    }
}

/// The attributes, in the order in which a record lists them.
fn entries(spec: &Spec) -> Result<Vec<Entry>, CatalogError> {
    let names = &spec.table.attribute_names;
    let chosen = |name: &AttributeName, holds, value, pointer| Entry {
        name: name.clone(),
        holds,
        value,
        pointer: Some(pointer),
    };
    let fixed = |name, holds, value| -> Result<Entry, CatalogError> {
        Ok(Entry { name: AttributeName::parse(name)?, holds, value, pointer: None })
    };
    let text = |fields: &[&str]| AttributeValue::S(RunTimeValue::from(path(fields)));
    let history = spec.table.layout == Layout::History;

    // Two uploads of a key within one second have the same time. The sequencer, which no other upload of the key has, makes
    // the sort key of each its own, and sorts them as S3 ordered them.
    let last_modified = if history {
        AttributeValue::S(
            IntrinsicFunction::format("", [(path(&field::TIME), "#"), (path(&field::SEQUENCER), "")]).into(),
        )
    } else {
        text(&field::TIME)
    };
    let size = AttributeValue::N(IntrinsicFunction::number_as_text(path(&field::SIZE)).into());

    let mut entries = vec![
        chosen(&names.file_name, "the object's key", text(&field::KEY), FILE_NAME),
        chosen(&names.last_modified, "the time of the upload", last_modified, LAST_MODIFIED),
    ];
    if history {
        entries.push(fixed("eventTime", "the time of the upload, without the sequencer", text(&field::TIME))?);
    }
    entries.push(fixed("size", "the object's size", size)?);
    entries.push(fixed("etag", "the object's entity tag", text(&field::ETAG))?);
    entries.push(fixed("sequencer", "S3's sequencer", text(&field::SEQUENCER))?);
    if spec.bucket.versioned {
        entries.push(fixed("versionId", "the object's version", text(&field::VERSION_ID))?);
    }
    if spec.api.is_some() {
        entries.push(fixed(
            folder::ATTRIBUTE,
            "the folder that the API lists",
            AttributeValue::S(folder::of(&path(&field::KEY)).into()),
        )?);
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

fn path(fields: &[&str]) -> ReferencePath {
    fields.iter().fold(ReferencePath::input(), |path, name| path.field(*name))
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
