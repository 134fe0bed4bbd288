//! What changes about an object while it is there: its storage class, its tier, a restore, its tags, its access control list.
//!
//! The events that tell of these have no sequencer, so each group of attributes is a register of its own, in which the greatest
//! of the events wins, whatever came when. What is compared is the event's time (in whole seconds) and, within a second,
//! what the event says; the attribute that holds it is called `...SetBy`. The creation and the deletion of an object write
//! these registers too: an upload has none of what was said about the one before. Within a second a creation comes first
//! and a deletion last.
//!
//! So the table stays a function of the set of events: it is one register by sequencer, and one for each group by time, and
//! a write to one asks nothing of the others.

use super::CatalogError;
use super::attributes::{EVENT_TIME, FILE_NAME, LAST_MODIFIED};
use super::event_value::{Attribute, EventValue, text, text_if_any};
use crate::dynamodb::{AttributeType, AttributeValue, Item, KeySchema, WriteCondition};
use crate::eventbridge::{DetailType, field};
use crate::name::AttributeName;
use crate::spec::{ChangeEffect, Spec};

/// What a spec records of the changes of an object.
#[derive(Debug, Clone, Default)]
pub(super) struct Changes {
    groups: Vec<Group>,
    /// Where the buckets' objects have versions, every change is one of a version.
    versioned: bool,
}

/// Attributes that the same kinds of event set, always together.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// What states are named after.
    pub(super) name: &'static str,
    /// What the group is called within the sort key of a history.
    slug: &'static str,
    /// The attribute that holds what wrote the group last.
    set_by: AttributeName,
    /// The attribute that holds of which version the change was.
    version: AttributeName,
    /// The kinds of event.
    pub(super) kinds: Vec<Change>,
}

/// A kind of event, and what it says.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) detail_type: DetailType,
    /// What a state is named after.
    pub(super) name: &'static str,
    attributes: Vec<Attribute>,
    /// The place of the kind among those of its group that happen within a second, and what the event says: the total order of
    /// the group's events, behind their time.
    rank: &'static str,
    says: Option<&'static [&'static str]>,
}

/// What made or ended an object, and with it everything that was said about the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Superseded {
    /// A creation comes before every change of its second.
    ByCreation,
    /// A deletion comes after every change of its second.
    ByDeletion,
}

impl Superseded {
    fn set_by(self) -> EventValue {
        let rank = match self {
            Self::ByCreation => "#0",
            Self::ByDeletion => "#9",
        };
        EventValue::Formatted("", vec![(&field::TIME, rank.to_owned())])
    }
}

fn name(text: &str) -> Result<AttributeName, CatalogError> {
    Ok(AttributeName::parse(text)?)
}

fn constant(text: &'static str) -> AttributeValue<EventValue> {
    AttributeValue::S(EventValue::Constant(text))
}

/// An attribute as the groups below are written: what is behind the group's stem, and its value.
type Said<'a> = (&'a str, AttributeValue<EventValue>);

impl Change {
    fn new(
        detail_type: DetailType,
        label: &'static str,
        said: impl IntoIterator<Item = Said<'static>>,
        rank: &'static str,
        says: Option<&'static [&'static str]>,
    ) -> Result<Self, CatalogError> {
        let attributes = said.into_iter().map(|(attribute, value)| Ok((name(attribute)?, value)));
        Ok(Self { detail_type, name: label, attributes: attributes.collect::<Result<_, CatalogError>>()?, rank, says })
    }
}

fn group(label: &'static str, slug: &'static str, stem: &str, kinds: Vec<Change>) -> Result<Group, CatalogError> {
    let (set_by, version) = (name(&format!("{stem}SetBy"))?, name(&format!("{stem}VersionId"))?);
    Ok(Group { name: label, slug, set_by, version, kinds })
}

fn storage_class() -> Result<Group, CatalogError> {
    let class = &field::DESTINATION_STORAGE_CLASS;
    let said = [("storageClass", text(class)), ("storageClassChangedAt", text(&field::TIME))];
    let kind = DetailType::ObjectStorageClassChanged;
    let change = Change::new(kind, "StorageClass", said, "#1#", Some(class))?;
    group("StorageClass", "storage-class", "storageClass", vec![change])
}

fn access_tier() -> Result<Group, CatalogError> {
    let tier = &field::DESTINATION_ACCESS_TIER;
    let said = [("accessTier", text(tier)), ("accessTierChangedAt", text(&field::TIME))];
    let change = Change::new(DetailType::ObjectAccessTierChanged, "AccessTier", said, "#1#", Some(tier))?;
    group("AccessTier", "access-tier", "accessTier", vec![change])
}

