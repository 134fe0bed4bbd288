use indexmap::IndexMap;

use super::CatalogError;
use super::dynamodb_task::{QueryAnswer, parameters, retry};
use super::record::Record;
use crate::asl::{
    Catcher, Choice, ChoiceRule, Integration, ReferencePath, State, StateMachine, SubstitutionName, Succeed, Task,
};
use crate::dynamodb::{PutItem, Query, UpdateItem};
use crate::name::StateName;
use crate::stack::comment_line;

/// What the service says when the condition of a write does not hold.
const CONDITION_FAILED: &str = "ConditionalCheckFailedException";

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

/// The workflow that records an object that was created: look whether the file is known, then update its record or add one.
///
/// What the look finds may be out of date by the time of the write, so the writes do not trust it. Adding fails where another
/// execution was faster, and goes on to the update; updating fails where the record is as new as the event, and the
/// execution ends there, quietly.
pub(super) fn object_created(record: &Record, table: &SubstitutionName) -> Result<StateMachine, CatalogError> {
    let names = Names::new()?;
    let answer = QueryAnswer(ReferencePath::input().field("dynamoDbResult"));
    let states = [
        (&names.query, query(record, table, &answer, &names.object_exists)?),
        (&names.object_exists, object_exists(&answer, &names.update_object, &names.put_object)),
        (&names.update_object, update_object(record, table, &names)?),
        (
            &names.put_object,
            put_object(
                record,
                table,
                "If another execution was faster, this becomes an update.",
                &names.update_object,
                &names.object_added,
            )?,
        ),
        (&names.object_updated, end("The file was known, and its record now says what this event says.")),
        (&names.object_added, end("The file was new, and has a record now.")),
        (&names.event_ignored, end("The record is as new as this event, or newer: the event came twice, or late.")),
    ];
    let states: IndexMap<_, _> = states.into_iter().map(|(name, state)| (name.clone(), state)).collect();
    let comment = format!("Triggered on EventBridge S3 Object Created notification. {}", comment_line());
    Ok(StateMachine::new(comment, names.query, states)?)
}

/// Looks whether the file is known.
pub(super) fn query(
    record: &Record,
    table: &SubstitutionName,
    answer: &QueryAnswer,
    next: &StateName,
) -> Result<State, CatalogError> {
    let call = Integration::sdk("dynamodb", "query");
    let request = Query::any_item(record.key_schema(), record.hash_value());
    Ok(State::Task(Task {
        comment: Some("Is the file known?".to_owned()),
        retry: retry(&call),
        resource: call,
        parameters: parameters(table, request.parameters())?,
        result_path: Some(answer.0.clone()),
        catch: Vec::new(),
        next: next.clone(),
    }))
}

/// Goes on by what the look has found.
pub(super) fn object_exists(answer: &QueryAnswer, known: &StateName, unknown: &StateName) -> State {
    State::Choice(Choice {
        comment: None,
        choices: vec![ChoiceRule::numeric_greater_than(answer.count(), 0, known.clone())],
        default: unknown.clone(),
    })
}

fn update_object(record: &Record, table: &SubstitutionName, names: &Names) -> Result<State, CatalogError> {
    let call = Integration::optimized("dynamodb", "updateItem");
    let request = UpdateItem::set(record.key()?, record.updated(), record.is_older())?;
    Ok(State::Task(Task {
        comment: Some("Newer events win: S3's sequencer orders the events of a key.".to_owned()),
        parameters: parameters(table, request.parameters())?,
        result_path: None,
        retry: retry(&call),
        catch: vec![condition_failed(&call, &names.event_ignored)],
        resource: call,
        next: names.object_updated.clone(),
    }))
}

/// Adds the record, if there is none: where one was faster, `lost` follows.
pub(super) fn put_object(
    record: &Record,
    table: &SubstitutionName,
    comment: &str,
    lost: &StateName,
    next: &StateName,
) -> Result<State, CatalogError> {
    let call = Integration::optimized("dynamodb", "putItem");
    let request = PutItem::new(record.item()?, record.is_new());
    Ok(State::Task(Task {
        comment: Some(comment.to_owned()),
        parameters: parameters(table, request.parameters())?,
        result_path: None,
        retry: retry(&call),
        catch: vec![condition_failed(&call, lost)],
        resource: call,
        next: next.clone(),
    }))
}

/// What follows a write whose condition did not hold. The error is put beside the event, which the next state still needs.
fn condition_failed(call: &Integration, next: &StateName) -> Catcher {
    Catcher {
        error_equals: vec![call.error(CONDITION_FAILED)],
        result_path: ReferencePath::input().field("conditionFailed"),
        next: next.clone(),
    }
}

fn end(comment: &str) -> State {
    State::Succeed(Succeed { comment: Some(comment.to_owned()) })
}
