use super::CatalogError;
use super::dialect;
use super::retry::retry;
use super::workflow::{Setting, condition_failed, ignored, machine};
use crate::asl::{Integration, State, StateMachine, Task, Transition};
use crate::dynamodb::{DeleteItem, UpdateItem};
use crate::name::StateName;

/// The workflow that marks the record of an object that was deleted.
///
/// The mark holds the sequencer of the deletion, so an event of the object's creation that comes late does not bring the
/// record back; and nothing else of the object, so the record says what its newest event says.
pub(super) fn mark_deleted(setting: &Setting<'_>) -> Result<StateMachine, CatalogError> {
    let record = setting.record;
    let update = UpdateItem::set(record.key()?, record.marks(), record.is_older())?.removing(record.marked_away())?;
    let call = Integration::optimized("dynamodb", "updateItem");
    one_write(
        setting,
        "MarkDeleted",
        "The mark keeps late events from bringing the record back.",
        call,
        update.parameters(),
    )
}

/// The workflow that removes the record of an object that was deleted.
pub(super) fn remove_deleted(setting: &Setting<'_>) -> Result<StateMachine, CatalogError> {
    let delete = DeleteItem::new(setting.record.key()?, setting.record.is_older());
    let call = Integration::optimized("dynamodb", "deleteItem");
    one_write(setting, "RemoveRecord", "Only if the record is older than the deletion.", call, delete.parameters())
}

/// A workflow of one write, which ends quietly where the record is as new as the event.
fn one_write(
    setting: &Setting<'_>,
    name: &str,
    comment: &str,
    call: Integration,
    request: dialect::Request,
) -> Result<StateMachine, CatalogError> {
    let (write, event_ignored) = (StateName::parse(name)?, StateName::parse("EventIgnored")?);
    let task = State::Task(Task {
        comment: Some(comment.to_owned()),
        data: dialect::task(setting.language, &setting.table, request)?,
        retry: retry(&call),
        catch: vec![condition_failed(setting, &call, &event_ignored)],
        resource: call,
        next: Transition::end(),
    });
    let states = vec![(&write, task), (&event_ignored, ignored())];
    machine("Triggered on EventBridge S3 Object Deleted notification.", setting, &write, states)
}
