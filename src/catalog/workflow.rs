//! The workflow that records objects that were created.

use super::changes::Superseded;
use super::record_states::{Setting, end, ignored, machine, object_exists, put_object, query, update_object};
use super::{CatalogError, change_states, confirm, enrich};
use crate::asl::{State, StateMachine, Transition};
use crate::name::StateName;
use crate::spec::Flow;

/// The states, by the names that the article gave them; `EventIgnored` is the end that it lacked.
struct Names {
    query: StateName,
    object_exists: StateName,
    update_object: StateName,
    put_object: StateName,
    object_updated: StateName,
    object_added: StateName,
    event_ignored: StateName,
}

impl Names {
    fn new() -> Result<Self, CatalogError> {
        Ok(Self {
            query: StateName::parse("Query")?,
            object_exists: StateName::parse("ObjectExists")?,
            update_object: StateName::parse("UpdateObject")?,
            put_object: StateName::parse("PutObject")?,
            object_updated: StateName::parse("ObjectUpdated")?,
            object_added: StateName::parse("ObjectAdded")?,
            event_ignored: StateName::parse("EventIgnored")?,
        })
    }
}

/// The workflow that records an object that was created. Where changes of objects are recorded as well, a write that loses is
/// followed by those of its parts that may not have lost.
pub(super) fn object_created(setting: &Setting<'_>, flow: Flow) -> Result<StateMachine, CatalogError> {
    let names = Names::new()?;
    let parts = change_states::parts(
        setting,
        Superseded::ByCreation,
        ["UpdateUpload", "Supersede"],
        setting.record.uploaded()?,
    )?;
    let lost = parts.first().map_or(&names.event_ignored, |(name, _)| name);
    let confirm = setting.record.leaves_nothing().then(confirm::first).transpose()?;
    let lost = confirm.as_ref().unwrap_or(lost);
    let confirming =
        confirm.is_some().then(|| confirm::states(setting, &[&names.event_ignored])).transpose()?.unwrap_or_default();
    let (start, mut states) = match flow {
        Flow::QueryThenWrite => (&names.query, query_then_write(setting, &names, lost, confirm.as_ref())?),
        Flow::Upsert => (&names.update_object, upsert(setting, &names, lost, confirm.as_ref())?),
    };
    states.extend(confirming.iter().map(|(name, state)| (name, state.clone())));
    if !parts.is_empty() {
        states.retain(|(name, _)| **name != names.event_ignored);
        states.extend(parts.iter().map(|(name, state)| (name, state.clone())));
    }
    let comment = "Triggered on EventBridge S3 Object Created notification.";
    let Some(questions) = setting.record.questions() else { return machine(comment, setting, start, states) };
    let gone = end("The object was deleted after this event; the event of the deletion is newer and decides.");
    // Where nothing is left of a record, one of an execution that broke off may be there: it goes.
    let forget = confirming.iter().find(|(name, _)| name.as_str() == confirm::FORGET).cloned();
    let gone = match forget {
        Some(forget) => forget,
        None => (StateName::parse("ObjectGone")?, gone),
    };
    let asking = enrich::asking(setting, questions, start, gone)?;
    let asked = asking.states.iter().map(|(name, state)| (name, state.clone()));
    states.splice(0..0, asked);
    machine(comment, setting, &asking.start, states)
}

/// The article's way: look whether the file is known, then update its record or add one.
///
/// What the look finds may be out of date by the time of the write, so the writes do not trust it. Adding fails where another
/// execution was faster, and goes on to the update; updating fails where the record is as new as the event, and the
/// execution ends there, quietly.
fn query_then_write<'a>(
    setting: &Setting<'_>,
    names: &'a Names,
    lost: &StateName,
    confirm: Option<&StateName>,
) -> Result<Vec<(&'a StateName, State)>, CatalogError> {
    let Names { update_object: update, put_object: put, event_ignored, .. } = names;
    let faster = "If another execution was faster, this becomes an update.";
    let [updated, added] = [&names.object_updated, &names.object_added].map(|end| confirm.unwrap_or(end));
    let mut states = vec![
        (&names.query, query(setting, &names.object_exists)?),
        (&names.object_exists, object_exists(setting, update, put)),
        (update, update_object(setting, lost, Transition::to(updated))?),
        (put, put_object(setting, faster, update, added)?),
    ];
    if confirm.is_none() {
        states.push((&names.object_updated, end("The file had a record, which now contains what this event says.")));
        states.push((&names.object_added, end("The file was new, and has a record now.")));
    }
    states.push((event_ignored, ignored()));
    Ok(states)
}

/// The short way: an update that makes the record where there is none. The condition is the same, and so is the promise.
fn upsert<'a>(
    setting: &Setting<'_>,
    names: &'a Names,
    lost: &StateName,
    confirm: Option<&StateName>,
) -> Result<Vec<(&'a StateName, State)>, CatalogError> {
    let next = confirm.map_or_else(Transition::end, Transition::to);
    Ok(vec![(&names.update_object, update_object(setting, lost, next)?), (&names.event_ignored, ignored())])
}
