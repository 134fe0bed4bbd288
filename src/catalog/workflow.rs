use indexmap::IndexMap;

use super::changes::Superseded;
use super::enrich;
use super::record::Record;
use super::retry::retry;
use super::{CatalogError, change_states, confirm, dialect};
use crate::asl::{
    Catcher, Choice, ErrorName, QueryLanguage, State, StateMachine, SubstitutionName, Succeed, Task, TaskData,
    Transition,
};
use crate::aws::integration::Integration;
use crate::dynamodb::PutItem;
use crate::name::StateName;
use crate::spec::Flow;
use crate::stack::comment_line;

/// What the service says when the condition of a write does not hold.
const CONDITION_FAILED: &str = "ConditionalCheckFailedException";

/// What the states of a workflow have in common.
pub(super) struct Setting<'a> {
    /// What is written.
    pub(super) record: &'a Record,
    /// What stands for the table's name.
    pub(super) table: SubstitutionName,
    /// The language of the states.
    pub(super) language: QueryLanguage,
}

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
    let gone = end("The object was deleted after this event; the event of that is newer, and what the table goes by.");
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

/// A state machine of these states, which says of itself that it was generated.
pub(super) fn machine(
    comment: &str,
    setting: &Setting<'_>,
    start: &StateName,
    states: Vec<(&StateName, State)>,
) -> Result<StateMachine, CatalogError> {
    let states: IndexMap<_, _> = states.into_iter().map(|(name, state)| (name.clone(), state)).collect();
    let comment = format!("{comment} {}", comment_line());
    Ok(StateMachine::new(comment, start.clone(), states)?.in_language(setting.language))
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
        states.push((&names.object_updated, end("The file was known, and its record now says what this event says.")));
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

/// Looks whether the file is known.
pub(super) fn query(setting: &Setting<'_>, next: &StateName) -> Result<State, CatalogError> {
    let call = Integration::sdk("dynamodb", "query");
    let request = setting.record.any_upload()?;
    Ok(State::Task(Task {
        comment: Some("Is the file known?".to_owned()),
        retry: retry(&call),
        resource: call,
        data: dialect::query(setting.language, &setting.table, request.parameters())?,
        catch: Vec::new(),
        next: Transition::to(next),
    }))
}

/// Goes on by what the look has found.
pub(super) fn object_exists(setting: &Setting<'_>, known: &StateName, unknown: &StateName) -> State {
    State::Choice(Choice {
        comment: None,
        choices: vec![dialect::found_any(setting.language, known.clone())],
        default: unknown.clone(),
    })
}

pub(super) fn update_object(setting: &Setting<'_>, lost: &StateName, next: Transition) -> Result<State, CatalogError> {
    let record = setting.record;
    let request = record.superseding(Superseded::ByCreation, record.updated(), record.unmarked())?;
    let call = Integration::optimized("dynamodb", "updateItem");
    let data = written(setting, request.parameters())?;
    Ok(State::Task(Task {
        comment: Some("Newer events win: S3's sequencer orders the events of a key.".to_owned()),
        retry: retry(&call),
        catch: vec![lost_race(data.language(), &call, lost)],
        data,
        resource: call,
        next,
    }))
}

/// Adds the record, if there is none: where one was faster, `lost` follows.
pub(super) fn put_object(
    setting: &Setting<'_>,
    comment: &str,
    lost: &StateName,
    next: &StateName,
) -> Result<State, CatalogError> {
    let request = PutItem::new(setting.record.item()?, setting.record.is_new());
    let call = Integration::optimized("dynamodb", "putItem");
    let data = written(setting, request.parameters())?;
    Ok(State::Task(Task {
        comment: Some(comment.to_owned()),
        retry: retry(&call),
        catch: vec![lost_race(data.language(), &call, lost)],
        data,
        resource: call,
        next: Transition::to(next),
    }))
}

/// The data of a write of a record. Where S3 is asked about the object afterwards, the event goes on to that.
fn written(setting: &Setting<'_>, request: dialect::Request) -> Result<TaskData, CatalogError> {
    match setting.record.leaves_nothing() {
        true => dialect::passing(setting.language, &setting.table, request),
        false => dialect::task(setting.language, &setting.table, request),
    }
}

/// What follows a write whose condition did not hold.
pub(super) fn condition_failed(setting: &Setting<'_>, call: &Integration, next: &StateName) -> Catcher {
    lost_race(setting.language, call, next)
}

/// The same, of a write in a language that need not be its state machine's.
pub(super) fn lost_race(language: QueryLanguage, call: &Integration, next: &StateName) -> Catcher {
    Catcher {
        error_equals: vec![ErrorName::of(call, CONDITION_FAILED)],
        data: dialect::caught(language),
        next: next.clone(),
    }
}

/// The end of an execution that had nothing to write.
pub(super) fn ignored() -> State {
    end("The record is as new as this event, or newer: the event came twice, or late.")
}

fn end(comment: &str) -> State {
    State::Succeed(Succeed { comment: Some(comment.to_owned()) })
}
