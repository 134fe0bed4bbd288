//! The states that read and write records: what the workflows for created, changed and deleted objects are made of.

use indexmap::IndexMap;

use super::changes::Superseded;
use super::record::Record;
use super::retry::retry;
use super::{CatalogError, dialect};
use crate::asl::{
    Catcher, Choice, ErrorName, QueryLanguage, State, StateMachine, SubstitutionName, Succeed, Task, TaskData,
    Transition,
};
use crate::aws::integration::Integration;
use crate::dynamodb::PutItem;
use crate::name::StateName;
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

/// Updates the record, or makes it, where the event is newer: where it is not, `lost` follows.
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
    end("The record is as new as this event, or newer: the event was repeated or late.")
}

/// The end of an execution that went well.
pub(super) fn end(comment: &str) -> State {
    State::Succeed(Succeed { comment: Some(comment.to_owned()) })
}