/// A restore is initiated, completed and expired in this order, also where all of it happens within a second.
fn restore() -> Result<Group, CatalogError> {
    let expiry = &field::RESTORE_EXPIRY_TIME;
    let at = || ("restoreChangedAt", text(&field::TIME));
    let initiated = [("restoreStatus", constant("Initiated")), at()];
    let completed = [("restoreStatus", constant("Completed")), ("restoreExpiresAt", text(expiry)), at()];
    let expired = [("restoreStatus", constant("Expired")), at()];
    let kinds = vec![
        Change::new(DetailType::ObjectRestoreInitiated, "RestoreInitiated", initiated, "#1", None)?,
        Change::new(DetailType::ObjectRestoreCompleted, "RestoreCompleted", completed, "#2#", Some(expiry))?,
        Change::new(DetailType::ObjectRestoreExpired, "RestoreExpired", expired, "#3", None)?,
    ];
    group("Restore", "restore", "restore", kinds)
}

fn tags() -> Result<Group, CatalogError> {
    let said = |status| [("tagsStatus", constant(status)), ("tagsChangedAt", text(&field::TIME))];
    let kinds = vec![
        Change::new(DetailType::ObjectTagsAdded, "TagsAdded", said("Added"), "#1", None)?,
        Change::new(DetailType::ObjectTagsDeleted, "TagsDeleted", said("Deleted"), "#2", None)?,
    ];
    group("Tags", "tags", "tags", kinds)
}

fn acl() -> Result<Group, CatalogError> {
    let said = [("aclUpdatedAt", text(&field::TIME)), ("aclUpdatedBy", text(&field::REQUESTER))];
    let change = Change::new(DetailType::ObjectAclUpdated, "Acl", said, "#1#", Some(&field::REQUESTER))?;
    group("Acl", "acl", "acl", vec![change])
}

impl Changes {
    /// What a spec records.
    pub(super) fn of(spec: &Spec) -> Result<Self, CatalogError> {
        let events = &spec.events;
        let all = [
            (events.storage_class, storage_class()?),
            (events.access_tier, access_tier()?),
            (events.restore, restore()?),
            (events.tags, tags()?),
            (events.acl, acl()?),
        ];
        let chosen = all.into_iter().filter(|(effect, _)| *effect == ChangeEffect::Record);
        let groups = chosen.map(|(_, group)| group).collect();
        Ok(Self { groups, versioned: spec.bucket.versioned })
    }

    /// Whether no changes are recorded.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The groups of attributes.
    pub(super) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The kinds of event that are recorded.
    pub(super) fn kinds(&self) -> impl Iterator<Item = DetailType> {
        self.groups.iter().flat_map(|group| group.kinds.iter().map(|change| change.detail_type))
    }

    /// The attributes' names and types.
    pub(super) fn attributes(&self) -> Vec<(AttributeName, AttributeType)> {
        let names =
            self.groups.iter().flat_map(|group| group.said(self.versioned).into_iter().chain([group.set_by.clone()]));
        names.map(|name| (name, AttributeType::S)).collect()
    }

    /// Neither of the chosen names is one of these.
    pub(super) fn distinct(&self, spec: &Spec) -> Result<(), CatalogError> {
        let names = &spec.table.attribute_names;
        let taken = self.attributes();
        for (name, pointer) in [(&names.file_name, FILE_NAME), (&names.last_modified, LAST_MODIFIED)] {
            if taken.iter().any(|(attribute, _)| attribute == name) {
                let holds = "what an event said about a change";
                return Err(CatalogError::AttributeTaken { name: name.clone(), holds, pointer });
            }
        }
        Ok(())
    }

    /// What a creation or deletion says about every group: that nothing was said since.
    pub(super) fn superseding(&self, by: Superseded) -> Vec<Attribute> {
        self.groups.iter().map(|group| group.superseding(by).0).collect()
    }

    /// What it takes away.
    pub(super) fn superseded(&self) -> Vec<AttributeName> {
        self.groups.iter().flat_map(|group| group.said(self.versioned)).collect()
    }

    /// Nothing newer than it was said about any group.
    pub(super) fn all_older(&self, by: Superseded, and: WriteCondition<EventValue>) -> WriteCondition<EventValue> {
        self.groups.iter().fold(and, |all, group| all.and(group.superseding(by).1))
    }

