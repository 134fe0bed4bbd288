//! The states that write what changes about an object: [`changes`](super::changes) says what is written.

use super::changes::{Change, Group, Superseded};
use super::event_value::EventValue;
use super::record_states::{Setting, ignored, lost_race, machine};
use super::retry::retry;
use super::{CatalogError, dialect};
use crate::asl::{Choice, State, StateMachine, Succeed, Task, Transition};
use crate::aws::integration::Integration;
use crate::dynamodb::{PutItem, UpdateItem};
use crate::name::StateName;
use crate::spec::Spec;

/// States by name, in order.
pub(super) type States = Vec<(StateName, State)>;

/// The workflow that records the changes of objects: one conditional write for each kind of event.
pub(super) fn object_changed(setting: &Setting<'_>) -> Result<StateMachine, CatalogError> {
    let (kind, event_ignored) = (StateName::parse("ChangeKind")?, StateName::parse("EventIgnored")?);
    let mut rules = Vec::new();
    let mut writes = States::new();
    for group in setting.record.changes().groups() {
        for change in &group.kinds {
            let name = StateName::parse(format!("Record{}", change.name))?;
            rules.push(dialect::is_kind(setting.language, change.detail_type, name.clone()));
            writes.push((name, State::Task(record_change(setting, group, change, &event_ignored)?)));
        }
    }
    let mut states = States::new();
    if writes.len() > 1 {
        let comment = Some("Every kind of event sets its own attributes.".to_owned());
        states.push((kind, State::Choice(Choice { comment, choices: rules, default: event_ignored.clone() })));
    }
    states.extend(writes);
    states.push((event_ignored, ignored()));
    let start = states.first().map(|(name, _)| name.clone());
    let start = start.ok_or_else(|| CatalogError::Blueprint("no changes are recorded".to_owned()))?;
    let states = states.iter().map(|(name, state)| (name, state.clone())).collect();
    machine("Triggered on EventBridge S3 notifications of changes to an object.", setting, &start, states)
}

fn record_change(
    setting: &Setting<'_>,
    group: &Group,
    change: &Change,
    lost: &StateName,
) -> Result<Task, CatalogError> {
    let (record, changes) = (setting.record, setting.record.changes());
    let (call, request, comment) = match record.is_history() {
        true => {
            let put =
                PutItem::new(changes.item(record.key_schema(), record.hash_value(), group, change)?, record.is_new());
            let comment = "The change has its own record, separate from those of uploads.";
            (Integration::optimized("dynamodb", "putItem"), put.parameters(), comment)
        }
        false => {
            let (set, remove, condition) = changes.written(group, change);
            let update = record.update(set, remove, condition)?;
            let comment = "The event has no sequencer, so the latest event of its kind wins.";
            (Integration::optimized("dynamodb", "updateItem"), update.parameters(), comment)
        }
    };
    let data = dialect::task(setting.language, &setting.table, request)?;
    Ok(Task {
        comment: Some(comment.to_owned()),
        retry: retry(&call),
        catch: vec![lost_race(data.language(), &call, lost)],
        data,
        resource: call,
        next: Transition::end(),
    })
}

/// The writes of an object that a listing tells of, where changes are recorded: a change that was recorded before has made a
/// record, which lacks what the listing tells. A record that an event or a listing has written is left alone, and so is what was said about a
/// change: where S3 was asked for the same attribute, the answer may be older than that, and a second write goes without it.
pub(super) fn complete_object(
    setting: &Setting<'_>,
    spec: &Spec,
    name: &StateName,
    known: &StateName,
    added: &StateName,
) -> Result<States, CatalogError> {
    let (record, changes) = (setting.record, setting.record.changes());
    let no_upload = record.has_no_upload(&spec.table.attribute_names.last_modified);
    let all = record.updated();
    let apart: Vec<_> = all.iter().filter(|(name, _)| !changes.has(name)).cloned().collect();
    let shares = apart.len() < all.len();
    let mut writes = Vec::new();
    let whole = record.update(all.clone(), Vec::new(), changes.unsaid(&all, no_upload.clone()))?;
    let comment = "Without a sequencer, so every event is newer.";
    let without = StateName::parse("UpdateUpload")?;
    writes.push((name.clone(), whole, comment, if shares { &without } else { known }));
    if shares {
        let comment = "What an event said about a change is kept.";
        writes.push((without.clone(), record.update(apart, Vec::new(), no_upload)?, comment, known));
    }
    let mut states = States::new();
    for (name, update, comment, lost) in writes {
        let call = Integration::optimized("dynamodb", "updateItem");
        let data = dialect::task(setting.language, &setting.table, update.parameters())?;
        let task = Task {
            comment: Some(comment.to_owned()),
            retry: retry(&call),
            catch: vec![lost_race(data.language(), &call, lost)],
            data,
            resource: call,
            next: Transition::to(added),
        };
        states.push((name, State::Task(task)));
    }
    Ok(states)
}

/// What follows where the one write of a creation or a deletion has lost, if changes are recorded beside it: its parts, each
/// under its own condition. `upload` is the part that goes by the sequencer. Whether a part wins or loses, the next one
/// follows, so an execution that failed between two of them can be repeated from the start.
pub(super) fn parts(
    setting: &Setting<'_>,
    by: Superseded,
    [name, group_prefix]: [&str; 2],
    upload: UpdateItem<EventValue>,
) -> Result<States, CatalogError> {
    let (record, changes) = (setting.record, setting.record.changes());
    if changes.is_empty() || record.is_history() {
        return Ok(States::new());
    }
    let mut writes = vec![(StateName::parse(name)?, upload, "Only the attributes that S3's sequencer orders.")];
    for group in changes.groups() {
        let update = record.supersede(group, by)?;
        let name = StateName::parse(format!("{group_prefix}{}", group.name))?;
        writes.push((name, update, "The previous values are those of another object."));
    }
    let merged = StateName::parse("EventMerged")?;
    let following: Vec<StateName> =
        writes.iter().skip(1).map(|(name, ..)| name.clone()).chain([merged.clone()]).collect();
    let mut states = States::new();
    for ((name, update, comment), next) in writes.into_iter().zip(following) {
        let call = Integration::optimized("dynamodb", "updateItem");
        let data = dialect::passing(setting.language, &setting.table, update.parameters())?;
        let task = Task {
            comment: Some(comment.to_owned()),
            retry: retry(&call),
            catch: vec![lost_race(data.language(), &call, &next)],
            data,
            resource: call,
            next: Transition::to(&next),
        };
        states.push((name, State::Task(task)));
    }
    let comment = "All parts of the record are as new as this event, or newer.".to_owned();
    states.push((merged, State::Succeed(Succeed { comment: Some(comment) })));
    Ok(states)
}
