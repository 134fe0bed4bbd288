//! Whether an object is still there once its record was written.
//!
//! Where nothing is left of the record of an object that is gone, nothing holds off the event of its creation if that comes after the
//! deletion's. So the record is written first, and S3 is asked afterwards: if the object is gone by then, its record goes again, unless a newer
//! event has written it meanwhile. If the object goes after the answer, the deletion is newer, and its event removes the record. An execution
//! that finds its event recorded already asks as well: the one that recorded it may have broken off before it asked.

use super::change_states::States;
use super::record_states::{Setting, ignored, lost_race};
use super::retry::{retry, retry_s3};
use super::{CatalogError, dead_letters, dialect, enrich};
use crate::asl::{
    Catcher, CaughtData, Choice, ErrorName, Fail, JsonataExpression, QueryLanguage, State, Succeed, Task, TaskData,
    Transition,
};
use crate::aws::integration::Integration;
use crate::dynamodb::DeleteItem;
use crate::name::StateName;

/// What the cause of an error says where S3 refuses to tell of an object that is there: its uploader keeps its key, or a policy
/// denies it.
const REFUSED: [&str; 2] = ["Status Code: 400", "Status Code: 403"];

/// The state that takes the record back.
pub(super) const FORGET: &str = "ForgetObject";

/// The state that asks.
pub(super) fn first() -> Result<StateName, CatalogError> {
    Ok(StateName::parse("ConfirmObject")?)
}

/// The states that ask, and that take the record back. One that has `EventIgnored` is left to do without.
pub(super) fn states(setting: &Setting<'_>, known: &[&StateName]) -> Result<States, CatalogError> {
    let [forget, unseen, recorded, event_ignored, failed] =
        [FORGET, "ObjectUnseen", "ObjectRecorded", "EventIgnored", dead_letters::EXECUTION_FAILED]
            .map(StateName::parse);
    let (forget, unseen, recorded, event_ignored, failed) = (forget?, unseen?, recorded?, event_ignored?, failed?);

    let head = Integration::sdk("s3", "headObject");
    let catch =
        |error: ErrorName, data, next: &StateName| Catcher { error_equals: vec![error], data, next: next.clone() };
    let unchanged = CaughtData::Jsonata { output: JsonataExpression::input().into() };
    let ask = Task {
        comment: Some(
            "The event may have arrived after that of the object's deletion, which left no record.".to_owned(),
        ),
        data: TaskData::jsonata(enrich::about_object()?).within(setting.language),
        retry: retry_s3(&head),
        catch: vec![
            catch(ErrorName::of(&head, "NoSuchKeyException"), unchanged, &forget),
            catch(ErrorName::of(&head, "S3Exception"), dialect::caught_error(QueryLanguage::Jsonata), &unseen),
        ],
        resource: head,
        next: Transition::end(),
    };
    let call = Integration::optimized("dynamodb", "deleteItem");
    let delete = DeleteItem::new(setting.record.key()?, setting.record.is_this_events());
    let data = dialect::task(setting.language, &setting.table, delete.parameters())?;
    let remove = Task {
        comment: Some("The object was deleted. What a newer event wrote is kept.".to_owned()),
        retry: retry(&call),
        catch: vec![lost_race(data.language(), &call, &event_ignored)],
        data,
        resource: call,
        next: Transition::end(),
    };
    let refuses = |text| dialect::cause_says(setting.language, text, recorded.clone());
    let choice = Choice {
        comment: Some("If S3 refuses to answer, the object is assumed to exist.".to_owned()),
        choices: REFUSED.map(refuses).into(),
        default: failed.clone(),
    };
    let comment = "S3 did not answer, so the execution fails visibly.".to_owned();
    let fail = Fail { comment: Some(comment), data: dialect::failed(setting.language) };
    let succeed = Succeed { comment: Some("The record says what this event says, or a newer one.".to_owned()) };
    let states = [
        (first()?, State::Task(ask)),
        (forget, State::Task(remove)),
        (unseen, State::Choice(choice)),
        (recorded, State::Succeed(succeed)),
        (event_ignored, ignored()),
        (failed, State::Fail(fail)),
    ];
    Ok(states.into_iter().filter(|(name, _)| !known.contains(&name)).collect())
}
