//! What follows the deletion of an object, or of a version of it.

use super::change_states::{self, States};
use super::changes::Superseded;
use super::record_states::{Setting, condition_failed, ignored, machine};
use super::retry::retry;
use super::{CatalogError, dialect, left};
use crate::asl::{State, StateMachine, Task, Transition};
use crate::aws::integration::Integration;
use crate::dynamodb::DeleteItem;
use crate::name::StateName;
use crate::spec::{DeletedEffect, Spec};

/// The workflow that marks or removes the record of an object that was deleted. In a versioned bucket it first finds out what is left of the
/// object.
pub(super) fn object_deleted(setting: &Setting<'_>, spec: &Spec) -> Result<StateMachine, CatalogError> {
    let (mark, remove) = (StateName::parse("MarkDeleted")?, StateName::parse("RemoveRecord")?);
    let marked = if spec.events.deleted == DeletedEffect::Mark { &mark } else { &remove };
    let gone = if setting.record.leaves_nothing() { &remove } else { &mark };
    let mut states = States::new();
    if spec.bucket.versioned {
        states.extend(left::states(setting, spec, marked, gone)?);
    }
    if *marked == mark {
        states.extend(mark_deleted(setting, &mark)?);
    }
    if *marked == remove || (spec.bucket.versioned && *gone == remove) {
        states.extend(remove_deleted(setting, &remove)?);
    }
    let start = states.first().map(|(name, _)| name.clone()).unwrap_or(mark);
    let states = states.iter().map(|(name, state)| (name, state.clone())).collect();
    machine("Triggered on EventBridge S3 Object Deleted notification.", setting, &start, states)
}

/// The states that mark the record of an object that was deleted.
///
/// The mark holds the sequencer of the deletion, so an event of the object's creation that comes late does not bring the
/// record back; and nothing else of the object, so the record says what its newest event says.
fn mark_deleted(setting: &Setting<'_>, name: &StateName) -> Result<States, CatalogError> {
    let record = setting.record;
    let parts = change_states::parts(setting, Superseded::ByDeletion, ["MarkUpload", "Supersede"], record.marked()?)?;
    let update = record.superseding(Superseded::ByDeletion, record.marks(), record.marked_away())?;
    let call = Integration::optimized("dynamodb", "updateItem");
    let comment = "The mark keeps late events from bringing the record back.";
    one_write(setting, name, comment, call, update.parameters(), parts)
}

/// The states that remove the record of an object that was deleted.
fn remove_deleted(setting: &Setting<'_>, name: &StateName) -> Result<States, CatalogError> {
    let delete = DeleteItem::new(setting.record.key()?, setting.record.is_older());
    let call = Integration::optimized("dynamodb", "deleteItem");
    let comment = "Only if the record is older than the deletion.";
    one_write(setting, name, comment, call, delete.parameters(), Vec::new())
}

/// One write. Where the record is as new as the event it goes on with the parts of the write, if it has any, and
/// ends quietly otherwise.
fn one_write(
    setting: &Setting<'_>,
    write: &StateName,
    comment: &str,
    call: Integration,
    request: dialect::Request,
    parts: States,
) -> Result<States, CatalogError> {
    let parts = if parts.is_empty() { vec![(StateName::parse("EventIgnored")?, ignored())] } else { parts };
    let lost = parts.first().map_or(write, |(name, _)| name);
    let task = State::Task(Task {
        comment: Some(comment.to_owned()),
        data: dialect::task(setting.language, &setting.table, request)?,
        retry: retry(&call),
        catch: vec![condition_failed(setting, &call, lost)],
        resource: call,
        next: Transition::end(),
    });
    Ok([(write.clone(), task)].into_iter().chain(parts).collect())
}