    /// Whether an attribute is one that changes set.
    pub(super) fn has(&self, name: &AttributeName) -> bool {
        self.groups.iter().any(|group| group.said(self.versioned).contains(name))
    }

    /// The same, and nothing was ever said about the groups that have one of these attributes.
    pub(super) fn unsaid(
        &self,
        attributes: &[Attribute],
        and: WriteCondition<EventValue>,
    ) -> WriteCondition<EventValue> {
        let shared = self.groups.iter().filter(|group| {
            let said = group.said(self.versioned);
            attributes.iter().any(|(name, _)| said.contains(name))
        });
        shared.fold(and, |all, group| all.and(WriteCondition::AttributeNotExists(group.set_by.clone())))
    }

    /// The attributes of a group that say something.
    pub(super) fn said(&self, group: &Group) -> Vec<AttributeName> {
        group.said(self.versioned)
    }

    /// What an update that records a change sets and takes away, and what has to hold: nothing newer was said about its group. It makes a
    /// record where there is none: what an event says that comes before the one of its object's creation is not lost.
    pub(super) fn written(
        &self,
        group: &Group,
        change: &Change,
    ) -> (Vec<Attribute>, Vec<AttributeName>, WriteCondition<EventValue>) {
        let mut set = change.attributes.clone();
        if self.versioned {
            set.push((group.version.clone(), text_if_any(&field::VERSION_ID)));
        }
        let set_by = self.set_by(change);
        set.push((group.set_by.clone(), AttributeValue::S(set_by.clone())));
        (set, self.said(group), group.is_older(set_by))
    }

    /// The record of a change in a history. Its sort key begins with a `#`, which sorts before every digit: the changes of a
    /// file stand before its uploads, in their own order, and its newest upload stays the last of its records.
    pub(super) fn item(
        &self,
        schema: &KeySchema,
        object: AttributeValue<EventValue>,
        group: &Group,
        change: &Change,
    ) -> Result<Item<EventValue>, CatalogError> {
        let Some(range) = schema.range_attribute() else {
            return Err(CatalogError::Blueprint("only a history has records of changes".to_owned()));
        };
        let place = self.order(change, &format!("#{}", group.slug));
        let mut attributes = vec![
            (schema.hash_attribute().name.clone(), object),
            (range.name.clone(), AttributeValue::S(EventValue::Formatted("#", place))),
            (name(EVENT_TIME)?, text(&field::TIME)),
        ];
        attributes.extend(change.attributes.iter().filter(|(_, value)| *value != text(&field::TIME)).cloned());
        if self.versioned {
            attributes.push((name("versionId")?, text_if_any(&field::VERSION_ID)));
        }
        Ok(schema.item(attributes)?)
    }

    /// The event among those of its group: its time, and what it says.
    fn set_by(&self, change: &Change) -> EventValue {
        EventValue::Formatted("", self.order(change, ""))
    }

    /// The time, then a text, then what the event says. Of two events of which this is the same, neither says anything that
    /// the other does not.
    fn order(&self, change: &Change, then: &str) -> Vec<(&'static [&'static str], String)> {
        let mut pieces: Vec<(&'static [&'static str], String)> = vec![(&field::TIME, format!("{then}{}", change.rank))];
        pieces.extend(change.says.iter().map(|field| (*field, String::new())));
        if self.versioned {
            if let Some((_, behind)) = pieces.last_mut().filter(|(_, behind)| !behind.ends_with('#')) {
                behind.push('#');
            }
            // In JSONata, which the optional version makes of the request, a field that is missing adds nothing to a text.
            pieces.push((&field::VERSION_ID, String::new()));
        }
        pieces
    }
}

impl Group {
    /// What a creation or deletion writes of the group, and the condition of that.
    pub(super) fn superseding(&self, by: Superseded) -> (Attribute, WriteCondition<EventValue>) {
        ((self.set_by.clone(), AttributeValue::S(by.set_by())), self.is_older(by.set_by()))
    }

    /// The attributes that say something, of all its kinds of event.
    fn said(&self, versioned: bool) -> Vec<AttributeName> {
        let mut names: Vec<AttributeName> = Vec::new();
        for (name, _) in self.kinds.iter().flat_map(|change| &change.attributes) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names.extend(versioned.then(|| self.version.clone()));
        names
    }

    /// What wrote the group last is below this.
    fn is_older(&self, set_by: EventValue) -> WriteCondition<EventValue> {
        let older = WriteCondition::LessThan(self.set_by.clone(), AttributeValue::S(set_by));
        WriteCondition::AttributeNotExists(self.set_by.clone()).or(older)
    }
}
