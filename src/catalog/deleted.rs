use super::changes::Superseded;
use super::retry::retry;
use super::workflow::{Setting, condition_failed, ignored, machine};
use super::{CatalogError, change_states, dialect};
use crate::asl::{Integration, State, StateMachine, Task, Transition};
use crate::dynamodb::DeleteItem;
use crate::name::StateName;

/// The workflow that marks the record of an object that was deleted.
///
/// The mark holds the sequencer of the deletion, so an event of the object's creation that comes late does not bring the
/// record back; and nothing else of the object, so the record says what its newest event says.
pub(super) fn mark_deleted(setting: &Setting<'_>) -> Result<StateMachine, CatalogError> {
    let record = setting.record;
    let parts = change_states::parts(setting, Superseded::ByDeletion, "MarkUpload", record.marked()?)?;
    let update = record.superseding(Superseded::ByDeletion, record.marks(), record.marked_away())?;
    let call = Integration::optimized("dynamodb", "updateItem");
    let comment = "The mark keeps late events from bringing the record back.";
    one_write(setting, "MarkDeleted", comment, call, update.parameters(), parts)
}

/// The workflow that removes the record of an object that was deleted.
pub(super) fn remove_deleted(setting: &Setting<'_>) -> Result<StateMachine, CatalogError> {
    let delete = DeleteItem::new(setting.record.key()?, setting.record.is_older());
    let call = Integration::optimized("dynamodb", "deleteItem");
    one_write(
        setting,
        "RemoveRecord",
        "Only if the record is older than the deletion.",
        call,
        delete.parameters(),
        Vec::new(),
    )
}

/// A workflow of one write. Where the record is as new as the event it goes on with the parts of the write, if it has any, and
/// ends quietly otherwise.
fn one_write(
    setting: &Setting<'_>,
    name: &str,
    comment: &str,
    call: Integration,
    request: dialect::Request,
    parts: Vec<(StateName, State)>,
) -> Result<StateMachine, CatalogError> {
    let write = StateName::parse(name)?;
    let parts = if parts.is_empty() { vec![(StateName::parse("EventIgnored")?, ignored())] } else { parts };
    let lost = parts.first().map_or(&write, |(name, _)| name);
    let task = State::Task(Task {
        comment: Some(comment.to_owned()),
        data: dialect::task(setting.language, &setting.table, request)?,
        retry: retry(&call),
        catch: vec![condition_failed(setting, &call, lost)],
        resource: call,
        next: Transition::end(),
    });
    let states = [(&write, task)].into_iter().chain(parts.iter().map(|(name, state)| (name, state.clone()))).collect();
    machine("Triggered on EventBridge S3 Object Deleted notification.", setting, &write, states)
}
