//! The updates of a record: what each event sets, what it takes away, and what has to hold for that.

use super::CatalogError;
use super::changes::{Group, Superseded};
use super::event_value::{Attribute, EventValue};
use super::record::Record;
use crate::dynamodb::{UpdateItem, WriteCondition};
use crate::name::AttributeName;

impl Record {
    /// The update by a creation or a deletion, with what it says about the changes of the object before.
    pub(super) fn superseding(
        &self,
        by: Superseded,
        mut set: Vec<Attribute>,
        mut remove: Vec<AttributeName>,
    ) -> Result<UpdateItem<EventValue>, CatalogError> {
        let mut condition = self.is_older();
        if !self.is_history() {
            set.extend(self.changes().superseding(by));
            remove.extend(self.changes().superseded());
            condition = self.changes().all_older(by, condition);
        }
        self.update(set, remove, condition)
    }

    /// The update by an upload, without what it says about changes.
    pub(super) fn uploaded(&self) -> Result<UpdateItem<EventValue>, CatalogError> {
        let set = self.updated().into_iter().filter(|(name, _)| !self.changes().has(name)).collect();
        self.update(set, self.unmarked(), self.is_older())
    }

    /// The update by which a deletion marks the record, without what it says about changes.
    pub(super) fn marked(&self) -> Result<UpdateItem<EventValue>, CatalogError> {
        let remove = self.marked_away().into_iter().filter(|name| !self.changes().has(name)).collect();
        self.update(self.marks(), remove, self.is_older())
    }

    /// The update that supersedes what was said about one group. An upload may say something about it itself.
    pub(super) fn supersede(&self, group: &Group, by: Superseded) -> Result<UpdateItem<EventValue>, CatalogError> {
        let said = self.changes().said(group);
        let mut set: Vec<Attribute> = match by {
            Superseded::ByCreation => self.updated().into_iter().filter(|(name, _)| said.contains(name)).collect(),
            Superseded::ByDeletion => Vec::new(),
        };
        let (set_by, condition) = group.superseding(by);
        set.push(set_by);
        self.update(set, said, condition)
    }

    /// An update of the record. What it sets it does not remove, and nothing is removed twice.
    pub(super) fn update(
        &self,
        set: Vec<Attribute>,
        remove: Vec<AttributeName>,
        condition: WriteCondition<EventValue>,
    ) -> Result<UpdateItem<EventValue>, CatalogError> {
        let mut gone: Vec<AttributeName> = Vec::new();
        for name in remove {
            if !gone.contains(&name) && set.iter().all(|(other, _)| *other != name) {
                gone.push(name);
            }
        }
        let (optional, always) = set.into_iter().partition(|(_, value)| value.value().is_optional());
        let update = UpdateItem::set(self.key()?, always, condition)?;
        Ok(update.setting_or_removing(optional)?.removing(gone)?)
    }
}
