//! What is left of an object after one of its versions was deleted: only S3 knows which version is the current one then, or whether a delete marker
//! is, or nothing.
//!
//! S3 is asked after the event, so its answer is as new as that or newer; it is written under the event's sequencer. What happened after the event has
//! a greater one, and an event of its own that wins. So the last event to be recorded is the newest, and what S3 answered about it is what is
//! there.

use super::change_states::{self, States};
use super::changes::Superseded;
use super::expression::input;
use super::record::{LEFT_MODIFIED, Record};
use super::record_states::{Setting, put_object, update_object};
use super::retry::retry_s3;
use super::{BUCKET_NAME, CatalogError, confirm, enrich, substitution};
use crate::asl::{
    Choice, ChoiceRule, Jsonata, JsonataExpression, JsonataTemplate, Literal, PayloadTemplate, State, Task, TaskData,
    Transition,
};
use crate::aws::integration::Integration;
use crate::eventbridge::{DeletionType, field};
use crate::name::StateName;
use crate::spec::Spec;

/// Where the answer is put: `object`, `marker` or `nothing`.
const CURRENT: &str = "current";

/// The states that follow an event of a versioned bucket's deletion: the first decides by the kind of deletion. `marked` is the state
/// that follows where the object has a delete marker, `gone` the one where nothing is left of it.
pub(super) fn states(
    setting: &Setting<'_>,
    spec: &Spec,
    marked: &StateName,
    gone: &StateName,
) -> Result<States, CatalogError> {
    let record = Record::left(spec)?;
    let setting = Setting { record: &record, table: setting.table.clone(), language: setting.language };
    let [kind, list, current, write, ignored] =
        ["DeletionType", "ListObjectVersions", "CurrentVersion", "RecordCurrent", "EventIgnored"].map(StateName::parse);
    let (kind, list, current, write, ignored) = (kind?, list?, current?, write?, ignored?);

    let mut states = States::new();
    let by = |found: Jsonata, text: &str, next: &StateName| {
        ChoiceRule::condition(found.equals(Jsonata::text(text)).into(), next.clone())
    };
    let permanently = DeletionType::PermanentlyDeleted.as_str();
    states.push((
        kind,
        State::Choice(Choice {
            comment: Some("Only S3 knows which version is current after one was deleted.".to_owned()),
            choices: vec![by(Jsonata::input().field("detail").field("deletion-type"), permanently, &list)],
            default: marked.clone(),
        }),
    ));
    states.push((list, State::Task(list_versions(&setting, &current)?)));
    let never = (StateName::parse("ObjectGone")?, super::record_states::ignored());
    let asking = record.questions().map(|questions| enrich::asking(&setting, questions, &write, never)).transpose()?;
    let first = asking.as_ref().map_or(&write, |asking| &asking.start);
    let says = |what: &str, next: &StateName| by(Jsonata::input().field(CURRENT), what, next);
    states.push((
        current,
        State::Choice(Choice {
            comment: None,
            choices: vec![says("object", first), says("marker", marked)],
            default: gone.clone(),
        }),
    ));
    states.extend(asking.map(|asking| asking.states).unwrap_or_default());
    states.extend(recorded(&setting, &write, &ignored)?);
    Ok(states)
}

/// The states that write the record of the version that is current now.
fn recorded(setting: &Setting<'_>, write: &StateName, ignored: &StateName) -> Result<States, CatalogError> {
    let record = setting.record;
    if record.is_history() {
        let comment = "The current version after the deletion, according to S3.";
        return Ok(vec![(write.clone(), put_object(setting, comment, ignored, ignored)?)]);
    }
    let parts =
        change_states::parts(setting, Superseded::ByCreation, ["RecordVersion", "Restore"], record.uploaded()?)?;
    let confirming = record.leaves_nothing().then(confirm::first).transpose()?;
    let lost = parts.first().map(|(name, _)| name).or(confirming.as_ref()).unwrap_or(ignored);
    let next = confirming.as_ref().map_or_else(Transition::end, Transition::to);
    let mut states = vec![(write.clone(), update_object(setting, lost, next)?)];
    states.extend(parts);
    if record.leaves_nothing() {
        states.extend(confirm::states(setting, &[ignored])?);
    }
    Ok(states)
}

/// Asks for the newest version or delete marker of the object, and goes on with the event as it would be about that. The list begins with the
/// object's own key, because its versions are listed by key, and each key's by age, the newest first.
fn list_versions(setting: &Setting<'_>, next: &StateName) -> Result<Task, CatalogError> {
    let call = Integration::sdk("s3", "listObjectVersions");
    let key = input(&field::KEY);
    let arguments = PayloadTemplate::object([
        ("Bucket", PayloadTemplate::Substitution(substitution(BUCKET_NAME)?)),
        ("Prefix", JsonataExpression::from(key.clone()).into()),
        ("MaxKeys", Literal::number(1).into()),
    ]);
    let [_, _, modified] = LEFT_MODIFIED;
    // S3 calls the version that was written while versioning was suspended `null`; its event names none.
    let [version, marker] = ["version", "marker"].map(Jsonata::variable);
    let object = Jsonata::object([
        ("key", key.clone()),
        ("sequencer", input(&field::SEQUENCER)),
        ("size", version.clone().field("Size")),
        ("etag", version.clone().field("ETag").call("$replace", [Jsonata::text("\""), Jsonata::text("")])),
        (modified, version.clone().field("LastModified")),
    ]);
    let id = version.clone().field("VersionId");
    let named = id.clone().differs(Jsonata::text("null"));
    let named = named.then(Jsonata::object([("version-id", id)]), Jsonata::object([]));
    let first = |list| Jsonata::result().field(list).at(&Jsonata::of_element("Key").equals(key.clone())).element(0);
    let with = |fields: Jsonata| Jsonata::merge([Jsonata::input(), fields]);
    let detail = Jsonata::object([("object", Jsonata::merge([object, named]))]);
    let is_there = with(Jsonata::object([(CURRENT, Jsonata::text("object")), ("detail", detail)]));
    let is_gone = marker.then(Jsonata::text("marker"), Jsonata::text("nothing"));
    let is_gone = with(Jsonata::object([(CURRENT, is_gone)]));
    let output = Jsonata::block(
        [("version", first("Versions")), ("marker", first("DeleteMarkers"))],
        &version.then(is_there, is_gone),
    );
    Ok(Task {
        comment: Some("What is the current state of the object?".to_owned()),
        data: TaskData::jsonata(JsonataTemplate::new(arguments)).giving(output.into()).within(setting.language),
        retry: retry_s3(&call),
        catch: Vec::new(),
        resource: call,
        next: Transition::to(next),
    })
}
